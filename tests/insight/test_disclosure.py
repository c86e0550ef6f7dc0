"""Suppression on small tables that can be worked through by hand."""

from random import Random  # noqa: TID251 (seeded)

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.insight.disclosure import Body, protect
from backend.insight.disclosure_audit import Need, Ranges, Sum, System, Witnessed


def row(total: str, **parts: int) -> Body:
    """One sum of guarded, shown counts."""
    counts = {**parts, total: sum(parts.values())}
    return Body(counts, frozenset(counts), frozenset(counts), [Sum(total, tuple(parts))])


def test_a_small_count_takes_the_next_smallest_with_it() -> None:
    assert protect(row("all", a=3, b=8, c=20, d=40)) == {"all": 71, "c": 20, "d": 40}


def test_large_counts_are_all_printed() -> None:
    assert protect(row("all", a=6, b=8)) == {"all": 14, "a": 6, "b": 8}


@pytest.mark.parametrize("few", range(6))
def test_nought_to_five_look_alike(few: int) -> None:
    assert set(protect(row("all", a=few, b=8, c=20))) == {"all", "c"}


def test_two_small_counts_that_leave_too_little_room_take_a_third() -> None:
    # 1 + 2 = 3 would tell of both that they are at most 3.
    assert protect(row("all", a=1, b=2, c=9, d=30)) == {"all": 42, "d": 30}


def test_a_figure_behind_a_gate_goes_with_its_gate() -> None:
    body = row("all", a=3, b=8, c=20)
    gated = Body(
        {**body.counts, "of b": 7},
        guarded=body.guarded | {"of b"},
        shown=body.shown | {"of b"},
        sums=body.sums,
        gates={"of b": "b"},
    )
    assert "of b" not in protect(gated)


def test_a_table_of_two_ways_is_protected_both_ways() -> None:
    cells = {("x", "p"): 2, ("x", "q"): 9, ("x", "r"): 30, ("y", "p"): 12, ("y", "q"): 11}
    cells |= {("y", "r"): 40, ("z", "p"): 50, ("z", "q"): 60, ("z", "r"): 70}
    counts = {f"{row}{column}": count for (row, column), count in cells.items()}
    sums = []
    for name in "xyz":
        parts = tuple(f"{name}{column}" for column in "pqr")
        counts[name] = sum(counts[part] for part in parts)
        sums.append(Sum(name, parts))
    for name in "pqr":
        parts = tuple(f"{line}{name}" for line in "xyz")
        counts[name] = sum(counts[part] for part in parts)
        sums.append(Sum(name, parts))
    printed = protect(Body(counts, frozenset(counts), frozenset(counts), sums))
    held = {name for name in counts if name not in printed}
    assert {"xp"} < held
    for name in held:  # every line and column with a gap has another one
        for one in sums:
            if name in one.parts:
                assert len(held & {*one.parts, one.total}) > 1


def test_a_change_by_three_people_is_held_back_and_cannot_be_added_up() -> None:
    body = row("all", a=11, b=20, c=30)
    printed = protect(body, {"a": 8})
    assert "a" not in printed
    assert len(printed) < 3  # else a would be all less the others


def test_no_change_or_a_large_one_may_be_told() -> None:
    body = row("all", a=11, b=20, c=30)
    assert protect(body, {"a": 11, "b": 14}) == body.counts


def test_a_change_that_only_follows_from_earlier_figures_is_held_back_too() -> None:
    body = row("all", a=11, b=20)
    # Earlier a was 31 - 8 - ... that is 18 - 10 = 8, though only b and the total were told.
    assert "a" not in protect(body, {"all": 18, "b": 10})


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 40), min_size=2, max_size=7), st.integers(0, 10_000))
def test_any_row_leaves_every_small_count_its_whole_range(parts: list[int], seed: int) -> None:
    names = [f"p{number}" for number in range(len(parts))]
    Random(seed).shuffle(names)
    body = row("all", **dict(zip(names, parts, strict=True)))
    printed = protect(body)
    held = [name for name in names if name not in printed]
    assert all(count >= 6 for count in printed.values())
    if "all" in printed and held:
        left = printed["all"] - sum(printed.get(name, 0) for name in names)
        assert len(held) > 1
        assert left >= 5


def test_the_audit_finds_what_single_sums_do_not_show() -> None:
    # a + b and a + c and b + c are told: together they pin a, though no sum alone does.
    counts = {"a": 3, "b": 5, "c": 9, "ab": 8, "ac": 12, "bc": 14}
    sums = [Sum("ab", ("a", "b")), Sum("ac", ("a", "c")), Sum("bc", ("b", "c"))]
    system = System(counts, sums)
    ranges = Ranges(system, ["ab", "ac", "bc"], Witnessed(system))
    needs = {"a": Need(at_most=1, at_least=5)}
    assert ranges.narrowed(needs, held=[]) == []
    assert ranges.unproved(needs) == ["a"]


def test_the_same_body_always_gives_the_same_report() -> None:
    body = row("all", a=3, b=8, c=8, d=40)
    assert protect(body) == protect(body) == {"all": 59, "c": 8, "d": 40}
