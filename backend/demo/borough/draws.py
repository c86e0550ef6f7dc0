"""Chance that repeats: a stream for each named purpose, so that adding one moves no other."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random  # noqa: TID251 - seeded, so that the demo repeats

Chance = Random


def stream(seed: int, *purpose: object) -> Chance:
    """A random stream that depends on the seed and the purpose's words alone."""
    return Chance("/".join(str(part) for part in (seed, *purpose)))


def years_after(day: date, years: int) -> date:
    """The same day `years` later, or earlier where negative.

    Where there is no 29 February it is 1 March later (a birthday comes the day after the 28th)
    and 28 February earlier (whoever was born by then is of that age).
    """
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1) if years > 0 else date(day.year + years, 2, 28)


def age_on(date_of_birth: date, day: date) -> int:
    """Whole years of age on `day`."""
    birthday_to_come = (day.month, day.day) < (date_of_birth.month, date_of_birth.day)
    return day.year - date_of_birth.year - birthday_to_come


def on_weekday(day: date) -> date:
    """`day`, or the nearest weekday where it is a Saturday (Friday) or Sunday (Monday)."""
    return day + timedelta(days={5: -1, 6: 1}.get(day.weekday(), 0))


def phone_numbers(seed: int) -> Iterator[str]:
    """Telephones from Ofcom's range for drama (07700 900000 to 900999), none twice."""
    numbers = list(range(1000))
    stream(seed, "phones").shuffle(numbers)
    return (f"07700 900{number:03d}" for number in numbers)


def least_loaded(loads: dict[str, int], weight: int = 1) -> str:
    """The name with the smallest load, first listed where equal; adds `weight` to it."""
    name = min(loads, key=lambda key: loads[key])
    loads[name] += weight
    return name
