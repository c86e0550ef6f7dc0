"""A review told as held after the case system had moved on: its own day back, the next kept."""

from datetime import date

from sqlmodel import Session, col, select

from backend.core import clock
from backend.reviews.models import Review, ReviewChange
from backend.reviews.openings import is_taken
from backend.reviews.timescales import Basis


def day_before_extract(session: Session, review: Review, held_on: date) -> date | None:
    """The due day of a review that was held, which an extract took from it because nobody had yet
    said so here: it gave it the next one's. None where no extract did."""
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
    return change.before_on


def is_named_since(session: Session, review: Review, held_on: date) -> bool:
    """Whether an extract first named an open review, for a day still to come, after one was held:
    then it is the next one, however near the two are."""
    if review.basis != Basis.EXTRACT or review.due_on <= held_on:
        return False
    opened_at = session.exec(
        select(ReviewChange.at)
        .where(ReviewChange.review_id == review.id, ReviewChange.what == "opened")
        .order_by(col(ReviewChange.id))
        .limit(1)
    ).first()
    return opened_at is not None and clock.in_london(opened_at).date() > held_on


def take_back_next_day(session: Session, review: Review, held_on: date) -> date | None:
    """The next review's day, which an extract gave to this one; this one gets its own due day back.
    None where no extract did.

    Without this the next would be due by the rule alone, weeks after the day that the case system
    has for it, and its round would open too late.
    """
    own_day = day_before_extract(session, review, held_on)
    if own_day is None:
        return None
    named, review.due_on = review.due_on, own_day
    review.extract_due_on = own_day
    session.add(review)
    session.flush()
    return named
