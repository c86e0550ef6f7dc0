"""What happened to reviews' dates, in words: each change with who made it and why."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING

from sqlmodel import Session, col, select

from backend.accounts import queries as accounts
from backend.core import clock
from backend.reviews.models import Review, ReviewChange

if TYPE_CHECKING:
    from collections.abc import Mapping

NOT_APPROPRIATE = "not_appropriate"
WHAT = {
    "opened": "Opened, due",
    "meeting_set": "Meeting set for",
    "moved": "Moved to",
    "brought_forward": "Brought forward to",
    "cancelled": "Cancelled",
    "adjourned": "Adjourned, to go on by",
    "resumed": "Taken up again on",
    "due_changed": "The case system changed it to",
    "reckoned_anew": "By the rule, now due",
    "held": "Held on",
    "late_explained": "Why it is late",
}
# The same where it stands among other news of a child: each says what it is about.
NEWS = {
    "meeting_set": "Meeting moved to",
    "moved": "Review moved to",
    "brought_forward": "Review brought forward to",
    "cancelled": "Review cancelled",
    "adjourned": "Meeting adjourned, to go on by",
    "resumed": "Meeting taken up again on",
    "due_changed": "The case system moved the review to",
    "reckoned_anew": "By the rule, the review is now due",
}
LONG_AGO = datetime(1990, 1, 1, tzinfo=UTC)
NO_TALK = "Talking in private was not appropriate"


@dataclass(frozen=True)
class ChangeLine:
    """One thing that happened to the dates."""

    at: datetime
    who: str
    what: str
    before_on: date | None
    after_on: date | None
    reason: str | None


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


def lines_of(session: Session, review: Review) -> tuple[ChangeLine, ...]:
    """Everything that happened to one review's dates in words, the newest first."""
    return _in_words(session, history_of(session, review.id or 0), WHAT)


def news_since(session: Session, review: Review, last: Review | None) -> tuple[ChangeLine, ...]:
    """What happened to the dates since the review before, the newest first: of this review, and of
    those that were cancelled meanwhile. That a day was set for the first time changed nothing."""
    day = last.held_on if last and last.held_on else None
    since = datetime.combine(day, time.min, clock.LONDON) if day else LONG_AGO
    cancelled = session.exec(
        select(Review.id).where(
            Review.person_id == review.person_id, col(Review.cancelled_on).is_not(None)
        )
    ).all()
    ids = {review.id or 0, *(key for key in cancelled if key is not None)}
    rows = [row for row in changes_since(session, ids, since) if _is_news(row)]
    return _in_words(session, rows[::-1], NEWS)


def private_talk_why(session: Session, review: Review) -> str:
    """Why talking in private was not appropriate, as it was confirmed; else empty."""
    if review.private_talk != NOT_APPROPRIATE:
        return ""
    held = (row for row in history_of(session, review.id or 0) if row.what == "held")
    return next((row.reason for row in held if row.reason), "")


def _is_news(row: ReviewChange) -> bool:
    return row.what in NEWS and row.before_on is not None and row.before_on != row.after_on


def _in_words(
    session: Session, rows: list[ReviewChange], names: "Mapping[str, str]"
) -> tuple[ChangeLine, ...]:
    people = accounts.names_of(session, {row.by for row in rows if row.by is not None})
    return tuple(
        ChangeLine(
            at=row.at,
            who=people.get(row.by or 0, "Heard"),
            what=_what(row, names),
            before_on=row.before_on,
            after_on=row.after_on,
            reason=f"{NO_TALK}. {row.reason}" if row.what == "held" and row.reason else row.reason,
        )
        for row in rows
    )


def _what(row: ReviewChange, names: "Mapping[str, str]") -> str:
    if row.what == "meeting_set" and row.after_on is None:
        return "To be held without a meeting"
    return names.get(row.what, row.what)
