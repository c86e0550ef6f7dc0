"""Gathers the statutory reviews of looked-after children as the measures need them."""

from datetime import date
from typing import TYPE_CHECKING

from sqlmodel import Session, col, select

from backend.core import clock
from backend.people import queries as people
from backend.reviews.limits import (
    REVIEW,
    SHORT_BREAKS_RULES,
    adult_on,
    counted_on,
    has_short_breaks,
)
from backend.reviews.measures import Child, Counted
from backend.reviews.models import Review
from backend.reviews.openings import NOW_LEAVER
from backend.reviews.timescales import Basis, Rule

if TYPE_CHECKING:
    from backend.people.models import Person

LOOKED_AFTER = "looked_after"


def children_to_measure(session: Session, on: date | None = None) -> list[Child]:
    """Every child looked after at the end of a day (today's where none is given), without those
    with short breaks: also one who has left or turned 18 since, as far as that is known here."""
    day = on or clock.today()
    closed_since = _became_leavers_after(session, day)
    return [
        Child(person.id or 0, person.iro_id)
        for person in people.ever_named(session).values()
        if (person.group == LOOKED_AFTER or person.id in closed_since)
        and (person.left_on is None or person.left_on > day)
        and max(person.became_looked_after_on or day, person.date_of_birth) <= day
        and not has_short_breaks(person)
        and people.age_on(person.date_of_birth, day) < people.ADULT_AT
    ]


def _became_leavers_after(session: Session, day: date) -> set[int]:
    """Those whose open review was closed after a day, because they became care leavers."""
    rows = session.exec(
        select(Review).where(Review.kind == REVIEW, col(Review.cancelled_on) > day)
    ).all()
    return {row.person_id for row in rows if row.cancelled_reason == NOW_LEAVER}


def reviews_to_measure(session: Session) -> list[Counted]:
    """Every statutory review that was held, those that are open, and those that were overdue when
    their child left, turned 18 or became a care leaver."""
    rows = [
        row
        for row in session.exec(select(Review).where(Review.kind == REVIEW)).all()
        if row.cancelled_on is None or row.cancelled_reason == NOW_LEAVER
    ]
    everybody = people.people(session, {row.person_id for row in rows}, are_named=False)
    found = []
    for row in rows:
        person = everybody[row.person_id]
        if is_of_short_breaks(row, person):
            continue
        ended_on = None if row.held_on is not None else _ended_on(row, person)
        last = last_day(row)
        found.append(
            Counted(
                review_id=row.id or 0,
                person_id=row.person_id,
                counted_on=counted_on(row),
                last_day=last,
                is_first=row.rule == Rule.FIRST,
                reason=row.late_reason or ("authority" if row.reviewed_elsewhere else None),
                ended_on=ended_on,
                waits_until=row.resume_by if _began_in_time(row, last) else None,
            )
        )
    return found


def is_of_short_breaks(review: Review, person: "Person") -> bool:
    """Whether a review is of the cycle of short breaks: as its rule says, else as its child is."""
    if review.rule is not None:
        return review.rule in SHORT_BREAKS_RULES
    return has_short_breaks(person)


def _began_in_time(review: Review, last: date | None) -> bool:
    """Whether a review's meeting began by its last day and was adjourned."""
    return last is not None and review.adjourned_on is not None and review.adjourned_on <= last


def _ended_on(review: Review, person: "Person") -> date | None:
    """The day from which an open review could not be held any more: the child left, turned 18, or
    became a care leaver. None where it can be held still."""
    days = [review.cancelled_on, person.left_on, adult_on(person)]
    return min((day for day in days if day is not None and day <= clock.today()), default=None)


def statutory_held(session: Session, first: date, last: date) -> list[Review]:
    """Every statutory review of a looked-after child that was held between two days; short breaks
    are none."""
    rows = session.exec(
        select(Review).where(
            Review.kind == REVIEW, col(Review.held_on) >= first, col(Review.held_on) <= last
        )
    ).all()
    everybody = people.people(session, {row.person_id for row in rows}, are_named=False)
    return [row for row in rows if not is_of_short_breaks(row, everybody[row.person_id])]


def last_day(review: Review) -> date | None:
    """The day by which a review is judged: the regulation's; where nothing is known to count from,
    the one that the case system gave; None where neither is known."""
    if review.latest_on is not None:
        return review.latest_on
    if review.held_on is not None and review.confirmed_at is None:
        return None  # told of afterwards: nobody knows by which day it was due
    if review.basis == Basis.EXTRACT:
        return review.extract_due_on or review.due_on
    return review.extract_due_on


def judge(review: Review) -> str:
    """How a review that was held is judged: on_time, late or not_judged."""
    day, last = counted_on(review), last_day(review)
    if day is None or last is None:
        return "not_judged"
    return "on_time" if day <= last else "late"
