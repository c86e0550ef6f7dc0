"""Holds back counts of few people, and every figure that would give one away, in one body.

All figures of a report are one body: whatever can be added or taken away between its tables is a
sum here. A held-back figure looks the same whether it is small itself or protects a small one, so
that its look gives nothing away. A zero is small too: that nobody spoke of a thing is a fact about
each of them. Where nobody could have been counted there is no cell at all.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from backend.insight.disclosure_audit import Need, Ranges, Sum, System, Witnessed

SMALLEST_SHOWN = 6
SMALLEST_PERCENTAGE_BASE = 10
# A held-back count must be able to be anything from 1 to 5, whatever else was printed.
FEW = Need(at_most=1, at_least=SMALLEST_SHOWN - 1)


@dataclass(frozen=True)
class Body:
    """Counts of people that belong together.

    `guarded` are counts that may not be told when small, whether printed or worked out; the others
    only bind them together (of whom nothing was said). `shown` are those that the report would
    print. `gates` name, for a figure, another without which it is not printed. Among figures that
    would protect a small one, those of the lowest `ranks` are held back first.
    """

    counts: Mapping[str, int]
    guarded: frozenset[str]
    shown: frozenset[str]
    sums: Sequence[Sum]
    gates: Mapping[str, str] = field(default_factory=dict)
    ranks: Mapping[str, int] = field(default_factory=dict)


def is_small(count: int) -> bool:
    """Whether a count is one that may not be told."""
    return count < SMALLEST_SHOWN


def protect(body: Body, told_before: Mapping[str, int] | None = None) -> dict[str, int]:
    """The figures that may be printed, by key: nobody can work out a small count from them.

    `told_before` are figures that were printed earlier of the same period. Beside them the change
    of a figure is known too, and a change by 1 to 5 people tells of those few: it counts as small.
    Counts that are nobody's answer (how many live there) must not be in it.
    """
    system = System(body.counts, body.sums)
    needs = {key: FEW for key in sorted(body.guarded) if is_small(body.counts[key])}
    earlier = system.work_out(told_before or {})
    for key in sorted(body.guarded & earlier.keys()):
        before, change = earlier[key], body.counts[key] - earlier[key]
        if 0 < abs(change) < SMALLEST_SHOWN:
            needs[key] = _both(needs.get(key), _few_from(before, is_more=change > 0))
        if change >= 0:
            # Whoever compares the two may well think that counts only grow.
            system.set_lowest(key, before)
    return _print_safely(body, system, needs, body.shown - needs.keys())


def _few_from(before: int, *, is_more: bool) -> Need:
    """A change that must be able to be anything from 1 to 5 people, up or down."""
    if is_more:
        return Need(at_most=before + FEW.at_most, at_least=before + FEW.at_least)
    return Need(at_most=max(0, before - FEW.at_least), at_least=before - FEW.at_most)


def _both(first: Need | None, second: Need) -> Need:
    if first is None:
        return second
    return Need(min(first.at_most, second.at_most), max(first.at_least, second.at_least))


def _print_safely(
    body: Body, system: System, needs: Mapping[str, Need], candidates: frozenset[str]
) -> dict[str, int]:
    """Start from all candidates and hold back more until every need is met, proved by witnesses."""
    printed = set(_through_gates(body, candidates))
    choice, witnessed = _Choice(body, system), Witnessed(system)
    while True:
        ranges = Ranges(system, printed, witnessed)
        unmet = ranges.narrowed(needs, held=sorted(body.shown - printed)) or ranges.unproved(needs)
        if not unmet:
            return {key: body.counts[key] for key in body.counts if key in printed}
        # What others hang on comes first: once it is safe, most of them are.
        first = min(_depth(body, key) for key in unmet)
        unmet = [key for key in unmet if _depth(body, key) == first]
        more = choice.of_protectors(unmet, printed)
        if not more:
            return {}
        printed = set(_through_gates(body, frozenset(printed - more)))


def _through_gates(body: Body, keys: frozenset[str]) -> frozenset[str]:
    while True:
        passed = frozenset(key for key in keys if body.gates.get(key, key) in keys)
        if passed == keys:
            return keys
        keys = passed


def _depth(body: Body, key: str) -> int:
    gate = body.gates.get(key)
    return 0 if gate is None else 1 + _depth(body, gate)


class _Choice:
    """Chooses which printed figures to hold back next, nearest to those that they protect."""

    def __init__(self, body: Body, system: System) -> None:
        self._body = body
        self._system = system

    def of_protectors(self, unmet: Sequence[str], printed: set[str]) -> set[str]:
        """One more figure for each cell that needs it; one figure may serve several cells."""
        chosen: set[str] = set()
        for key in unmet:
            near = self._nearest(key, printed)
            if near and not near & chosen:
                chosen.add(min(near, key=lambda one: self._cost(one, printed)))
        return chosen

    def _nearest(self, key: str, printed: set[str]) -> set[str]:
        """Printed figures in the sums of a cell, or of its unknown neighbours, step by step."""
        seen, edge = {key}, {key}
        while edge:
            members = {
                member
                for one in edge
                for row in self._system.rows_of(one)
                for member in self._system.members(row)
            } - seen
            found = members & printed
            if found:
                return found
            seen |= members
            edge = members
        return set()

    def _cost(self, key: str, printed: set[str]) -> tuple[int, int, int, str]:
        lonely = sum(
            all(member in printed for member in self._system.members(row) if member != key)
            for row in self._system.rows_of(key)
        )
        rank = self._body.ranks.get(key, 0)
        return rank, lonely, abs(self._system.count(key)), key
