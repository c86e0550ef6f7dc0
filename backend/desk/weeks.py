"""One week of an IRO: each day with its reviews by the hour, and what is overdue before them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from backend.core import clock
from backend.desk.queries import WEEK, Line

SATURDAY = 5
EARLIEST = datetime.min.replace(tzinfo=clock.LONDON)


@dataclass(frozen=True)
class Day:
    """One day with its reviews: those with a time first, by the hour."""

    on: date
    is_today: bool
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Week:
    """The working days of a week, and its weekend days where something lies on them.

    `overdue` are the reviews of days that have passed and that nobody confirmed as held; they stand
    only in the week that is prepared now.
    """

    monday: date
    days: tuple[Day, ...]
    overdue: tuple[Line, ...]

    @property
    def previous(self) -> date:
        """The Monday before."""
        return self.monday - WEEK

    @property
    def next(self) -> date:
        """The Monday after."""
        return self.monday + WEEK

    @property
    def count(self) -> int:
        """How many reviews lie in it."""
        return sum(len(day.lines) for day in self.days)


def day_to_prepare() -> date:
    """The day whose week is prepared now: today, and at the weekend the Monday that comes."""
    today = clock.today()
    return today if today.weekday() < SATURDAY else today + timedelta(WEEK.days - today.weekday())


def week_of(lines: Iterable[Line], day: date) -> Week:
    """The week in which a day lies, of these lines."""
    today, monday = clock.today(), day - timedelta(days=day.weekday())
    dated = [line for line in lines if line.expected_on is not None]
    days = []
    for place in range(WEEK.days):
        on = monday + timedelta(days=place)
        mine = sorted((one for one in dated if one.expected_on == on), key=_hour)
        if mine or place < SATURDAY:
            days.append(Day(on, on == today, tuple(mine)))
    is_now = monday <= day_to_prepare() < monday + WEEK
    overdue = [one for one in dated if one.expected_on and one.expected_on < monday]
    return Week(monday, tuple(days), tuple(overdue) if is_now else ())


def _hour(line: Line) -> tuple[bool, datetime, str]:
    return line.meeting_at is None, line.meeting_at or EARLIEST, line.name
