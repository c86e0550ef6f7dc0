"""The reviews of an SSDA903 return as they go out: what passes the rules, and what does not.

The rules are those of the Department for Education's validation (facts 2.1), by their numbers;
the others are Heard's own. Nothing is repaired: a row that breaks one is left out and listed.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from backend.placements import queries as placements

YEAR_ENDS = (3, 31)
ADULT_AT, FOUR = 18, 4
RULES = {
    "child": "no CHILD: the person has no 903 number in Heard",
    "child_twice": "the same CHILD stands with two dates of birth",
    "102": "no date of birth",
    "other_birth": "another date of birth than the header of the return gives this CHILD",
    "birth_in_future": "the date of birth is still to come",
    "before_birth": "the review is dated before the birth",
    "over_18": "the review is dated after the 18th birthday",
    "167": "no participation code, or one that is not in the list",
    "399": "a review of a child who has only short breaks (V3, V4)",
    "440": "PN0, but the child was four or over",
    "441": "PN1 to PN7, but the child was under four",
    "in_future": "the review is dated after today",
    "review_after_year_end": "the review was dated after the year of the return that held it",
    "near_another": "within five days of a review of a return, which has another code",
    "review_twice": "the same review again: it goes once",
    "review_conflicting": "two reviews of the same child and date with different codes",
}
# These can be said of a row only when it is seen in its return; the rest is looked at anew.
TRUSTED_FLAGS = ("399", "review_after_year_end", "near_another", "other_birth")
# No published rule leaves these out, so they go; but somebody should look at them first.
QUERIES = {
    "outside_care": "no episode that a return told of covers this day",
    "not_in_header": "no header that a return brought names this CHILD",
    "before_care": "the review is dated before the child started to be looked after",
}


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """One review on its way out; `source` says where Heard has it from."""

    child: str
    date_of_birth: date | None
    reviewed_on: date
    code: str
    source: str
    flags: frozenset[str] = frozenset()
    occurrence: int = 1

    @property
    def order(self) -> tuple[object, ...]:
        """The same on every machine and engine."""
        birth = self.date_of_birth or date.min
        return (self.child, birth, self.reviewed_on, self.code, self.occurrence, self.source)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A row that does not go, with every rule that it breaks."""

    row: ReviewRow
    rules: tuple[str, ...]

    @property
    def reasons(self) -> tuple[str, ...]:
        """The rules in words."""
        return tuple(RULES[rule] for rule in self.rules)


@dataclass(frozen=True, slots=True)
class ReviewsReturn:
    """The rows that go out, and those that do not; `year_end` is None for every year."""

    year_end: date | None
    rows: tuple[ReviewRow, ...]
    left_out: tuple[LeftOut, ...]

    is_as_imported: bool = False

    @property
    def to_check(self) -> tuple[tuple[ReviewRow, str], ...]:
        """Rows that go out and that somebody should look at all the same, each with why."""
        asked = ((row, query) for row in self.rows for query in QUERIES if query in row.flags)
        return () if self.is_as_imported else tuple(asked)


def last_year_end(today: date) -> date:
    """The end of the return's year that ended last, on or before a day."""
    end = date(today.year, *YEAR_ENDS)
    return end if end <= today else date(today.year - 1, *YEAR_ENDS)


def is_in_year(day: date, year_end: date) -> bool:
    """Whether a day lies in the return's year that ends then."""
    return date(year_end.year - 1, 4, 1) <= day <= year_end


def choose_rows(rows: Iterable[ReviewRow], *, year_end: date, today: date) -> ReviewsReturn:
    """Of one year's rows, those that pass every rule, in order, and the others with why."""
    in_year = sorted(
        (row for row in rows if is_in_year(row.reviewed_on, year_end)), key=lambda row: row.order
    )
    together = _broken_together(in_year)
    kept, left_out = [], []
    for number, row in enumerate(in_year):
        broken = _broken_alone(row, today) | together[number]
        if broken:
            left_out.append(LeftOut(row, tuple(rule for rule in RULES if rule in broken)))
        else:
            kept.append(row)
    return ReviewsReturn(year_end, tuple(kept), tuple(left_out))


def as_they_came(rows: Iterable[ReviewRow], *, year_end: date | None) -> ReviewsReturn:
    """Every row, held against nothing; of one year where one is named."""
    chosen = (row for row in rows if year_end is None or is_in_year(row.reviewed_on, year_end))
    rows = tuple(sorted(chosen, key=lambda row: row.order))
    return ReviewsReturn(year_end, rows, (), is_as_imported=True)


def _broken_alone(row: ReviewRow, today: date) -> set[str]:
    broken = {flag for flag in TRUSTED_FLAGS if flag in row.flags}
    if not row.child:
        broken.add("child")
    if row.reviewed_on > today:
        broken.add("in_future")
    if not placements.is_known_code("participation", row.code, row.reviewed_on):
        broken.add("167")
    return broken | _broken_by_birth(row, today)


def _broken_by_birth(row: ReviewRow, today: date) -> set[str]:
    birth = row.date_of_birth
    if birth is None:
        return {"102"}
    if birth > today:
        return {"birth_in_future"}
    if row.reviewed_on < birth:
        return {"before_birth"}
    broken = set()
    # On the fourth birthday itself PN0 and the others both pass.
    if row.code == "PN0" and row.reviewed_on > birthday(birth, FOUR):
        broken.add("440")
    if row.code not in ("", "PN0") and row.reviewed_on < birthday(birth, FOUR):
        broken.add("441")
    if row.reviewed_on > birthday(birth, ADULT_AT):
        broken.add("over_18")
    return broken


def birthday(birth: date, age: int) -> date:
    """The day on which somebody is that old; from 29 February it can only be 1 March."""
    try:
        return birth.replace(year=birth.year + age)
    except ValueError:
        return date(birth.year + age, 3, 1)


def _broken_together(rows: Sequence[ReviewRow]) -> list[set[str]]:
    """What each row breaks beside the others: of the same review twice, the first one stands."""
    broken: list[set[str]] = [set() for _ in rows]
    births: dict[str, set[date]] = defaultdict(set)
    reviews: dict[tuple[str, date | None, date], list[int]] = defaultdict(list)
    for number, row in enumerate(rows):
        if row.child and row.date_of_birth:
            births[row.child].add(row.date_of_birth)
        if row.child:
            reviews[row.child, row.date_of_birth, row.reviewed_on].append(number)
    for number, row in enumerate(rows):
        if len(births[row.child]) > 1:
            broken[number].add("child_twice")
    for numbers in reviews.values():
        is_one_code = len({rows[number].code for number in numbers}) == 1
        for number in numbers[1:] if is_one_code else numbers:
            broken[number].add("review_twice" if is_one_code else "review_conflicting")
    return broken
