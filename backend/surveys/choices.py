"""Which review form suits a young person: by age, or as chosen by understanding."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from sqlmodel import Session, col, select

from backend.core import audit, clock
from backend.core.access.identity import StaffIdentity
from backend.core.access.permissions import Kind, Permission
from backend.core.access.requires import check
from backend.people import queries as people
from backend.surveys import catalogue
from backend.surveys.models import FormChoice
from backend.surveys.moments import BEFORE_REVIEW, YOUNG, is_shown_by_others

if TYPE_CHECKING:
    from backend.people.models import Person
    from backend.surveys.instruments import Instrument

CHOSEN = audit.declare("form.chosen", "instrument_id", "is_observed", "has_reason")


class NoSuchChoice(ValueError):
    """A form that nobody of this kind is asked before a review."""


@dataclass(frozen=True)
class Choice:
    """What was chosen, by whom and when; `instrument_id` empty for the form of the age."""

    instrument_id: str
    is_observed: bool
    why: str
    chosen_by: int
    chosen_on: date


def chosen_for(session: Session, person_ids: Collection[int]) -> dict[int, str]:
    """The forms that were chosen for these people, by person; the others have that of their age."""
    rows = session.exec(
        select(FormChoice.person_id, FormChoice.instrument_id).where(
            col(FormChoice.person_id).in_(person_ids)
        )
    ).all()
    return dict(rows)


def form_for(
    session: Session,
    person: "Person",
    *,
    kind: Kind,
    moment: str,
    among: Mapping[int, str] | None = None,
) -> "Instrument | None":
    """The form that somebody around this person is asked at a moment; the one chosen for the
    young person's own review, else the one of their age. None where nobody asks them. `among`:
    what `chosen_for` found, where the caller asks about many."""
    if kind in YOUNG and moment == BEFORE_REVIEW:
        key = person.id or 0
        chosen_id = (chosen_for(session, [key]) if among is None else among).get(key, "")
        chosen = _offered(kind).get(chosen_id) if chosen_id else None
        if chosen is not None:
            return chosen
    age = people.age_on(person.date_of_birth, clock.today())
    return catalogue.find_form(kind, age=age, moment=moment)


def with_own_form(session: Session, persons: "Mapping[int, Person]") -> set[int]:
    """Which of these people, by id, are asked themselves before a review; for the youngest adults
    tell how they show it, and nobody is silent who has no form."""
    among = chosen_for(session, persons)
    found = set()
    for key, person in persons.items():
        kind = Kind.CARE_LEAVER if person.group == people.CARE_LEAVER else Kind.CHILD
        if form_for(session, person, kind=kind, moment=BEFORE_REVIEW, among=among):
            found.add(key)
    return found


def _offered(kind: Kind) -> "dict[str, Instrument]":
    return {
        form.id: form
        for form in catalogue.instruments().values()
        if BEFORE_REVIEW in form.moments and kind.value in form.audience_kinds
    }


def offered_to(person: "Person") -> "list[Instrument]":
    """The review forms that may be chosen for this person, the simplest first."""
    kind = Kind.CARE_LEAVER if person.group == people.CARE_LEAVER else Kind.CHILD
    return sorted(_offered(kind).values(), key=lambda form: form.ages.min if form.ages else 0)


def choice_of(session: Session, person_id: int) -> Choice | None:
    """What was chosen for a person, or None where their age decides."""
    row = session.get(FormChoice, person_id)
    if row is None:
        return None
    day = clock.in_london(row.chosen_at).date()
    return Choice(row.instrument_id, row.is_observed, row.why or "", row.chosen_by, day)


def choose_form(
    session: Session,
    viewer: StaffIdentity,
    person: "Person",
    *,
    instrument_id: str,
    is_observed: bool,
    why: str,
) -> None:
    """Say which form suits a person from now on; what was begun stays as it was begun.

    An empty `instrument_id` leaves it to the age. Raises Denied, or NoSuchChoice.
    """
    check(viewer, Permission.CHOOSE_FORM, people.case_of(person))
    if instrument_id and instrument_id not in {form.id for form in offered_to(person)}:
        raise NoSuchChoice(instrument_id)
    row = session.get(FormChoice, person.id) or FormChoice(
        person_id=person.id or 0, chosen_by=viewer.staff_id, chosen_at=clock.now()
    )
    row.instrument_id, row.is_observed, row.why = instrument_id, is_observed, why or None
    row.chosen_by, row.chosen_at = viewer.staff_id, clock.now()
    session.add(row)
    session.flush()
    audit.record(
        session,
        CHOSEN,
        actor=viewer.actor,
        person_id=person.id,
        instrument_id=instrument_id,
        is_observed=is_observed,
        has_reason=bool(why),
    )


def shown_by_others(session: Session, person_ids: Collection[int]) -> set[int]:
    """Of these people, those about whom an adult is asked how they show what they feel."""
    chosen = set(
        session.exec(
            select(FormChoice.person_id).where(
                col(FormChoice.person_id).in_(person_ids), col(FormChoice.is_observed)
            )
        ).all()
    )
    today = clock.today()
    return {
        person_id
        for person_id, person in people.people(session, person_ids, are_named=False).items()
        if is_shown_by_others(
            age=people.age_on(person.date_of_birth, today),
            communication=person.communication,
            is_chosen=person_id in chosen,
        )
        and person.group != people.CARE_LEAVER
    }
