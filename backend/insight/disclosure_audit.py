"""Audits a body of figures: what can be worked out from those that are printed, by linear programs.

A held-back count is safe when whole other boroughs with the same printed figures exist in which it
is 1 or less, and others in which it is 5 or more. Each such borough is found (as a solution in
whole numbers) and kept as the proof; nothing is taken as safe for want of an attack.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse.csgraph import connected_components

Numbers = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]
ANYTHING = 1_000_000
MOST_ROUNDS = 40
SOLVE_SECONDS = 5.0


@dataclass(frozen=True)
class Sum:
    """A total and the parts that add up to it; every reader knows this of the report."""

    total: str
    parts: tuple[str, ...]


@dataclass(frozen=True)
class Need:
    """How far apart the possible values of a held-back count must reach."""

    at_most: int
    at_least: int


class System:
    """Counts and their sums as a sparse system: parts minus total is nothing, row by row."""

    def __init__(self, counts: Mapping[str, int], sums: Sequence[Sum]) -> None:
        self.keys = list(counts)
        self.place = {key: number for number, key in enumerate(self.keys)}
        self.true = np.array([counts[key] for key in self.keys], dtype=np.float64)
        self.lowest = np.zeros(len(self.keys))
        self._members = [(*one.parts, one.total) for one in sums]
        sizes = [len(members) for members in self._members]
        self.columns = np.array(
            [self.place[key] for row in self._members for key in row], dtype=int
        )
        self.signs = np.concatenate(
            [np.append(np.ones(size - 1), -1.0) for size in sizes] or [np.zeros(0)]
        )
        self.starts = np.cumsum([0, *sizes])[:-1].astype(int)
        self.row_of = np.repeat(np.arange(len(sizes)), sizes)
        shape = (len(sizes), len(self.keys))
        self.matrix = sparse.csr_matrix((self.signs, (self.row_of, self.columns)), shape=shape)
        self._rows: list[list[int]] = [[] for _ in self.keys]
        for row, column in zip(self.row_of, self.columns, strict=True):
            self._rows[column].append(int(row))

    def members(self, row: int) -> tuple[str, ...]:
        """The cells of one sum."""
        return self._members[row]

    def rows_of(self, key: str) -> list[int]:
        """The sums that a cell stands in."""
        return self._rows[self.place[key]]

    def count(self, key: str) -> int:
        """The true count of a cell."""
        return int(self.true[self.place[key]])

    def set_lowest(self, key: str, lowest: int) -> None:
        """The least that a reader believes possible for a cell; 0 unless said otherwise."""
        self.lowest[self.place[key]] = lowest

    def narrow(self, lower: Numbers, upper: Numbers) -> None:
        """Tighten ranges in place by what each sum alone allows, until nothing moves.

        What comes out is never narrower than the truth, so a range that is too narrow is a leak.
        """
        is_part = self.signs > 0
        for _ in range(MOST_ROUNDS):
            least = np.where(is_part, lower[self.columns], -upper[self.columns])
            most = np.where(is_part, upper[self.columns], -lower[self.columns])
            rest_least = np.add.reduceat(least, self.starts)[self.row_of] - least
            rest_most = np.add.reduceat(most, self.starts)[self.row_of] - most
            before = lower.sum() - upper.sum()
            np.maximum.at(lower, self.columns, np.where(is_part, -rest_most, rest_least))
            np.minimum.at(upper, self.columns, np.where(is_part, -rest_least, rest_most))
            if lower.sum() - upper.sum() == before:
                return

    def work_out(self, printed: Mapping[str, int]) -> dict[str, int]:
        """Printed counts and all that follow from them for certain."""
        lower, upper = self.lowest.copy(), np.full(len(self.keys), float(ANYTHING))
        for key, count in printed.items():
            if key in self.place:
                lower[self.place[key]] = upper[self.place[key]] = count
        self.narrow(lower, upper)
        return {
            key: int(lower[place])
            for key, place in self.place.items()
            if lower[place] == upper[place]
        }


class Witnessed:
    """The lowest and highest count of each cell in any borough found so far.

    It stays true as more is held back: what fits more printed figures fits fewer of them.
    """

    def __init__(self, system: System) -> None:
        self.low = system.true.copy()
        self.high = system.true.copy()

    def add(self, places: Places, counts: Numbers) -> None:
        """Remember one more borough, or the part of it that was asked for."""
        self.low[places] = np.minimum(self.low[places], counts)
        self.high[places] = np.maximum(self.high[places], counts)


class Ranges:
    """What a reader can say of each held-back cell, given which cells are printed."""

    def __init__(self, system: System, printed: Iterable[str], witnessed: Witnessed) -> None:
        self._system = system
        self._witnessed = witnessed
        places = [system.place[key] for key in printed]
        self._lower = system.lowest.copy()
        self._upper = np.full(len(system.keys), float(ANYTHING))
        self._lower[places] = self._upper[places] = system.true[places]
        self._is_open = np.ones(len(system.keys), dtype=bool)
        self._is_open[places] = False
        if len(system.starts):
            system.narrow(self._lower, self._upper)

    def narrowed(self, needs: Mapping[str, Need], *, held: Iterable[str]) -> list[str]:
        """Cells that single sums already give away; a held figure that is certain counts too."""
        place = self._system.place
        unmet = [
            key
            for key, need in needs.items()
            if self._lower[place[key]] > need.at_most or self._upper[place[key]] < need.at_least
        ]
        certain = [key for key in held if self._lower[place[key]] == self._upper[place[key]]]
        return list(dict.fromkeys(unmet + certain))

    def unproved(self, needs: Mapping[str, Need]) -> list[str]:
        """Cells for which no two boroughs can be found that are far enough apart."""
        unmet: list[str] = []
        for component in self._components(needs):
            unmet += component.prove(needs, self._witnessed)
        return unmet

    def _components(self, needs: Mapping[str, Need]) -> "list[_Component]":
        """Unknown cells that hang together through sums; printed ones separate them."""
        system = self._system
        is_open_entry = self._is_open[system.columns]
        rows, columns = system.row_of[is_open_entry], system.columns[is_open_entry]
        size, count = len(system.starts), len(system.keys)
        links = sparse.csr_matrix(
            (np.ones(len(rows)), (rows, columns + size)), shape=(size + count, size + count)
        )
        _, labels = connected_components(links, directed=False)
        wanted = {int(labels[system.place[key] + size]) for key in needs}
        return [
            _Component(
                system,
                np.flatnonzero(labels[size:] == label),
                self._lower,
                self._upper,
                self._owed(),
            )
            for label in sorted(wanted)
        ]

    def _owed(self) -> Numbers:
        """What the unknown cells of each sum must come to, by the printed ones."""
        known = np.where(self._is_open, 0.0, self._system.true)
        return np.asarray(-(self._system.matrix @ known), dtype=np.float64)


class _Component:
    """The cells of one connected part and the program over them."""

    def __init__(
        self, system: System, places: Places, lower: Numbers, upper: Numbers, owed: Numbers
    ) -> None:
        self._system = system
        self._places = places
        block = system.matrix[:, places]
        rows = np.flatnonzero(np.diff(block.indptr))
        self._matrix = block[rows]
        self._target = owed[rows]
        self._lower, self._upper = lower[places], upper[places]

    def prove(self, needs: Mapping[str, Need], witnessed: Witnessed) -> list[str]:
        """Look for witnesses, many cells at a time, then cell by cell; the cells without one."""
        keys = [self._system.keys[place] for place in self._places]
        wanted = [(at, needs[key]) for at, key in enumerate(keys) if key in needs]
        for is_up in (True, False):
            self._seek_many(wanted, witnessed, is_up=is_up)
        return [
            keys[at]
            for at, need in wanted
            if not all(self._is_met(at, need, witnessed, is_up=is_up) for is_up in (True, False))
        ]

    def _is_met(self, at: int, need: Need, witnessed: Witnessed, *, is_up: bool) -> bool:
        if self._is_witnessed(at, need, witnessed, is_up=is_up):
            return True
        lower, upper = self._lower.copy(), self._upper.copy()
        if is_up:
            lower[at] = max(lower[at], need.at_least)
        else:
            upper[at] = min(upper[at], need.at_most)
        if lower[at] > upper[at]:
            return False
        return self._solve(np.zeros(len(self._places)), lower, upper, witnessed)

    def _is_witnessed(self, at: int, need: Need, witnessed: Witnessed, *, is_up: bool) -> bool:
        place = self._places[at]
        if is_up:
            return bool(witnessed.high[place] >= need.at_least)
        return bool(witnessed.low[place] <= need.at_most)

    def _seek_many(
        self, wanted: list[tuple[int, Need]], witnessed: Witnessed, *, is_up: bool
    ) -> None:
        """Push all cells that still need it up or down at once, while that finds new ones."""
        before = -1
        while True:
            pending = [
                at
                for at, need in wanted
                if not self._is_witnessed(at, need, witnessed, is_up=is_up)
            ]
            if not pending or len(pending) == before:
                return
            before = len(pending)
            goal = np.zeros(len(self._places))
            goal[pending] = -1.0 if is_up else 1.0
            self._solve(goal, self._lower, self._upper, witnessed)

    def _solve(self, goal: Numbers, lower: Numbers, upper: Numbers, witnessed: Witnessed) -> bool:
        """Find one borough; True, and it is remembered, when there is one in whole numbers.

        Most corners of these programs are whole by themselves; only else is wholeness asked for.
        """
        for is_whole in (False, True):
            found = milp(
                goal,
                integrality=np.full(len(goal), int(is_whole)),
                bounds=Bounds(lower, upper),
                constraints=LinearConstraint(self._matrix, self._target, self._target),
                options={"time_limit": SOLVE_SECONDS},
            )
            if found.x is None:
                return False
            counts = np.round(found.x)
            is_kept = not np.any(self._matrix @ counts != self._target)
            if is_kept and np.all(counts >= lower) and np.all(counts <= upper):
                witnessed.add(self._places, counts)
                return True
        return False
