"""Regulation 33 walked day by day from its text, to hold the product's own reckoning against.

It shares nothing with the product: bank holidays are reckoned here from the Banking and Financial
Dealings Act 1971 and the proclamations, Easter by its own rule, and no day is added to another in
any other way than by one.
"""

from datetime import date, timedelta
from functools import cache

ONE_DAY = timedelta(days=1)
# Proclaimed beside or instead of the usual days.
EXTRA = {
    date(2011, 4, 29), date(2012, 6, 4), date(2012, 6, 5), date(2020, 5, 8), date(2022, 6, 2),
    date(2022, 6, 3), date(2022, 9, 19), date(2023, 5, 8),
}  # fmt: skip
MOVED_AWAY = {date(2012, 5, 28), date(2020, 5, 4), date(2022, 5, 30)}


def easter_sunday(year: int) -> date:
    """The Sunday after the first ecclesiastical full moon on or after 21 March (Gregorian)."""
    golden, century = year % 19 + 1, year // 100 + 1
    skipped, moon_shift = 3 * century // 4 - 12, (8 * century + 5) // 25 - 5
    sunday = 5 * year // 4 - skipped - 10
    epact = (11 * golden + 20 + moon_shift - skipped) % 30
    if epact == 24 or (epact == 25 and golden > 11):
        epact += 1
    moon = 44 - epact
    moon += 30 if moon < 21 else 0
    moon += 7 - (sunday + moon) % 7
    return date(year, 4, moon - 31) if moon > 31 else date(year, 3, moon)


@cache
def bank_holidays(year: int) -> set[date]:
    """The bank holidays of England in one year."""
    found = {easter_sunday(year) - 2 * ONE_DAY, easter_sunday(year) + ONE_DAY}
    mondays = [day for day in days_of(year) if day.weekday() == 0]
    may = [day for day in mondays if day.month == 5]
    found |= {may[0], may[-1], [day for day in mondays if day.month == 8][-1]}
    # A day that falls on a weekend is kept on the next weekday that is free.
    for fixed in (date(year, 1, 1), date(year, 12, 25), date(year, 12, 26)):
        kept = fixed
        while kept.weekday() > 4 or kept in found:
            kept += ONE_DAY
        found.add(kept)
    return (found - MOVED_AWAY) | {day for day in EXTRA if day.year == year}


def days_of(year: int) -> list[date]:
    """Every day of a year."""
    day, days = date(year, 1, 1), []
    while day.year == year:
        days.append(day)
        day += ONE_DAY
    return days


def is_working_day(day: date) -> bool:
    """Not a Saturday, a Sunday or a bank holiday."""
    return day.weekday() not in (5, 6) and day not in bank_holidays(day.year)


def within_working_days(start: date, count: int) -> date:
    """The last day that lies within `count` working days of `start`: the day before the one on
    which one working day too many would be over."""
    day, worked = start, 0
    while worked < count:
        day += ONE_DAY
        worked += is_working_day(day)
    return day


def months_after(start: date, months: int) -> date:
    """The day that is so many months after another: walk over so many month's ends, and on to the
    day of the same number, or to the end of a month that has none."""
    day, ends = start, 0
    while ends < months:
        ends += (day + ONE_DAY).day == 1
        day += ONE_DAY
    while day.day < start.day and (day + ONE_DAY).day != 1:
        day += ONE_DAY
    return day


def last_days(began: date, held: list[date]) -> list[date]:
    """The last lawful day of each review of one child and of the one to come, from the regulation:
    (1) 20 working days; (2) three months after the first; then six months after the one before."""
    found = [within_working_days(began, 20)]
    for number, day in enumerate(held, start=1):
        found.append(months_after(day, 3 if number == 1 else 6))
    return found


def late_by(began: date, held: list[date]) -> list[int]:
    """How many days each review was held too late: 0 when it was on time."""
    counts = []
    for last, day in zip(last_days(began, held), held, strict=False):
        late, walked = 0, last
        while walked < day:
            late, walked = late + 1, walked + ONE_DAY
        counts.append(late)
    return counts
