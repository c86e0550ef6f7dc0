"""Reads of reviews."""

from collections.abc import Iterable
from datetime import date

from sqlmodel import Session, col, select

from backend.core import clock
from backend.reviews.changes import LATE_REASONS as LATE_REASONS
from backend.reviews.histories import NOT_APPROPRIATE as NOT_APPROPRIATE
from backend.reviews.histories import ChangeLine as ChangeLine
from backend.reviews.histories import changes_since as changes_since
from backend.reviews.histories import history_of as history_of
from backend.reviews.histories import news_since as news_since
from backend.reviews.histories import private_talk_why as private_talk_why
from backend.reviews.limits import counted_on as counted_on
from backend.reviews.measures import Child as Child
from backend.reviews.measures import Counted as Counted
from backend.reviews.measures import Measures as Measures
from backend.reviews.measures import as_at as as_at
from backend.reviews.measures import by_iro as by_iro
from backend.reviews.measures import days_late as days_late
from backend.reviews.measures import falls_in as falls_in
from backend.reviews.measures import measure as measure
from backend.reviews.measures import state_of as state_of
from backend.reviews.models import Review
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
    return last_reviews(session, [person_id]).get(person_id)


def last_reviews(session: Session, person_ids: Iterable[int]) -> dict[int, Review]:
    """The review that was held last of each of these people who had one, by person."""
    rows = session.exec(
        select(Review)
        .where(col(Review.person_id).in_(set(person_ids)), col(Review.held_on).is_not(None))
        .order_by(col(Review.held_on), col(Review.id))
    ).all()
    return {row.person_id: row for row in rows}


def review_before(session: Session, review: Review) -> Review | None:
    """The review of the same person that was held last before this one, or None."""
    statement = select(Review).where(
        Review.person_id == review.person_id,
        Review.id != review.id,
        col(Review.held_on).is_not(None),
    )
    if review.held_on is not None:
        statement = statement.where(col(Review.held_on) < review.held_on)
    return session.exec(statement.order_by(col(Review.held_on).desc())).first()


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


def expected_on(review: Review) -> date:
    """The day on which an open review is to be looked for: its meeting's, else by when an adjourned
    one goes on, else its due day."""
    if review.meeting_at is not None:
        return clock.in_london(review.meeting_at).date()
    return review.resume_by or review.due_on


def is_over(review: Review) -> bool:
    """Whether a review was held, or is not to be held: nobody is asked for it any more."""
    return review.held_on is not None or review.cancelled_on is not None


def is_later_than_allowed(review: Review) -> bool:
    """Whether the day of an open review, its meeting's where one is set, lies after the last that
    the rule allows. One that was adjourned began on the day of its first meeting, for as long as
    it may still be taken up."""
    if review.latest_on is None:
        return False
    if review.adjourned_on is not None and review.resume_by is not None:
        day = review.adjourned_on if clock.today() <= review.resume_by else clock.today()
        return day > review.latest_on
    return expected_on(review) > review.latest_on
