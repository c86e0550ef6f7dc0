"""What is counted: people of whom each side spoke, by theme, by indicator and by home, as one body.

Plain values in, a body of counts out. A person counts once in a cell however often they are spoken
of, and belongs to one home for the whole half-year, so that kinds of home add up.
"""

from collections.abc import Sequence

from backend.insight.count_sheets import (
    ALL,
    LEVELS,
    SOURCES,
    VIEWS,
    Dweller,
    Node,
    Sheet,
    Side,
    Tree,
    key,
    level_of,
    view_of,
)
from backend.insight.counts_of_pairs import count_pairs
from backend.insight.disclosure import Body


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
        of = (
            key("asked", source)
            if (within, node.name) == ("people", ALL)
            else key(within, node.name)
        )
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
        side.person: level_of(side.scores[indicator]) for side in sides if indicator in side.scores
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
