"""Counts where two sides who answered the same questions about the same person agree or differ."""

from collections.abc import Mapping, Sequence

from backend.insight.count_sheets import (
    ALL,
    APART,
    PAIRED_WITH_YOUNG,
    YOUNG,
    Node,
    Sheet,
    Side,
    Tree,
    key,
)


def count_pairs(
    sheet: Sheet,
    tree: Tree,
    *,
    by_source: Mapping[str, Sequence[Side]],
    indicators: Sequence[str],
) -> None:
    """The young person beside carers, provider's staff and social workers."""
    young = {side.person: side.scores for side in by_source[YOUNG] if side.scores}
    for other in PAIRED_WITH_YOUNG:
        others = {side.person: side.scores for side in by_source[other] if side.scores}
        kinds = [node for node in tree.kinds if tree.applies(other, node)]
        if kinds:
            _count_homes(sheet, tree, other=other, kinds=kinds, pair=(young, others))
            asked = [
                one
                for one in indicators
                if all(key("said", one, side, ALL) in sheet.counts for side in (YOUNG, other))
            ]
            for indicator in asked:
                _count_one(sheet, indicator, other=other, kinds=kinds, pair=(young, others))


Scores = Mapping[int, Mapping[str, int]]


def differ(first: Mapping[str, int], second: Mapping[str, int]) -> bool:
    """Whether two sides stand apart on any question that both answered."""
    common = first.keys() & second.keys()
    return any(abs(first[one] - second[one]) >= APART for one in common)


def _count_homes(
    sheet: Sheet, tree: Tree, *, other: str, kinds: list[Node], pair: tuple[Scores, Scores]
) -> None:
    """By kind of home: people of whom both sides answered and differ, or do not differ."""
    young, others = pair
    both = young.keys() & others.keys()
    apart = frozenset(one for one in both if differ(young[one], others[one]))
    groups = {"differ": apart, "agree": frozenset(both) - apart}
    inside = frozenset[int]().union(*(node.people for node in kinds))
    nodes = [Node(ALL, ALL, inside, rank=4), *kinds]
    for node in nodes:
        parts = [
            sheet.add(
                key("pair", other, name, node.name), len(people & node.people), rank=node.rank
            )
            for name, people in groups.items()
        ]
        for source in (YOUNG, other):
            _bind_to_heard(sheet, node, other=other, source=source, parts=parts)
    for name in groups:
        sheet.sum(key("pair", other, name, ALL), [key("pair", other, name, n.name) for n in kinds])


def _bind_to_heard(sheet: Sheet, node: Node, *, other: str, source: str, parts: list[str]) -> None:
    """Both sides together are never more than were heard of by one of them."""
    heard = key("heard", source, node.name)
    if node.name == ALL and source == YOUNG:
        return  # the young are heard in more kinds of home than the other side
    rest = sheet.counts[heard] - sum(sheet.counts[part] for part in parts)
    name = sheet.bind(key("alone", other, source, node.name), rest)
    sheet.sum(heard, [*parts, name])


def _count_one(
    sheet: Sheet, indicator: str, *, other: str, kinds: list[Node], pair: tuple[Scores, Scores]
) -> None:
    """Council-wide, on one question: people of whom both sides answered it, and differ or not."""
    inside = frozenset[int]().union(*(node.people for node in kinds))
    first, second = (
        {
            one: scores[indicator]
            for one, scores in side.items()
            if indicator in scores and one in inside
        }
        for side in pair
    )
    both = first.keys() & second.keys()
    apart = sum(abs(first[one] - second[one]) >= APART for one in both)
    path = ("apart", indicator, other)
    parts = [
        sheet.add(key(*path, "differ", ALL), apart, rank=3),
        sheet.add(key(*path, "agree", ALL), len(both) - apart, rank=3),
    ]
    said = key("said", indicator, other, ALL)
    sheet.sum(said, [*parts, sheet.bind(key(*path, "other-alone"), len(second) - len(both))])
    young = [key("said", indicator, YOUNG, node.name) for node in kinds]
    whole = sheet.bind(key(*path, "young"), len(first))
    sheet.sum(whole, young)
    sheet.sum(whole, [*parts, sheet.bind(key(*path, "young-alone"), len(first) - len(both))])
    everyone = key("pair", other, "differ", ALL)
    rest = sheet.counts[everyone] - apart
    sheet.sum(everyone, [parts[0], sheet.bind(key(*path, "elsewhere"), rest)])
