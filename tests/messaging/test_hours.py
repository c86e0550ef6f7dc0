"""Quiet hours: by London's clock, on the nights when it changes too, and not on certain days."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from backend.core import clock
from backend.messaging.hours import next_allowed


def allowed(moment: datetime, **values: object) -> str:
    found = next_allowed(moment, first=8, last=19, **values)  # type: ignore[arg-type]
    return clock.in_london(found).strftime("%a %d %b %H:%M")


@pytest.mark.parametrize(
    ("written", "comes"),
    [
        (datetime(2026, 11, 23, 12, 0, tzinfo=UTC), "Mon 23 Nov 12:00"),
        (datetime(2026, 11, 23, 19, 0, tzinfo=UTC), "Tue 24 Nov 08:00"),
        (datetime(2026, 11, 23, 18, 59, tzinfo=UTC), "Mon 23 Nov 18:59"),
        (datetime(2026, 11, 23, 3, 0, tzinfo=UTC), "Mon 23 Nov 08:00"),
        (datetime(2026, 11, 28, 20, 0, tzinfo=UTC), "Mon 30 Nov 08:00"),  # Saturday night
        (datetime(2026, 7, 1, 18, 30, tzinfo=UTC), "Thu 02 Jul 08:00"),  # half past seven in July
        (datetime(2026, 12, 24, 20, 0, tzinfo=UTC), "Mon 28 Dec 08:00"),
    ],
)
def test_a_message_comes_by_day(written: datetime, comes: str) -> None:
    assert allowed(written) == comes


def test_the_nights_when_the_clocks_change_keep_eight_in_the_morning() -> None:
    before_spring = datetime(2026, 3, 28, 21, 0, tzinfo=UTC)  # Saturday; Sunday the clocks go on
    assert next_allowed(before_spring, first=8, last=19) == datetime(2026, 3, 30, 7, tzinfo=UTC)
    before_winter = datetime(2026, 10, 24, 21, 0, tzinfo=UTC)
    assert next_allowed(before_winter, first=8, last=19) == datetime(2026, 10, 26, 8, tzinfo=UTC)


def test_a_birthday_is_left_alone_unless_it_cannot_wait() -> None:
    noon = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
    born = date(2014, 11, 23)
    assert allowed(noon, birthday=born) == "Tue 24 Nov 08:00"
    assert allowed(noon, birthday=born, occasion="meeting_changed") == "Mon 23 Nov 12:00"


def test_what_cannot_wait_still_waits_for_the_morning() -> None:
    night = datetime(2026, 12, 24, 23, 0, tzinfo=UTC)
    assert allowed(night, occasion="urgent") == "Fri 25 Dec 08:00"


@pytest.mark.parametrize(("first", "last"), [(8, 19), (1, 4), (0, 24), (2, 23)])
@pytest.mark.parametrize("changes_on", [date(2026, 3, 29), date(2026, 10, 25)])
@pytest.mark.parametrize("occasion", ["invitation", "urgent"])
def test_around_the_nights_when_the_clocks_change_no_message_comes_early_late_or_never(
    changes_on: date, first: int, last: int, occasion: str
) -> None:
    begins = datetime.combine(changes_on - timedelta(days=2), time(0), UTC)
    before = begins
    for number in range(5 * 24 * 4):
        moment = begins + timedelta(minutes=15 * number)
        comes = next_allowed(moment, first=first, last=last, occasion=occasion)
        local = clock.in_london(comes)
        assert comes >= moment
        assert first <= local.hour < last
        assert occasion == "urgent" or local.weekday() != 6
        assert comes - moment <= timedelta(days=2, hours=1)
        assert comes >= before  # what is written later never comes before what was written first
        before = comes
        assert next_allowed(comes, first=first, last=last, occasion=occasion) == comes
