"""A year of an invented borough, by a seed: no review without its round, nobody called twice."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random  # noqa: TID251 (seeded)

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from backend.core import clock
from backend.messaging import service as messaging
from backend.messaging.models import Message
from backend.people import queries as people
from backend.people.models import Contact, Contributor, Person
from backend.placements import service as placements
from backend.placements.models import Home
from backend.reviews.models import Review
from backend.surveys import service as rounds
from backend.surveys.models import Consultation, Invitation
from tests.factories import make_contact, make_person
from tests.messaging.test_rounds import on

FIRST = date(2026, 4, 1)
DAYS = 365


@dataclass
class Borough:
    """Thirty children with carers and some parents, whose reviews and homes come as dice fall."""

    session: Session
    dice: Random
    children: list[Person] = field(default_factory=list)
    # The review of each child that is to come, or is over and has none after it yet.
    newest: dict[int, Review] = field(default_factory=dict)

    def settle(self) -> None:
        for number in range(30):
            person = make_person(
                self.session,
                date_of_birth=date(2008 + self.dice.randrange(9), 5, 5),
                channel="text",
                address=f"07700 9001{number:02}",
            )
            due_on = FIRST + timedelta(days=self.dice.randrange(180))
            self.expect(person, due_on)
            make_contact(self.session, person, "carer", channel="email", address="c@x.example")
            if self.dice.random() < 0.6:
                way = self.dice.choice(["yes", "through_worker", "no"])
                make_contact(self.session, person, "parent", invite=way)
            self.children.append(person)
        self.session.flush()

    def expect(self, person: Person, due_on: date) -> None:
        row = self.newest[person.id or 0] = Review(person_id=person.id or 0, due_on=due_on)
        self.session.add(row)

    def live(self, day: date) -> None:
        for person in self.children:
            self.review(person, day)
            if self.dice.random() < 0.002:
                self.move(person, day)

    def review(self, person: Person, day: date) -> None:
        row = self.newest[person.id or 0]
        if row.held_on is not None:
            self.expect(person, day + timedelta(days=180))
        elif self.dice.random() < 0.003:
            row.due_on = day + timedelta(days=self.dice.randrange(1, 60))
        elif row.due_on <= day and self.dice.random() < 0.5:
            row.held_on = day

    def move(self, person: Person, day: date) -> None:
        home = Home(home_ref=f"H{person.id}-{day}", name="A home", type_code="U6")
        self.session.add(home)
        self.session.flush()
        placements.keep_placement(
            self.session, person.id or 0, home.id or 0, started_on=day, as_at=day
        )


@pytest.fixture(params=[1])
def year(sqlite_engine: Engine, request: pytest.FixtureRequest) -> Borough:
    """A borough after a year in which the worker ran on most days, and twice on some."""
    with Session(sqlite_engine, expire_on_commit=False) as session:
        borough = Borough(session, Random(request.param))
        borough.settle()
        for step in range(DAYS):
            day = FIRST + timedelta(days=step)
            with on(day):
                borough.live(day)
                for _ in range(borough.dice.choice([0, 1, 1, 1, 1, 1, 1, 1, 2])):
                    rounds.open_rounds(session)
                    messaging.invite(session)
                    messaging.remind(session)
                session.flush()
        session.commit()
        return borough


def test_every_review_has_its_round_and_nobody_is_called_twice_to_one(year: Borough) -> None:
    session = year.session
    held = session.exec(select(Review).where(col(Review.held_on).is_not(None))).all()
    asked = {row.review_id for row in session.exec(select(Consultation)).all()}
    assert len(held) > 30
    assert [row.id for row in held if row.id not in asked] == []
    calls = session.exec(select(Invitation)).all()
    assert len({(one.consultation_id, one.contributor_id) for one in calls}) == len(calls)
    messages = session.exec(select(Message)).all()
    assert len({one.key for one in messages}) == len(messages)
    of_rounds = Counter((row.consultation_id, row.contributor_id, row.occasion) for row in messages)
    assert set(of_rounds.values()) == {1}
    refused = {
        row.id
        for row, contact in session.exec(
            select(Contributor, Contact).where(Contributor.contact_id == Contact.id)
        ).all()
        if contact.invite != "yes"
    }
    assert refused
    assert not refused & {one.contributor_id for one in messages}
    _check_budget(year)


def _check_budget(year: Borough) -> None:
    """Reminders as ruled, 30 days between what is not a review's, six at most before the next."""
    session = year.session
    moments = {row.id: row.moment for row in session.exec(select(Consultation)).all()}
    reviews = 0
    for person in year.children:
        own = people.contributor_of_person(session, person.id or 0)
        rows = session.exec(
            select(Message)
            .where(Message.contributor_id == (own.id if own else 0))
            .order_by(col(Message.made_at), col(Message.id))
        ).all()
        days = [clock.in_london(row.made_at).date() for row in rows]
        for place, row in enumerate(rows):
            day, moment = days[place], moments[row.consultation_id]
            reviews += moment == "before_review"
            year_before = [one for one in days[:place] if one > day - timedelta(days=365)]
            if row.occasion == "reminder":
                assert moment == "before_review"
                assert len(year_before) < 6
            elif moment != "before_review":
                assert len(year_before) < 6
                assert all(one <= day - timedelta(days=30) for one in days[:place])
    assert reviews > 30
