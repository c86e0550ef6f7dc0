"""Small makers for tests of the forms: a child with an IRO and a meeting, and a way in."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from fastapi.testclient import TestClient
from sqlmodel import Session

from backend.core import clock
from backend.core.access.identity import StaffIdentity
from backend.core.access.permissions import Role
from backend.entry import service as entry
from backend.entry.sessions import open_session
from backend.people import queries as people
from backend.people.models import Contributor, Person
from backend.placements.models import Home, Placement
from backend.reviews.models import Review
from backend.surveys import service
from backend.surveys.models import Consultation
from tests.factories import make_person, make_staff


@dataclass(frozen=True)
class Round:
    """One child's round before a review that is a fortnight away at most."""

    person: Person
    contributor: Contributor
    iro: StaffIdentity
    worker: StaffIdentity
    consultation: Consultation

    @property
    def cid(self) -> int:
        return self.consultation.id or 0

    @property
    def address(self) -> str:
        return f"/me/forms/{self.cid}"


def open_round(session: Session, **values: Any) -> Round:
    """A child of twelve with an IRO, a worker and a meeting in eight days."""
    iro = make_staff(session, Role.IRO)
    worker = make_staff(session, Role.SOCIAL_WORKER, team="North")
    person = make_person(
        session, **{"iro_id": iro.staff_id, "worker_id": worker.staff_id, "team": "North"} | values
    )
    review = Review(person_id=person.id or 0, due_on=clock.today() + timedelta(days=8))
    session.add(review)
    session.flush()
    service.open_rounds(session)
    session.flush()
    contributor = people.contributor_of_person(session, person.id or 0)
    assert contributor is not None
    consultation = service.open_consultation(
        session,
        person_id=person.id or 0,
        moment="before_review",
        review_id=review.id,
        opens_on=clock.today(),
        closes_on=review.due_on,
    )
    return Round(person, contributor, iro, worker, consultation)


def make_home(session: Session, person: Person, *, type_code: str = "U6") -> Home:
    """A home where a person lives since the spring."""
    home = Home(home_ref=f"H{person.id}", name="Larch House", type_code=type_code)
    session.add(home)
    session.flush()
    started_on = date(2026, 4, 1)
    session.add(Placement(person_id=person.id or 0, home_id=home.id or 0, started_on=started_on))
    session.flush()
    return home


def enter(
    client: TestClient, session: Session, contributor: Contributor, *, is_known: bool = True
) -> None:
    """Let a contributor in, past the letter and the birthday; commits."""
    token = open_session(session, contributor.id or 0, how="code", is_known=is_known)
    session.commit()
    client.cookies.set(entry.COOKIE, token, path="/me")


def alone(client: TestClient, round_: Round) -> None:
    """Say "I'm on my own" to the first question."""
    answer = client.post(f"{round_.address}/together", data={"beside": "alone"})
    assert answer.status_code == 303, answer.text


def choose(client: TestClient, round_: Round, *topics: str) -> str:
    """Choose topics; the address of the first question."""
    answer = client.post(round_.address, data={"topics": list(topics)})
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])
