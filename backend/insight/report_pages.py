"""Lays a frozen report out for a page: tables with n and coverage, and what matters first."""

from collections.abc import Iterable, Sequence

from backend.insight import titles
from backend.insight.count_sheets import (
    ALL,
    LEVELS,
    PAIRED_WITH_YOUNG,
    SOURCES,
    VIEWS,
    YOUNG,
    key,
)
from backend.insight.report_rows import (
    HELD,
    NO_FIGURE,
    Figure,
    Finding,
    Group,
    IndicatorRow,
    Row,
    ThemeRow,
)
from backend.insight.reports import KindLine, Picture

MOST_FINDINGS = 4


class Sheets:
    """The tables of one frozen report."""

    def __init__(self, picture: Picture) -> None:
        self.picture = picture
        self.themes = picture.outline.themes

    def figure(self, name: str, of: int | None = None) -> Figure:
        """One cell by its name."""
        if name in self.picture.figures:
            return Figure("told", self.picture.figures[name], of)
        return HELD if name in self.picture.held else NO_FIGURE

    def count(self, name: str) -> int | None:
        """A told count, or None."""
        return self.picture.figures.get(name)

    def is_asked(self, source: str, node: str) -> bool:
        """Whether a side has cells in a group of homes."""
        return self.figure(key("heard", source, node)).state != "none"

    def people(self) -> int | None:
        """How many live anywhere."""
        return self.count(key("people", ALL))

    def could_be_asked(self, source: str, node: str) -> int | None:
        """How many people a side could have spoken of, where all of that is told."""
        if node != ALL:
            return self.count(key("people", node))
        kinds = [line.kind for line in self.picture.kinds if self.is_asked(source, line.kind)]
        if source == YOUNG or (kinds and len(kinds) == len(self.picture.kinds)):
            return self.people()
        parts = [self.count(key("people", kind)) for kind in kinds]
        return (
            None if None in parts or not parts else sum(part for part in parts if part is not None)
        )

    def coverage(self) -> list[Row]:
        """Of how many each side was heard, by home."""
        rows = [self._coverage_row(ALL, "All")]
        for line in self.picture.kinds:
            named = ", ".join(line.withheld)
            notes = (f"Not enough answers to show: {named}",) if named and line.providers else ()
            rows.append(self._coverage_row(line.kind, titles.KINDS[line.kind], notes=notes))
            rows += [self._coverage_row(one.node, one.name, depth=1) for one in line.providers]
        return rows

    def _coverage_row(
        self, node: str, title: str, *, depth: int = 0, notes: tuple[str, ...] = ()
    ) -> Row:
        heard = [
            self.figure(key("heard", source, node), self.could_be_asked(source, node))
            for source in SOURCES
        ]
        return Row(title, (self.figure(key("people", node)), *heard), depth, notes)

    def theme_rows(self) -> tuple[list[ThemeRow], list[str]]:
        """Themes across the council, the largest first, and those of which nothing may be told."""
        rows, quiet = [], []
        for theme, title in sorted(self.themes, key=lambda one: self._size(one[0]), reverse=True):
            figures = tuple(self._spoke(theme, source, ALL) for source in SOURCES)
            if not any(figure.state == "told" for figure in figures):
                quiet.append(title)
                continue
            views = tuple(self._views(theme, source) for source in SOURCES)
            rows.append(ThemeRow(title, figures, views))
        return rows, quiet

    def _size(self, theme: str) -> tuple[int, int]:
        counts = [self.count(key("spoke", theme, source, ALL)) or 0 for source in SOURCES]
        return counts[0], sum(counts[1:])

    def _spoke(self, theme: str, source: str, node: str) -> Figure:
        heard = self.count(key("heard", source, node))
        return self.figure(key("spoke", theme, source, node), heard)

    def _views(self, theme: str, source: str) -> str:
        counts = [(view, self.count(key("view", theme, source, view, ALL))) for view in VIEWS]
        told = [f"{count} {titles.VIEWS[view]}" for view, count in counts if count is not None]
        return ", ".join(told)

    def indicator_groups(self, node: str = ALL) -> tuple[tuple[str, tuple[IndicatorRow, ...]], ...]:
        """Each shared question with every side's answers side by side."""
        groups = []
        for indicator in self.picture.outline.indicators:
            rows = tuple(
                self._indicator_row(indicator, source, node)
                for source in SOURCES
                if self.figure(key("said", indicator, source, node)).state != "none"
            )
            if any(row.said.state == "told" for row in rows):
                groups.append((titles.INDICATORS.get(indicator, indicator), rows))
        return tuple(groups)

    def _indicator_row(self, indicator: str, source: str, node: str) -> IndicatorRow:
        said = key("said", indicator, source, node)
        count = self.count(said)
        levels = tuple(
            self.figure(key("level", indicator, source, level, node), count) for level in LEVELS
        )
        heard = self.count(key("heard", source, node))
        return IndicatorRow(titles.SOURCES[source], self.figure(said, heard), levels)

    def pair_rows(self) -> list[Row]:
        """By kind of home: where both sides answered and stand apart on any question, or not."""
        nodes = [
            (ALL, "All"),
            *((line.kind, titles.KINDS[line.kind]) for line in self.picture.kinds),
        ]
        return [
            Row(title, tuple(f for other in PAIRED_WITH_YOUNG for f in self._pair(other, node)))
            for node, title in nodes
        ]

    def _pair(self, other: str, node: str) -> tuple[Figure, Figure]:
        return self._of_both(key("pair", other), node)

    def _of_both(self, path: str, node: str) -> tuple[Figure, Figure]:
        names = [key(path, name, node) for name in ("differ", "agree")]
        counts = [self.count(name) for name in names]
        both = counts[0] + counts[1] if counts[0] is not None and counts[1] is not None else None
        return self.figure(names[0], both), self.figure(names[1], both)

    def apart_rows(self) -> list[Row]:
        """Across the council, question by question: both sides answered and stand apart, or not."""
        rows = []
        for indicator in self.picture.outline.indicators:
            cells = [
                self._of_both(key("apart", indicator, other), ALL) for other in PAIRED_WITH_YOUNG
            ]
            title = titles.INDICATORS.get(indicator, indicator)
            rows.append(Row(title, tuple(figure for pair in cells for figure in pair)))
        return rows

    def groups(self, line: KindLine) -> list[Group]:
        """The tables of one kind of home and of the providers shown within it."""
        whole = self._group(line.kind, titles.KINDS[line.kind], has_indicators=True)
        return [whole, *(self._group(one.node, one.name) for one in line.providers)]

    def _group(self, node: str, title: str, *, has_indicators: bool = False) -> Group:
        rows, quiet = [], []
        for theme, name in self.themes:
            figures = tuple(self._spoke(theme, source, node) for source in SOURCES)
            if any(figure.state == "told" for figure in figures):
                rows.append(Row(name, figures))
            else:
                quiet.append(name)
        indicators = self.indicator_groups(node) if has_indicators else ()
        return Group(title, tuple(rows), tuple(quiet), indicators)

    def where_sides_differ(self) -> list[Finding]:
        """The questions on which the young and another side stand apart for the largest share."""
        found = []
        for indicator in self.picture.outline.indicators:
            for other in PAIRED_WITH_YOUNG:
                figure, _ = self._of_both(key("apart", indicator, other), ALL)
                if figure.percent is not None:
                    title = titles.INDICATORS.get(indicator, indicator)
                    found.append((figure, f"{title}: {titles.PAIRS[other]}"))
        found.sort(key=lambda one: (-(one[0].percent or 0), one[1]))
        return [_share(text, figure) for figure, text in found[:MOST_FINDINGS]]

    def largest_themes(self) -> list[tuple[str, list[Finding]]]:
        """The themes of which each side spoke most: three of the young, two of each other side."""
        lists = []
        for source in SOURCES:
            counts = [(self._spoke(theme, source, ALL), title) for theme, title in self.themes]
            told = [one for one in counts if one[0].state == "told"]
            told.sort(key=lambda one: (-one[0].count, one[1]))
            most = 3 if source == YOUNG else 2
            lines = [_share(title, figure) for figure, title in told[:most]]
            lists.append((titles.SOURCES[source], lines))
        return lists

    def least_heard(self) -> list[Finding]:
        """Where a side was heard of the smallest share of those who live there."""
        found: list[tuple[Figure, str]] = []
        for line in self.picture.kinds:
            for source in SOURCES:
                of = self.could_be_asked(source, line.kind)
                figure = self.figure(key("heard", source, line.kind), of)
                if figure.percent is not None:
                    found.append(
                        (figure, f"{titles.SOURCES[source]}, {_small(titles.KINDS[line.kind])}")
                    )
        found.sort(key=lambda one: (one[0].percent or 0, one[1]))
        return [_share(text, figure) for figure, text in found[:MOST_FINDINGS]]

    def heard_in_all(self) -> list[Finding]:
        """Of how many people each side was heard, across the council."""
        figures = [
            (self.figure(key("heard", source, ALL), self.could_be_asked(source, ALL)), source)
            for source in SOURCES
        ]
        return [
            _share(titles.SOURCES[source], figure)
            for figure, source in figures
            if figure.state == "told"
        ]

    def hardly_heard(self) -> list[str]:
        """Sides of whose answers about a kind of home not even the number may be told."""
        return [
            f"{titles.SOURCES[source]}, {_small(titles.KINDS[line.kind])}"
            for line in self.picture.kinds
            for source in SOURCES
            if self.figure(key("heard", source, line.kind)).state == "held"
        ]


def _small(title: str) -> str:
    return title[0].lower() + title[1:]


def _share(text: str, figure: Figure) -> Finding:
    if figure.of is None:
        return Finding(text, str(figure.count))
    share = "" if figure.percent is None else f" ({figure.percent}%)"
    return Finding(text, f"{figure.count} of {figure.of}{share}")


def told(rows: Iterable[Row]) -> Sequence[Row]:
    """The rows in which anything may be told."""
    return [row for row in rows if any(figure.state == "told" for figure in row.figures)]
