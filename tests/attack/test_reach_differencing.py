"""Attacks the reach tables with everything that is printed: no held-back count comes out.

The attack knows which lines of which tables add up to which, which lie within others (a team of
older children within an age), and that nobody is less than nought. It is written from that
knowledge and not from the code that suppresses.
"""

from collections.abc import Iterable, Mapping
from random import Random  # noqa: TID251 (seeded)

import numpy as np
import pytest
from scipy.optimize import linprog

from backend.insight.queries import protect
from backend.reach.cohorts import HEADLINES, Held
from backend.reach.counts import (
    CHILDREN,
    REVIEWS,
    Counting,
    Unit,
    children_body,
    is_related,
    put_together,
    reviews_of,
)
from backend.reach.tables import Picture

SMALL, MANY = 6, 10_000
Key = tuple[str, ...]


def draw_held(seed: int, people: int) -> list[Held]:
    """Reviews of an invented borough: teams within groups, one line all but two people of another,
    few in some lines, and nearly everybody or nearly nobody heard in some."""
    chance = Random(seed)
    held, number = [], 0
    for person in range(people):
        age = chance.choice(["4 to 7", "8 to 11", "12 to 15", "16 and 17"])
        is_old = age == "16 and 17"
        team = chance.choice(["Older"] if is_old else ["North", "North", "West"])
        if is_old and person < 8:
            team = "North"  # a few of 16 whom their old team still has
        is_alone = is_old and chance.random() < 0.3
        home = chance.choices(["Fostering", "Residential", "With parents"], weights=(8, 3, 1))[0]
        channel = chance.choices(["Text", "Card", "Letter", "None"], weights=(60, 25, 12, 3))[0]
        traits = {
            "age": age,
            "group": "Short breaks" if chance.random() < 0.05 else "Looked after",
            "team": team,
            "channel": channel,
            "language": chance.choices(["English", "Another language"], weights=(9, 1))[0],
            "unaccompanied": "Yes" if is_alone else "No",
            "home": home,
            "distance": draw_distance(chance, home, is_alone=is_alone),
        }
        ready = {"Text": 0.6, "Card": 0.9, "Letter": 0.1, "None": 0.0}[channel]
        entitled = frozenset(HEADLINES) if age != "4 to 7" else frozenset({"feels_safe"})
        for _ in range(chance.choice([1, 1, 1, 2])):
            number += 1
            is_heard = chance.random() < ready
            held.append(
                Held(
                    number,
                    person,
                    traits,
                    way=chance.choice(["alone", "alone", "with_help"]) if is_heard else "",
                    code=chance.choice(["PN1", "PN1", "PN1", "PN6", "PN7"]),
                    entitled=entitled,
                    scores={
                        one: chance.choice([1, 4, 5]) for one in entitled if chance.random() < 0.7
                    }
                    if is_heard
                    else {},
                )
            )
    return held


def draw_distance(chance: Random, home: str, *, is_alone: bool) -> str:
    """Who came alone has no home to be far from, parents are near, and of a few nobody knows."""
    if is_alone or chance.random() < 0.03:
        return "Not known"
    far = {"With parents": 0.0, "Residential": 0.5}.get(home, 0.12)
    return "Over 20 miles" if chance.random() < far else "Within 20 miles"


class Attacker:
    """Somebody with the printed tables of reviews, or of children, and a linear program."""

    def __init__(self, units: list[Unit], printed: Mapping[str, int]) -> None:
        self.lines: dict[tuple[str, str], set[int]] = {}
        for unit in units:
            for trait, value in unit.traits.items():
                self.lines.setdefault((trait, value), set()).add(unit.number)
        self.everybody = {unit.number for unit in units}
        self.heard = {unit.number for unit in units if unit.is_heard}
        self.rows: list[dict[Key, float]] = []
        self.printed = printed
        self._know()

    def _know(self) -> None:
        traits = {trait for trait, _ in self.lines}
        for trait in traits:
            values = [value for other, value in self.lines if other == trait]
            self._adds_up(("all", ""), [(trait, value) for value in values])
        for outer, whole in self.lines.items():
            for trait in traits - {outer[0]}:
                inside = [
                    line
                    for line, numbers in self.lines.items()
                    if line[0] == trait and is_related(outer[0], trait) and numbers <= whole
                ]
                if inside:
                    held = set().union(*(self.lines[line] for line in inside))
                    rest = [("rest", *outer, trait)] if whole - held else []
                    self._adds_up(outer, [*inside, *rest])
        for line in [("all", ""), *self.lines]:
            self.rows.append(
                {("asked", *line): -1.0, ("heard", *line): 1.0, ("silent", *line): 1.0}
            )

    def _adds_up(self, whole: Key, parts: Iterable[Key]) -> None:
        for measure in ("asked", "heard", "silent"):
            self.rows.append({(measure, *whole): -1.0, **{(measure, *part): 1.0 for part in parts}})

    def leaks(self) -> list[str]:
        """Small counts of which the printed tables leave too little doubt."""
        names = sorted({name for row in self.rows for name in row})
        place = {name: number for number, name in enumerate(names)}
        matrix = np.zeros((len(self.rows), len(names)))
        for number, row in enumerate(self.rows):
            for name, factor in row.items():
                matrix[number, place[name]] = factor
        bounds = []
        for name in names:
            known = self.printed.get("|".join(name)) if name[1] != "rest" else None
            if name[1] == "all":
                known = self.printed.get(f"{name[0]}|all|")
            bounds.append((0, MANY) if known is None else (known, known))
        found = []
        for line, numbers in [(("all", ""), self.everybody), *self.lines.items()]:
            counted = {
                "asked": len(numbers),
                "heard": len(numbers & self.heard),
                "silent": len(numbers - self.heard),
            }
            for measure, true in counted.items():
                if true >= SMALL:
                    continue
                goal = np.zeros(len(names))
                goal[place[measure, *line]] = 1.0
                nothing = np.zeros(len(self.rows))
                low = linprog(goal, A_eq=matrix, b_eq=nothing, bounds=bounds).fun
                high = -linprog(-goal, A_eq=matrix, b_eq=nothing, bounds=bounds).fun
                if low > 1 + 1e-6 or high < SMALL - 1 - 1e-6:
                    found.append(f"{measure} of {line}: {true}, between {low:g} and {high:g}")
        return found


def told(held: list[Held]) -> tuple[dict[str, dict[str, int]], dict[str, list[Unit]]]:
    held = put_together(held)
    units = {REVIEWS: reviews_of(held)}
    bodies = {REVIEWS: Counting(units[REVIEWS]).body(), CHILDREN: children_body(held)}
    return {key: protect(body) for key, body in bodies.items()}, units


@pytest.mark.parametrize("seed", range(8))
def test_no_small_count_of_heard_or_silent_comes_out(seed: int) -> None:
    printed, units = told(draw_held(seed, people=60 + 25 * seed))
    assert Attacker(units[REVIEWS], printed[REVIEWS]).leaks() == []


@pytest.mark.parametrize("trait", ["unaccompanied", "home", "group"])
def test_two_lines_that_differ_by_a_few_of_unknown_distance_do_not_stand_side_by_side(
    trait: str,
) -> None:
    """Whoever came alone is of unknown distance: the two lines' difference is the few others."""
    held = [
        Held(
            number,
            number,
            {
                "distance": "Not known" if number < 33 else "Within 20 miles",
                trait: "Inside" if number < 30 else "Outside",
            },
            way="alone" if number % 2 else "",
        )
        for number in range(100)
    ]
    printed, _ = told(held)
    for measure in ("asked", "heard", "silent"):
        both = {f"{measure}|distance|Not known", f"{measure}|{trait}|Inside"}
        assert not both <= printed[REVIEWS].keys()
    assert printed[REVIEWS]["heard|all|"] == 50


@pytest.mark.parametrize("seed", range(8))
def test_the_councils_own_figures_are_told_wherever_they_are_not_small(seed: int) -> None:
    """A table in which everything is held back would be safe, and of no use."""
    printed, units = told(draw_held(seed, people=150 + 25 * seed))
    assert {"asked|all|", "heard|all|"} <= printed[REVIEWS].keys()
    assert len(printed[REVIEWS]) >= 20
    assert units


def test_an_attack_that_is_shown_too_much_does_find_it() -> None:
    """The attack itself can fail: with nothing held back it finds every small count."""
    held = draw_held(3, people=135)
    units = reviews_of(held)
    body = Counting(units).body()
    assert len(Attacker(units, body.counts).leaks()) > 3


def test_no_number_under_six_is_printed_and_the_csv_tells_what_the_page_tells() -> None:
    for seed in range(8):
        printed, units = told(draw_held(seed, people=60 + 25 * seed))
        picture = Picture(printed, {})
        rows = list(picture.csv_rows())[1:]
        numbers = [int(cell) for row in rows for cell in row[3:5] if cell != "held back"]
        assert all(number >= SMALL for number in numbers)
        on_page = [
            count
            for table in picture.tables()
            for line in table.lines
            for cell in (line.reviews, line.children)
            if cell
            for count in (cell.asked, cell.heard)
            if count is not None
        ]
        assert sorted(numbers)[-5:] == sorted([*numbers])[-5:]
        assert set(on_page) <= set(numbers)
        assert units
