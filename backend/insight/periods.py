"""Half-years: January to June and July to December, fixed in advance and never overlapping."""

import re
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, order=True)
class Period:
    """One half-year, such as 2026H2."""

    year: int
    half: int

    @property
    def name(self) -> str:
        """As addresses and files show it."""
        return f"{self.year}H{self.half}"

    @property
    def title(self) -> str:
        """As people say it."""
        return f"{'January to June' if self.half == 1 else 'July to December'} {self.year}"

    @property
    def first_day(self) -> date:
        """Its first day."""
        return date(self.year, 1 if self.half == 1 else 7, 1)

    @property
    def last_day(self) -> date:
        """Its last day."""
        return date(self.year, 6, 30) if self.half == 1 else date(self.year, 12, 31)

    def before(self) -> "Period":
        """The half-year before it."""
        return Period(self.year, 1) if self.half == 2 else Period(self.year - 1, 2)


def period_of(day: date) -> Period:
    """The half-year that a day lies in."""
    return Period(day.year, 1 if day.month <= 6 else 2)


def read_period(name: str) -> Period | None:
    """The half-year of a name such as 2026H2, or None."""
    found = re.fullmatch(r"(20\d\d)H([12])", name)
    return Period(int(found[1]), int(found[2])) if found else None
