"""Who was silent twice running: seen by name by those who may reach out, with what was tried."""

from datetime import date, datetime

from sqlmodel import Session

from backend.core.access.permissions import Role
from backend.messaging import service as messaging
from backend.messaging.queries import Tried
from backend.reach import queries
from backend.reach.ways import Effort, next_ways
from tests.factories import make_person, make_staff
from tests.reach.reviews_held import hold_review

LAST, BEFORE = date(2026, 9, 15), date(2026, 3, 24)


def names(session: Session, viewer: object) -> list[str]:
    return [line.name for line in queries.unheard_lines(session, viewer)]


def test_somebody_silent_before_two_reviews_running_is_listed_and_nobody_else(
    session: Session, noon: datetime
) -> None:
    officer = make_staff(session, Role.PARTICIPATION_OFFICER)
    silent = make_person(session, known_as="Wren")
    once = make_person(session, known_as="Lark")
    back = make_person(session, known_as="Finch")
    first = make_person(session, known_as="Tern")
    small = make_person(session, known_as="Dipper", date_of_birth=date(2023, 2, 2))
    gone = make_person(session, known_as="Swift", left_on=date(2026, 10, 1))
    for person, before, last in (
        (silent, False, False),
        (once, True, False),
        (back, False, True),
        (small, False, False),
        (gone, False, False),
    ):
        hold_review(session, person, on=BEFORE, is_heard=before)
        hold_review(session, person, on=LAST, is_heard=last)
    hold_review(session, first, on=LAST)
    assert names(session, officer) == ["Wren"]


def test_an_older_word_does_not_hide_two_silent_reviews(session: Session, noon: datetime) -> None:
    officer = make_staff(session, Role.PARTICIPATION_OFFICER)
    person = make_person(session, known_as="Wren", date_of_birth=date(2012, 1, 1))
    hold_review(session, person, on=date(2025, 10, 7), is_heard=True)
    hold_review(session, person, on=BEFORE)
    hold_review(session, person, on=LAST)
    assert names(session, officer) == ["Wren"]


def test_each_sees_their_own_and_the_officer_everybody(session: Session, noon: datetime) -> None:
    iro, worker = make_staff(session, Role.IRO), make_staff(session, Role.SOCIAL_WORKER)
    adviser = make_staff(session, Role.PERSONAL_ADVISER)
    own = {"iro_id": iro.staff_id, "worker_id": worker.staff_id, "team": "North"}
    child = make_person(session, known_as="Wren", **own)
    leaver = make_person(
        session,
        known_as="Lark",
        group="care_leaver",
        personal_adviser_id=adviser.staff_id,
        team="Leaving care",
        date_of_birth=date(2006, 1, 1),
    )
    for person in (child, leaver):
        hold_review(session, person, on=BEFORE)
        hold_review(session, person, on=LAST)
    seen = {
        "iro": names(session, iro),
        "worker": names(session, worker),
        "adviser": names(session, adviser),
        "other worker": names(session, make_staff(session, Role.SOCIAL_WORKER, team="North")),
        "north": names(session, make_staff(session, Role.MANAGER, team="North")),
        "south": names(session, make_staff(session, Role.MANAGER, team="South")),
        "officer": sorted(names(session, make_staff(session, Role.PARTICIPATION_OFFICER))),
    }
    assert seen == {
        "iro": ["Wren"],
        "worker": ["Wren"],
        "adviser": ["Lark"],
        "other worker": [],
        "north": ["Wren"],
        "south": [],
        "officer": ["Lark", "Wren"],
    }
    assert queries.unheard_of(session, worker.staff_id) == [child.id]


def test_the_list_says_whom_to_ask_and_what_was_tried(session: Session, noon: datetime) -> None:
    iro, worker = make_staff(session, Role.IRO), make_staff(session, Role.SOCIAL_WORKER)
    person = make_person(
        session,
        iro_id=iro.staff_id,
        worker_id=worker.staff_id,
        channel="text",
        address="07700 900123",
    )
    from backend.people import queries as people

    own = people.contributor_of_person(session, person.id or 0)
    assert own is not None
    for number in range(2):
        made = messaging.write(
            session, key=f"invite:{number}", occasion="invitation", contributor_id=own.id
        )
        assert made is not None
        made.state = "bounced"
    session.flush()
    for day in (BEFORE, LAST):
        hold_review(session, person, on=day)
    line = queries.unheard_lines(session, iro)[0]
    assert (line.worker, line.lead) == (worker.name, iro.name)
    assert line.reviews_on == (BEFORE, LAST)
    assert line.tried == ("Twice by text, last 23 Nov 2026", "Twice it came back")
    assert line.ways[0].startswith("Ask the carer or the home for the right number")
    assert "07700" not in str(line)


def test_a_suggestion_is_always_something_that_a_grown_up_does(noon: datetime) -> None:
    text = Tried("text", "delivered", noon)
    assert next_ways(Effort(messages=(text,), channel="text"))[0].startswith("Hand over a card")
    assert next_ways(Effort(language="Tigrinya", channel="card"))[0] == (
        "Print a sheet in Tigrinya if there is one, or bring an interpreter."
    )
    observed = next_ways(Effort(is_observed=True, channel="in_person", sheets=1))
    assert observed[0].startswith("Ask the carer or school")
    everything = next_ways(Effort(messages=(text, Tried("card", "printed", noon)), sheets=2))
    assert everything[-1].startswith("Offer an advocate")
    assert not any("send them" in way.casefold() or "text them" in way for way in everything)
