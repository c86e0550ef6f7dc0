"""The fixed tables of who was heard, read from what was frozen; nothing is counted here."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from backend.insight.queries import INDICATORS, SMALLEST_PERCENTAGE_BASE
from backend.reach.bounds import Bounds, percent
from backend.reach.cohorts import BANDS, HEADLINES, NOT_KNOWN, OVER, WITHIN
from backend.reach.counts import (
    ALL,
    ASKED,
    CHILDREN,
    ENTITLED,
    HEARD,
    OTHERS,
    REVIEWS,
    WAY,
    YES,
    name_of,
)

TITLES = {
    "age": "Age at the review",
    "group": "Group",
    "gender": "Gender",
    "ethnicity": "Ethnic group",
    "unaccompanied": "Came to the country alone (unaccompanied)",
    "disabled": "Disabled",
    "home": "Kind of home on that day",
    "distance": "Distance from home",
    "team": "Team",
    "channel": "How they are invited",
    "language": "Language",
    "code": "Participation code",
}
WAYS = {
    "alone": "By themselves",
    "with_help": "With help",
    "on_paper": "On paper",
    "by_telephone": "By telephone",
}
ORDER = [*(title for _, title in BANDS), WITHIN, OVER]
Figures = Mapping[str, int]


@dataclass(frozen=True)
class Cell:
    """How many were heard of how many; None is held back."""

    asked: int | None
    heard: int | None

    @property
    def share(self) -> int | None:
        """Percentage heard, of ten or more."""
        if self.asked is None or self.heard is None or self.asked < SMALLEST_PERCENTAGE_BASE:
            return None
        return percent(self.heard, self.asked)


@dataclass(frozen=True)
class Line:
    """One line of a table: reviews, and children where they are counted."""

    title: str
    reviews: Cell
    children: Cell | None
    part: int | None = None  # percentage of all reviews, for the participation codes


@dataclass(frozen=True)
class Table:
    """One table of lines that do not overlap."""

    trait: str
    title: str
    lines: tuple[Line, ...]


class Picture:
    """One period's figures as tables: a half-year's, or two half-years added up."""

    def __init__(self, figures: Mapping[str, Figures], held: Mapping[str, Iterable[str]]) -> None:
        self._figures = figures
        self._held = {key: set(names) for key, names in held.items()}

    @property
    def has_children(self) -> bool:
        """Whether children are counted beside reviews."""
        return CHILDREN in self._figures

    def whole(self) -> Line:
        """The council's own line."""
        return self._line(ALL, "", "All")

    def tables(self) -> list[Table]:
        """Every table that has lines, in one order for good."""
        return [
            Table(trait, title, tuple(self._line(trait, value, value) for value in values))
            for trait, title in TITLES.items()
            if (values := self._values(trait))
        ]

    def ways(self) -> list[tuple[str, int | None, int | None]]:
        """How it was given, with the number and its percentage; None is held back."""
        heard = self._get(REVIEWS, name_of(HEARD))
        found = []
        for way, title in WAYS.items():
            name = name_of(WAY, ALL, way)
            if name in self.known(REVIEWS):
                count = self._get(REVIEWS, name)
                has_share = count is not None and (heard or 0) >= SMALLEST_PERCENTAGE_BASE
                share = percent(count or 0, heard or 0) if has_share else None
                found.append((title, count, share))
        return found

    def bounds(self) -> tuple[list[Bounds], list[str]]:
        """The headline questions of which all may be told, and the titles of the others."""
        told, quiet = [], []
        for indicator in HEADLINES:
            trait, title = f"{ENTITLED}{indicator}", INDICATORS[indicator]
            if name_of(ASKED, trait, YES) not in self.known(CHILDREN):
                continue
            high, other, entitled = (
                self._get(CHILDREN, name_of(name, trait, YES)) for name in ("high", "other", ASKED)
            )
            if high is None or other is None or entitled is None:
                quiet.append(title)
            elif high + other >= SMALLEST_PERCENTAGE_BASE:
                told.append(Bounds(title, high, high + other, entitled))
            else:
                quiet.append(title)
        return told, quiet

    def csv_rows(self) -> Iterator[tuple[str, ...]]:
        """The same tables, cell by cell."""
        yield ("table", "line", "counted", "asked", "heard", "percent_heard")
        tables = [Table(ALL, "All", (self.whole(),)), *self.tables()]
        for table in tables:
            for line in table.lines:
                for counted, cell in ((REVIEWS, line.reviews), (CHILDREN, line.children)):
                    if cell is not None:
                        numbers = (cell.asked, cell.heard, cell.share)
                        yield (table.title, line.title, counted, *map(_shown, numbers))

    def told(self, key: str) -> Figures:
        """The figures that are told, of reviews or of children."""
        return self._figures.get(key, {})

    def known(self, key: str) -> set[str]:
        """The names of all figures that there are, told or held back."""
        return {*self.told(key), *self._held.get(key, ())}

    def _get(self, key: str, name: str) -> int | None:
        return self.told(key).get(name)

    def _values(self, trait: str) -> list[str]:
        found = {
            name.split("|", 2)[2]
            for name in self.known(REVIEWS)
            if name.split("|")[:2] == [ASKED, trait]
        }
        # Numbers decide no order: that would tell which held-back line is the larger one.
        return sorted(found, key=lambda one: (one in (OTHERS, NOT_KNOWN), _place(one), one))

    def _line(self, trait: str, value: str, title: str) -> Line:
        cells = [
            Cell(
                self._get(key, name_of(ASKED, trait, value)),
                self._get(key, name_of(HEARD, trait, value)),
            )
            for key in (REVIEWS, CHILDREN)
        ]
        is_counted = self.has_children and trait == ALL
        whole = self._get(REVIEWS, name_of(ASKED))
        asked = cells[0].asked
        part = percent(asked, whole) if trait == "code" and asked and whole else None
        return Line(title, cells[0], cells[1] if is_counted else None, part)


def _place(title: str) -> int:
    return ORDER.index(title) if title in ORDER else 0


def _shown(number: int | None) -> str:
    return "held back" if number is None else str(number)


def add_up(earlier: Mapping[str, Any], later: Mapping[str, Any]) -> Picture:
    """Twelve months as the sum of two frozen half-years, where both were told: nothing comes out
    that was not told before. Children are not added up, because many are in both halves. A table
    that only one half had (of something nobody told us earlier) is left out."""
    first, second = read_body(earlier), read_body(later)
    told = {
        name: first.told(REVIEWS)[name] + second.told(REVIEWS)[name]
        for name in first.told(REVIEWS).keys() & second.told(REVIEWS).keys()
    }
    tables = _traits(first) & _traits(second)
    held = {
        name
        for name in (first.known(REVIEWS) | second.known(REVIEWS)) - told.keys()
        if _trait(name) not in TITLES or _trait(name) in tables
    }
    return Picture({REVIEWS: told}, {REVIEWS: held})


def _trait(name: str) -> str:
    return name.split("|")[1]


def _traits(picture: Picture) -> set[str]:
    return {_trait(name) for name in picture.known(REVIEWS)}


def read_body(body: Mapping[str, Any]) -> Picture:
    """The figures of one half-year as they were frozen."""
    return Picture(body["figures"], body["held"])
