"""An IRO's annual figures are those of an independent count of what happened in the year."""

from datetime import UTC, date, datetime, time, timedelta
from random import Random  # noqa: TID251 (seeded)

import pytest
from sqlmodel import Session

from backend.annual import queries
from backend.annual.scopes import scopes_for
from backend.annual.years import Span, Year
from backend.asks.models import Ask, Dispute
from backend.core import clock
from backend.core.access.identity import StaffIdentity
from backend.core.access.permissions import Role
from backend.people import queries as people
from backend.people.models import Person
from backend.reviews.models import Review
from backend.surveys.models import Consultation, Response
from tests.factories import make_person, make_staff
from tests.oracles import annual
from tests.oracles.annual import Asked, Notes, Reviewed

YEAR, TODAY = Year(2026), date(2026, 11, 23)
KINDS = ("other", "see_worker", "see_iro", "advocate", "ring_me", "complaint", "pa_manager")
TALKS = ("done", "offered", "refused", "not_appropriate", "")


def moment(day: date, hour: int = 12) -> datetime:
    return datetime.combine(day, time(hour), clock.LONDON).astimezone(UTC)


def drawn_day(chance: Random) -> date:
    """Any day from before the year up to today: some fall outside it."""
    return TODAY - timedelta(days=chance.randint(0, 290))


def review(session: Session, chance: Random, person: Person, notes: Notes) -> None:
    day, code = drawn_day(chance), f"PN{chance.randint(0, 7)}"
    row = Review(
        person_id=person.id or 0,
        due_on=day - timedelta(days=chance.randint(0, 3)),
        held_on=day,
        participation_code=code,
        private_talk=chance.choice(TALKS) or None,
        confirmed_at=moment(day),
        rule=chance.choice(("later", "short_breaks_later", None)),
    )
    is_twin = any(one.child == person.id and abs((one.on - day).days) < 5 for one in notes.reviews)
    if is_twin:
        return
    session.add(row)
    if row.rule != "short_breaks_later":
        notes.reviews.append(Reviewed(person.id or 0, day, code, row.private_talk or ""))


def ask(session: Session, chance: Random, person: Person, notes: Notes, iro: StaffIdentity) -> None:
    """An ask with a drawn course; those that go past the IRO are in nobody's notes."""
    day, kind = drawn_day(chance), chance.choice(KINDS)
    due = clock.add_working_days(day, 5 if kind == "other" else 1)
    answered = day + timedelta(days=chance.randint(0, 12)) if chance.random() < 0.7 else None
    answered = answered if answered and answered <= TODAY else None
    contact = day + timedelta(days=chance.randint(0, 4)) if chance.random() < 0.6 else None
    contact = contact if kind in annual.TO_SEE_SOMEBODY and contact and contact <= TODAY else None
    outcome = chance.choice(("yes", "no", "partly")) if answered else None
    said = chance.choice(("yes", "no", None)) if answered else None
    child = people.contributor_of_person(session, person.id or 0)
    assert child is not None
    row = Ask(
        person_id=person.id or 0,
        contributor_id=child.id or 0,
        kind=kind,
        owner_role="worker",
        asked_at=moment(day),
        due_on=due,
        first_due_on=due,
        answered_at=moment(answered) if answered else None,
        released_at=moment(answered) if answered else None,
        outcome=outcome,
        has_happened=said,
        first_contact_at=moment(contact, 9) if contact else None,
    )
    session.add(row)
    session.flush()
    informal = formal = None
    if kind not in ("complaint", "pa_manager"):
        if chance.random() < 0.3:
            informal = drawn_day(chance)
            formal = drawn_day(chance) if chance.random() < 0.5 else None
            session.add(
                Dispute(
                    ask_id=row.id or 0,
                    person_id=person.id or 0,
                    opened_by=iro.staff_id,
                    opened_on=informal,
                    why="Nothing was done.",
                    formal_from=formal,
                )
            )
        notes.asks.append(
            Asked(
                person.id or 0, kind, day, due, answered, outcome, said, contact, informal, formal
            )
        )


def see_alone(session: Session, chance: Random, person: Person, notes: Notes) -> None:
    day = drawn_day(chance)
    child = people.contributor_of_person(session, person.id or 0)
    assert child is not None
    key = f"home:{person.id}:{day}"
    consultation = Consultation(
        person_id=person.id or 0, moment="home", opens_on=day, closes_on=day, key=key
    )
    session.add(consultation)
    session.flush()
    session.add(
        Response(
            consultation_id=consultation.id or 0,
            contributor_id=child.id or 0,
            instrument_id="home-worker",
            instrument_version=1,
            audience="worker",
            begun_at=moment(day),
            seen_alone_on=day,
        )
    )
    notes.seen.append((person.id or 0, day))


@pytest.mark.parametrize("seed", range(3))
def test_every_line_of_an_iros_year_is_what_an_independent_count_finds(
    session: Session, noon: datetime, seed: int
) -> None:
    chance, mine, others = Random(seed), Notes(), Notes()
    iro, other = make_staff(session, Role.IRO), make_staff(session, Role.IRO)
    for _ in range(14):
        owner, notes = (iro, mine) if chance.random() < 0.7 else (other, others)
        person = make_person(session, iro_id=owner.staff_id)
        for _ in range(chance.randint(0, 3)):
            review(session, chance, person, notes)
            ask(session, chance, person, notes, owner)
            see_alone(session, chance, person, notes)
    session.flush()
    scope = scopes_for(session, iro)[0]
    found = queries.year_figures(session, scope, YEAR)
    taking_part, _, private, wanted, alone = found.tables
    spans = [*found.spans, Span("Year", YEAR.first, TODAY)]
    assert len(spans) == 4
    for column, span in enumerate(spans):
        days = annual.days_between(span.first, span.last)
        by_code = annual.codes(mine, days)
        told = {line.label.split(" ")[0]: line.numbers[column] for line in taking_part.lines}
        assert {key: told[key] for key in by_code} == by_code
        assert told["Reviews"] == sum(by_code.values())
        by_talk = annual.talks(mine, days)
        assert [line.numbers[column] for line in private.lines] == [
            *(by_talk.get(key, 0) for key in TALKS),
            sum(by_talk.values()),
        ]
        assert [line.numbers[column] for line in wanted.lines] == annual.asks(mine, days, TODAY)
        assert [line.numbers[column] for line in alone.lines] == annual.alone(mine, days)
