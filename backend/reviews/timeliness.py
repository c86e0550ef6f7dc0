"""Gathers the statutory reviews of looked-after children as the measures need them."""

from datetime import date

from sqlmodel import Session, col, select

from backend.core import clock
from backend.people import queries as people
from backend.reviews.limits import REVIEW, counted_on, has_short_breaks
from backend.reviews.measures import Child, Counted
from backend.reviews.models import Review
from backend.reviews.timescales import Basis, Rule

SHORT_BREAKS_RULES = (Rule.SHORT_BREAKS_FIRST, Rule.SHORT_BREAKS_LATER)


def children_to_measure(session: Session) -> list[Child]:
    """Every child looked after today, without those with short breaks and those of 18."""
    today = clock.today()
    return [
        Child(person.id or 0, person.iro_id)
        for person in people.living(session)
        if person.group == "looked_after"
        and not has_short_breaks(person)
        and people.age_on(person.date_of_birth, today) < people.ADULT_AT
    ]


def reviews_to_measure(session: Session) -> list[Counted]:
    """Every statutory review that was held, and those that are open of children still here."""
    living = {person.id or 0: person for person in people.living(session)}
    rows = session.exec(
        select(Review).where(Review.kind == REVIEW, col(Review.cancelled_on).is_(None))
    ).all()
    found = []
    for row in rows:
        person = living.get(row.person_id)
        is_other = row.rule in SHORT_BREAKS_RULES or (person and has_short_breaks(person))
        if is_other or (person is None and row.held_on is None):
            continue
        found.append(
            Counted(
                review_id=row.id or 0,
                person_id=row.person_id,
                counted_on=counted_on(row),
                last_day=last_day(row),
                is_first=row.rule == Rule.FIRST,
                reason=row.late_reason or ("authority" if row.reviewed_elsewhere else None),
            )
        )
    return found


def statutory_held(session: Session, first: date, last: date) -> list[Review]:
    """Every statutory review of a looked-after child that was held between two days; short breaks
    are none."""
    rows = session.exec(
        select(Review).where(
            Review.kind == REVIEW, col(Review.held_on) >= first, col(Review.held_on) <= last
        )
    ).all()
    short = {person.id for person in people.living(session) if has_short_breaks(person)}
    return [
        row for row in rows if row.rule not in SHORT_BREAKS_RULES and row.person_id not in short
    ]


def last_day(review: Review) -> date | None:
    """The day by which a review is judged: the regulation's; where nothing is known to count from,
    the one that the case system gave; None where neither is known."""
    if review.latest_on is not None:
        return review.latest_on
    was_told_of = review.held_on is not None and review.confirmed_at is None
    if was_told_of or review.basis == Basis.REGULATION_33:
        return None
    return review.extract_due_on or review.due_on


def judge(review: Review) -> str:
    """How a review that was held is judged: on_time, late or not_judged."""
    day, last = counted_on(review), last_day(review)
    if day is None or last is None:
        return "not_judged"
    return "on_time" if day <= last else "late"
