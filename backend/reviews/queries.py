"""Reads of reviews."""

from collections.abc import Iterable
from datetime import date, datetime

from sqlmodel import Session, col, select

from backend.core import clock
from backend.reviews.changes import LATE_REASONS as LATE_REASONS
from backend.reviews.limits import counted_on as counted_on
from backend.reviews.measures import Measures as Measures
from backend.reviews.measures import by_iro as by_iro
from backend.reviews.measures import measure as measure
from backend.reviews.models import Review, ReviewChange
from backend.reviews.timeliness import children_to_measure as children_to_measure
from backend.reviews.timeliness import judge as judge
from backend.reviews.timeliness import reviews_to_measure as reviews_to_measure
from backend.reviews.timeliness import statutory_held as statutory_held

OPEN = (col(Review.held_on).is_(None), col(Review.cancelled_on).is_(None))


def review(session: Session, review_id: int) -> Review | None:
    """One review, or None."""
    return session.get(Review, review_id)


def reviews(session: Session, review_ids: Iterable[int]) -> dict[int, Review]:
    """Reviews by id."""
    wanted = set(review_ids)
    if not wanted:
        return {}
    rows = session.exec(select(Review).where(col(Review.id).in_(wanted)))
    return {row.id or 0: row for row in rows}


def next_review(session: Session, person_id: int) -> Review | None:
    """The review that is open for this person: to come, or overdue."""
    return next_reviews(session, [person_id]).get(person_id)


def next_reviews(session: Session, person_ids: Iterable[int]) -> dict[int, Review]:
    """Open reviews by person; the earliest where several are open."""
    wanted = set(person_ids)
    if not wanted:
        return {}
    rows = session.exec(
        select(Review)
        .where(col(Review.person_id).in_(wanted), *OPEN)
        .order_by(col(Review.due_on).desc())
    ).all()
    return {row.person_id: row for row in rows}


def last_review(session: Session, person_id: int) -> Review | None:
    """The review that was held last, or None."""
    return session.exec(
        select(Review)
        .where(Review.person_id == person_id, col(Review.held_on).is_not(None))
        .order_by(col(Review.held_on).desc())
    ).first()


def number_of_reviews(session: Session, person_id: int) -> int:
    """How many reviews were held, as far as Heard knows."""
    rows = session.exec(
        select(Review.id).where(Review.person_id == person_id, col(Review.held_on).is_not(None))
    ).all()
    return len(rows)


def held_between(session: Session, first: date, last: date) -> list[Review]:
    """Reviews of anybody that were held from one day to another, both included, by the day."""
    return list(
        session.exec(
            select(Review)
            .where(col(Review.held_on) >= first, col(Review.held_on) <= last)
            .order_by(col(Review.held_on), col(Review.id))
        ).all()
    )


def changes_since(
    session: Session, review_ids: Iterable[int], since: datetime
) -> list[ReviewChange]:
    """What happened to the dates of these reviews after a moment, the oldest first."""
    wanted = set(review_ids)
    if not wanted:
        return []
    statement = select(ReviewChange).where(
        col(ReviewChange.review_id).in_(wanted), col(ReviewChange.at) > since
    )
    return list(session.exec(statement.order_by(col(ReviewChange.id))).all())


def history_of(session: Session, review_id: int) -> list[ReviewChange]:
    """Everything that happened to one review's dates, the newest first."""
    statement = select(ReviewChange).where(ReviewChange.review_id == review_id)
    return list(session.exec(statement.order_by(col(ReviewChange.id).desc())).all())


def expected_on(review: Review) -> date:
    """The day on which an open review is to be looked for: its meeting's, else by when an adjourned
    one goes on, else its due day."""
    if review.meeting_at is not None:
        return clock.in_london(review.meeting_at).date()
    return review.resume_by or review.due_on


def is_later_than_allowed(review: Review) -> bool:
    """Whether the day of an open review, its meeting's where one is set, lies after the last that
    the rule allows. One that was adjourned began on the day of its first meeting."""
    if review.latest_on is None:
        return False
    return (review.adjourned_on or expected_on(review)) > review.latest_on
