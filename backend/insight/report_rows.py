"""The rows of a report's tables, finished for a template: told, held back, or not asked."""

from dataclasses import dataclass

from backend.insight.disclosure import SMALLEST_PERCENTAGE_BASE


@dataclass(frozen=True)
class Figure:
    """One cell: told, held back, or none because nobody could have been counted there."""

    state: str
    count: int = 0
    of: int | None = None

    @property
    def percent(self) -> int | None:
        """A whole percentage, only of ten people or more."""
        if self.state != "told" or self.of is None or self.of < SMALLEST_PERCENTAGE_BASE:
            return None
        return round(100 * self.count / self.of)


NO_FIGURE = Figure("none")
HELD = Figure("held")


@dataclass(frozen=True)
class Row:
    """One line of a table; `depth` 1 is a provider within a kind of home."""

    title: str
    figures: tuple[Figure, ...]
    depth: int = 0
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class ThemeRow:
    """A theme across all sides, with how each side sees it where that may be told."""

    title: str
    figures: tuple[Figure, ...]
    views: tuple[str, ...]


@dataclass(frozen=True)
class IndicatorRow:
    """One side's answers to one question: how many, and low, middle and high."""

    side: str
    said: Figure
    levels: tuple[Figure, ...]


@dataclass(frozen=True)
class Finding:
    """One line of the first screen."""

    text: str
    figure: str


@dataclass(frozen=True)
class Group:
    """The tables of one kind of home or one provider."""

    title: str
    themes: tuple[Row, ...]
    quiet: tuple[str, ...]
    indicators: tuple[tuple[str, tuple[IndicatorRow, ...]], ...] = ()
