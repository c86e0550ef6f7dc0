"""By when the law wants each review of a person, from those that were held before it."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, TypeGuard

from sqlmodel import Session, col, select

from backend.core import clock
from backend.history import queries as history
from backend.people import queries as people
from backend.placements import queries as placements
from backend.reviews import timescales
from backend.reviews.models import Review, ReviewChange
from backend.reviews.timescales import Held, Limit, Rule
from backend.settings import get_settings

if TYPE_CHECKING:
    from backend.people.models import Person

REVIEW, PATHWAY = "review", "pathway"
SHORT_BREAKS = "short_breaks"
SHORT_BREAKS_STATUSES = frozenset({"V3", "V4"})
# A rule's day that lies so far back says that the last review is not known here.
BELIEVED_FOR = 3  # months
# The case system dates a review by its record or by its meeting: within this it is the same one.
SAME_REVIEW = timedelta(days=5)
FIRST_RULES = (Rule.FIRST, Rule.SHORT_BREAKS_FIRST)
SHORT_BREAKS_RULES = (Rule.SHORT_BREAKS_FIRST, Rule.SHORT_BREAKS_LATER)


def has_short_breaks(person: "Person") -> bool:
    """Whether a child's cycle is regulation 48's: V3 and V4 have no reviews of regulation 33."""
    return person.group == SHORT_BREAKS or person.legal_status.upper() in SHORT_BREAKS_STATUSES


def counted_on(review: Review) -> date | None:
    """The day by which a review that was held counts; None for one that was not."""
    if review.held_on is None:
        return None
    return timescales.counted_on(
        review.held_on,
        began_on=review.began_on,
        adjourned_on=review.adjourned_on,
        resume_by=review.resume_by,
        by_first_meeting=get_settings().heard_review_counts_by == "first",
    )


def rows_of(session: Session, person_id: int) -> list[Review]:
    """Every review of one person that stands, by the day that it counts or is due."""
    rows = session.exec(
        select(Review).where(Review.person_id == person_id, col(Review.cancelled_on).is_(None))
    ).all()
    return sorted(rows, key=lambda row: (counted_on(row) or row.due_on, row.id or 0))


def care_began_on(session: Session, person: "Person", rows: list[Review]) -> date | None:
    """The day on which the present time in care began: as the case system says, else the first
    stay known since the last review that was held as an adult's; None where neither is known."""
    if person.became_looked_after_on is not None:
        return person.became_looked_after_on
    last_pathway = max(
        (counted_on(row) or date.min for row in rows if row.kind == PATHWAY), default=date.min
    )
    starts = [
        stay.started_on
        for stay in placements.placements_of(session, person.id or 0)
        if stay.started_on is not None and stay.started_on > last_pathway
    ]
    return min(starts, default=None)


def adult_on(person: "Person") -> date:
    """A person's 18th birthday; 1 March for somebody born on 29 February, as their age says."""
    born = person.date_of_birth
    day = timescales.add_months(born, 12 * people.ADULT_AT)
    return day if day.day == born.day else day + timedelta(days=1)


def _cycle() -> timescales.Cycle:
    settings = get_settings()
    return timescales.Cycle(
        short_breaks_first=settings.heard_short_breaks_first_months,
        short_breaks_later=settings.heard_short_breaks_later_months,
        pathway=settings.heard_pathway_months,
    )


def limit_after(
    session: Session,
    person: "Person",
    kind: str,
    rows: list[Review],
    *,
    before: date | None = None,
    past: Sequence[date] | None = None,
) -> Limit | None:
    """The limit of a person's next review of a kind, after those of `rows` that were held, and
    after those that returns tell of; of these, only the ones `before` a day where one is given.
    `past`: the days that returns tell of, where the caller has them."""
    if kind == PATHWAY:
        days = [day for row in rows if (day := counted_on(row)) is not None]
        return timescales.pathway_limit(adult_on(person), days, cycle=_cycle())
    mine = [
        Held(day, _opened_as(row))
        for row in rows
        if row.kind == kind and (day := counted_on(row)) is not None
    ]
    known = [one.on for one in mine] + ([before] if before else [])
    last = before or clock.today()
    for day in history.reviewed_on(session, person.id or 0) if past is None else past:
        if day <= last and not any(abs(day - one) <= SAME_REVIEW for one in known):
            mine.append(Held(day))
    began_on = care_began_on(session, person, rows)
    if has_short_breaks(person):
        return timescales.short_breaks_limit(began_on, mine, cycle=_cycle())
    limit = timescales.next_limit(began_on, mine)
    if began_on and _may_be_second(limit, began_on, mine):
        knows_all = history.tells_of(session, person.id or 0, began_on, limit.counted_from)
        return timescales.next_limit(began_on, mine, knows_all=knows_all)
    return limit


def _may_be_second(limit: Limit | None, began_on: date, held: list[Held]) -> TypeGuard[Limit]:
    """Whether one review is known since care began, too late for a first: it may be that still."""
    is_later = limit is not None and limit.rule is Rule.LATER
    return is_later and sum(one.on >= began_on for one in held) == 1


def _opened_as(row: Review) -> Rule | None:
    return Rule(row.rule) if row.rule else None


def set_limit(review: Review, limit: Limit | None) -> None:
    """Write down by when the law wants a review, and why."""
    review.latest_on = limit.latest_on if limit else None
    review.rule = limit.rule.value if limit else None
    review.counted_from = limit.counted_from if limit else None


def judged_limit(
    session: Session,
    person: "Person",
    row: Review,
    rows: list[Review],
    *,
    past: Sequence[date] | None = None,
) -> Limit | None:
    """What a review is judged by, an open one or one that was held, as far as that can be said.

    `rows` are those before it, `past` as for `limit_after`. Where it is late, a review between
    might have been held of which nobody told us. So lateness is claimed of a first review only if
    Heard had opened it as the first, or it fell due within three months; of another, unless it is
    more than three months late by a day on which Heard was not yet there to see. Of what the
    returns tell whole, always.
    """
    day = counted_on(row)
    limit = limit_after(session, person, row.kind, rows, before=day, past=past)
    by = day or clock.today()
    if limit is None or by <= limit.latest_on:
        return limit
    was_told = day is not None and row.confirmed_at is None
    if _was_claimed(session, person, row.kind, limit) and not (
        was_told and limit.latest_on < watching_since(session)
    ):
        return limit
    if history.tells_of(session, person.id or 0, limit.counted_from, limit.latest_on):
        return limit
    if is_of_a_first(person, limit):
        return limit if day is None and is_recent(limit, by) else None
    return limit if is_recent(limit, by) or limit.latest_on >= watching_since(session) else None


def _was_claimed(session: Session, person: "Person", kind: str, limit: Limit) -> bool:
    """Whether a review of this person was opened here, or judged, by this very limit before."""
    statement = select(Review.id).where(
        Review.person_id == person.id,
        Review.kind == kind,
        Review.rule == limit.rule.value,
        Review.counted_from == limit.counted_from,
    )
    return session.exec(statement).first() is not None


def watching_since(session: Session) -> date:
    """The day on which Heard first opened anybody's review; today where it never did."""
    first = session.exec(select(ReviewChange.at).order_by(col(ReviewChange.at)).limit(1)).first()
    return clock.in_london(first).date() if first else clock.today()


def is_of_a_first(person: "Person", limit: Limit) -> bool:
    """Whether a limit counts from no review: from coming into care, or from the 18th birthday."""
    is_first_pathway = limit.rule is Rule.PATHWAY and limit.counted_from == adult_on(person)
    return is_first_pathway or limit.rule in FIRST_RULES


def is_recent(limit: Limit, by: date) -> bool:
    """Whether a limit passed so lately, as at a day, that the review may truly be late."""
    return timescales.add_months(limit.latest_on, BELIEVED_FOR) >= by
