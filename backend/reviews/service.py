"""Writes of reviews: when the next is due, and what was confirmed after it was held."""

from datetime import date

from sqlmodel import Session, col, select

from backend.core import audit, clock
from backend.core.access.identity import StaffIdentity
from backend.placements import queries as placements
from backend.reviews.models import Review

CONFIRMED = audit.declare("review.confirmed", "review_id", "participation_code", "private_talk")
PRIVATE_TALKS = ("offered", "done", "refused", "not_appropriate")


class ReviewRefused(Exception):
    """What was entered about a review cannot be; the message says why."""


def set_next_review(session: Session, person_id: int, *, kind: str, due_on: date) -> bool:
    """Say when the next review is due; moves the one that is open. True when that changed it.

    A review whose day has passed and that nobody confirmed as held is the one that is moved,
    because an extract says only the next date: an overdue one stays the same review.
    """
    all_open = session.exec(
        select(Review)
        .where(
            Review.person_id == person_id,
            col(Review.held_on).is_(None),
            col(Review.cancelled_on).is_(None),
        )
        .order_by(col(Review.due_on))
    ).all()
    # A child who turned care leaver has pathway-plan reviews from then on, and no other.
    ended = [row for row in all_open if row.kind != kind]
    for row in ended:
        row.cancelled_on = clock.today()
        session.add(row)
    changed = _move(session, [row for row in all_open if row.kind == kind], due_on)
    if changed is None:
        changed = _add(session, person_id, kind, due_on)
    session.flush()
    return changed or bool(ended)


def _move(session: Session, open_reviews: list[Review], due_on: date) -> bool | None:
    """Move the earliest open review unless one is due that day already; None where none is open."""
    if not open_reviews:
        return None
    if any(row.due_on == due_on for row in open_reviews):
        return False
    open_reviews[0].due_on = due_on
    session.add(open_reviews[0])
    return True


def _add(session: Session, person_id: int, kind: str, due_on: date) -> bool:
    """Add a review, unless one of that day was held or cancelled: then the date is an old one."""
    known = session.exec(
        select(Review.id).where(
            Review.person_id == person_id, Review.kind == kind, Review.due_on == due_on
        )
    ).first()
    if known is not None:
        return False
    session.add(Review(person_id=person_id, kind=kind, due_on=due_on))
    return True


def record_held(
    session: Session, person_id: int, *, kind: str, held_on: date, participation_code: str | None
) -> Review:
    """Record a review that was held, as an extract or a return of the past tells it."""
    row = session.exec(
        select(Review).where(
            Review.person_id == person_id, Review.kind == kind, Review.due_on == held_on
        )
    ).first() or Review(person_id=person_id, kind=kind, due_on=held_on)
    row.held_on, row.participation_code = held_on, participation_code
    session.add(row)
    session.flush()
    return row


def confirm(
    session: Session,
    viewer: StaffIdentity,
    review: Review,
    *,
    held_on: date,
    participation_code: str,
    private_talk: str,
) -> None:
    """Confirm after the meeting when it was held, how the child took part, and the private talk."""
    if held_on > clock.today():
        raise ReviewRefused("The day it was held is still to come. Enter a day up to today.")
    if private_talk not in PRIVATE_TALKS:
        raise ReviewRefused("Choose what happened about talking in private.")
    known = {code for code, _ in placements.participation_codes(review.due_on)}
    if participation_code not in known:
        raise ReviewRefused("Choose a participation code.")
    review.held_on, review.participation_code = held_on, participation_code
    review.private_talk = private_talk
    review.confirmed_by, review.confirmed_at = viewer.staff_id, clock.now()
    session.add(review)
    audit.record(
        session,
        CONFIRMED,
        actor=viewer.actor,
        person_id=review.person_id,
        review_id=review.id,
        participation_code=participation_code,
        private_talk=private_talk,
    )
