"""What was sent, line by line without its words: to open a thousand answers takes its time."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from backend.core.access.permissions import Kind
from backend.core.access.policy import hidden_now
from backend.core.access.predicates import Case, Place, Reach
from backend.people import queries as people
from backend.surveys import catalogue
from backend.surveys.models import Answer, Consultation, Response, Topic
from backend.surveys.sent import OWN_WORDS, kind_of_audience

WORDS = frozenset(one.value for one in OWN_WORDS)
COLUMNS = (
    col(Answer.id),
    col(Answer.revision),
    col(Answer.question_id),
    col(Answer.reach),
    col(Answer.hidden_from),
    col(Answer.hidden_places),
    col(Response.instrument_id),
    col(Response.audience),
    col(Consultation.person_id),
    col(Consultation.moment),
)


@dataclass(frozen=True)
class SentLine:
    """One answer that was sent, as far as one can tell without opening it."""

    answer_id: int
    revision: int
    person_id: int
    kind: Kind
    moment: str
    reach: Reach
    hidden_from: frozenset[int]
    is_words: bool


def sent_lines(session: Session, *, person_ids: Collection[int], since: datetime) -> list[SentLine]:
    """What was sent about these people and not taken back, the oldest answer first. Who may read it
    is the caller's to ask of the policy."""
    rows = session.execute(
        select(*COLUMNS)
        .join(Topic, col(Topic.id) == col(Answer.topic_row_id))
        .join(Response, col(Response.id) == col(Topic.response_id))
        .join(Consultation, col(Consultation.id) == col(Response.consultation_id))
        .where(col(Consultation.person_id).in_(person_ids))
        .where(col(Topic.sent_at) >= since, col(Topic.taken_back_at).is_(None))
        .order_by(col(Answer.id))
    ).all()
    cases = people.cases(session, {row.person_id for row in rows if row.hidden_places})
    return [_line(row, cases.get(row.person_id)) for row in rows]


def _line(row: Any, case: Case | None) -> SentLine:
    hidden = frozenset(row.hidden_from)
    if case is not None:
        hidden = hidden_now(row.hidden_from, map(Place, row.hidden_places), case)
    asked = catalogue.asked(row.instrument_id, row.question_id)
    return SentLine(
        answer_id=row.id,
        revision=row.revision,
        person_id=row.person_id,
        kind=kind_of_audience(row.audience),
        moment=row.moment,
        reach=Reach(row.reach),
        hidden_from=hidden,
        is_words=asked.type in WORDS,
    )
