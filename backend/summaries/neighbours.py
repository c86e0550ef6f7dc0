"""The review before and the review after one, in the order in which the list shows them."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from sqlmodel import Session

from backend.core.access.identity import StaffIdentity
from backend.core.access.predicates import is_lead
from backend.people import queries as people
from backend.reviews import queries as reviews

if TYPE_CHECKING:
    from backend.reviews.models import Review


@dataclass(frozen=True)
class Neighbour:
    """A review that one key leads to."""

    review_id: int
    name: str
    on: date


@dataclass(frozen=True)
class Neighbours:
    """Where one goes from a review; None at either end."""

    previous: Neighbour | None
    next: Neighbour | None


def day_of(review: "Review") -> date:
    """The day that a review is prepared for: its meeting's, else the day on which it is due."""
    return reviews.expected_on(review)


def neighbours(session: Session, viewer: StaffIdentity, review: "Review") -> Neighbours:
    """The open reviews that this viewer leads, around one of them."""
    near = [*people.people_led_by(session, viewer), *people.people_worked_by(session, viewer)]
    led = {one.id or 0: one for one in near if is_lead(viewer, people.case_of(one))}
    waiting = reviews.next_reviews(session, led)
    lines = [
        Neighbour(row.id or 0, led[person_id].known_as, day_of(row))
        for person_id, row in waiting.items()
    ]
    lines.sort(key=lambda one: (one.on, one.name, one.review_id))
    here = (day_of(review), led[review.person_id].known_as if review.person_id in led else "")
    before = [one for one in lines if (one.on, one.name, one.review_id) < (*here, review.id or 0)]
    after = [one for one in lines if (one.on, one.name, one.review_id) > (*here, review.id or 0)]
    return Neighbours(before[-1] if before else None, after[0] if after else None)
