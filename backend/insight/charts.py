"""Places the marks of the report's one chart: shares with their intervals, side by side."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

from backend.insight.disclosure import SMALLEST_PERCENTAGE_BASE
from backend.insight.report_rows import IndicatorRow

LABELS, SCALE, GAP, TOP = 210, 560, 15, 34
LETTER = 7.2
Z = 1.96


@dataclass(frozen=True)
class Mark:
    """One side's share who answered high, with its 95% interval, in the chart's own units."""

    side: str
    shape: int
    x: float
    low: float
    high: float
    y: float
    label: str


@dataclass(frozen=True)
class Line:
    """One question with its marks, and the shaded band behind it."""

    title: str
    y: float
    height: float
    marks: tuple[Mark, ...]


@dataclass(frozen=True)
class Chart:
    """All lines, and how tall they are together."""

    lines: tuple[Line, ...]
    legend: tuple[tuple[int, float, str], ...]
    height: float

    @property
    def ticks(self) -> list[tuple[int, float]]:
        """Where the percentages of the scale stand."""
        return [(share, LABELS + SCALE * share / 100) for share in (0, 25, 50, 75, 100)]


def wilson(count: int, of: int) -> tuple[float, float]:
    """Wilson's 95% interval of a share, both ends from 0 to 1."""
    share, spread = count / of, Z * Z / of
    middle = (share + spread / 2) / (1 + spread)
    half = Z * sqrt(share * (1 - share) / of + spread / (4 * of)) / (1 + spread)
    return max(0.0, middle - half), min(1.0, middle + half)


def draw_chart(
    groups: Sequence[tuple[str, tuple[IndicatorRow, ...]]], sides: Sequence[str]
) -> Chart:
    """Every question of which a share may be told, each side on a line of its own."""
    lines: list[Line] = []
    y = float(TOP)
    for title, rows in groups:
        rated = [row for row in rows if _has_share(row)]
        if not rated:
            continue
        height = GAP * len(rated) + 12
        marks = tuple(
            _mark(row, sides, y + 6 + GAP * (number + 0.5)) for number, row in enumerate(rated)
        )
        lines.append(Line(title, y, height, marks))
        y += height
    drawn = {mark.side for line in lines for mark in line.marks}
    return Chart(tuple(lines), _legend([side for side in sides if side in drawn], sides), y + 8)


def _legend(drawn: Sequence[str], sides: Sequence[str]) -> tuple[tuple[int, float, str], ...]:
    """Shape, place and name of each side, one after the other."""
    entries, x = [], float(LABELS)
    for side in drawn:
        entries.append((sides.index(side), x, side))
        x += LETTER * len(side) + 34
    return tuple(entries)


def _has_share(row: IndicatorRow) -> bool:
    high = row.levels[-1]
    return high.state == "told" and high.of is not None and high.of >= SMALLEST_PERCENTAGE_BASE


def _mark(row: IndicatorRow, sides: Sequence[str], y: float) -> Mark:
    figure = row.levels[-1]
    of = figure.of or 1
    low, high = wilson(figure.count, of)
    share = figure.count / of
    return Mark(
        side=row.side,
        shape=sides.index(row.side),
        x=round(LABELS + SCALE * share, 1),
        low=round(LABELS + SCALE * low, 1),
        high=round(LABELS + SCALE * high, 1),
        y=round(y, 1),
        label=f"{round(100 * share)}% of {of}",
    )
