"""What is counted: people of whom each side spoke, by theme, by indicator and by home, as one body.

Plain values in, a body of counts out. A person counts once in a cell however often they are spoken
of, and belongs to one home for the whole half-year, so that kinds of home add up.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from backend.insight.disclosure import SMALLEST_SHOWN, Body
from backend.insight.disclosure_audit import Sum

ALL = "all"
YOUNG, CARERS, STAFF, WORKERS, PARENTS = "young", "carers", "staff", "workers", "parents"
SOURCES = (YOUNG, CARERS, STAFF, WORKERS, PARENTS)
OWN_PLACE, WITH_PARENTS, OTHER = "own_place", "with_parents", "other"
FOSTERING = ("in_house_fostering", "agency_fostering", "kinship")
KINDS = (*FOSTERING, "residential", "supported", WITH_PARENTS, OWN_PLACE, OTHER)
# Where a side can be asked as a rule. Elsewhere it has no cell unless somebody did speak there.
KINDS_OF: Mapping[str, tuple[str, ...]] = {
    YOUNG: KINDS,
    WORKERS: KINDS,
    CARERS: FOSTERING,
    STAFF: ("residential", "supported"),
    PARENTS: tuple(kind for kind in KINDS if kind != OWN_PLACE),
}
PAIRED_WITH_YOUNG = (CARERS, STAFF, WORKERS)
VIEWS = ("positive", "negative", "mixed")
LEVELS = ("low", "middle", "high")
# Two sides differ where they stand at least this far apart on the scale from 1 to 5.
APART = 2


@dataclass(frozen=True)
class Dweller:
    """One person and the home that their half-year is counted under."""

    person: int
    kind: str
    provider: int | None = None


@dataclass(frozen=True)
class Side:
    """All that one side said of one person: each theme with its views, each indicator's score."""

    person: int
    source: str
    themes: Mapping[str, frozenset[str]] = field(default_factory=dict)
    scores: Mapping[str, int] = field(default_factory=dict)


def key(*parts: str) -> str:
    """The name of one count."""
    return "/".join(parts)


def level_of(score: int) -> str:
    """Low (1, 2), middle (3) or high (4, 5)."""
    return LEVELS[0] if score <= 2 else LEVELS[1] if score == 3 else LEVELS[2]


def view_of(views: Iterable[str]) -> str:
    """One person's view of a theme: all good, all bad, or both and neither."""
    found = set(views)
    return found.pop() if found in ({"positive"}, {"negative"}) else VIEWS[2]


class Sheet:
    """Collects counts and sums into a body."""

    def __init__(self) -> None:
        self.counts: dict[str, int] = {}
        self.guarded: set[str] = set()
        self.shown: set[str] = set()
        self.sums: list[Sum] = []
        self.gates: dict[str, str] = {}
        self.ranks: dict[str, int] = {}

    def add(
        self, name: str, count: int, *, rank: int = 0, gate: str = "", is_shown: bool = True
    ) -> str:
        """A count of people that may not be told when small."""
        self.bind(name, count)
        self.guarded.add(name)
        self.ranks[name] = rank
        if is_shown:
            self.shown.add(name)
        if gate:
            self.gates[name] = gate
        return name

    def bind(self, name: str, count: int) -> str:
        """A count that only binds others together, such as those who said nothing."""
        self.counts[name] = count
        return name

    def sum(self, total: str, parts: Iterable[str]) -> None:
        """Say that parts add up to a total."""
        self.sums.append(Sum(total, tuple(parts)))

    def body(self) -> Body:
        """All of it."""
        return Body(
            self.counts,
            guarded=frozenset(self.guarded),
            shown=frozenset(self.shown),
            sums=self.sums,
            gates=self.gates,
            ranks=self.ranks,
        )


@dataclass(frozen=True)
class Node:
    """A group of people: the council, a kind of home, a provider within it, or the rest of it."""

    name: str
    kind: str
    people: frozenset[int]
    rank: int
    is_shown: bool = True


def rest_of(kind: str) -> str:
    """The name of a kind's people who live with a provider that is not shown."""
    return f"{kind}:rest"


class Tree:
    """The council, its kinds of home, and the providers of enough children within each."""

    def __init__(self, dwellers: Sequence[Dweller], sides: Sequence[Side]) -> None:
        heard = {side.person for side in sides}
        home = {one.person: one.kind for one in dwellers}
        spoken = {(side.source, home.get(side.person)) for side in sides}
        self._asked = {
            source: {kind for kind in KINDS if kind in KINDS_OF[source] or (source, kind) in spoken}
            for source in SOURCES
        }
        self.root = Node(ALL, ALL, frozenset(one.person for one in dwellers), rank=4)
        self.kinds: list[Node] = []
        self.providers: dict[str, list[Node]] = {}
        self.withheld: dict[str, list[int]] = {}
        for kind in KINDS:
            here = [one for one in dwellers if one.kind == kind]
            if here:
                people = frozenset(one.person for one in here)
                self.kinds.append(Node(kind, kind, people, rank=2))
                self._split(kind, here, heard)

    def _split(self, kind: str, here: Sequence[Dweller], heard: set[int]) -> None:
        groups: dict[int, set[int]] = {}
        for one in here:
            if one.provider is not None:
                groups.setdefault(one.provider, set()).add(one.person)
        # A provider of all homes of a kind is that kind, and has no line of its own.
        large = {
            provider: people
            for provider, people in groups.items()
            if len(people & heard) >= SMALLEST_SHOWN and len(people) < len(here)
        }
        is_one = any(len(people) == len(here) for people in groups.values())
        self.withheld[kind] = [] if is_one else sorted(set(groups) - set(large))
        nodes = [
            Node(f"{kind}:{provider}", kind, frozenset(people), rank=0)
            for provider, people in sorted(large.items())
        ]
        rest = {one.person for one in here}.difference(*large.values())
        if nodes and rest:
            nodes.append(Node(rest_of(kind), kind, frozenset(rest), rank=0, is_shown=False))
        self.providers[kind] = nodes

    def levels(self) -> list[tuple[Node, list[Node]]]:
        """Each group with the groups that it is made of."""
        return [(self.root, self.kinds)] + [
            (kind, self.providers[kind.name]) for kind in self.kinds if self.providers[kind.name]
        ]

    def applies(self, source: str, node: Node) -> bool:
        """Whether a side can be asked in a group of homes."""
        if node.kind == ALL:
            return any(self.applies(source, kind) for kind in self.kinds)
        return node.kind in self._asked[source]

    def nodes(self) -> list[Node]:
        """Every group."""
        found = [self.root, *self.kinds]
        return found + [node for kind in self.kinds for node in self.providers[kind.name]]


def count_people(sheet: Sheet, tree: Tree) -> None:
    """How many live where."""
    for node in tree.nodes():
        sheet.add(
            key("people", node.name), len(node.people), rank=node.rank + 3, is_shown=node.is_shown
        )
    for whole, parts in tree.levels():
        sheet.sum(key("people", whole.name), [key("people", part.name) for part in parts])
    for source in SOURCES:
        asked = [node for node in tree.kinds if tree.applies(source, node)]
        name = sheet.bind(key("asked", source), sum(len(node.people) for node in asked))
        sheet.sum(name, [key("people", node.name) for node in asked])


def spread(
    sheet: Sheet,
    tree: Tree,
    *,
    source: str,
    path: tuple[str, ...],
    people: frozenset[int],
    within: str,
    extra_rank: int = 0,
    nodes: Sequence[Node] | None = None,
) -> None:
    """One count for each group of homes; `within` is the count that it is a part of there.

    The council's total of `heard` is a part of those who could be asked.
    """
    used = [node for node in (nodes or tree.nodes()) if tree.applies(source, node)]
    names = {node.name: key(*path, node.name) for node in used}
    for node in used:
        gate = "" if path[0] == "heard" else key(within, node.name)
        count = len(people & node.people)
        name = sheet.add(
            names[node.name], count, rank=node.rank + extra_rank, gate=gate, is_shown=node.is_shown
        )
        of = key("asked", source) if (within, node.name) == ("people", ALL) else key(within, node.name)
        sheet.sum(of, [name, sheet.bind(key("not", name), sheet.counts[of] - count)])
    for whole, parts in tree.levels():
        inside = [names[part.name] for part in parts if part.name in names]
        if whole.name in names and inside:
            sheet.sum(names[whole.name], inside)


def count_side(
    sheet: Sheet, tree: Tree, *, source: str, sides: Sequence[Side], themes: Sequence[str]
) -> None:
    """Of whom one side spoke, of which themes, and how they see each theme council-wide."""
    heard = frozenset(side.person for side in sides)
    path = ("heard", source)
    spread(sheet, tree, source=source, path=path, people=heard, within="people", extra_rank=2)
    for theme in themes:
        views = {side.person: view_of(side.themes[theme]) for side in sides if theme in side.themes}
        spread(
            sheet,
            tree,
            source=source,
            path=("spoke", theme, source),
            people=frozenset(views),
            within=key("heard", source),
        )
        whole = key("spoke", theme, source, ALL)
        parts = [
            sheet.add(
                key("view", theme, source, view, ALL),
                sum(found == view for found in views.values()),
                rank=3,
                gate=whole,
            )
            for view in VIEWS
        ]
        sheet.sum(whole, parts)


def count_indicator(
    sheet: Sheet, tree: Tree, *, source: str, sides: Sequence[Side], indicator: str
) -> None:
    """How one side answers one shared question: low, middle and high, by kind of home."""
    levels = {
        side.person: level_of(side.scores[indicator])
        for side in sides
        if indicator in side.scores
    }
    nodes = [tree.root, *tree.kinds]
    path = (indicator, source)
    spread(
        sheet,
        tree,
        source=source,
        path=("said", *path),
        people=frozenset(levels),
        within=key("heard", source),
        extra_rank=1,
        nodes=nodes,
    )
    for level in LEVELS:
        people = frozenset(person for person, found in levels.items() if found == level)
        used = [node for node in nodes if tree.applies(source, node)]
        for node in used:
            sheet.add(
                key("level", *path, level, node.name),
                len(people & node.people),
                rank=node.rank,
                gate=key("said", *path, node.name),
            )
        inside = [key("level", *path, level, node.name) for node in used if node is not tree.root]
        if inside:
            sheet.sum(key("level", *path, level, ALL), inside)
    for node in (node for node in nodes if tree.applies(source, node)):
        parts = [key("level", *path, level, node.name) for level in LEVELS]
        sheet.sum(key("said", *path, node.name), parts)


def build_body(
    dwellers: Sequence[Dweller],
    sides: Sequence[Side],
    *,
    themes: Sequence[str],
    indicators: Sequence[str],
    is_whole: bool = True,
) -> tuple[Body, Tree]:
    """Every count of a report as one body; without `is_whole` the council's totals alone.

    One Side for each person and source at most.
    """
    from backend.insight.counts_of_pairs import count_pairs

    living = {one.person for one in dwellers}
    heard = [side for side in sides if side.person in living]
    tree = Tree(dwellers, heard)
    sheet = Sheet()
    count_people(sheet, tree)
    by_source = {one: [side for side in heard if side.source == one] for one in SOURCES}
    for source, said in by_source.items():
        if not tree.applies(source, tree.root):
            continue
        count_side(sheet, tree, source=source, sides=said, themes=themes)
        for indicator in indicators:
            # Not every side is asked everything; where nobody answered there is no such question.
            if any(indicator in side.scores for side in said):
                count_indicator(sheet, tree, source=source, sides=said, indicator=indicator)
    count_pairs(sheet, tree, by_source=by_source, indicators=indicators)
    if not is_whole:
        # Only what is not about the council as a whole stays unprinted; it still binds.
        sheet.shown = {name for name in sheet.shown if name.endswith(f"/{ALL}")}
    return sheet.body(), tree
