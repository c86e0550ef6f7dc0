"""Small makers for tests of coding: texts that were sent, and who reads them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, select

from backend.coding import service
from backend.core import clock
from backend.core.access.identity import StaffIdentity
from backend.core.access.permissions import Role
from backend.people import queries as people
from backend.people.models import Person
from backend.reviews.models import Review
from backend.surveys.models import Answer
from backend.surveys.past import record_past
from tests.factories import make_person, make_staff

QUESTION = "r12.home.change"


@dataclass(frozen=True)
class Case:
    """A child of twelve with an IRO and a worker, who both read what the child sends."""

    person: Person
    iro: StaffIdentity
    worker: StaffIdentity


def make_case(
    session: Session, iro: StaffIdentity | None = None, worker: StaffIdentity | None = None
) -> Case:
    """A child of an IRO and a worker; new ones unless given."""
    iro = iro or make_staff(session, Role.IRO)
    worker = worker or make_staff(session, Role.SOCIAL_WORKER, team="North")
    person = make_person(session, iro_id=iro.staff_id, worker_id=worker.staff_id, team="North")
    return Case(person, iro, worker)


def say(
    session: Session,
    words: str,
    *,
    person: Person | None = None,
    reach: str = "ask_first",
    at: datetime | None = None,
) -> int:
    """A child sends one text before a review; the id of the topic's row."""
    person = person or make_person(session)
    at = at or clock.now() - timedelta(days=30)
    own = people.contributor_of_person(session, person.id or 0)
    assert own is not None
    review = Review(person_id=person.id or 0, due_on=at.date() + timedelta(days=10))
    session.add(review)
    session.flush()
    return record_past(
        session,
        person_id=person.id or 0,
        contributor_id=own.id or 0,
        moment="before_review",
        window_or_review=review.id or 0,
        topic_id="home",
        answers={QUESTION: words, "r12.home.settled": 2},
        given_at=at,
        reach=reach,
    )


def answer_in(session: Session, topic_row_id: int) -> Answer:
    """The text of a topic of `say`."""
    return session.exec(
        select(Answer).where(Answer.topic_row_id == topic_row_id, Answer.question_id == QUESTION)
    ).one()


def say_many(session: Session, case: Case, texts: Iterable[str]) -> list[int]:
    """Texts of as many children of the same two readers, coded; the ids of their answers."""
    found = []
    for words in texts:
        child = make_case(session, case.iro, case.worker).person
        topic = say(session, words, person=child)
        service.code_topic(session, topic)
        found.append(answer_in(session, topic).id or 0)
    return found
