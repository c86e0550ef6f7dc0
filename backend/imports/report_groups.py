"""Puts the lines of an import's report into groups, so that a reader sees why and not how often."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

MOST_PLACES = 12
PLURALS = {
    "Child or care leaver": "Children and care leavers",
    "Adult around": "Adults around them",
    "Placement": "Placements",
    "Review": "Reviews",
    "Home": "Homes",
    "Provider": "Providers",
    "Staff named": "Colleagues",
}
# What ends is looked at first: an end that is wrong shuts somebody out.
ORDER = ("ended", "added", "changed")


@dataclass(frozen=True, slots=True)
class UnusableGroup:
    """Lines of one file that could not be used for one reason, wholly or in one column."""

    file: str
    column: str
    reason: str
    is_row_used: bool
    lines: tuple[int, ...]

    @property
    def where(self) -> str:
        """The lines in words, runs drawn together: "lines 2, 5 to 9 and 14"."""
        runs = _runs(self.lines)
        if not runs:
            return ""
        shown, more = runs[:MOST_PLACES], len(runs) - MOST_PLACES
        words = [f"{first} to {last}" if last > first else str(first) for first, last in shown]
        if more > 0:
            words.append("others")
        said = " and ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else words[0]
        return f"{'line' if len(self.lines) == 1 else 'lines'} {said}"


@dataclass(frozen=True, slots=True)
class ChangeGroup:
    """What would be done to rows of one kind."""

    title: str
    done: str
    lines: tuple[Mapping[str, Any], ...]


def unusable_groups(lines: Iterable[Mapping[str, Any]]) -> list[UnusableGroup]:
    """What could not be used by file and reason: whole rows before single cells, the most first."""
    found: dict[tuple[str, str, str, bool], list[int]] = {}
    for one in lines:
        key = (one["file"], one["column"], one["reason"], one["is_row_used"])
        found.setdefault(key, []).append(one["line"])
    groups = [UnusableGroup(*key, tuple(sorted(set(where)))) for key, where in found.items()]
    return sorted(groups, key=lambda one: (one.is_row_used, -len(one.lines)))


def change_groups(lines: Iterable[Mapping[str, Any]]) -> list[ChangeGroup]:
    """A preview's rows by what would be done to which kind of thing, what ends first."""
    found: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for line in lines:
        found.setdefault((line["done"], line["what"]), []).append(line)
    keys = sorted(found, key=lambda key: ORDER.index(key[0]))
    return [
        ChangeGroup(PLURALS.get(what, what), done, tuple(found[done, what])) for done, what in keys
    ]


def _runs(lines: Iterable[int]) -> list[tuple[int, int]]:
    """Line numbers that follow each other, as first and last; 0 stands for the whole file."""
    runs: list[tuple[int, int]] = []
    for line in lines:
        if runs and line == runs[-1][1] + 1:
            runs[-1] = (runs[-1][0], line)
        elif line:
            runs.append((line, line))
    # Two beside each other are no run: "2 and 3", not "2 to 3".
    pairs = [[(one, one) for one in run] if run[1] == run[0] + 1 else [run] for run in runs]
    return [run for pair in pairs for run in pair]
