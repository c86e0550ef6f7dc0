"""Agreement between two codings: known values, honest intervals, nothing where few were coded."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.coding.agreement import (
    kappa,
    kinds_agreement,
    themes_f1,
    yes_no_agreement,
)

TWO = st.lists(st.tuples(st.booleans(), st.booleans()), max_size=80)


def test_kappa_of_a_worked_example() -> None:
    # Cohen's own arithmetic: 20 both yes, 5 and 10 apart, 15 both no; observed 0.70, chance 0.50.
    pairs = [("yes", "yes")] * 20 + [("yes", "no")] * 5 + [("no", "yes")] * 10 + [("no", "no")] * 15
    assert kappa(pairs) == pytest.approx(0.4)


def test_kappa_is_nought_where_two_agree_as_chance_would() -> None:
    assert kappa([("a", "a"), ("a", "b"), ("b", "a"), ("b", "b")] * 10) == pytest.approx(0)


def test_f1_of_themes_counts_each_theme_once() -> None:
    found = themes_f1([(("home", "money"), ("home",)), ((), ())] * 20)
    assert found is not None
    assert found.value == pytest.approx(2 / 3)
    assert found.n == 40


@pytest.mark.parametrize(
    "pairs",
    [
        [],
        [(True, True)] * 29,
        [(True, True)] * 5 + [(False, False)] * 200,
        [(True, True)] * 200 + [(False, True)] * 5,
        [(False, False)] * 300,
    ],
)
def test_few_texts_or_few_with_the_theme_are_too_few_to_tell(
    pairs: list[tuple[bool, bool]],
) -> None:
    assert yes_no_agreement(pairs) is None


def test_full_agreement_in_few_texts_is_not_called_certain() -> None:
    few = yes_no_agreement([(True, True)] * 6 + [(False, False)] * 30)
    many = yes_no_agreement([(True, True)] * 60 + [(False, False)] * 300)
    assert few is not None
    assert many is not None
    assert few.value == few.high == many.value == 1
    assert few.low < 0.8 < 0.95 < many.low


def test_full_agreement_on_the_themes_of_few_texts_is_not_called_certain() -> None:
    found = themes_f1([(("home",), ("home",))] * 30)
    assert found is not None
    assert found.high == 1
    assert found.low < 0.95


@given(TWO)
def test_an_interval_holds_its_value_and_is_the_same_each_time(
    pairs: list[tuple[bool, bool]],
) -> None:
    found = yes_no_agreement(pairs)
    assert found == yes_no_agreement(pairs)
    if found is not None:
        assert -1 <= found.low <= found.value <= found.high <= 1


def test_nineteen_of_twenty_intervals_hold_the_true_kappa() -> None:
    """Two who each see what is there nine times in ten, and else say yes or no by chance."""
    generator = np.random.default_rng(7)

    def draw(n: int) -> list[tuple[str, str]]:
        there = generator.random(n) < 0.3
        sides = []
        for _ in range(2):
            is_wrong = generator.random(n) < 0.1
            sides.append(np.where(is_wrong, generator.random(n) < 0.3, there))
        return [("yes" if a else "no", "yes" if b else "no") for a, b in zip(*sides, strict=True)]

    true = kappa(draw(100_000))
    found = [kinds_agreement(draw(60)) for _ in range(200)]
    told = [one for one in found if one is not None]
    assert len(told) > 190
    held = sum(one.low <= true <= one.high for one in told) / len(told)
    assert 0.90 <= held <= 0.99
