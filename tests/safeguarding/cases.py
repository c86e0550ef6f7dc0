"""Small makers for tests of reading and asks: one case with everybody around it, and sending."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, TypeVar

from fastapi.testclient import TestClient
from sqlmodel import Session, SQLModel, select

from backend.core import clock
from backend.core.access.identity import ContributorIdentity, StaffIdentity
from backend.core.access.permissions import Kind, Role
from backend.core.access.predicates import Reach
from backend.entry import service as entry
from backend.entry.sessions import open_session
from backend.people import queries as people
from backend.people.models import Contributor, Person
from backend.reviews.models import Review
from backend.surveys import service as surveys
from tests.factories import make_person, make_staff

Row = TypeVar("Row", bound=SQLModel)
WORDS = "r12.wanted.words"
WELL = "r12.wanted.well"
LEAVER_BORN = date(2006, 5, 1)
# A review of a child of twelve, and of somebody of twenty.
QUESTIONS = {Kind.CHILD: (WORDS, WELL), Kind.CARE_LEAVER: ("p16.wanted.words", "p16.wanted.well")}


@dataclass(frozen=True)
class Around:
    """A child (or care leaver) and one colleague in each part around them."""

    person: Person
    contributor: Contributor
    iro: StaffIdentity
    worker: StaffIdentity
    manager: StaffIdentity
    duty: StaffIdentity
    complaints: StaffIdentity
    adviser: StaffIdentity
    review: Review

    @property
    def person_id(self) -> int:
        return self.person.id or 0

    def identity(self, *, is_known: bool = True, **values: Any) -> ContributorIdentity:
        """The young person, with or without their own secret."""
        return ContributorIdentity(
            contributor_id=self.contributor.id or 0,
            kind=Kind(self.contributor.kind),
            person_id=self.person.id,
            is_known=is_known,
            **{"session_id": 1} | values,
        )


def make_case(session: Session, *, is_leaver: bool = False) -> Around:
    """A child of twelve in team North with a review in eight days, or a care leaver of twenty."""
    staff = {
        "iro": make_staff(session, Role.IRO),
        "worker": make_staff(session, Role.SOCIAL_WORKER, team="North"),
        "manager": make_staff(session, Role.MANAGER, team="North"),
        "duty": make_staff(session, Role.DUTY_READER),
        "complaints": make_staff(session, Role.COMPLAINTS_MANAGER),
        "adviser": make_staff(session, Role.PERSONAL_ADVISER, team="North"),
    }
    values: dict[str, Any] = {
        "iro_id": staff["iro"].staff_id,
        "worker_id": staff["worker"].staff_id,
        "team": "North",
    }
    if is_leaver:
        values = {
            "group": "care_leaver",
            "date_of_birth": LEAVER_BORN,
            "personal_adviser_id": staff["adviser"].staff_id,
            "team": "North",
        }
    person = make_person(session, **values)
    review = Review(person_id=person.id or 0, due_on=clock.today() + timedelta(days=8))
    session.add(review)
    session.flush()
    contributor = people.contributor_of_person(session, person.id or 0)
    assert contributor is not None
    return Around(person=person, contributor=contributor, review=review, **staff)


def send(
    session: Session,
    case: Around,
    *texts: str,
    reach: Reach = Reach.ASK_FIRST,
    hidden_from: tuple[StaffIdentity, ...] = (),
) -> int:
    """Send a topic with one or two texts, all with the same reach; the id of its row."""
    each = [(text, reach, hidden_from) for text in texts]
    return send_each(session, case, *each)


def send_each(
    session: Session, case: Around, *answers: tuple[str, Reach, tuple[StaffIdentity, ...]]
) -> int:
    """Send a topic in which each answer has a reach of its own."""
    consultation = surveys.open_consultation(
        session,
        person_id=case.person_id,
        moment="before_review",
        review_id=case.review.id,
        opens_on=clock.today(),
        closes_on=case.review.due_on,
    )
    response = surveys.begin_response(session, case.contributor.id or 0, consultation.id or 0)
    topic = surveys.begin_topic(session, response, "most_wanted", session_id=1)
    questions = QUESTIONS[Kind(case.contributor.kind)]
    for question, (text, reach, hidden) in zip(questions, answers, strict=False):
        surveys.keep_answer(
            session,
            topic.id or 0,
            question,
            text,
            reach=reach,
            hidden_from=[one.staff_id for one in hidden],
        )
    surveys.send_topic(session, topic.id or 0)
    return topic.id or 0


def enter(client: TestClient, session: Session, case: Around, *, is_known: bool = True) -> None:
    """Let the young person in, past code and birthday, with or without their secret; commits."""
    token = open_session(session, case.contributor.id or 0, how="code", is_known=is_known)
    session.commit()
    client.cookies.set(entry.COOKIE, token, path="/me")


def stored(session: Session, table: type[Row]) -> list[Row]:
    """Every row of a table as it lies in the database now; leaves no transaction open, because
    an open one would keep the pages waiting."""
    statement = select(table).execution_options(populate_existing=True)
    rows = list(session.exec(statement).all())
    session.commit()
    return rows
