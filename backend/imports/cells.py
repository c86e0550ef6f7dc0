"""Reads single cells: dates as councils write them, e-mail addresses, distances in miles."""

import re
from datetime import date
from decimal import ROUND_CEILING, Decimal
from email.utils import parseaddr
from functools import lru_cache

BRITISH = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})(?: 00:00(?::00)?)?")
ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ]00:00(?::00)?)?")
NAMED = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[ /-]([a-z]{3,9})[,]?[ /-](\d{4})", re.IGNORECASE)
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
EARLIEST, LATEST = 1900, 2200
MILES = re.compile(
    r"([0-9]{1,9}(?:\.[0-9]{0,30})?|\.[0-9]{1,30})(?: ?(?:miles?|mi))?", re.IGNORECASE
)
FARTHEST = 999


class Unreadable(ValueError):
    """A cell does not hold what its column is for; the message says what it should hold."""


@lru_cache(maxsize=50_000)
def read_date(text: str) -> date | None:
    """The date in a cell, None for an empty one; raises Unreadable for anything else."""
    if not text:
        return None
    if found := BRITISH.fullmatch(text):
        day, month, year = (int(part) for part in found.groups())
    elif found := ISO.fullmatch(text):
        year, month, day = (int(part) for part in found.groups())
    elif (found := NAMED.fullmatch(text)) and found[2][:3].casefold() in MONTHS:
        day, year = int(found[1]), int(found[3])
        month = MONTHS.index(found[2][:3].casefold()) + 1
    else:
        raise Unreadable("is not a date like 31/03/2026")
    if not EARLIEST <= year <= LATEST:
        raise Unreadable("is a date in a year that cannot be")
    try:
        return date(year, month, day)
    except ValueError as error:
        raise Unreadable("is a day that is not in the calendar") from error


def read_email(text: str) -> tuple[str, str]:
    """The name (often empty) and address in a cell like `a@b.uk` or `Ann Other <a@b.uk>`.

    Raises Unreadable where there is no address, or where there are several.
    """
    name, address = parseaddr(text)
    local, at, domain = address.partition("@")
    if not at or not local or not domain or " " in address or text.count("@") != 1:
        raise Unreadable("holds no e-mail address")
    return name.strip(), address.strip()


def read_miles(text: str) -> int | None:
    """Whole miles, rounded up, of a cell like `12.4`, `12` or `12.4 miles`; None for an empty one.

    Rounded up, so that all that is more than 20 miles stays more than 20. Raises Unreadable for
    anything else, and for more miles than this country is long.
    """
    if not text:
        return None
    found = MILES.fullmatch(text)
    if found is None:
        raise Unreadable("is not a number of miles like 12.4")
    miles = Decimal(found[1])
    if miles > FARTHEST:
        raise Unreadable(f"is more than {FARTHEST} miles")
    return int(miles.to_integral_value(rounding=ROUND_CEILING))
