"""Reviews on time counted day by day over children's lives, to hold the product's measures against.

It shares nothing with the product: last lawful days are regulation 33's as `reg33` walks them, and
whatever is late is late because there was a day on which it stood overdue.
"""

from dataclasses import dataclass, field
from datetime import date

from tests.oracles.reg33 import ONE_DAY, last_days, within_working_days


@dataclass(frozen=True)
class Met:
    """One review: the day on which its meeting began, and the day on which it was completed; the
    same, but where it was adjourned."""

    began: date
    ended: date

    @property
    def counts_on(self) -> date:
        """Its beginning, where it was taken up within 20 working days; else its end."""
        in_time = self.ended <= within_working_days(self.began, 20)
        return self.began if in_time else self.ended


@dataclass(frozen=True)
class Life:
    """One child in care: since when, the reviews held, and when that child left or turned 18."""

    began: date
    met: list[Met] = field(default_factory=list)
    left: date | None = None


@dataclass
class Shares:
    """What one period comes to."""

    children: int = 0
    children_on_time: int = 0
    first_not_yet_due: int = 0
    reviews: int = 0
    reviews_on_time: int = 0
    still_to_hold: int = 0
    days_late: list[int] = field(default_factory=list)


def shares(lives: list[Life], first: date, last: date) -> Shares:
    """The measures of the days from `first` to `last`; all reviews were held by then."""
    found = Shares()
    for life in lives:
        held = [one.counts_on for one in life.met]
        limits = last_days(life.began, held)
        was_late = False
        for number, limit in enumerate(limits):
            day = held[number] if number < len(held) else None
            overdue = _days_overdue(limit, day, life.left, last)
            is_late = bool(overdue) and overdue[-1] >= first
            if is_late:
                found.days_late.append(len(overdue))
                found.still_to_hold += day is None
                was_late = True
            if is_late or (day is not None and first <= day <= last):
                found.reviews += 1
                found.reviews_on_time += not is_late
        if life.left is not None and life.left <= last:
            continue
        if not held and limits[0] >= last:
            found.first_not_yet_due += 1
            continue
        found.children += 1
        found.children_on_time += not was_late
    found.days_late.sort()
    return found


def _days_overdue(limit: date, held: date | None, left: date | None, last: date) -> list[date]:
    """Every day after the last lawful one on which a review was still to be held, and that on which
    it was: up to `last`, and no longer than the child was there to be reviewed."""
    days, day = [], limit + ONE_DAY
    while day <= last and (held is None or day <= held) and (left is None or day <= left):
        days.append(day)
        day += ONE_DAY
    return days
