"""A review confirmed after the case system had moved on: its own day back, the next one kept."""

from datetime import date

from sqlmodel import Session, col, select

from backend.core import clock
from backend.reviews.models import Review, ReviewChange
from backend.reviews.openings import is_taken


def take_back_next_day(session: Session, review: Review, held_on: date) -> date | None:
    """The next review's day, which an extract gave to this one because nobody had confirmed yet
    that it was held; this one gets its own due day back. None where no extract did.

    Without this the next would be due by the rule alone, weeks after the day that the case system
    has for it, and its round would open too late.
    """
    change = session.exec(
        select(ReviewChange)
        .where(
            ReviewChange.review_id == review.id,
            ReviewChange.what == "due_changed",
            ReviewChange.after_on == review.due_on,
        )
        .order_by(col(ReviewChange.id).desc())
    ).first()
    if change is None or change.before_on is None or review.due_on <= held_on:
        return None
    was_known = clock.in_london(change.at).date() <= held_on
    if was_known or is_taken(session, review.person_id, review.kind, change.before_on):
        return None
    named, review.due_on = review.due_on, change.before_on
    review.extract_due_on = change.before_on
    session.add(review)
    session.flush()
    return named
