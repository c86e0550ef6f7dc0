"""Invents the few people around one form, so that it can be opened as its reader opens it."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlmodel import Session

from backend.accounts import service as accounts
from backend.core import clock
from backend.core.access.permissions import Kind, Role
from backend.people import service as people
from backend.people.models import Contact, Contributor, Person
from backend.placements.models import Home, Placement
from backend.reviews.models import Review
from backend.surveys.instruments import Instrument, Moment

UNDER_FOUR, MIDDLE = 3, 9
# How long somebody has lived in the home when they are asked about it.
LIVED_THERE = {
    Moment.HOME_MOVE: timedelta(days=4),
    Moment.HOME_FIRST: timedelta(weeks=6),
}
LONG = timedelta(days=400)


@dataclass(frozen=True)
class Invented:
    """Who answers, about whom, and what the form hangs on."""

    contributor_id: int
    person_id: int
    home_id: int
    review_id: int


def invent_people(session: Session, form: Instrument, *, kind: Kind, moment: Moment) -> Invented:
    """A young person of the form's age with a home, a review and workers, and who answers."""
    ages = form.ages
    age = (ages.min + ages.max) // 2 if ages else MIDDLE
    if moment is Moment.OBSERVER:
        age = UNDER_FOUR
    person = _invent_person(session, form, age=age, is_leaver=kind is Kind.CARE_LEAVER)
    today, lived = clock.today(), LIVED_THERE.get(moment, LONG)
    home = Home(home_ref=f"P-{form.id}", name="Larch House", type_code="U6")
    review = Review(person_id=person.id or 0, due_on=today + timedelta(days=8))
    session.add_all([home, review])
    session.flush()
    stay = Placement(person_id=person.id or 0, home_id=home.id or 0, started_on=today - lived)
    session.add(stay)
    if moment is Moment.HOME_ENDED:
        stay.ended_on = today
    session.flush()
    contributor = _invent_contributor(session, person, kind, has_left=moment is Moment.HOME_ENDED)
    if moment is not Moment.BEFORE_REVIEW and moment is not Moment.OBSERVER:
        review.due_on = today + timedelta(days=150)  # too far off for a home to become its topic
    return Invented(contributor.id or 0, person.id or 0, home.id or 0, review.id or 0)


def _invent_person(session: Session, form: Instrument, *, age: int, is_leaver: bool) -> Person:
    staff = {
        role: accounts.ensure_staff(
            session, name=name, email=f"{role.value}@preview.example", role=role, team="North"
        )
        for role, name in (
            (Role.IRO, "Amara Reed"),
            (Role.SOCIAL_WORKER, "Jo Lane"),
            (Role.PERSONAL_ADVISER, "Sam Field"),
        )
    }
    person = Person(
        child_id=f"P-{form.id}",
        known_as="Robin",
        date_of_birth=date(clock.today().year - age, 1, 1),
        group="care_leaver" if is_leaver else "looked_after",
        iro_id=None if is_leaver else staff[Role.IRO],
        worker_id=None if is_leaver else staff[Role.SOCIAL_WORKER],
        personal_adviser_id=staff[Role.PERSONAL_ADVISER] if is_leaver else None,
        team="North",
    )
    session.add(person)
    session.flush()
    people.ensure_own_contributor(session, person)
    return person


def _invent_contributor(
    session: Session, person: Person, kind: Kind, *, has_left: bool
) -> Contributor:
    if kind in (Kind.CHILD, Kind.CARE_LEAVER):
        return people.ensure_own_contributor(session, person)
    if kind is Kind.SOCIAL_WORKER:
        return people.ensure_staff_contributor(session, person.worker_id or 0)
    name = "Pat Hill"
    contact = Contact(
        person_id=person.id or 0,
        kind=kind.value,
        name=name,
        name_index=people.name_index(name),
        added_by=person.iro_id if kind is Kind.OTHER else None,
        ended_on=clock.today() if has_left else None,
    )
    session.add(contact)
    session.flush()
    contributor = Contributor(kind=kind.value, contact_id=contact.id)
    session.add(contributor)
    session.flush()
    return contributor
