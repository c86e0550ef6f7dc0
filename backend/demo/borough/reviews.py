"""Lays out each person's reviews in time, so that a new day moves nothing but what fell due."""

from __future__ import annotations

from datetime import date, timedelta

from backend.demo.borough.draws import on_weekday, stream
from backend.demo.borough.records import Review

# Regulation 33: at most six months (181 days at the least), or three months, apart; whole weeks
# keep the weekday.
SIX_MONTHLY = 175
THREE_MONTHLY = 84
# Twenty working days are 28 days where no bank holiday falls; a day in hand.
FIRST_REVIEW = 27

# How many may stand overdue at once: the demo shows some, never a flood.
OVERDUE_CHILDREN = 6
OVERDUE_LEAVERS = 2
# So many six-monthly reviews fall in the first fortnight, on top of an even spread.
FIRST_FORTNIGHT = 22
LOOK_BACK = timedelta(days=760)
LOOK_AHEAD = timedelta(days=200)
LATE_FROM = timedelta(days=60)
LATEST = 24


def lay_out_care_reviews(
    entries: dict[str, date],
    adult_from: dict[str, date],
    *,
    seed: int,
    founded_on: date,
    today: date,
) -> dict[str, tuple[Review, ...]]:
    """Reviews by child, from the day each came into care (`entries`) to half a year ahead.

    `adult_from` holds each child's 18th birthday: what falls due near it is not held late.
    """
    order = sorted(entries)
    stream(seed, "care reviews").shuffle(order)
    often = len(order) * 2 // 5
    offsets = _even_offsets(order[:often], start=1, span=THREE_MONTHLY)
    crowd = order[often : often + FIRST_FORTNIGHT]
    offsets |= _even_offsets(crowd, start=1, span=14)
    offsets |= _even_offsets(order[often + FIRST_FORTNIGHT :], start=15, span=SIX_MONTHLY - 14)
    rhythms = {child: THREE_MONTHLY for child in order[:often]}
    dues = {
        child: _due_days(
            founded_on + timedelta(days=offsets[child]),
            rhythm=rhythms.get(child, SIX_MONTHLY),
            entry=entries[child],
            window=(founded_on - LOOK_BACK, today + LOOK_AHEAD),
        )
        for child in order
    }
    late = {
        child: (founded_on - LATE_FROM, adult_from[child] - timedelta(days=LATEST + 2))
        for child in order
    }
    return _hold(dues, late, seed=seed, overdue=OVERDUE_CHILDREN)


def lay_out_pathway_reviews(
    adult_from: dict[str, date], *, seed: int, founded_on: date, today: date
) -> dict[str, tuple[Review, ...]]:
    """Six-monthly pathway-plan reviews by person; they count from the 18th birthday on."""
    order = sorted(adult_from)
    stream(seed, "pathway reviews").shuffle(order)
    offsets = _even_offsets(order, start=1, span=SIX_MONTHLY)
    window = (founded_on - LOOK_BACK, today + LOOK_AHEAD)
    dues = {
        person: _regular(founded_on + timedelta(days=offsets[person]), SIX_MONTHLY, window)
        for person in order
    }
    late = {person: (max(founded_on - LATE_FROM, adult_from[person]), date.max) for person in order}
    return _hold(dues, late, seed=seed, overdue=OVERDUE_LEAVERS)


def next_due(reviews: tuple[Review, ...], today: date) -> date:
    """The due day of the first review that has not been held before `today`."""
    return next(review.due for review in reviews if review.held >= today)


def _even_offsets(names: list[str], *, start: int, span: int) -> dict[str, int]:
    return {name: start + index * span // len(names) for index, name in enumerate(names)}


def _regular(anchor: date, rhythm: int, window: tuple[date, date]) -> list[date]:
    day = on_weekday(anchor)
    while day - timedelta(days=rhythm) >= window[0]:
        day -= timedelta(days=rhythm)
    days = []
    while day <= window[1]:
        days.append(day)
        day += timedelta(days=rhythm)
    return days


def _due_days(anchor: date, *, rhythm: int, entry: date, window: tuple[date, date]) -> list[date]:
    first = on_weekday(entry + timedelta(days=FIRST_REVIEW))
    second = first + timedelta(days=THREE_MONTHLY)
    opening = [day for day in (first, second) if day >= window[0]]
    # The settled rhythm takes over after the second review; one too soon after it adds nothing.
    floor = second + timedelta(days=6)
    return opening + [day for day in _regular(anchor, rhythm, window) if day > floor]


def _hold(
    dues: dict[str, list[date]],
    late: dict[str, tuple[date, date]],
    *,
    seed: int,
    overdue: int,
) -> dict[str, tuple[Review, ...]]:
    """Walks through time once: a review is held late while fewer than `overdue` stand waiting.

    `late` bounds, by name, the due days that may be held late.
    """
    held: dict[str, list[Review]] = {name: [] for name in dues}
    waiting: list[date] = []
    for due, name in sorted((day, name) for name, days in dues.items() for day in days):
        waiting = [day for day in waiting if day > due]
        is_late = late[name][0] <= due < late[name][1] and len(waiting) < overdue
        day = _late_day(seed, name, due) if is_late else due
        if is_late:
            waiting.append(day)
        held[name].append(Review(due, day))
    return {name: tuple(reviews) for name, reviews in held.items()}


def _late_day(seed: int, name: str, due: date) -> date:
    days = stream(seed, "late", name, due).randint(10, LATEST)
    return on_weekday(due + timedelta(days=days))
