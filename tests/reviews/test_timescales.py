"""Regulation 33 over the whole calendar: the product's days are those of the oracle."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.core import clock
from backend.reviews import timescales
from backend.reviews.timescales import Cycle, Held, Limit, Rule
from tests.oracles import reg33

DAYS = st.dates(date(2011, 1, 1), date(2035, 12, 31))
# Where reckonings go wrong: Christmas, Easter, month ends, leap days, the nights of the clocks.
HARD = st.sampled_from(
    [
        day
        for year in range(2011, 2036)
        for day in (
            *(date(year, 12, 1) + timedelta(days=n) for n in range(31)),
            *(reg33.easter_sunday(year) + timedelta(days=n) for n in range(-30, 3)),
            *(date(year, month, 1) - timedelta(days=1) for month in range(2, 13)),
            date(year, 2, 28),
            date(year, 3, 1),
            *(date(year, month, day) for month in (3, 10) for day in range(25, 32)),
        )
    ]
)
ANY_DAY = st.one_of(DAYS, HARD)
GAPS = st.lists(st.integers(min_value=1, max_value=260), max_size=8)


def days_from(began: date, gaps: list[int]) -> list[date]:
    """Days on which reviews were held, each so many days after the one before."""
    days, day = [], began
    for gap in gaps:
        day += timedelta(days=gap)
        days.append(day)
    return days


@pytest.mark.parametrize("year", range(2011, 2036))
def test_the_working_days_are_those_of_the_oracle(year: int) -> None:
    ours = [day for day in reg33.days_of(year) if clock.is_working_day(day)]
    assert ours == [day for day in reg33.days_of(year) if reg33.is_working_day(day)]


@given(began=ANY_DAY)
def test_the_first_review_is_due_within_twenty_working_days(began: date) -> None:
    assert timescales.first_due(began) == reg33.within_working_days(began, 20)


@pytest.mark.parametrize(
    ("began", "last"),
    [
        (date(2026, 9, 5), date(2026, 10, 2)),  # a Saturday
        (date(2026, 12, 14), date(2027, 1, 14)),  # Christmas, and Boxing Day kept on the 28th
        (date(2026, 12, 25), date(2027, 1, 26)),  # on Christmas Day
        (date(2026, 3, 12), date(2026, 4, 13)),  # Easter
        (date(2023, 4, 14), date(2023, 5, 16)),  # the coronation
        (date(2022, 9, 1), date(2022, 9, 30)),  # the day of the Queen's funeral
    ],
)
def test_twenty_working_days_counted_by_hand(began: date, last: date) -> None:
    assert timescales.first_due(began) == reg33.within_working_days(began, 20) == last


@pytest.mark.parametrize(
    ("held", "months", "last"),
    [
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2027, 8, 31), 6, date(2028, 2, 29)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2028, 2, 29), 6, date(2028, 8, 29)),
        (date(2027, 2, 28), 6, date(2027, 8, 28)),
        (date(2026, 10, 31), 3, date(2027, 1, 31)),
    ],
)
def test_months_counted_by_hand(held: date, months: int, last: date) -> None:
    assert timescales.add_months(held, months) == reg33.months_after(held, months) == last


@given(held=ANY_DAY)
def test_later_reviews_are_due_in_calendar_months_from_the_review_before(held: date) -> None:
    assert timescales.second_due(held) == reg33.months_after(held, 3)
    assert timescales.next_due(held) == reg33.months_after(held, 6)
    assert timescales.pathway_due(held) == reg33.months_after(held, 6)


@given(held=ANY_DAY, months=st.integers(min_value=0, max_value=30))
def test_months_are_clamped_at_their_ends(held: date, months: int) -> None:
    assert timescales.add_months(held, months) == reg33.months_after(held, months)


@pytest.mark.parametrize(
    ("day", "months", "wanted"),
    [
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2027, 8, 31), 6, date(2028, 2, 29)),
        (date(2026, 8, 30), 6, date(2027, 2, 28)),
        (date(2028, 2, 29), 6, date(2028, 8, 29)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2026, 12, 31), 3, date(2027, 3, 31)),
        (date(2026, 3, 29), 6, date(2026, 9, 29)),  # the night the clocks go forward
    ],
)
def test_a_month_without_that_day_ends_the_span(day: date, months: int, wanted: date) -> None:
    assert timescales.add_months(day, months) == wanted


def test_twenty_working_days_over_christmas() -> None:
    # 18 December 2026 is a Friday: Christmas Day, Boxing Day (kept on Monday) and New Year between.
    assert timescales.first_due(date(2026, 12, 18)) == date(2027, 1, 20)


@settings(max_examples=200)
@given(began=ANY_DAY, gaps=GAPS)
def test_every_limit_of_a_childs_reviews_is_the_oracles(began: date, gaps: list[int]) -> None:
    days = days_from(began, gaps)
    ours = [
        timescales.next_limit(began, [Held(day) for day in days[:number]], knows_all=True)
        for number in range(len(days) + 1)
    ]
    assert [one.latest_on for one in ours if one] == reg33.last_days(began, days)


@given(began=ANY_DAY, gaps=GAPS, sooner=st.integers(min_value=1, max_value=200))
def test_a_review_brought_forward_brings_the_next_forward(
    began: date, gaps: list[int], sooner: int
) -> None:
    days = days_from(began, [*gaps, 201])
    early = [*days[:-1], days[-1] - timedelta(days=sooner)]
    late_limit, early_limit = (
        timescales.next_limit(began, [Held(day) for day in chain], knows_all=True)
        for chain in (days, early)
    )
    assert early_limit is not None
    assert late_limit is not None
    assert early_limit.counted_from == early[-1]
    assert early_limit.latest_on <= late_limit.latest_on


def test_nothing_is_claimed_where_nothing_is_known() -> None:
    assert timescales.next_limit(None, []) is None


def test_a_first_known_review_years_into_care_is_not_taken_for_the_childs_first() -> None:
    began, held = date(2019, 5, 1), date(2026, 6, 3)
    limit = timescales.next_limit(began, [Held(held)])
    assert limit == Limit(date(2026, 12, 3), Rule.LATER, held)


def test_a_late_first_review_that_was_opened_as_the_first_is_the_first() -> None:
    began, held = date(2026, 3, 2), date(2026, 6, 3)
    limit = timescales.next_limit(began, [Held(held, opened_as=Rule.FIRST)])
    assert limit == Limit(date(2026, 9, 3), Rule.SECOND, held)


def test_reviews_of_an_earlier_time_in_care_count_for_nothing() -> None:
    began = date(2026, 11, 2)
    limit = timescales.next_limit(began, [Held(date(2024, 3, 1)), Held(date(2024, 8, 1))])
    assert limit == Limit(timescales.first_due(began), Rule.FIRST, began)


def test_short_breaks_have_a_cycle_of_their_own_that_is_a_setting() -> None:
    began, held = date(2026, 1, 31), date(2026, 4, 30)
    first = timescales.short_breaks_limit(began, [])
    assert first == Limit(date(2026, 4, 30), Rule.SHORT_BREAKS_FIRST, began)
    later = timescales.short_breaks_limit(began, [Held(held)], cycle=Cycle(short_breaks_later=4))
    assert later == Limit(date(2026, 8, 30), Rule.SHORT_BREAKS_LATER, held)


def test_a_pathway_plan_counts_from_the_last_review_of_either_kind_or_the_18th_birthday() -> None:
    birthday = date(2026, 11, 30)
    assert timescales.pathway_limit(birthday, []).latest_on == date(2027, 5, 30)
    assert timescales.pathway_limit(birthday, [date(2026, 8, 31)]).latest_on == date(2027, 2, 28)


@given(day=ANY_DAY)
def test_an_adjourned_meeting_is_taken_up_within_twenty_working_days(day: date) -> None:
    assert timescales.resume_by(day) == reg33.within_working_days(day, 20)


def test_an_adjourned_review_counts_by_its_beginning_when_it_was_taken_up_in_time() -> None:
    began, last = date(2026, 11, 2), date(2026, 11, 30)
    for ended, counts in ((last, began), (last + timedelta(days=1), last + timedelta(days=1))):
        assert counts == timescales.counted_on(
            ended, began_on=None, adjourned_on=began, resume_by=last, by_first_meeting=False
        )


@pytest.mark.parametrize(("by_first_meeting", "wanted"), [(True, 2), (False, 9)])
def test_a_review_of_several_meetings_counts_as_the_setting_says(
    by_first_meeting: bool, wanted: int
) -> None:
    counted = timescales.counted_on(
        date(2026, 11, 9),
        began_on=date(2026, 11, 2),
        adjourned_on=None,
        resume_by=None,
        by_first_meeting=by_first_meeting,
    )
    assert counted.day == wanted


@pytest.mark.parametrize(
    ("moment", "wanted"),
    [
        (datetime(2026, 3, 29, 0, 59, tzinfo=UTC), date(2026, 3, 29)),
        (datetime(2026, 3, 29, 23, 30, tzinfo=UTC), date(2026, 3, 30)),
        (datetime(2026, 10, 24, 23, 30, tzinfo=UTC), date(2026, 10, 25)),
        (datetime(2026, 10, 25, 23, 30, tzinfo=UTC), date(2026, 10, 25)),
    ],
)
def test_on_the_nights_of_the_clocks_a_review_is_due_on_londons_day(
    moment: datetime, wanted: date
) -> None:
    with clock.set_to(moment):
        assert clock.today() == wanted
        assert timescales.first_due(clock.today()) == reg33.within_working_days(wanted, 20)
