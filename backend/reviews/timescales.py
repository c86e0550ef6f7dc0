"""When a review is due, and the last day that the law allows for it; pure rules about dates.

Source: regulation 33 of the Care Planning, Placement and Case Review (England) Regulations 2010.
(1) the first review within 20 working days of the day on which the child becomes looked after;
(2) the second not more than three months after the first, and later ones at intervals of not more
than six months. The intervals run from the day of the review before, never from the day on which it
was due: one brought forward brings the next forward too. Regulation 36(2): a review meeting may be
adjourned once, for not more than 20 working days.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from backend.core.clock import add_working_days

FIRST_WITHIN = 20  # working days
SECOND_WITHIN, LATER_WITHIN = 3, 6  # calendar months
ADJOURNED_FOR = 20  # working days
# Not confirmed for this council, so settings say them: short breaks (regulation 48), pathway plans.
SHORT_BREAKS_FIRST, SHORT_BREAKS_LATER = 3, 6
PATHWAY_WITHIN = 6


class Basis(StrEnum):
    """Where the day on which a review is due comes from."""

    EXTRACT = "extract"
    REGULATION_33 = "regulation_33"
    SHORT_BREAKS = "short_breaks"
    PATHWAY = "pathway"
    BROUGHT_FORWARD = "brought_forward"
    MOVED = "moved"


class Rule(StrEnum):
    """Which rule gives the last day that is allowed."""

    FIRST = "first"
    SECOND = "second"
    LATER = "later"
    SHORT_BREAKS_FIRST = "short_breaks_first"
    SHORT_BREAKS_LATER = "short_breaks_later"
    PATHWAY = "pathway"


@dataclass(frozen=True)
class Limit:
    """The last day on which a review may be held, the rule, and the day that it counts from."""

    latest_on: date
    rule: Rule
    counted_from: date


@dataclass(frozen=True)
class Cycle:
    """In months: the local settings for what regulation 33 leaves alone."""

    short_breaks_first: int = SHORT_BREAKS_FIRST
    short_breaks_later: int = SHORT_BREAKS_LATER
    pathway: int = PATHWAY_WITHIN


def add_months(day: date, months: int) -> date:
    """The same day of a later month; the last of that month where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    first = date(year, month + 1, 1)
    after = date(year + (month == 11), (month + 1) % 12 + 1, 1)
    return min(first + timedelta(days=day.day - 1), after - timedelta(days=1))


def first_due(became_looked_after: date) -> date:
    """The last day for the first review: 20 working days on, that day itself not counted."""
    return add_working_days(became_looked_after, FIRST_WITHIN)


def second_due(first_held: date) -> date:
    """The last day for the second review."""
    return add_months(first_held, SECOND_WITHIN)


def next_due(last_held: date) -> date:
    """The last day for every review after the second."""
    return add_months(last_held, LATER_WITHIN)


def pathway_due(last_held: date, *, months: int = PATHWAY_WITHIN) -> date:
    """The last day for the next review of a pathway plan, from 18 on."""
    return add_months(last_held, months)


def short_breaks_due(last: date, *, is_first: bool, cycle: Cycle = Cycle()) -> date:
    """The last day for the next review of a child with short breaks: from their beginning for the
    first, else from the review before (regulation 48, as the local setting has it)."""
    return add_months(last, cycle.short_breaks_first if is_first else cycle.short_breaks_later)


def resume_by(adjourned_on: date) -> date:
    """The last day for taking up again a meeting that was adjourned on a day."""
    return add_working_days(adjourned_on, ADJOURNED_FOR)


@dataclass(frozen=True)
class Held:
    """One review of a chain: the day by which it counts, and the limit that it was opened with."""

    on: date
    opened_as: Rule | None = None


def next_limit(
    began_on: date | None, held: Iterable[Held], *, knows_all: bool = False
) -> Limit | None:
    """The limit of the next review of a looked-after child, from the reviews held before it.

    `began_on` is when the present period of care began; reviews from before it are of an earlier
    one and count for nothing. `knows_all` says that no review can be missing from `held`. Returns
    None where too little is known: without it, a first known review is taken for the child's first
    only where it was opened as that, or lies within the time that the law gives a first one.
    """
    chain = sorted((one for one in held if not began_on or one.on >= began_on), key=_day)
    if not chain:
        if began_on is None:
            return None
        return Limit(first_due(began_on), Rule.FIRST, began_on)
    last = chain[-1]
    if len(chain) == 1 and _is_first(last, began_on, knows_all=knows_all):
        return Limit(second_due(last.on), Rule.SECOND, last.on)
    return Limit(next_due(last.on), Rule.LATER, last.on)


def _day(held: Held) -> date:
    return held.on


def _is_first(held: Held, began_on: date | None, *, knows_all: bool) -> bool:
    if began_on is None:
        return False
    return knows_all or held.opened_as is Rule.FIRST or held.on <= first_due(began_on)


def short_breaks_limit(
    began_on: date | None, held: Iterable[Held], *, cycle: Cycle = Cycle()
) -> Limit | None:
    """The limit of the next review of a child with short breaks."""
    days = sorted(one.on for one in held if not began_on or one.on >= began_on)
    if days:
        latest_on = short_breaks_due(days[-1], is_first=False, cycle=cycle)
        return Limit(latest_on, Rule.SHORT_BREAKS_LATER, days[-1])
    if began_on is None:
        return None
    latest_on = short_breaks_due(began_on, is_first=True, cycle=cycle)
    return Limit(latest_on, Rule.SHORT_BREAKS_FIRST, began_on)


def pathway_limit(adult_on: date, held: Iterable[date], *, cycle: Cycle = Cycle()) -> Limit:
    """The limit of the next pathway-plan review: from the last review of either kind, and from the
    18th birthday where none is known."""
    last = max(held, default=adult_on)
    return Limit(pathway_due(last, months=cycle.pathway), Rule.PATHWAY, last)


def counted_on(
    held_on: date,
    *,
    began_on: date | None,
    adjourned_on: date | None,
    resume_by: date | None,
    by_first_meeting: bool,
) -> date:
    """The day by which a review counts, for being on time and for the next.

    One that was adjourned and taken up in time counts by the day on which it began; one taken up
    too late by its end. One held as several meetings counts as the council's setting says.
    """
    if adjourned_on is not None and resume_by is not None and held_on <= resume_by:
        return adjourned_on
    return began_on if began_on is not None and by_first_meeting else held_on
