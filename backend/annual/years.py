"""Years of the council's returns, 1 April to 31 March, and their quarters."""

import re
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True)
class Span:
    """Some days with a name; both days belong to it."""

    name: str
    first: date
    last: date

    def holds(self, day: date | None) -> bool:
        """Whether a day is one of them."""
        return day is not None and self.first <= day <= self.last


@dataclass(frozen=True, order=True)
class Year:
    """The year that begins on 1 April of `starts`."""

    starts: int

    @property
    def name(self) -> str:
        """As addresses and people name it: 2026-27."""
        return f"{self.starts}-{(self.starts + 1) % 100:02}"

    @property
    def first(self) -> date:
        """1 April."""
        return date(self.starts, 4, 1)

    @property
    def last(self) -> date:
        """31 March."""
        return date(self.starts + 1, 3, 31)

    def quarters(self, today: date) -> list[Span]:
        """The quarters that have begun by a day; the one that runs ends with that day."""
        firsts = [date(self.starts, month, 1) for month in (4, 7, 10)]
        firsts += [date(self.starts + 1, 1, 1), date(self.starts + 1, 4, 1)]
        lasts = [later - timedelta(days=1) for later in firsts[1:]]
        months = ("April to June", "July to September", "October to December", "January to March")
        return [
            Span(name, first, min(last, today))
            for name, first, last in zip(months, firsts, lasts, strict=False)
            if first <= today
        ]

    def so_far(self, today: date) -> Span:
        """The year up to a day."""
        return Span(self.name, self.first, min(self.last, today))


def year_of(day: date) -> Year:
    """The year that a day lies in."""
    return Year(day.year if day.month >= 4 else day.year - 1)


def read_year(name: str) -> Year | None:
    """The year of a name such as 2026-27, or None."""
    found = re.fullmatch(r"(20\d\d)-(\d\d)", name)
    year = Year(int(found[1])) if found else None
    return year if year and year.name == name else None
