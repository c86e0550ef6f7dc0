"""Reads of reviews."""

from collections.abc import Iterable

from sqlmodel import Session, col, select

from backend.reviews.models import Review

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
