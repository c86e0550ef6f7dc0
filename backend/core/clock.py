"""The only clock: every rule about time asks here, so that a test or a simulation can set it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays

LONDON = ZoneInfo("Europe/London")
_set_to: list[datetime] = []


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return _set_to[-1] if _set_to else datetime.now(UTC)  # noqa: TID251  (the one place)


def today() -> date:
    """The present date in London, which is the date that law and letters mean."""
    return now().astimezone(LONDON).date()


@contextmanager
def set_to(moment: datetime) -> Iterator[None]:
    """Run a block at another moment; moments nest."""
    _set_to.append(moment.astimezone(UTC))
    try:
        yield
    finally:
        _set_to.pop()


@lru_cache
def _bank_holidays(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("GB", subdiv="ENG", years=year))


def is_working_day(day: date) -> bool:
    """Monday to Friday and no bank holiday in England."""
    return day.weekday() < 5 and day not in _bank_holidays(day.year)


def add_working_days(day: date, count: int) -> date:
    """The date `count` working days after `day`, not counting `day` itself."""
    while count:
        day += timedelta(days=1)
        count -= is_working_day(day)
    return day


def end_of_working_day(day: date) -> datetime:
    """Five in the afternoon in London on `day`, as a moment in UTC."""
    return datetime.combine(day, time(17), LONDON).astimezone(UTC)


def in_london(moment: datetime) -> datetime:
    """The same moment on a London clock, for showing."""
    return moment.astimezone(LONDON)
