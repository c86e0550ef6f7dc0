"""What each member of staff sees first: reviews by date for IROs, people for workers."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from sqlmodel import Session

from backend.asks import queries as asks
from backend.core import clock
from backend.core.access.identity import StaffIdentity
from backend.core.access.permissions import Kind
from backend.core.access.predicates import is_lead
from backend.in_touch import queries as in_touch
from backend.people import queries as people
from backend.placements import queries as placements
from backend.reviews import queries as reviews
from backend.safeguarding import queries as safeguarding
from backend.surveys import queries as surveys

if TYPE_CHECKING:
    from backend.in_touch.queries import TouchLine
    from backend.people.models import Person

SIDES = {
    Kind.CHILD: "young_person",
    Kind.CARE_LEAVER: "young_person",
    Kind.CARER: "carer",
    Kind.PROVIDER_STAFF: "carer",
    Kind.PARENT: "parent",
    Kind.SOCIAL_WORKER: "worker",
    Kind.OTHER: "other",
}
SOON = 14


@dataclass(frozen=True)
class Line:
    """One person on a desk: the next review, who has answered for it, what waits."""

    person_id: int
    name: str
    age: int
    group: str
    home: str
    home_id: int | None
    review_id: int | None
    due_on: date | None
    days_left: int | None
    heard: frozenset[str]
    begun_on: date | None
    has_concern: bool
    open_asks: int
    overdue_asks: int
    held_back: int
    touch: "TouchLine | None"
    is_observed: bool

    @property
    def when(self) -> str:
        """Which part of the list it belongs to."""
        if self.days_left is None:
            return "undated"
        if self.days_left < 0:
            return "overdue"
        return "soon" if self.days_left <= SOON else "later"


def review_lines(session: Session, viewer: StaffIdentity) -> list[Line]:
    """The reviews that this IRO chairs or stands in for, by date."""
    return _lines(session, viewer, people.people_led_by(session, viewer))


def caseload_lines(session: Session, viewer: StaffIdentity) -> list[Line]:
    """The children and care leavers that this worker works with, by the next review's date."""
    return _lines(session, viewer, people.people_worked_by(session, viewer))


def _lines(session: Session, viewer: StaffIdentity, found: "Iterable[Person]") -> list[Line]:
    persons = {person.id or 0: person for person in found}
    next_reviews = reviews.next_reviews(session, persons)
    open_reviews = {key: review.id for key, review in next_reviews.items()}
    heard = surveys.heard_for_reviews(session, {key: open_reviews.get(key) for key in persons})
    homes = placements.homes_of(session, persons)
    worried = {line.person_id for line in safeguarding.open_concerns(session, viewer)}
    asked = asks.counts_by_person(session, viewer, persons)
    held_back = surveys.tasks_for(session, viewer, persons)
    begun = surveys.begun_on(session, persons)
    touches = in_touch.newest_touches(session, viewer, persons)
    observed = surveys.observed_now(session, persons)
    today = clock.today()
    lines = []
    for person_id, person in persons.items():
        review, home = next_reviews.get(person_id), homes.get(person_id)
        open_asks, overdue_asks = asked.get(person_id, (0, 0))
        lines.append(
            Line(
                person_id=person_id,
                name=person.known_as,
                age=people.age_on(person.date_of_birth, today),
                group=person.group,
                home=home.name if home else "",
                home_id=home.id if home else None,
                review_id=review.id if review else None,
                due_on=review.due_on if review else None,
                days_left=(review.due_on - today).days if review else None,
                heard=frozenset(SIDES[kind] for kind in heard.get(person_id, ())),
                begun_on=begun.get(person_id) if is_lead(viewer, people.case_of(person)) else None,
                has_concern=person_id in worried,
                open_asks=open_asks,
                overdue_asks=overdue_asks,
                touch=touches.get(person_id),
                is_observed=person_id in observed,
                held_back=sum(one.person_id == person_id and not one.outcome for one in held_back),
            )
        )
    return sorted(lines, key=lambda line: (line.due_on or date.max, line.name))
