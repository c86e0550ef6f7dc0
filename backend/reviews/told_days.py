"""Whether the day that an extract names for a review is news, for everybody at one look."""

from collections.abc import Sequence
from datetime import date

from sqlmodel import Session, col, select

from backend.core.columns import closed
from backend.reviews.models import Review


def open_reviews(session: Session) -> dict[int, list[Review]]:
    """The open reviews of everybody, by person."""
    found: dict[int, list[Review]] = {}
    for row in session.exec(
        select(Review)
        .options(*closed(Review))
        .where(col(Review.held_on).is_(None), col(Review.cancelled_on).is_(None))
    ):
        found.setdefault(row.person_id, []).append(row)
    return found


def is_told_already(is_open: Sequence[Review], *, kind: str, due_on: date) -> bool:
    """Whether a person's open reviews are one alone, of this kind, for which the extract named the
    same day before: `set_next_review` would then change nothing."""
    return len(is_open) == 1 and is_open[0].kind == kind and is_open[0].extract_due_on == due_on
