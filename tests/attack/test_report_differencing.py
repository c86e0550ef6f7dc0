"""Attacks the half-yearly report with everything that was printed: no held-back count comes out.

The attack is written from what a reader of the report knows, not from the code that suppresses:
which figures stand in the tables, which add up to which, and that nobody is less than nought.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from random import Random  # noqa: TID251 (seeded)

import numpy as np
import pytest
from scipy import sparse
from scipy.optimize import linprog

from backend.insight.count_sheets import SOURCES, Dweller, Side
from backend.insight.counts import build_body
from backend.insight.disclosure import SMALLEST_SHOWN, is_small
from backend.insight.reports import Outline, Picture, answers_in, make_picture
from backend.insight.voices import Voices
from tests.insight.boroughs import draw_dwellers, draw_sides

THEMES = ("home", "safety", "worker", "money")
INDICATORS = ("settled", "feels_safe")
OUTLINE = Outline(tuple((name, name) for name in THEMES), INDICATORS)
DAY = date(2026, 6, 30)
MANY = 1_000_000
PAIRED = ("carers", "staff", "workers")
Row = tuple[dict[str, float], str]  # coefficients, and how their sum stands to nought


class Reader:
    """Somebody with the printed report, a pencil and a linear program."""

    def __init__(self, picture: Picture) -> None:
        self.picture = picture
        self.kinds = [line.kind for line in picture.kinds]
        self.providers = {line.kind: [one.node for one in line.providers] for line in picture.kinds}
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
            kinds = self._kinds_of(source)
            self._over_homes(f"heard/{source}", kinds, has_providers=True)
            for node in self._nodes(kinds):
                self._at_most(f"heard/{source}/{node}", f"people/{node}")
            for theme in THEMES:
                self._tell_theme(theme, source, kinds)
            for indicator in INDICATORS:
                self._tell_indicator(indicator, source, kinds)
        for other in PAIRED:
            self._tell_pair(other, self._kinds_of(other))

    def _kinds_of(self, source: str) -> list[str]:
        """Where a side has cells, to be seen in the table of who was heard."""
        cells = {*self.picture.figures, *self.picture.held}
        return [kind for kind in self.kinds if f"heard/{source}/{kind}" in cells]

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
            if young:
                self.rows.append(({**young, **dict.fromkeys(both, 1.0)}, "<"))

    def program(self, printed: Mapping[str, int]) -> "Program":
        """All of it as one linear program, with the printed counts known."""
        return Program(self.rows, printed)


class Program:
    """The boroughs that would print the same report."""

    def __init__(self, rows: list[Row], printed: Mapping[str, int]) -> None:
        names = sorted({name for row, _ in rows for name in row})
        self.place = {name: number for number, name in enumerate(names)}
        self._equal = self._matrix([row for row, relation in rows if relation == "="])
        self._below = self._matrix([row for row, relation in rows if relation == "<"])
        self._bounds = [(printed.get(name, 0), printed.get(name, MANY)) for name in names]
        self.low = np.full(len(names), np.inf)
        self.high = np.full(len(names), -np.inf)

    def _matrix(self, rows: list[dict[str, float]]) -> sparse.csr_matrix:
        matrix = sparse.lil_matrix((len(rows), len(self.place)))
        for number, row in enumerate(rows):
            for name, factor in row.items():
                matrix[number, self.place[name]] = factor
        return matrix.tocsr()

    def _push(self, goal: np.ndarray) -> np.ndarray:
        answer = linprog(
            goal,
            A_eq=self._equal,
            b_eq=np.zeros(self._equal.shape[0]),
            A_ub=self._below,
            b_ub=np.zeros(self._below.shape[0]),
            bounds=self._bounds,
        )
        assert answer.status == 0, answer.message
        self.low, self.high = np.minimum(self.low, answer.x), np.maximum(self.high, answer.x)
        return answer.x

    def end(self, name: str, *, is_up: bool) -> float:
        """The most or the least that one count can be."""
        goal = np.zeros(len(self.place))
        goal[self.place[name]] = -1.0 if is_up else 1.0
        return float(self._push(goal)[self.place[name]])

    def too_narrow(
        self, wanted: Iterable[str], *, low: float, high: float, width: int
    ) -> list[str]:
        """Counts of which no two boroughs are known that lie this far apart; each is then sought.

        Pushing all of them at once settles most: any borough found is one that could be.
        """
        left = [name for name in wanted if name in self.place]
        for sign in (-1.0, 1.0) * 6:
            goal = np.zeros(len(self.place))
            goal[[self.place[name] for name in left]] = sign
            self._push(goal)
            left = [name for name in left if not self._is_wide(name, low, high, width)]
        for name in left:
            self.end(name, is_up=True)
            self.end(name, is_up=False)
        return [name for name in left if not self._is_wide(name, low, high, width)]

    def _is_wide(self, name: str, low: float, high: float, width: int) -> bool:
        least = np.ceil(self.low[self.place[name]] - 1e-6)
        most = np.floor(self.high[self.place[name]] + 1e-6)
        return bool(least <= low and most >= high and most - least >= width)


def recovered(picture: Picture, printed: Mapping[str, int]) -> dict[str, float]:
    """The held-back counts that come out as one whole number."""
    program = Reader(picture).program(printed)
    certain = program.too_narrow(sorted(picture.held), low=MANY, high=0, width=1)
    return {name: program.low[program.place[name]] for name in certain}


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
    assert small
    program = Reader(picture).program(picture.figures)
    assert program.too_narrow(small, low=1, high=5, width=4) == []


def test_the_attack_does_succeed_where_only_small_counts_were_held_back() -> None:
    cracked = 0
    for seed in range(6):
        voices = draw(seed, people=120)
        body, _ = build_body(voices.dwellers, voices.sides, themes=THEMES, indicators=INDICATORS)
        careless = {
            name: body.counts[name] for name in body.shown if not is_small(body.counts[name])
        }
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
    later = draw_sides(chance, before.dwellers, themes=THEMES, indicators=INDICATORS, share=share)
    new = [side for side in later if (side.person, side.source) not in known]
    return Voices(before.dwellers, before.sides + new, before.providers)


def small_changes(draft: Picture, report: Picture) -> list[str]:
    """Changes by 1 to 5 people that come out of the two pictures together, by what must be so."""
    earlier = answers_in(draft.figures) | recovered(draft, draft.figures)
    later = dict(report.figures) | recovered(report, report.figures)
    return sorted(
        name
        for name in earlier.keys() & later.keys()
        if 0 < abs(later[name] - earlier[name]) < SMALLEST_SHOWN
    )


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
