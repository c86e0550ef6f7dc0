"""Reads of a contributor's own forms and drafts, filtered by how far their door is open."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlmodel import Session, col, select

from backend.core import clock
from backend.core.access.identity import ContributorIdentity
from backend.people import queries as people
from backend.surveys import queries
from backend.surveys.hiding import may_see as may_see
from backend.surveys.instruments import Instrument
from backend.surveys.models import Answer, Consultation, Response, Sitting, Topic
from backend.surveys.queries import OpenForm


@dataclass(frozen=True)
class OwnTopic:
    """One topic of one's own, sent or not, with its form and who is beside the writer now."""

    topic: Topic
    response: Response
    consultation: Consultation
    sitting: Sitting | None


@dataclass(frozen=True)
class SentLine:
    """One topic that one sent, for the list of one's own past words."""

    topic_row_id: int
    consultation_id: int
    title: str
    sent_at: datetime
    is_taken_back: bool


def sees_own_topic(session: Session, identity: ContributorIdentity, topic_row_id: int) -> bool:
    """Whether a topic is one's own and this visit may see its words."""
    row = session.exec(
        select(Topic)
        .join(Response, col(Response.id) == col(Topic.response_id))
        .where(Topic.id == topic_row_id, Response.contributor_id == identity.contributor_id)
    ).first()
    return row is not None and may_see(session, identity, row)


def open_consultation_of(
    session: Session, identity: ContributorIdentity, consultation_id: int
) -> Consultation | None:
    """A round that is open for this contributor now; None is all that others learn of it."""
    contributor = people.contributor(session, identity.contributor_id)
    if contributor is None:
        return None
    row = session.get(Consultation, consultation_id)
    forms = queries.open_for(session, contributor, with_always_open=True) if row else []
    return row if any(form.consultation_id == consultation_id for form in forms) else None


def response_of(
    session: Session, identity: ContributorIdentity, consultation_id: int
) -> Response | None:
    """One's own response in a round, or None."""
    found = queries.own_responses(session, identity.contributor_id, [consultation_id])
    return found.get(consultation_id)


def sitting_of(
    session: Session, identity: ContributorIdentity, response: Response | None
) -> Sitting | None:
    """Who is beside the writer in this visit, once they said so."""
    return session.get(Sitting, (response.id, identity.session_id)) if response else None


def own_topic(
    session: Session, identity: ContributorIdentity, *, consultation_id: int, topic_row_id: int
) -> OwnTopic | None:
    """One topic of one's own that this visit may see, in one query."""
    statement = (
        select(Topic, Response, Consultation, Sitting)
        .join(Response, col(Response.id) == col(Topic.response_id))
        .join(Consultation, col(Consultation.id) == col(Response.consultation_id))
        .outerjoin(
            Sitting,
            (col(Sitting.response_id) == col(Response.id))
            & (col(Sitting.session_id) == identity.session_id),
        )
        .where(
            Topic.id == topic_row_id,
            Consultation.id == consultation_id,
            Response.contributor_id == identity.contributor_id,
        )
    )
    row = session.exec(statement).first()
    return OwnTopic(*row) if row and may_see(session, identity, row[0]) else None


def answers_of(session: Session, topic_row_id: int) -> dict[str, Answer]:
    """What stands in a topic, by question."""
    rows = session.exec(select(Answer).where(Answer.topic_row_id == topic_row_id))
    return {answer.question_id: answer for answer in rows}


def visible_topics(
    session: Session, identity: ContributorIdentity, response: Response | None, form: Instrument
) -> list[tuple[Topic, int]]:
    """The topics of a response that this visit may see, each with its number of answers, in the
    form's order and then the order in which they were begun."""
    if response is None:
        return []
    counted = queries.count_answers(session, response.id or 0)
    order = {topic.id: place for place, topic in enumerate(form.topics)}
    rows = session.exec(select(Topic).where(Topic.response_id == response.id))
    seen = [row for row in rows if may_see(session, identity, row)]
    seen.sort(key=lambda row: (order.get(row.topic_id, len(order)), row.id or 0))
    return [(row, counted.get(row.id or 0, 0)) for row in seen]


def as_seen(session: Session, identity: ContributorIdentity, form: OpenForm) -> OpenForm:
    """An open form as far as this visit may know: without the secret, not what went before."""
    if identity.is_known and identity.reads_from is None and identity.let_in_by is None:
        return form
    response = response_of(session, identity, form.consultation_id)
    if response is None:
        return form
    counted = queries.count_answers(session, response.id or 0)
    rows = session.exec(select(Topic).where(Topic.response_id == response.id))
    waits = [
        row.sent_at is None
        for row in rows
        if counted.get(row.id or 0) and may_see(session, identity, row)
    ]
    return replace(form, state="begun" if any(waits) else "sent" if waits else "new")


def sent_lines(session: Session, identity: ContributorIdentity, *, language: str) -> list[SentLine]:
    """Everything that one sent and may see again, the newest first; titles in this language."""
    rows = session.exec(
        select(Topic, Response)
        .join(Response, col(Response.id) == col(Topic.response_id))
        .where(Response.contributor_id == identity.contributor_id)
        .where(col(Topic.sent_at).is_not(None))
        .order_by(col(Topic.sent_at).desc())
    ).all()
    return [
        SentLine(
            topic_row_id=topic.id or 0,
            consultation_id=response.consultation_id,
            title=queries.title_of(response, topic, language=language),
            sent_at=topic.sent_at or clock.now(),
            is_taken_back=topic.taken_back_at is not None,
        )
        for topic, response in rows
        if may_see(session, identity, topic)
    ]
