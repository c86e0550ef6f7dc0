"""The clock: London's date, English working days, moments that can be set."""

from datetime import UTC, date, datetime

import pytest

from backend.core import clock


def test_the_date_is_londons_even_at_half_past_midnight_in_summer() -> None:
    with clock.set_to(datetime(2026, 7, 1, 23, 30, tzinfo=UTC)):
        assert clock.today() == date(2026, 7, 2)


@pytest.mark.parametrize(
    ("day", "count", "wanted"),
    [
        (date(2026, 12, 24), 1, date(2026, 12, 29)),  # Christmas, a weekend, Boxing Day moved
        (date(2026, 4, 2), 1, date(2026, 4, 7)),  # Good Friday to Easter Monday
        (date(2026, 11, 20), 5, date(2026, 11, 27)),
        (date(2026, 11, 21), 1, date(2026, 11, 23)),
    ],
)
def test_working_days_leave_out_weekends_and_english_bank_holidays(
    day: date, count: int, wanted: date
) -> None:
    assert clock.add_working_days(day, count) == wanted


def test_a_moment_that_was_set_ends_with_its_block() -> None:
    then = datetime(2030, 1, 1, tzinfo=UTC)
    with clock.set_to(then):
        assert clock.now() == then
    assert clock.now() != then
