"""Lays down what the demo borough's young people asked for, and what came of it."""

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from sqlmodel import Session, select

from backend.asks.kinds import TERMS, AskKind, Outcome, Owner
from backend.asks.models import Ask
from backend.core import clock
from backend.people import queries as people
from backend.people.models import Contributor
from backend.surveys.models import Answer

if TYPE_CHECKING:
    from backend.demo.borough.records import PastComment

ANSWERED_AFTER_WORKING_DAYS = 4
HAPPENED = {True: "yes", False: "no"}


def lay_down_ask(
    session: Session,
    contributor: Contributor,
    comment: "PastComment",
    topic_row_id: int,
    review_id: int | None,
) -> None:
    """One ask out of a comment, with its answer and what came of it where the year has them."""
    answers = session.exec(select(Answer).where(Answer.topic_row_id == topic_row_id)).all()
    answer = next((row for row in answers if row.value == comment.text), None)
    person = people.person(session, contributor.person_id or 0)
    if answer is None or person is None or not comment.ask:
        return
    terms = TERMS[AskKind.OTHER]
    ask = Ask(
        person_id=contributor.person_id or 0,
        contributor_id=contributor.id or 0,
        review_id=review_id,
        answer_id=answer.id,
        topic_row_id=topic_row_id,
        kind=AskKind.OTHER,
        words=comment.ask,
        owner_role=Owner.WORKER,
        asked_at=_at(comment, 0),
        due_on=clock.add_working_days(comment.given_on, terms.days),
    )
    if comment.answer:
        ask.answer_words, ask.outcome = comment.answer, Outcome.PARTLY
        ask.answered_by = person.worker_id or person.personal_adviser_id
        ask.answered_at = ask.released_at = _at(comment, ANSWERED_AFTER_WORKING_DAYS)
        if comment.happened is not None:
            ask.has_happened = HAPPENED[comment.happened]
            ask.outcome = Outcome.YES if comment.happened else Outcome.NO
            ask.said_happened_at = ask.answered_at + timedelta(days=30)
    session.add(ask)


def _at(comment: "PastComment", working_days: int) -> datetime:
    day = clock.add_working_days(comment.given_on, working_days)
    return datetime.combine(day, time(16, 30), clock.LONDON)
