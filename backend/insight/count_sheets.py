"""People, homes and sides, and the sheet on which their counts and sums are collected."""

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
