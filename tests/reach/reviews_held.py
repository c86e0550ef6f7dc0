"""Makers for tests of reach: young people whose reviews were held, some of them heard before."""

from datetime import date, datetime, time, timedelta
from typing import Any

from sqlmodel import Session

from backend.core import clock
from backend.people import queries as people
from backend.people.models import Person
from backend.reviews.models import Review
from backend.surveys.past import PastTopic, record_past_form
from tests.factories import make_person

MAY = date(2026, 5, 12)


def hold_review(
    session: Session,
    person: Person,
    *,
    on: date = MAY,
    code: str = "PN1",
    scores: dict[str, int] | None = None,
    is_heard: bool = False,
    how_given: str = "alone",
    sent_days_before: int = 4,
) -> Review:
    """A review that was held on a day, and what its young person sent some days before."""
    review = Review(person_id=person.id or 0, due_on=on, held_on=on, participation_code=code)
    session.add(review)
    session.flush()
    if is_heard or scores:
        own = people.contributor_of_person(session, person.id or 0)
        assert own is not None
        sent_on = on - timedelta(days=sent_days_before)
        answers = scores or {"settled": 4}
        topics = {"home": PastTopic({f"r12.home.{name}": value for name, value in answers.items()})}
        record_past_form(
            session,
            person_id=person.id or 0,
            contributor_id=own.id or 0,
            moment="before_review",
            window_or_review=review.id or 0,
            topics=topics,
            given_at=datetime.combine(sent_on, time(16), clock.LONDON),
            how_given=how_given,
        )
    return review


def make_children(session: Session, number: int, **values: Any) -> list[Person]:
    """So many children of thirteen or so, alike."""
    alike = {"date_of_birth": date(2012, 3, 9)} | values
    return [make_person(session, **alike) for _ in range(number)]
