"""When somebody reads next: what staff are held to, and what a child is told and no more."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from backend.core import clock

OPENS, NOON, LITTLE_IS_LEFT, CLOSES = time(9), time(12), time(16), time(17)
WITHIN = timedelta(hours=1)


@dataclass(frozen=True)
class NextReading:
    """The day on which duty reads next, and the moment by which staff must have seen it."""

    day: date
    is_today: bool
    due_at: datetime


def next_reading(now: datetime) -> NextReading:
    """For "this is not safe": within an hour in working hours and before they end, as the child
    is told, else in the first hour of the next working day."""
    local = clock.in_london(now)
    today = local.date()
    if clock.is_working_day(today) and local.time() < CLOSES:
        begins = max(now, _at(today, OPENS))
        return NextReading(today, True, min(begins + WITHIN, _at(today, CLOSES)))
    day = clock.add_working_days(today, 1)
    return NextReading(day, False, _at(day, OPENS) + WITHIN)


def act_by(now: datetime) -> datetime:
    """For what was raised or is suggested as urgent: the end of this working day, or noon of the
    next when little of it is left."""
    local = clock.in_london(now)
    today = local.date()
    if clock.is_working_day(today) and local.time() < LITTLE_IS_LEFT:
        return clock.end_of_working_day(today)
    return _at(clock.add_working_days(today, 1), NOON)


def read_by(now: datetime, *, days: int) -> datetime:
    """For everything that was sent: the end of the working day so many working days later."""
    today = clock.in_london(now).date()
    return clock.end_of_working_day(clock.add_working_days(today, days))


def _at(day: date, hour: time) -> datetime:
    return datetime.combine(day, hour, clock.LONDON).astimezone(clock.now().tzinfo)
