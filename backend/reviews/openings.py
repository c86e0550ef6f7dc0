"""Sees to it that an open review always exists for everybody living who is to have one."""

from datetime import date, timedelta
from typing import TYPE_CHECKING

from sqlmodel import Session, col, select

from backend.core import audit, clock, jobs
from backend.people import queries as people
from backend.reviews import timescales
from backend.reviews.limits import (
    PATHWAY,
    REVIEW,
    has_short_breaks,
    is_recent,
    judged_limit,
    rows_of,
    set_limit,
)
from backend.reviews.models import Review, ReviewChange
from backend.reviews.timescales import Basis

if TYPE_CHECKING:
    from backend.people.models import Person

CHANGED = audit.declare("review.changed", "review_id", "what", "before_on", "after_on")
SYSTEM = "heard"
NEAR = timedelta(days=3)  # what changes about a meeting so near is told at once
LEAVERS_UNTIL = 25
# Where nothing is known to count from: the time that the law gives a first review.
UNKNOWN_WITHIN = timescales.FIRST_WITHIN
NOW_LEAVER = "Now a care leaver: pathway-plan reviews from here on."
NOW_LOOKED_AFTER = "Looked after again: statutory reviews from here on."
OPEN = (col(Review.held_on).is_(None), col(Review.cancelled_on).is_(None))


def kind_for(person: "Person") -> str:
    """Which kind of review is a person's next: from 18 on, of the pathway plan."""
    age = people.age_on(person.date_of_birth, clock.today())
    is_adult = age >= people.ADULT_AT
    return PATHWAY if person.group == people.CARE_LEAVER or is_adult else REVIEW


def note_change(
    session: Session,
    review: Review,
    what: str,
    *,
    actor: str = SYSTEM,
    by: int | None = None,
    before_on: date | None = None,
    after_on: date | None = None,
    reason: str | None = None,
) -> None:
    """Keep one change of a review's dates, and audit it without its reason."""
    session.flush()
    today = clock.today()
    if any(day and today <= day <= today + NEAR for day in (before_on, after_on)):
        jobs.hurry(session)
    session.add(
        ReviewChange(
            review_id=review.id or 0,
            at=clock.now(),
            by=by,
            what=what,
            before_on=before_on,
            after_on=after_on,
            reason=reason,
        )
    )
    audit.record(
        session,
        CHANGED,
        actor=actor,
        person_id=review.person_id,
        review_id=review.id,
        what=what,
        before_on=before_on.isoformat() if before_on else None,
        after_on=after_on.isoformat() if after_on else None,
    )


def ensure_next_review(session: Session, person_id: int) -> Review | None:
    """The review that is open for a person, opened by the rule where none is.

    Returns None for somebody who has none to come: not in the extract, or a care leaver of 25. A
    review of the other kind is closed when a child became a care leaver, or came back into care.
    """
    person = people.person(session, person_id)
    if person is None or person.left_on is not None:
        return None
    kind = kind_for(person)
    rows = rows_of(session, person_id)
    open_rows = [row for row in rows if row.held_on is None]
    same = [row for row in open_rows if row.kind == kind]
    others = [row for row in open_rows if row.kind != kind]
    if others and person.group != people.CARE_LEAVER and kind == PATHWAY:
        # 18 already, and the case system has not said so yet: it closes the child's review.
        return same[0] if same else others[0]
    for row in others:
        close(session, row, NOW_LEAVER if kind == PATHWAY else NOW_LOOKED_AFTER)
    if same:
        return same[0]
    if kind == PATHWAY and people.age_on(person.date_of_birth, clock.today()) >= LEAVERS_UNTIL:
        return None
    return _open(session, person, kind, rows)


def _open(session: Session, person: "Person", kind: str, rows: list[Review]) -> Review:
    due_on = clock.add_working_days(clock.today(), UNKNOWN_WITHIN)
    review = Review(person_id=person.id or 0, kind=kind, due_on=due_on, basis=_basis(person, kind))
    limit = judged_limit(session, person, review, rows)
    if limit is not None and is_recent(limit, clock.today()):
        due_on = limit.latest_on
    review.due_on = free_day(session, person.id or 0, kind, due_on)
    set_limit(review, limit)
    session.add(review)
    note_change(session, review, "opened", after_on=review.due_on)
    session.flush()
    return review


def _basis(person: "Person", kind: str) -> Basis:
    if kind == PATHWAY:
        return Basis.PATHWAY
    return Basis.SHORT_BREAKS if has_short_breaks(person) else Basis.REGULATION_33


def free_day(session: Session, person_id: int, kind: str, day: date) -> date:
    """That day, or the nearest before it on which no review of the person stood: earlier is
    always lawful."""
    while is_taken(session, person_id, kind, day):
        day -= timedelta(days=1)
    return day


def is_taken(session: Session, person_id: int, kind: str, day: date) -> bool:
    """Whether a review of this kind, open, held or cancelled, has that due day already."""
    statement = select(Review.id).where(
        Review.person_id == person_id, Review.kind == kind, Review.due_on == day
    )
    return session.exec(statement).first() is not None


def close(session: Session, review: Review, reason: str) -> None:
    """Cancel a review because another kind of review takes its place."""
    review.cancelled_on, review.cancelled_reason = clock.today(), reason
    session.add(review)
    note_change(session, review, "cancelled", before_on=review.due_on, reason=reason)
