"""Reads the dated code lists of the SSDA903: a code keeps its meaning for the years it had it."""

import csv
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "codes"


@dataclass(frozen=True, slots=True)
class Code:
    """One code, with the first and last day on which it may be used (None: without limit)."""

    code: str
    label: str
    valid_from: date | None
    valid_to: date | None

    def is_valid_between(self, first: date, last: date | None) -> bool:
        """Whether any day from `first` to `last` (None: no end) lies in the code's time."""
        has_begun = self.valid_from is None or last is None or self.valid_from <= last
        return has_begun and (self.valid_to is None or self.valid_to >= first)


@cache
def read_codes(name: str) -> dict[str, tuple[Code, ...]]:
    """A list by code; a code whose meaning changed stands in it once for each meaning."""
    found: dict[str, tuple[Code, ...]] = {}
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            code = Code(row["code"], row["label"], _day(row["valid_from"]), _day(row["valid_to"]))
            found[code.code] = (*found.get(code.code, ()), code)
    return found


def is_known(name: str, code: str, first: date, last: date | None) -> bool:
    """Whether a list has this code for some day between two days."""
    return any(one.is_valid_between(first, last) for one in read_codes(name).get(code, ()))


def label_of(name: str, code: str, on: date) -> str:
    """What a code means on a day; its nearest meaning where it was out of use; else the code."""
    meanings = read_codes(name).get(code, ())
    current = [one for one in meanings if one.is_valid_between(on, on)]
    return (current or list(meanings) or [Code(code, code, None, None)])[-1].label


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
