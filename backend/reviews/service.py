"""Writes of reviews: when the next is due, and what was confirmed after it was held."""

from collections.abc import Sequence
from datetime import date, timedelta

from sqlmodel import Session, col, select

from backend.core import audit, clock
from backend.core.access.identity import StaffIdentity
from backend.people import queries as people
from backend.reviews.changes import (
    LATE_REASONS,
    DatesRefused,
    adjourn,
    bring_forward,
    cancel,
    explain_late,
    move,
    set_meeting,
)
from backend.reviews.held_days import ReviewRefused, check_held, check_order
from backend.reviews.histories import NOT_APPROPRIATE
from backend.reviews.late_confirmations import (
    day_before_extract,
    is_named_since,
    take_back_next_day,
)
from backend.reviews.limits import PATHWAY
from backend.reviews.models import Review
from backend.reviews.openings import (
    NOW_LEAVER,
    NOW_LOOKED_AFTER,
    close,
    ensure_next_review,
    note_change,
)
from backend.reviews.refreshing import refresh_limits
from backend.reviews.timescales import Basis
from backend.reviews.told_days import is_told_already, open_reviews

__all__ = [
    "LATE_REASONS",
    "PRIVATE_TALKS", "DatesRefused", "ReviewRefused", "adjourn", "bring_forward", "cancel",
    "confirm", "ensure_next_review", "explain_late", "hold_elsewhere", "is_told_already", "move",
    "open_reviews", "record_held", "set_meeting", "set_next_review",
]  # fmt: skip

CONFIRMED = audit.declare("review.confirmed", "review_id", "participation_code", "private_talk")
OTHER_KIND = (NOW_LEAVER, NOW_LOOKED_AFTER)
MAY_BE_EARLY = timedelta(days=31)
PRIVATE_TALKS = ("offered", "done", "refused", NOT_APPROPRIATE)


def set_next_review(session: Session, person_id: int, *, kind: str, due_on: date) -> bool:
    """Say when the case system has the next review due; moves the one that is open. True when
    that changed it.

    A review whose day has passed and that nobody confirmed as held is the one that is moved,
    because an extract says only the next date: an overdue one stays the same review. An extract
    that names the day it named before, or the day of a review that was held or cancelled, says
    nothing new: what was decided here since then stands.
    """
    rows = session.exec(
        select(Review).where(Review.person_id == person_id).order_by(col(Review.due_on))
    ).all()
    all_open = [row for row in rows if row.held_on is None and row.cancelled_on is None]
    ended = [row for row in all_open if row.kind != kind]
    for row in ended:
        close(session, row, NOW_LEAVER if kind == PATHWAY else NOW_LOOKED_AFTER)
    mine = [row for row in rows if row.kind == kind]
    changed = _follow(session, mine, due_on)
    if changed is None:
        review = Review(person_id=person_id, kind=kind, due_on=due_on, extract_due_on=due_on)
        session.add(review)
        note_change(session, review, "opened", after_on=due_on)
        changed = True
    session.flush()
    person = people.person(session, person_id)
    if changed and person is not None:
        refresh_limits(session, person)
    return changed or bool(ended)


def _follow(session: Session, rows: Sequence[Review], due_on: date) -> bool | None:
    """Bring the earliest open review to the extract's day; whether that changed it, or None where
    none is open and one of that day is to be added."""
    is_open = [row for row in rows if row.held_on is None and row.cancelled_on is None]
    for row in is_open:
        if due_on in (row.due_on, row.extract_due_on):
            row.extract_due_on = due_on
            return False
    if not is_open and (again := next((row for row in rows if _was_closed(row, due_on)), None)):
        again.cancelled_on = again.cancelled_reason = None
        session.add(again)
        note_change(session, again, "opened", after_on=again.due_on)
        return True
    if any(_is_old(row, due_on) for row in rows if row not in is_open):
        return False
    if not is_open:
        return None
    first = is_open[0]
    before, first.due_on = first.due_on, due_on
    first.basis, first.extract_due_on = Basis.EXTRACT, due_on
    session.add(first)
    note_change(session, first, "due_changed", before_on=before, after_on=due_on)
    return True


def _was_closed(row: Review, due_on: date) -> bool:
    """Whether a review of that day was closed for one of the other kind: then it stands again, with
    all that was written for it."""
    is_closed = row.cancelled_on is not None and row.cancelled_reason in OTHER_KIND
    return is_closed and due_on in (row.due_on, row.extract_due_on)


def _is_old(row: Review, due_on: date) -> bool:
    """Whether a day that an extract names is that of a review that is over."""
    return due_on in (row.due_on, row.extract_due_on) or (
        row.held_on is not None and due_on <= row.held_on
    )


def record_held(
    session: Session,
    person_id: int,
    *,
    kind: str,
    held_on: date,
    participation_code: str | None,
    closes_open: bool = False,
) -> Review:
    """Record a review that was held, as an extract or a return of the past tells it.

    `closes_open` says that it is the person's newest: the review that is open, if it was to be held
    by now, is then this one, and the next is opened. So is one whose day an extract moved on to the
    next review's because nobody here had said that it was held.
    """
    rows = session.exec(
        select(Review).where(Review.person_id == person_id, Review.kind == kind)
    ).all()
    row = next((one for one in rows if held_on in (one.due_on, one.held_on)), None)
    next_day = None
    if row is None and closes_open:
        row = next((one for one in rows if _may_be(session, one, rows, held_on=held_on)), None)
        next_day = take_back_next_day(session, row, held_on) if row is not None else None
    if row is None:
        row = Review(person_id=person_id, kind=kind, due_on=held_on)
    if row.confirmed_at is None:
        row.held_on, row.participation_code = held_on, participation_code or row.participation_code
        row.cancelled_on = row.cancelled_reason = None
    session.add(row)
    session.flush()
    person = people.person(session, person_id)
    if person is not None:
        refresh_limits(session, person)
    if closes_open:
        ensure_next_review(session, person_id)
    if next_day is not None:
        set_next_review(session, person_id, kind=kind, due_on=next_day)
    return row


def _may_be(session: Session, row: Review, rows: Sequence[Review], *, held_on: date) -> bool:
    """Whether an open review is the one that was held on a day: no other was held since, and it
    was due by then or within the next month."""
    is_open = row.held_on is None and row.cancelled_on is None
    was_held_since = any(one.held_on is not None and one.held_on >= held_on for one in rows)
    if not is_open or was_held_since or is_named_since(session, row, held_on):
        return False
    was_due = day_before_extract(session, row, held_on) or row.due_on
    return was_due <= held_on + MAY_BE_EARLY


def confirm(
    session: Session,
    viewer: StaffIdentity,
    review: Review,
    *,
    held_on: date,
    participation_code: str,
    private_talk: str,
    private_talk_why: str = "",
    began_on: date | None = None,
) -> None:
    """Confirm after the meeting when it was held, how the child took part, and the private talk;
    the next review is opened at once.

    `private_talk_why` is wanted where the talk was not appropriate (regulation 36), and is kept
    with the change. `began_on` is the day of the first meeting where there were several. Raises
    ReviewRefused.
    """
    if private_talk not in PRIVATE_TALKS:
        raise ReviewRefused("Choose what happened about talking in private.")
    why = private_talk_why.strip() if private_talk == NOT_APPROPRIATE else ""
    if private_talk == NOT_APPROPRIATE and not why:
        raise ReviewRefused("Write why talking in private was not appropriate.")
    if began_on is not None and began_on > held_on:
        raise ReviewRefused("The first meeting cannot be after the last. Check both days.")
    review.private_talk = private_talk
    _hold(
        session,
        viewer,
        review,
        held_on=held_on,
        code=participation_code,
        began_on=began_on,
        reason=why or None,
    )


def hold_elsewhere(
    session: Session,
    viewer: StaffIdentity,
    review: Review,
    *,
    held_on: date,
    participation_code: str,
    authority: str,
) -> None:
    """Record a review that another authority held; the next is opened at once.

    Raises ReviewRefused.
    """
    if not authority.strip():
        raise ReviewRefused("Enter which authority held it.")
    if review.held_on is not None:
        raise ReviewRefused("This review was confirmed as held already.")
    review.reviewed_elsewhere = authority.strip()
    _hold(session, viewer, review, held_on=held_on, code=participation_code)


def _hold(
    session: Session,
    viewer: StaffIdentity,
    review: Review,
    *,
    held_on: date,
    code: str,
    began_on: date | None = None,
    reason: str | None = None,
) -> None:
    check_held(review, held_on, code)
    check_order(session, review, held_on, began_on or held_on)
    person = people.person(session, review.person_id)
    if person is not None and review.held_on is None:
        refresh_limits(session, person)
    next_day = take_back_next_day(session, review, held_on)
    review.held_on, review.began_on = held_on, began_on
    review.participation_code = code or None
    review.confirmed_by, review.confirmed_at = viewer.staff_id, clock.now()
    session.add(review)
    audit.record(
        session,
        CONFIRMED,
        actor=viewer.actor,
        person_id=review.person_id,
        review_id=review.id,
        participation_code=code,
        private_talk=review.private_talk,
    )
    note_change(
        session,
        review,
        "held",
        actor=viewer.actor,
        by=viewer.staff_id,
        before_on=review.due_on,
        after_on=held_on,
        reason=reason,
    )
    session.flush()
    if person is not None:
        refresh_limits(session, person)
    ensure_next_review(session, review.person_id)
    if next_day is not None:
        set_next_review(session, review.person_id, kind=review.kind, due_on=next_day)
