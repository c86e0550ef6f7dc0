"""Attacks the half-yearly report with everything that was printed: no held-back count comes out.

The attack is written from what a reader of the report knows, not from the code that suppresses:
which figures stand in the tables, which add up to which, and that nobody is less than nought.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from random import Random

import numpy as np
import pytest
from scipy.optimize import linprog

from backend.insight.counts import KINDS, KINDS_OF, SOURCES, Dweller, Side, build_body
from backend.insight.disclosure import SMALLEST_SHOWN, is_small
from backend.insight.reports import Outline, Picture, answers_in, make_picture
from backend.insight.voices import Voices
from tests.insight.boroughs import draw_dwellers, draw_sides

THEMES = ("home", "safety", "worker", "money")
INDICATORS = ("settled", "feels_safe")
OUTLINE = Outline(tuple((name, name) for name in THEMES), INDICATORS)
DAY = date(2026, 6, 30)
PAIRED = ("carers", "staff", "workers")
Row = tuple[dict[str, float], str]  # coefficients, and how their sum stands to nought


class Reader:
    """Somebody with the printed report, a pencil and a linear program."""

    def __init__(self, picture: Picture) -> None:
        self.picture = picture
        self.kinds = [line.kind for line in picture.kinds] or list(KINDS)
        self.providers = {
            line.kind: [one.node for one in line.providers] for line in picture.kinds
        }
        self.rows: list[Row] = []
        self._tell_all()

    def _adds_up(self, total: str, parts: Iterable[str], relation: str = "=") -> None:
        parts = list(parts)
        if parts:
            self.rows.append(({total: -1.0, **dict.fromkeys(parts, 1.0)}, relation))

    def _at_most(self, part: str, whole: str) -> None:
        self.rows.append(({part: 1.0, whole: -1.0}, "<"))

    def _over_homes(self, path: str, kinds: Iterable[str], *, has_providers: bool) -> None:
        """Kinds of home add up to the council; the printed providers to no more than their kind."""
        kinds = list(kinds)
        self._adds_up(f"{path}/all", [f"{path}/{kind}" for kind in kinds])
        for kind in kinds if has_providers else ():
            inside = [f"{path}/{node}" for node in self.providers.get(kind, [])]
            self._adds_up(f"{path}/{kind}", inside, "<")

    def _nodes(self, kinds: Iterable[str]) -> list[str]:
        kinds = list(kinds)
        return ["all", *kinds, *(node for kind in kinds for node in self.providers.get(kind, []))]

    def _tell_all(self) -> None:
        self._over_homes("people", self.kinds, has_providers=True)
        for source in SOURCES:
            kinds = [kind for kind in KINDS_OF[source] if kind in self.kinds]
            self._over_homes(f"heard/{source}", kinds, has_providers=True)
            for node in self._nodes(kinds):
                self._at_most(f"heard/{source}/{node}", f"people/{node}")
            for theme in THEMES:
                self._tell_theme(theme, source, kinds)
            for indicator in INDICATORS:
                self._tell_indicator(indicator, source, kinds)
        for other in PAIRED:
            self._tell_pair(other, [kind for kind in KINDS_OF[other] if kind in self.kinds])

    def _tell_theme(self, theme: str, source: str, kinds: list[str]) -> None:
        path = f"spoke/{theme}/{source}"
        self._over_homes(path, kinds, has_providers=True)
        for node in self._nodes(kinds):
            self._at_most(f"{path}/{node}", f"heard/{source}/{node}")
        views = [f"view/{theme}/{source}/{v}/all" for v in ("positive", "negative", "mixed")]
        self._adds_up(f"{path}/all", views)

    def _tell_indicator(self, indicator: str, source: str, kinds: list[str]) -> None:
        path = f"{indicator}/{source}"
        levels = ("low", "middle", "high")
        self._over_homes(f"said/{path}", kinds, has_providers=False)
        for level in levels:
            self._over_homes(f"level/{path}/{level}", kinds, has_providers=False)
        for node in ["all", *kinds]:
            self._adds_up(f"said/{path}/{node}", [f"level/{path}/{one}/{node}" for one in levels])
            self._at_most(f"said/{path}/{node}", f"heard/{source}/{node}")

    def _tell_pair(self, other: str, kinds: list[str]) -> None:
        for name in ("differ", "agree"):
            self._over_homes(f"pair/{other}/{name}", kinds, has_providers=False)
        for node in ["all", *kinds]:
            for source in ("young", other):
                both = [f"pair/{other}/{name}/{node}" for name in ("differ", "agree")]
                self._adds_up(f"heard/{source}/{node}", both, "<")
        for indicator in INDICATORS:
            path = f"apart/{indicator}/{other}"
            both = [f"{path}/differ/all", f"{path}/agree/all"]
            self._adds_up(f"said/{indicator}/{other}/all", both, "<")
            self._at_most(both[0], f"pair/{other}/differ/all")
            young = {f"said/{indicator}/young/{kind}": -1.0 for kind in kinds}
            self.rows.append(({**young, **dict.fromkeys(both, 1.0)}, "<"))

    def ranges(
        self, wanted: Iterable[str], printed: Mapping[str, int]
    ) -> dict[str, tuple[float, float]]:
        """The least and the most that each wanted count can be."""
        names = sorted({name for row, _ in self.rows for name in row})
        place = {name: number for number, name in enumerate(names)}
        equal = [row for row, relation in self.rows if relation == "="]
        below = [row for row, relation in self.rows if relation == "<"]
        bounds = [(printed.get(name, 0), printed.get(name)) for name in names]
        found = {}
        for name in wanted:
            if name not in place:
                continue
            ends = []
            for sign in (1.0, -1.0):
                goal = np.zeros(len(names))
                goal[place[name]] = sign
                answer = linprog(
                    goal,
                    A_eq=_matrix(equal, place),
                    b_eq=np.zeros(len(equal)),
                    A_ub=_matrix(below, place),
                    b_ub=np.zeros(len(below)),
                    bounds=bounds,
                )
                assert answer.status in (0, 3), answer.message
                ends.append(float(answer.x[place[name]]) if answer.status == 0 else np.inf)
            found[name] = (ends[0], ends[1])
        return found


def _matrix(rows: list[dict[str, float]], place: dict[str, int]) -> np.ndarray:
    matrix = np.zeros((len(rows), len(place)))
    for number, row in enumerate(rows):
        for name, factor in row.items():
            matrix[number, place[name]] = factor
    return matrix


def recovered(picture: Picture, printed: Mapping[str, int]) -> dict[str, float]:
    """The held-back counts that come out as one whole number."""
    ranges = Reader(picture).ranges(sorted(picture.held), printed)
    return {
        name: low
        for name, (low, high) in ranges.items()
        if np.floor(high + 1e-6) - np.ceil(low - 1e-6) < 1
    }


def draw(seed: int, *, people: int) -> Voices:
    chance = Random(seed)
    dwellers = draw_dwellers(chance, people, providers=4)
    sides = draw_sides(chance, dwellers, themes=THEMES, indicators=INDICATORS, share=0.6)
    return Voices(dwellers, sides, {number: f"Provider {number}" for number in range(4)})


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("people", [40, 120])
def test_no_held_back_count_comes_out_of_a_report(seed: int, people: int) -> None:
    picture = make_picture(draw(seed, people=people), OUTLINE, as_at=DAY)
    assert picture.held
    assert recovered(picture, picture.figures) == {}


@pytest.mark.parametrize("seed", range(3))
def test_a_small_count_can_still_be_anything_from_1_to_5(seed: int) -> None:
    voices = draw(seed, people=80)
    body, _ = build_body(voices.dwellers, voices.sides, themes=THEMES, indicators=INDICATORS)
    picture = make_picture(voices, OUTLINE, as_at=DAY)
    small = [name for name in sorted(picture.held) if is_small(body.counts[name])]
    ranges = Reader(picture).ranges(small, picture.figures)
    narrow = {name: found for name, found in ranges.items() if found[0] > 1 or found[1] < 5}
    assert ranges
    assert narrow == {}


def test_the_attack_does_succeed_where_only_small_counts_were_held_back() -> None:
    cracked = 0
    for seed in range(6):
        voices = draw(seed, people=120)
        body, _ = build_body(voices.dwellers, voices.sides, themes=THEMES, indicators=INDICATORS)
        careless = {name: body.counts[name] for name in body.shown if not is_small(body.counts[name])}
        picture = make_picture(voices, OUTLINE, as_at=DAY)
        naive = Picture(
            DAY, True, OUTLINE, picture.kinds, careless, body.shown - frozenset(careless)
        )
        found = recovered(naive, careless)
        assert all(body.counts[name] == count for name, count in found.items())
        cracked += len(found)
    assert cracked > 50


def add_voices(before: Voices, *, seed: int, share: float) -> Voices:
    """The same half-year some weeks on: a few more people were heard of."""
    chance = Random(seed)
    known = {(side.person, side.source) for side in before.sides}
    later = draw_sides(
        chance, before.dwellers, themes=THEMES, indicators=INDICATORS, share=share
    )
    new = [side for side in later if (side.person, side.source) not in known]
    return Voices(before.dwellers, before.sides + new, before.providers)


def small_changes(draft: Picture, report: Picture) -> list[str]:
    """Changes by 1 to 5 people that come out of the two pictures together, by what must be so."""
    before = Reader(draft).ranges(sorted(draft.held), draft.figures)
    after = Reader(report).ranges(sorted(report.held), report.figures)
    earlier = answers_in(draft.figures) | _certain(before)
    later = dict(report.figures) | _certain(after)
    return sorted(
        name
        for name in earlier.keys() & later.keys()
        if 0 < abs(later[name] - earlier[name]) < SMALLEST_SHOWN
    )


def _certain(ranges: dict[str, tuple[float, float]]) -> dict[str, int]:
    return {name: round(low) for name, (low, high) in ranges.items() if high - low < 1e-6}


@pytest.mark.parametrize("seed", range(4))
def test_a_report_beside_its_draft_does_not_tell_of_the_few_heard_between(seed: int) -> None:
    first = draw(seed, people=120)
    second = add_voices(first, seed=seed + 100, share=0.08)
    draft = make_picture(first, OUTLINE, as_at=date(2026, 4, 1), is_whole=False)
    report = make_picture(second, OUTLINE, as_at=DAY, draft=draft.figures)
    assert recovered(report, report.figures) == {}
    assert small_changes(draft, report) == []


def test_that_attack_does_succeed_on_a_report_that_forgot_its_draft() -> None:
    found = []
    for seed in range(4):
        first = draw(seed, people=120)
        second = add_voices(first, seed=seed + 100, share=0.08)
        draft = make_picture(first, OUTLINE, as_at=date(2026, 4, 1), is_whole=False)
        found += small_changes(draft, make_picture(second, OUTLINE, as_at=DAY))
    assert found


def test_two_half_years_side_by_side_pin_no_held_back_count() -> None:
    """A reader who also knows that nobody moved has the homes of one half-year for the other."""
    first = draw(11, people=120)
    chance = Random(12)
    later = draw_sides(chance, first.dwellers, themes=THEMES, indicators=INDICATORS, share=0.6)
    second = Voices(first.dwellers, later, first.providers)
    pictures = [make_picture(one, OUTLINE, as_at=DAY) for one in (first, second)]
    stock = {
        name: count
        for picture in pictures
        for name, count in picture.figures.items()
        if name.startswith("people/")
    }
    for picture in pictures:
        found = recovered(picture, {**stock, **picture.figures})
        assert [name for name in found if not name.startswith("people/")] == []


def test_one_voice_alone_prints_nothing_but_how_many_live_there() -> None:
    dwellers = [Dweller(person, "own_place") for person in range(30)]
    side = Side(1, "young", {"safety": frozenset({"negative"})}, {"settled": 1})
    picture = make_picture(Voices(dwellers, [side], {}), OUTLINE, as_at=DAY)
    assert picture.figures == {"people/all": 30, "people/own_place": 30}
