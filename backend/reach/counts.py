"""Who was heard, as bodies of counts in which whatever can be worked out stands as a sum.

Lines of different tables can be the same people, or all but a few of the same people (everybody of
18 and over is a care leaver): those sums are found in what was gathered and told to the body, or
two tables side by side would give away what each holds back.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import permutations

from backend.insight.queries import Body, Sheet, is_small
from backend.reach.cohorts import HEADLINES, Held

ASKED, HEARD, SILENT = "asked", "heard", "silent"
MEASURES = (ASKED, HEARD, SILENT)
ALL, WAY = "all", "way"
REVIEWS, CHILDREN = "reviews", "children"
ENTITLED = "entitled:"
YES, NO = "yes", "no"
OTHERS = "All others"
RELATED = frozenset(
    frozenset(pair)
    for pair in (
        ("age", "group"),
        ("age", "team"),
        ("age", "home"),
        ("group", "team"),
        ("group", "home"),
        ("unaccompanied", "language"),
        ("distance", "home"),
        ("distance", "group"),
        ("distance", "unaccompanied"),
    )
)
HIGH = 4  # the best two of five answers


@dataclass(frozen=True)
class Unit:
    """One review as it is counted."""

    number: int
    traits: Mapping[str, str]
    is_heard: bool
    way: str = ""


def name_of(measure: str, trait: str = ALL, value: str = "") -> str:
    """The name of one count: "heard|team|North"; "heard|all|" is the council's."""
    return "|".join((measure, trait, value))


def reviews_of(held: Iterable[Held]) -> list[Unit]:
    """Each review as one unit; beside the lines of its child, how they took part in it."""
    return [
        Unit(
            one.review_id,
            {**one.traits, "code": one.code or "No code"},
            one.is_heard,
            way=one.way,
        )
        for one in held
    ]


def children_body(held: Iterable[Held]) -> Body:
    """Each child once: how many were heard at all, and how they answered the headline questions.

    Lines of tables count reviews alone: many a child had one review, so that lines of children
    beside them would only be two ways to the same few.
    """
    by_child: dict[int, list[Held]] = defaultdict(list)
    for one in held:
        by_child[one.person_id].append(one)
    sheet = Sheet()
    heard = sum(any(one.is_heard for one in own) for own in by_child.values())
    counts = {ASKED: len(by_child), HEARD: heard, SILENT: len(by_child) - heard}
    for measure, count in counts.items():
        sheet.add(name_of(measure), count, rank=9, is_shown=measure != SILENT)
    sheet.sum(name_of(ASKED), [name_of(HEARD), name_of(SILENT)])
    for indicator in HEADLINES:
        _count_answers(sheet, indicator, list(by_child.values()))
    return sheet.body()


def _count_answers(sheet: Sheet, indicator: str, children: list[list[Held]]) -> None:
    trait = f"{ENTITLED}{indicator}"
    asked = sum(any(indicator in one.entitled for one in own) for own in children)
    said = [
        next(one.scores[indicator] for one in reversed(own) if indicator in one.scores)
        for own in children
        if any(indicator in one.scores for one in own)
    ]
    if not asked:
        return
    gate = sheet.add(name_of(ASKED, trait, YES), asked, rank=5)
    rest = sheet.bind(name_of(ASKED, trait, NO), sheet.counts[name_of(ASKED)] - asked)
    sheet.sum(name_of(ASKED), [gate, rest])
    high = sum(score >= HIGH for score in said)
    parts = [
        sheet.add(name_of(name, trait, YES), count, rank=1, gate=gate)
        for name, count in (("high", high), ("other", len(said) - high))
    ]
    # Who sent something and left this one out said nothing by it: that only binds.
    skipped = sheet.bind(name_of("skipped", trait, YES), sheet.counts[name_of(HEARD)] - len(said))
    sheet.sum(name_of(HEARD), [*parts, skipped])
    silent = sheet.add(name_of(SILENT, trait, YES), asked - len(said), is_shown=False)
    sheet.sum(gate, [*parts, silent])


def put_together(held: Sequence[Held]) -> list[Held]:
    """The same with one line made of a table's lines of few people, so that less must be held
    back beside them."""
    people: dict[tuple[str, str], set[int]] = defaultdict(set)
    for one in held:
        for line in one.traits.items():
            people[line].add(one.person_id)
    few: dict[str, set[str]] = defaultdict(set)
    for (trait, value), numbers in people.items():
        if is_small(len(numbers)):
            few[trait].add(value)
    return [
        replace(
            one,
            traits={
                trait: OTHERS if len(few[trait]) > 1 and value in few[trait] else value
                for trait, value in one.traits.items()
            },
        )
        for one in held
    ]


def is_related(one: str, other: str) -> bool:
    """Whether readers know of two tables which of their lines are within which: teams, groups and
    homes go by age, those who came alone mostly speak another language and have no home here to
    be far from, and whoever lives with parents is near."""
    return frozenset((one, other)) in RELATED


def cells_of(units: Sequence[Unit]) -> dict[tuple[str, str], frozenset[int]]:
    """The units of each line of each table. A table in which all stand on one line is none."""
    found: dict[tuple[str, str], set[int]] = defaultdict(set)
    for unit in units:
        for trait, value in unit.traits.items():
            found[trait, value].add(unit.number)
    lines = defaultdict(list)
    for trait, value in found:
        lines[trait].append(value)
    return {
        (trait, value): frozenset(numbers)
        for (trait, value), numbers in sorted(found.items())
        if len(lines[trait]) > 1
    }


class Counting:
    """Builds the body of reviews, line by line."""

    def __init__(self, units: Sequence[Unit]) -> None:
        self.units = units
        self.heard = frozenset(unit.number for unit in units if unit.is_heard)
        self.cells = cells_of(units)
        self.sheet = Sheet()
        self._count_lines()
        self._bind_tables()

    def body(self) -> Body:
        """All of it, with the council's own parts: how it was given, codes, headline answers."""
        self._count_ways([unit.way for unit in self.units if unit.way])
        return self.sheet.body()

    def _count(self, numbers: frozenset[int]) -> dict[str, int]:
        heard = len(numbers & self.heard)
        return {ASKED: len(numbers), HEARD: heard, SILENT: len(numbers) - heard}

    def _add(self, numbers: frozenset[int], trait: str, value: str, *, is_shown: bool) -> None:
        for rank, (measure, count) in enumerate(self._count(numbers).items()):
            self.sheet.add(
                name_of(measure, trait, value),
                count,
                # How many were asked is held back last: a line with nothing in it helps nobody.
                rank=(9 if trait == ALL else 3) - rank,
                gate=name_of(ASKED, trait, value) if measure == HEARD else "",
                is_shown=is_shown and measure != SILENT,
            )
        parts = [name_of(measure, trait, value) for measure in (HEARD, SILENT)]
        self.sheet.sum(name_of(ASKED, trait, value), parts)

    def _count_lines(self) -> None:
        self._add(frozenset(unit.number for unit in self.units), ALL, "", is_shown=True)
        for (trait, value), numbers in self.cells.items():
            self._add(numbers, trait, value, is_shown=True)
        for trait, values in self._tables().items():
            for measure in MEASURES:
                lines = [name_of(measure, trait, value) for value in values]
                self.sheet.sum(name_of(measure), lines)

    def _tables(self) -> dict[str, list[str]]:
        tables: dict[str, list[str]] = defaultdict(list)
        for trait, value in self.cells:
            tables[trait].append(value)
        return tables

    def _bind_tables(self) -> None:
        """Say where lines of one table lie within a line of another, and what is left over."""
        tables = self._tables()
        related = [pair for pair in permutations(tables, 2) if is_related(*pair)]
        for inner, outer in related:
            for value in tables[outer]:
                whole = self.cells[outer, value]
                inside = [one for one in tables[inner] if self.cells[inner, one] <= whole]
                if inside:
                    self._bind_inside((outer, value), [(inner, one) for one in inside])
        for one, other in related:
            if one < other:
                self._bind_blocks(one, other)

    def _bind_inside(self, outer: tuple[str, str], inner: list[tuple[str, str]]) -> None:
        rest = self.cells[outer].difference(*(self.cells[one] for one in inner))
        trait = f"rest:{outer[0]}:{inner[0][0]}"
        if rest:
            self._add(rest, trait, outer[1], is_shown=False)
        for measure in MEASURES:
            parts = [name_of(measure, *one) for one in inner]
            parts += [name_of(measure, trait, outer[1])] if rest else []
            self.sheet.sum(name_of(measure, *outer), parts)

    def _bind_blocks(self, one: str, other: str) -> None:
        """Where several lines of two tables hold the same people between them."""
        for number, (left, right) in enumerate(self._blocks(one, other)):
            if len(left) < 2 or len(right) < 2:
                continue  # said already, as lines that lie within a line
            for measure in MEASURES:
                name = name_of(measure, f"block:{one}:{other}", str(number))
                counted = self._count(frozenset().union(*(self.cells[one, v] for v in left)))
                self.sheet.bind(name, counted[measure])
                self.sheet.sum(name, [name_of(measure, one, value) for value in left])
                self.sheet.sum(name, [name_of(measure, other, value) for value in right])

    def _blocks(self, one: str, other: str) -> list[tuple[list[str], list[str]]]:
        tables = self._tables()
        left_over, blocks = set(tables[one]), []
        while left_over:
            left, right = {min(left_over)}, set[str]()
            while True:
                numbers = frozenset().union(*(self.cells[one, value] for value in left))
                right = {value for value in tables[other] if self.cells[other, value] & numbers}
                reached = frozenset().union(*(self.cells[other, value] for value in right))
                wider = {value for value in tables[one] if self.cells[one, value] & reached}
                if wider == left:
                    break
                left = wider
            left_over -= left
            blocks.append((sorted(left), sorted(right)))
        return blocks if len(blocks) > 1 else []

    def _count_ways(self, ways: list[str]) -> None:
        """How what was heard was given, across the council."""
        parts = [
            self.sheet.add(name_of(WAY, ALL, way), ways.count(way), gate=name_of(HEARD))
            for way in sorted(set(ways))
        ]
        if parts:
            self.sheet.sum(name_of(HEARD), parts)
