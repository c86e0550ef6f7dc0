"""What is counted, and that the parts of a body add up."""

from random import Random  # noqa: TID251 (seeded)

import pytest

from backend.insight.count_sheets import KINDS, Dweller, Side, level_of, view_of
from backend.insight.counts import build_body
from backend.insight.titles import INDICATORS as TITLED
from backend.insight.titles import KINDS as KIND_TITLES
from backend.surveys.instruments import Indicator
from tests.insight.boroughs import INDICATORS, THEMES, draw_dwellers, draw_sides


@pytest.mark.parametrize("seed", range(5))
def test_every_sum_of_a_body_adds_up(seed: int) -> None:
    chance = Random(seed)
    dwellers = draw_dwellers(chance, 200)
    sides = draw_sides(chance, dwellers)
    body, _ = build_body(dwellers, sides, themes=THEMES, indicators=INDICATORS)
    for one in body.sums:
        assert body.counts[one.total] == sum(body.counts[part] for part in one.parts), one
    assert min(body.counts.values()) >= 0
    assert body.shown <= body.guarded <= body.counts.keys()


def test_a_person_counts_once_and_sides_stay_apart() -> None:
    dwellers = [Dweller(1, "kinship"), Dweller(2, "kinship")]
    sides = [
        Side(1, "young", {"home": frozenset({"positive", "negative"})}, {"settled": 1}),
        Side(1, "carers", {"home": frozenset({"positive"})}, {"settled": 5}),
        Side(2, "workers", {}, {"settled": 3}),
    ]
    body, _ = build_body(dwellers, sides, themes=["home"], indicators=["settled"])
    assert body.counts["spoke/home/young/all"] == body.counts["spoke/home/carers/kinship"] == 1
    assert body.counts["view/home/young/mixed/all"] == 1
    assert body.counts["level/settled/young/low/kinship"] == 1
    assert body.counts["level/settled/carers/high/all"] == 1
    assert body.counts["pair/carers/differ/kinship"] == 1
    assert body.counts["pair/workers/differ/all"] == body.counts["pair/workers/agree/all"] == 0
    assert body.counts["apart/settled/carers/differ/all"] == 1


def test_a_provider_has_a_line_from_six_children_heard_of() -> None:
    dwellers = [Dweller(number, "residential", number // 10) for number in range(30)]
    sides = [Side(number, "young") for number in (*range(6), *range(10, 15))]
    _, tree = build_body(dwellers, sides, themes=[], indicators=[])
    names = [node.name for node in tree.providers["residential"] if node.is_shown]
    assert names == ["residential:0"]
    assert tree.withheld["residential"] == [1, 2]


def test_a_provider_of_a_whole_kind_is_not_listed_twice() -> None:
    dwellers = [Dweller(number, "kinship", 1) for number in range(30)]
    sides = [Side(number, "young") for number in range(20)]
    _, tree = build_body(dwellers, sides, themes=[], indicators=[])
    assert tree.providers["kinship"] == []
    assert tree.withheld["kinship"] == []


def test_a_side_has_no_cell_where_it_is_not_asked() -> None:
    dwellers = [Dweller(number, "own_place") for number in range(9)]
    body, _ = build_body(dwellers, [Side(1, "young")], themes=["home"], indicators=[])
    assert not [name for name in body.counts if "parents" in name and name.startswith("heard")]


def test_levels_and_views_have_names() -> None:
    assert [level_of(score) for score in range(1, 6)] == ["low", "low", "middle", "high", "high"]
    assert view_of(["positive"]) == "positive"
    assert view_of(["positive", "negative"]) == view_of(["neutral"]) == view_of([""]) == "mixed"


def test_every_indicator_and_kind_of_home_has_a_title() -> None:
    from backend.placements.queries import home_kind

    assert set(TITLED) == {one.value for one in Indicator}
    assert set(KIND_TITLES) == set(KINDS)
    codes = ("U1", "U4", "K2", "H5", "P1", "P2", "Z1")
    assert {home_kind(code) for code in codes} | {home_kind("U4", is_agency=True)} == set(KINDS)
