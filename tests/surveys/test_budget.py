"""The one budget of attention: how often a young person may hear from us, over all forms."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.surveys.budget import (
    BETWEEN,
    MOST_A_YEAR,
    YEAR,
    Heard,
    Occasion,
    is_topic_of_review,
    may_invite,
)

TODAY = date(2026, 11, 23)
OCCASIONS = st.sampled_from(list(Occasion))


def days_ago(days: int, occasion: Occasion = Occasion.MOMENT) -> Heard:
    return Heard(TODAY - timedelta(days=days), occasion)


@pytest.mark.parametrize(("days", "may"), [(0, False), (1, False), (29, False), (30, True)])
def test_a_moment_waits_until_thirty_days_have_passed(days: int, may: bool) -> None:
    assert may_invite(Occasion.MOMENT, [days_ago(days)], TODAY) is may


def test_nobody_is_invited_a_seventh_time_in_a_year() -> None:
    six = [days_ago(60 * n) for n in range(1, MOST_A_YEAR + 1)]
    assert not may_invite(Occasion.MOMENT, six, TODAY)
    assert may_invite(Occasion.MOMENT, six[:-1], TODAY)
    assert may_invite(Occasion.MOMENT, [*six[:-1], days_ago(365)], TODAY)


def test_a_reviews_invitation_always_goes_and_counts() -> None:
    six = [days_ago(n) for n in range(6)]
    assert may_invite(Occasion.REVIEW, six, TODAY)
    assert not may_invite(Occasion.MOMENT, [days_ago(5, Occasion.REVIEW)], TODAY)


def test_the_answer_to_an_own_ask_always_goes_and_never_counts() -> None:
    assert may_invite(Occasion.OWN_ASK, [days_ago(0)], TODAY)
    answers = [days_ago(n, Occasion.OWN_ASK) for n in range(20)]
    assert may_invite(Occasion.MOMENT, answers, TODAY)


def test_nobody_is_called_to_a_form_that_is_always_open_and_it_never_counts() -> None:
    assert not may_invite(Occasion.ALWAYS_OPEN, [], TODAY)
    assert may_invite(Occasion.MOMENT, [days_ago(1, Occasion.ALWAYS_OPEN)], TODAY)


@pytest.mark.parametrize(
    ("due", "is_topic"), [(-31, False), (-30, True), (0, True), (14, True), (44, True), (45, False)]
)
def test_a_home_moment_due_within_thirty_days_of_a_reviews_round_is_its_topic(
    due: int, is_topic: bool
) -> None:
    review = (TODAY, TODAY + timedelta(days=14))
    assert is_topic_of_review(TODAY + timedelta(days=due), [review]) is is_topic
    assert not is_topic_of_review(TODAY + timedelta(days=due), [])


def live_a_year(wishes: list[tuple[int, Occasion]]) -> Iterator[Heard]:
    """What goes out when these occasions come up on these days, in order."""
    history: list[Heard] = []
    for day, occasion in sorted(wishes):
        on = TODAY + timedelta(days=day)
        if may_invite(occasion, history, on):
            history.append(Heard(on, occasion))
            yield history[-1]


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 720), OCCASIONS), max_size=60))
def test_however_a_year_goes_no_moment_follows_another_call_within_thirty_days(
    wishes: list[tuple[int, Occasion]],
) -> None:
    sent = list(live_a_year(wishes))
    called = [one for one in sent if one.occasion in (Occasion.REVIEW, Occasion.MOMENT)]
    for place, one in enumerate(called):
        if one.occasion is not Occasion.MOMENT:
            continue
        before = called[:place]
        assert all(one.on - earlier.on >= BETWEEN for earlier in before)
        assert sum(one.on - earlier.on < YEAR for earlier in before) < MOST_A_YEAR
    wanted = [day for day, occasion in wishes if occasion is Occasion.REVIEW]
    assert len([one for one in sent if one.occasion is Occasion.REVIEW]) == len(wanted)
    assert all(one.occasion is not Occasion.ALWAYS_OPEN for one in sent)
