"""Groups the comments that fit no theme, for a person to look whether there is a new one."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.cluster import AgglomerativeClustering

from analysis.coder.coding import Coding, Comment
from analysis.coder.encoders import load_encoder
from analysis.coder.features import Vector
from analysis.coder.prototypes import says_nothing
from analysis.discovery.distinctive import WordCounts
from analysis.discovery.meanings import in_chance_order, lay_out, reach_of
from analysis.words.reading import read_plainly, split_words
from analysis.words.urgency import UNREAD

# Of fewer comments that fit nothing a group would be chance.
FEWEST = 15
FEWEST_IN_GROUP = 6
MOST_GROUPS = 20
EXAMPLES = 5
# Under this chance, on average over the themes given, a comment fits none of them well.
_UNSURE = 0.5
# Groups are sought among so many; every other comment then joins the one that it belongs to.
_MOST_COMPARED = 3000
_BESIDE = 1000
_LEAST_OF_ALL = 0.005


@dataclass(frozen=True, slots=True)
class Group:
    """Comments that speak of one thing, by their ids, those nearest to its middle first.

    `tightness` is the mean cosine of its comments with its middle, from 0 to 1. `words` tell it
    from all other comments; each has the ids of the comments that hold it.
    """

    words: tuple[tuple[str, tuple[str, ...]], ...]
    members: tuple[str, ...]
    examples: tuple[Comment, ...]
    tightness: float

    @property
    def name(self) -> str:
        """Its three most telling words."""
        return ", ".join(word for word, _ in self.words[:3])

    @property
    def size(self) -> int:
        return len(self.members)


@dataclass(frozen=True, slots=True)
class Discovery:
    """What was found among some comments: groups, the largest first; of those that fit no theme,
    which belong to no group; which are in a language that is not read; and what to know of it."""

    groups: tuple[Group, ...]
    left_over: tuple[str, ...]
    unread: tuple[str, ...]
    comments: int
    note: str = ""

    @property
    def unfitting(self) -> int:
        """How many comments fit no theme well."""
        return len(self.left_over) + sum(group.size for group in self.groups)


def discover(codings: Sequence[Coding], comments: Sequence[Comment]) -> Discovery:
    """Group the comments that fit no theme well; the same comments always give the same groups.

    No comment is forced into a group, and one in a language that is not read is set apart.
    ValueError where the codings are not those of the comments.
    """
    if [coding.id for coding in codings] != [comment.id for comment in comments]:
        raise ValueError("the codings are not those of these comments, in their order")
    unread = tuple(coding.id for coding in codings if coding.urgency == UNREAD)
    plain = [
        "" if coding.urgency == UNREAD else read_plainly(comment.text)
        for coding, comment in zip(codings, comments, strict=True)
    ]
    told = [n for n, copy in enumerate(plain) if split_words(copy) and not says_nothing(copy)]
    unfitting = [n for n in told if fits_no_theme(codings[n])]
    if len(unfitting) < FEWEST:
        note = f"{len(unfitting)} comments fit no theme: too few to group, {FEWEST} are needed"
        left = tuple(comments[n].id for n in unfitting)
        return Discovery((), left, unread, len(comments), note)
    places = _grouped(plain, unfitting, told)
    groups = _described(places, comments, told)
    grouped = {member for group in groups for member in group.members}
    left = tuple(comments[n].id for n in unfitting if comments[n].id not in grouped)
    return Discovery(groups, left, unread, len(comments), "" if groups else "no group stood out")


def fits_no_theme(coding: Coding) -> bool:
    """Whether a comment was given no theme, or only such as the coder is unsure of."""
    themes = len(coding.themes)
    return not themes or coding.confidence ** (1 / themes) < _UNSURE


@dataclass(frozen=True, slots=True)
class _Found:
    """Comments of one group by place, those nearest to its middle first, and how tight it is."""

    places: tuple[int, ...]
    tightness: float


def _grouped(plain: Sequence[str], unfitting: Sequence[int], told: Sequence[int]) -> list[_Found]:
    """The groups among the comments that fit nothing, the largest first."""
    among = set(unfitting)
    others = [plain[n] for n in told if n not in among]
    beside = [others[n] for n in in_chance_order(others)[:_BESIDE]]
    encoder = load_encoder()
    copies = [plain[n] for n in unfitting]
    points = lay_out(copies, beside, encoder)
    closeness = 1.0 - reach_of(encoder)
    compared = sorted(in_chance_order(copies)[:_MOST_COMPARED])
    least = max(FEWEST_IN_GROUP, math.ceil(_LEAST_OF_ALL * len(compared)))
    groups = _joined(points, _cluster(points[compared], 1.0 - closeness), compared, closeness)
    found = [_from_middle(points, group, unfitting) for group in groups if len(group) >= least]
    found.sort(key=lambda one: (-len(one.places), -one.tightness, one.places))
    return found[:MOST_GROUPS]


def _cluster(points: Vector, reach: float) -> list[list[int]]:
    """Groups by average linkage: two are joined while their comments are near on average."""
    known = [n for n, point in enumerate(points) if point.any()]
    if len(known) < FEWEST_IN_GROUP:
        return []
    linked = AgglomerativeClustering(
        n_clusters=None, metric="cosine", linkage="average", distance_threshold=reach
    )
    groups: dict[int, list[int]] = {}
    for n, label in zip(known, linked.fit_predict(points[known]), strict=True):
        groups.setdefault(int(label), []).append(n)
    return [group for group in groups.values() if len(group) >= FEWEST_IN_GROUP]


def _joined(
    points: Vector, clusters: Sequence[Sequence[int]], compared: Sequence[int], closeness: float
) -> list[list[int]]:
    """The groups with those comments that were not compared, where one is near enough."""
    groups = [[compared[n] for n in cluster] for cluster in clusters]
    rest = sorted(set(range(len(points))) - set(compared))
    if not groups or not rest:
        return groups
    means = np.array([points[group].mean(axis=0) for group in groups])
    for n in rest:
        near = means @ points[n]
        nearest = int(near.argmax())
        if near[nearest] >= closeness:
            groups[nearest].append(n)
    return groups


def _from_middle(points: Vector, group: Sequence[int], unfitting: Sequence[int]) -> _Found:
    middle = points[list(group)].mean(axis=0)
    near = points[list(group)] @ (middle / max(float(np.linalg.norm(middle)), 1e-9))
    order = sorted(range(len(group)), key=lambda n: (-round(float(near[n]), 6), group[n]))
    tightness = round(float(near.mean()), 2)
    return _Found(tuple(unfitting[group[n]] for n in order), tightness)


def _described(
    found: Sequence[_Found], comments: Sequence[Comment], told: Sequence[int]
) -> tuple[Group, ...]:
    """The groups with their words; without a word that tells it from the others it is none."""
    if not found:
        return ()
    counts = WordCounts([comments[n].text for n in told])
    place_of = {n: place for place, n in enumerate(told)}
    groups = []
    for one in found:
        words = counts.name([place_of[n] for n in one.places])
        members = tuple(comments[n].id for n in one.places)
        held = tuple((w.text, tuple(comments[told[n]].id for n in w.holders)) for w in words)
        if held:
            examples = tuple(comments[n] for n in one.places[:EXAMPLES])
            groups.append(Group(held, members, examples, one.tightness))
    return tuple(groups)
