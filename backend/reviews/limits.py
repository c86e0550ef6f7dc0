"""By when the law wants each review of a person, from those that were held before it."""

from datetime import date
from typing import TYPE_CHECKING

from sqlmodel import Session, col, select

from backend.core import clock
from backend.history import queries as history
from backend.people import queries as people
from backend.placements import queries as placements
from backend.reviews import timescales
from backend.reviews.models import Review
from backend.reviews.timescales import Held, Limit, Rule
from backend.settings import get_settings

if TYPE_CHECKING:
    from backend.people.models import Person

REVIEW, PATHWAY = "review", "pathway"
SHORT_BREAKS = "short_breaks"
SHORT_BREAKS_STATUSES = frozenset({"V3", "V4"})
# A rule's day that lies so far back says that the last review is not known here.
BELIEVED_FOR = 3  # months
FIRST_RULES = (Rule.FIRST, Rule.SHORT_BREAKS_FIRST)


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
    """A person's 18th birthday."""
    return timescales.add_months(person.date_of_birth, 12 * people.ADULT_AT)


def _cycle() -> timescales.Cycle:
    settings = get_settings()
    return timescales.Cycle(
        short_breaks_first=settings.heard_short_breaks_first_months,
        short_breaks_later=settings.heard_short_breaks_later_months,
        pathway=settings.heard_pathway_months,
    )


def limit_after(session: Session, person: "Person", kind: str, rows: list[Review]) -> Limit | None:
    """The limit of a person's next review of a kind, after those of `rows` that were held."""
    held = [Held(day, _opened_as(row)) for row in rows if (day := counted_on(row)) is not None]
    if kind == PATHWAY:
        return timescales.pathway_limit(adult_on(person), [one.on for one in held], cycle=_cycle())
    mine = [
        Held(day, _opened_as(row))
        for row in rows
        if row.kind == kind and (day := counted_on(row)) is not None
    ]
    known = {one.on for one in mine}
    past = history.reviewed_on(session, person.id or 0)
    mine += [Held(day) for day in past if day not in known and day <= clock.today()]
    began_on = care_began_on(session, person, rows)
    if has_short_breaks(person):
        return timescales.short_breaks_limit(began_on, mine, cycle=_cycle())
    return timescales.next_limit(began_on, mine)


def _opened_as(row: Review) -> Rule | None:
    return Rule(row.rule) if row.rule else None


def set_limit(review: Review, limit: Limit | None) -> None:
    """Write down by when the law wants a review, and why."""
    review.latest_on = limit.latest_on if limit else None
    review.rule = limit.rule.value if limit else None
    review.counted_from = limit.counted_from if limit else None


def refresh_limits(session: Session, person: "Person") -> None:
    """Work out anew the limit of every open review of a person, and of each that was held and has
    none yet: a review that the case system tells of later may be one that others count from."""
    rows = rows_of(session, person.id or 0)
    for number, row in enumerate(rows):
        if row.held_on is None:
            set_limit(row, believable(person, limit_after(session, person, row.kind, rows)))
        elif row.rule is None:
            limit = limit_after(session, person, row.kind, rows[:number])
            set_limit(row, limit if limit and _says_something(person, row, limit) else None)
        session.add(row)
    session.flush()


def _is_of_a_first(person: "Person", limit: Limit) -> bool:
    """Whether a limit counts from no review: from coming into care, or from the 18th birthday."""
    is_first_pathway = limit.rule is Rule.PATHWAY and limit.counted_from == adult_on(person)
    return is_first_pathway or limit.rule in FIRST_RULES


def _says_something(person: "Person", row: Review, limit: Limit) -> bool:
    """Whether a review told of afterwards may be judged: it may not have been the first."""
    day = counted_on(row) or row.due_on
    if limit.counted_from > day:
        return False
    return not _is_of_a_first(person, limit) or day <= limit.latest_on


def believable(person: "Person", limit: Limit | None) -> Limit | None:
    """A limit, unless it is that of a first review long past: then the last is not known here."""
    if limit is None or not _is_of_a_first(person, limit):
        return limit
    return limit if is_recent(limit) else None


def is_recent(limit: Limit) -> bool:
    """Whether a limit is to come, or passed so lately that a review may truly be overdue."""
    return timescales.add_months(limit.latest_on, BELIEVED_FOR) >= clock.today()
