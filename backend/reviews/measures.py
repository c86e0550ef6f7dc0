"""How many reviews, and how many children with all of theirs, were on time; pure counting.

A review counts in the period in which it was held. One that was not held counts as late in every
period by whose end its last lawful day had passed, up to the one in which it could no longer be
held, because the child left or turned 18. It is on time when it was held on or before the
last day that regulation 33 allowed it; where no earlier review is known to count from, by the day
that the case system gave for it, and where that is not known either, it is left out and said so.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from statistics import median

ON_TIME, LATE = "on_time", "late"
FIRST_NOT_YET_DUE, NOT_JUDGED = "first_not_yet_due", "not_judged"


@dataclass(frozen=True)
class Counted:
    """One statutory review as the measures need it."""

    review_id: int
    person_id: int
    counted_on: date | None  # None: not held
    last_day: date | None  # None: nothing to judge it by
    is_first: bool = False
    reason: str | None = None
    ended_on: date | None = None  # from then on it could not be held any more
    waits_until: date | None = None  # adjourned in time: until then it is not overdue


@dataclass(frozen=True)
class Child:
    """One child looked after at the end of a period; short breaks are not among them."""

    person_id: int
    iro_id: int | None


@dataclass(frozen=True)
class Measures:
    """What the reviews of one period come to, and what each figure rests on."""

    children: int = 0  # looked after, without those below
    children_on_time: int = 0
    first_not_yet_due: int = 0
    children_not_judged: int = 0  # nothing is known to judge any review of theirs by
    children_without_review: int = 0  # among `children`: none held or overdue in the period
    reviews: int = 0
    reviews_on_time: int = 0
    reviews_not_judged: int = 0
    still_to_hold: int = 0  # among the late: not held by the period's end
    days_late: tuple[int, ...] = ()
    reasons: dict[str, int] = field(default_factory=dict)

    @property
    def reviews_late(self) -> int:
        """How many of the judged reviews were late."""
        return self.reviews - self.reviews_on_time

    @property
    def children_late(self) -> int:
        """How many children had at least one late review."""
        return self.children - self.children_on_time

    @property
    def middle_days(self) -> float | None:
        """The median of the days late; None where none was."""
        return median(self.days_late) if self.days_late else None

    @property
    def longest_days(self) -> int | None:
        """The most days late; None where none was."""
        return max(self.days_late, default=None)


def share(part: int, whole: int) -> float | None:
    """A percentage, or None of nothing."""
    return 100 * part / whole if whole else None


def days_late(review: Counted, by: date) -> int | None:
    """How many days a review was late, or is late as at a day; None where it cannot be judged."""
    if review.last_day is None:
        return None
    until = min(by, review.ended_on or by)
    return max(0, ((review.counted_on or until) - review.last_day).days)


def falls_in(review: Counted, first: date, last: date) -> bool:
    """Whether a review counts in a period: held in it, or not held and overdue by its end."""
    if review.counted_on is not None and review.counted_on <= last:
        return review.counted_on >= first
    if review.last_day is None:
        return False
    end = review.ended_on or last
    return max(review.last_day, review.waits_until or review.last_day) < min(end, last) and (
        end >= first
    )


def measure(
    children: Iterable[Child], reviews: Iterable[Counted], *, first: date, last: date
) -> Measures:
    """The measures of one period, its last day included; `last` is never after today."""
    everything = list(reviews)
    theirs: dict[int, list[Counted]] = {}
    for one in everything:
        theirs.setdefault(one.person_id, []).append(one)
    mine = [as_at(one, last) for one in everything if falls_in(one, first, last)]
    judged = [one for one in mine if one.last_day is not None]
    late = [one for one in judged if days_late(one, last)]
    ids = {child.person_id for child in children}
    states = {key: state_of(theirs.get(key, []), first, last) for key in ids}
    counts = Counter(states.values())
    counted = {key for key, state in states.items() if state in (ON_TIME, LATE)}
    return Measures(
        children=len(counted),
        children_on_time=counts[ON_TIME],
        first_not_yet_due=counts[FIRST_NOT_YET_DUE],
        children_not_judged=counts[NOT_JUDGED],
        children_without_review=len(counted - {one.person_id for one in judged}),
        reviews=len(judged),
        reviews_on_time=len(judged) - len(late),
        reviews_not_judged=len(mine) - len(judged),
        still_to_hold=sum(one.counted_on is None for one in late),
        days_late=tuple(sorted(days_late(one, last) or 0 for one in late)),
        reasons=dict(Counter(one.reason or "" for one in late)),
    )


def state_of(reviews: Iterable[Counted], first: date, last: date) -> str:
    """What a period makes of one child by all of the child's reviews: ON_TIME or LATE; or left out,
    as FIRST_NOT_YET_DUE, or as NOT_JUDGED where no review of theirs can be."""
    theirs = list(reviews)
    left_out = _left_out(theirs, last)
    if left_out:
        return left_out
    mine = [as_at(one, last) for one in theirs if falls_in(one, first, last)]
    return LATE if any(days_late(one, last) for one in mine) else ON_TIME


def as_at(review: Counted, last: date) -> Counted:
    """A review as it stood at a period's end: one held after it was not held then."""
    if review.counted_on is None or review.counted_on <= last:
        return review
    return replace(review, counted_on=None)


def _left_out(reviews: list[Counted], last: date) -> str:
    held = [one for one in reviews if one.counted_on is not None and one.counted_on <= last]
    if not held and any(
        one.is_first and one.last_day is not None and one.last_day >= last for one in reviews
    ):
        return FIRST_NOT_YET_DUE
    return "" if any(one.last_day is not None for one in reviews) else NOT_JUDGED


def by_iro(
    children: Iterable[Child], reviews: Iterable[Counted], *, first: date, last: date
) -> dict[int | None, Measures]:
    """The same for each IRO's own children, as the case system names the IRO today."""
    mine: dict[int | None, list[Child]] = {}
    for child in children:
        mine.setdefault(child.iro_id, []).append(child)
    everything = list(reviews)
    found = {}
    for iro_id, theirs in mine.items():
        ids = {child.person_id for child in theirs}
        of_theirs = [one for one in everything if one.person_id in ids]
        found[iro_id] = measure(theirs, of_theirs, first=first, last=last)
    return found
