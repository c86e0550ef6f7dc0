"""How well asks, telling details and languages are found, on comments that people marked.

`python -m analysis.measures.span_scores` prints every figure with its 95% interval.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from analysis.measures.intervals import Counts, bootstrap, wilson
from analysis.rows.tables import read_table
from analysis.words.asks import find_asks
from analysis.words.languages import ENGLISH, detect_reading
from analysis.words.privacy import find_telling
from analysis.words.spans import Span, read_marked

MARKED = Path(__file__).parents[1] / "heldout" / "marked"
_ENDS = " \t\n.,;:!?"


@dataclass(frozen=True, slots=True)
class Pair:
    """One comment: what a person marked in it, and what was found."""

    text: str
    marked: tuple[Span, ...]
    found: tuple[Span, ...]

    def exact(self) -> int:
        """How many were found with the very same words; marks at the end do not count."""
        return len(self._bare(self.marked) & self._bare(self.found))

    def _bare(self, spans: Sequence[Span]) -> set[tuple[int, int]]:
        return {(one.start, one.start + len(one.words(self.text).rstrip(_ENDS))) for one in spans}

    def met(self) -> int:
        """How many of the marked ones something found overlaps."""
        return sum(any(one.overlaps(other) for other in self.found) for one in self.marked)

    def right(self) -> int:
        """How many of the found ones overlap something marked."""
        return sum(any(one.overlaps(other) for other in self.marked) for one in self.found)


def ask_pairs(half: str) -> list[Pair]:
    """The marked comments of one half ("seen" or "held") and the asks that are found in them."""
    rows = read_table(MARKED / "asks.csv").rows
    return [_pair(row["text"], find_asks) for row in rows if row["half"] == half]


def telling_pairs(half: str) -> list[Pair]:
    """The same for what may tell who wrote; the names around the writer are given as known."""
    rows = [row for row in read_table(MARKED / "tells_who.csv").rows if row["half"] == half]
    return [_pair(row["text"], partial(find_telling, known=_known(row))) for row in rows]


def _known(row: Mapping[str, str]) -> dict[str, str]:
    return {name: "name" for name in row["known"].split(";") if name}


def _pair(marked_text: str, find: Callable[[str], tuple[Span, ...]]) -> Pair:
    text, marked = read_marked(marked_text)
    return Pair(text, marked, find(text))


def f1_of(
    pairs: Sequence[Pair], hits: Callable[[Pair], tuple[int, int]]
) -> tuple[float, float, float]:
    """F1 with its interval; `hits` gives how many marked were met and how many found are right."""
    rows = [(*hits(one), len(one.marked), len(one.found)) for one in pairs]
    counts: Counts = np.array(rows, dtype=np.float64)
    return (_f1(counts.sum(axis=0)), *bootstrap(counts, _f1))


def _f1(summed: Counts) -> float:
    met, right, marked, found = map(float, summed)
    recall, precision = met / max(1.0, marked), right / max(1.0, found)
    return 2 * recall * precision / (recall + precision) if met and right else 0.0


def exact_f1(pairs: Sequence[Pair]) -> tuple[float, float, float]:
    """F1 of spans with the very same words."""
    return f1_of(pairs, lambda one: (one.exact(), one.exact()))


def overlap_f1(pairs: Sequence[Pair]) -> tuple[float, float, float]:
    """F1 of spans that overlap."""
    return f1_of(pairs, lambda one: (one.met(), one.right()))


def language_counts() -> dict[str, tuple[int, int]]:
    """How many texts went wrong, and of how many: foreign ones read as English, and English ones
    (slang, slips, mixed with other languages) set apart."""
    rows = read_table(MARKED / "languages.csv").rows
    reads = [(row["lang"] == ENGLISH, detect_reading(row["text"])) for row in rows]
    foreign = [reading.is_read for is_english, reading in reads if not is_english]
    english = [not reading.is_read for is_english, reading in reads if is_english]
    right = [
        reading.language == row["lang"]
        for row, (is_english, reading) in zip(rows, reads, strict=True)
        if not is_english and "-" not in row["lang"]
    ]
    return {
        "other languages read as English": (sum(foreign), len(foreign)),
        "English set apart": (sum(english), len(english)),
        "other languages named right": (sum(right), len(right)),
    }


def main() -> None:
    """Print the figures."""
    lines = []
    for half in ("seen", "held", "fresh"):
        asks, telling = ask_pairs(half), telling_pairs(half)
        lines += [_line(f"asks, exact F1 ({half})", exact_f1(asks), len(asks))]
        lines += [_line(f"asks, overlap F1 ({half})", overlap_f1(asks), len(asks))]
        for name, one, many in (
            ("recall", sum(p.met() for p in telling), sum(len(p.marked) for p in telling)),
            ("precision", sum(p.right() for p in telling), sum(len(p.found) for p in telling)),
        ):
            share = one / max(1, many)
            lines += [_line(f"telling, {name} ({half})", (share, *wilson(one, many)), many)]
    for name, (wrong, many) in language_counts().items():
        lines += [_line(name, (wrong / max(1, many), *wilson(wrong, many)), many)]
    sys.stdout.write("\n".join(lines) + "\n")


def _line(name: str, figure: tuple[float, float, float], n: int) -> str:
    value, low, high = figure
    return f"{name:34} {value:.3f} [{low:.3f}-{high:.3f}]  n={n}"


if __name__ == "__main__":
    main()
