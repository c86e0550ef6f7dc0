"""Young people who were not heard before either of their last two reviews, for who may know."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from sqlmodel import Session

from backend.accounts import queries as accounts
from backend.core import clock
from backend.core.access.identity import StaffIdentity
from backend.core.access.permissions import Permission
from backend.core.access.policy import may
from backend.core.access.requires import check
from backend.messaging import queries as messaging
from backend.paper import queries as paper
from backend.people import queries as people
from backend.reach.cohorts import ASKED_FROM
from backend.reach.ways import Effort, next_ways
from backend.reviews import queries as reviews
from backend.surveys import queries as surveys

if TYPE_CHECKING:
    from backend.people.models import Person
    from backend.reviews.models import Review

RUNNING = 2
LOOKS_BACK = timedelta(days=500)  # two reviews lie within it, six months apart and some late


@dataclass(frozen=True)
class UnheardLine:
    """One young person who was silent twice: whom to ask to reach out, and how."""

    person_id: int
    name: str
    age: int
    team: str
    worker: str
    worker_id: int | None
    lead: str
    lead_id: int | None
    reviews_on: tuple[date, ...]
    next_review_on: date | None
    tried: tuple[str, ...]
    ways: tuple[str, ...]


def unheard_lines(session: Session, viewer: StaffIdentity) -> list[UnheardLine]:
    """Those whom this viewer may know of, the next review first. Raises Denied."""
    check(viewer, Permission.SEE_UNHEARD)
    persons = {
        person.id or 0: person
        for person in people.living(session)
        if may(viewer, Permission.SEE_UNHEARD, people.case_of(person))
    }
    silent = silent_twice(session, persons)
    return _lines(session, {key: persons[key] for key in silent}, silent)


def unheard_of(session: Session, staff_id: int) -> list[int]:
    """The people with whom this colleague works, or whom they lead, who were silent twice: for
    the one digest a week that they get."""
    own = {
        person.id or 0: person
        for person in people.living(session)
        if staff_id in (person.worker_id, person.personal_adviser_id, person.iro_id)
    }
    return sorted(silent_twice(session, own))


def silent_twice(session: Session, persons: "dict[int, Person]") -> "dict[int, list[Review]]":
    """By person, their last two reviews, where both were held without a word of theirs before."""
    today = clock.today()
    held: dict[int, list[Review]] = defaultdict(list)
    for row in reviews.held_between(session, today - LOOKS_BACK, today):
        person = persons.get(row.person_id)
        day = row.held_on or row.due_on
        if person and people.age_on(person.date_of_birth, day) >= ASKED_FROM:
            held[row.person_id].append(row)
    last = {key: rows[-RUNNING:] for key, rows in held.items() if len(rows) >= RUNNING}
    heard = surveys.heard_for(session, {row.id or 0 for rows in last.values() for row in rows})
    return {
        key: rows for key, rows in last.items() if not any(_was_heard(row, heard) for row in rows)
    }


def _was_heard(row: "Review", heard: dict[int, surveys.HeardFor]) -> bool:
    said = heard.get(row.id or 0)
    day = row.held_on or row.due_on
    return said is not None and clock.in_london(said.first()).date() <= day


def _lines(
    session: Session, persons: "dict[int, Person]", silent: "dict[int, list[Review]]"
) -> list[UnheardLine]:
    coming = reviews.next_reviews(session, persons)
    staff = {
        key
        for person in persons.values()
        for key in (person.worker_id, person.personal_adviser_id, person.iro_id)
        if key
    }
    names = accounts.names_of(session, staff)
    efforts = efforts_of(session, persons)
    today = clock.today()
    lines = []
    for person_id, person in persons.items():
        case = people.case_of(person)
        lead = case.personal_adviser_id if case.is_care_leaver else case.iro_id
        worker = case.personal_adviser_id if case.is_care_leaver else case.worker_id
        effort, review = efforts[person_id], coming.get(person_id)
        lines.append(
            UnheardLine(
                person_id=person_id,
                name=person.known_as,
                age=people.age_on(person.date_of_birth, today),
                team=person.team,
                worker=names.get(worker or 0, ""),
                worker_id=worker,
                lead=names.get(lead or 0, ""),
                lead_id=lead,
                reviews_on=tuple(row.held_on or row.due_on for row in silent[person_id]),
                next_review_on=review.due_on if review else None,
                tried=tuple(effort.in_words()),
                ways=tuple(next_ways(effort)),
            )
        )
    return sorted(lines, key=lambda line: (line.next_review_on or date.max, line.name))


def efforts_of(session: Session, persons: "dict[int, Person]") -> dict[int, Effort]:
    """What was tried with each of these people."""
    own = people.own_contributors(session, persons)
    messages = messaging.tried_with(session, set(own.values()))
    sheets = paper.sheets_of(session, set(own.values()))
    observed = surveys.shown_by_others(session, persons)
    return {
        key: _effort(
            person, messages.get(own.get(key, 0), []), sheets.get(own.get(key, 0), (0, 0)), observed
        )
        for key, person in persons.items()
    }


def _effort(
    person: "Person",
    messages: list[messaging.Tried],
    sheets: tuple[int, int],
    observed: Collection[int],
) -> Effort:
    return Effort(
        messages=tuple(messages),
        sheets=sheets[0],
        sheets_back=sheets[1],
        channel=person.channel,
        language=person.language,
        is_observed=person.id in observed,
    )
