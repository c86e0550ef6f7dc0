"""The participation code that is suggested: never one that the return would refuse."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from backend.core.access.permissions import Kind
from backend.summaries.suggestions import (
    how_own_was_given,
    suggest_code,
    why_code_cannot_be,
)
from tests.summaries.test_page import a_topic

DAYS = st.dates(date(2015, 1, 1), date(2026, 12, 31))
AGES = st.integers(0, 25 * 366)
HOW = st.sampled_from(["alone", "with_help", "on_paper", "by_telephone"])
CAME = st.sampled_from([None, True, False])


@given(born=DAYS, age=AGES, has_sent=st.booleans(), how=HOW, came=CAME)
def test_what_is_suggested_is_never_refused(
    born: date, age: int, has_sent: bool, how: str, came: bool | None
) -> None:
    held_on = born + timedelta(days=age)
    found = suggest_code(
        date_of_birth=born, due_on=held_on, has_sent=has_sent, how_given=how, has_come=came
    )
    assert found.reason
    assert not why_code_cannot_be(found.code, date_of_birth=born, held_on=held_on)


@given(born=DAYS, age=AGES, has_sent=st.booleans(), how=HOW, came=CAME)
def test_a_form_counts_only_for_who_did_not_come_and_wrote_it_themselves(
    born: date, age: int, has_sent: bool, how: str, came: bool | None
) -> None:
    held_on = born + timedelta(days=age)
    code = suggest_code(
        date_of_birth=born, due_on=held_on, has_sent=has_sent, how_given=how, has_come=came
    ).code
    if code == "PN6":
        assert has_sent
        assert how != "with_help"
        assert came is not True
    if code == "PN7":
        assert not has_sent
        assert came is not True
    if came and code:
        assert code == "PN0"


@given(born=DAYS, age=AGES)
def test_under_four_is_pn0_and_on_the_fourth_birthday_both_pass(born: date, age: int) -> None:
    held_on = born + timedelta(days=age)
    code = suggest_code(date_of_birth=born, due_on=held_on, has_sent=False, how_given="alone").code
    refused = {
        one: bool(why_code_cannot_be(one, date_of_birth=born, held_on=held_on))
        for one in ("PN0", "PN7")
    }
    assert (code == "PN0") == refused["PN7"]
    assert not all(refused.values())


def test_on_the_fourth_birthday_either_code_stands() -> None:
    born, held_on = date(2022, 11, 20), date(2026, 11, 20)
    for code in ("PN0", "PN1"):
        assert not why_code_cannot_be(code, date_of_birth=born, held_on=held_on)
    leap = date(2020, 2, 29)
    assert why_code_cannot_be("PN1", date_of_birth=leap, held_on=date(2024, 2, 28))
    assert not why_code_cannot_be("PN1", date_of_birth=leap, held_on=date(2024, 2, 29))


def test_one_topic_of_their_own_makes_the_form_their_own() -> None:
    helped = a_topic(Kind.CHILD, how_given="with_help", helped_by="Pat")
    alone = a_topic(Kind.CHILD)
    typed = a_topic(Kind.CHILD, how_given="on_paper", helped_by="Pat")
    assert how_own_was_given([helped, alone]) == "alone"
    assert how_own_was_given([helped, typed]) == "with_help"
