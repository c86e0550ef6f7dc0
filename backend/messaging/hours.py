"""When a message may come: by day, on days of the week that the council sets, and not on the
days that are for other things."""

from datetime import date, datetime, time, timedelta

from backend.core import clock

SUNDAY = 6
CHRISTMAS = ((12, 25), (12, 26))
# A message about the day itself, or that cannot wait, comes on any day; never at night.
ON_ANY_DAY = ("meeting_changed", "urgent")


def next_allowed(
    moment: datetime, *, first: int, last: int, birthday: date | None = None, occasion: str = ""
) -> datetime:
    """The first moment from this one on when a contributor may be written to: London's clock,
    between these hours, Monday to Saturday, and not on a birthday or at Christmas."""
    local = clock.in_london(moment)
    day = local.date()
    if local.hour >= last:
        day += timedelta(days=1)
    while not _is_day_for(day, birthday, occasion):
        day += timedelta(days=1)
    if day == local.date() and local.hour >= first:
        return moment
    return datetime.combine(day, time(first), clock.LONDON).astimezone(moment.tzinfo)


def _is_day_for(day: date, birthday: date | None, occasion: str) -> bool:
    if occasion in ON_ANY_DAY:
        return True
    is_birthday = birthday is not None and (day.month, day.day) == (birthday.month, birthday.day)
    return day.weekday() != SUNDAY and not is_birthday and (day.month, day.day) not in CHRISTMAS
