"""The comments to learn from: all in the scheme, none twice, and none of those to be tested on."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path

import pytest

from analysis.coder.features import AUDIENCES
from analysis.coder.models import ASK_HEAD
from analysis.learning.training_sets import TRAINING, read_examples
from analysis.rows.codebooks import SEPARATOR, load_codebook
from analysis.rows.labels import SENTIMENTS, URGENCIES, Labelled, read_labelled
from analysis.rows.tables import read_table

LEARNT = sorted(TRAINING.glob("*.csv"))
HELD_OUT = sorted((TRAINING.parent / "heldout").glob("*.csv"))
FIRST = TRAINING / "comments.csv"
THEMES = load_codebook().ids
LABELS = {
    *THEMES,
    *(f"sentiment:{view}" for view in SENTIMENTS),
    *(f"urgency:{tier}" for tier in URGENCIES),
    ASK_HEAD,
}
# Of fewer words likeness is a turn of phrase.
FEWEST_WORDS, ALIKE = 6, 0.6


def rows_of(path: Path) -> list[Labelled]:
    return read_labelled(read_table(path).rows)


def bare(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))


def pairs_of(text: str) -> frozenset[tuple[str, str]]:
    """The pairs of words that stand side by side."""
    words = re.findall(r"[a-z0-9]+", re.sub("[\u2019']", "", text.casefold()))
    return frozenset(pairwise(words)) if len(words) >= FEWEST_WORDS else frozenset()


def near_copies(learnt: Iterable[str], tested: Iterable[str]) -> list[tuple[str, str]]:
    """Texts that share most of their pairs of words (Jaccard), whatever else differs."""
    texts = list(learnt)
    known = [pairs_of(text) for text in texts]
    with_pair: dict[tuple[str, str], list[int]] = defaultdict(list)
    for number, pairs in enumerate(known):
        for pair in pairs:
            with_pair[pair].append(number)
    found = []
    for text in tested:
        pairs = pairs_of(text)
        shared = Counter(number for pair in pairs for number in with_pair.get(pair, ()))
        for number, both in shared.items():
            if both / (len(pairs) + len(known[number]) - both) >= ALIKE:
                found.append((text, texts[number]))
    return found


@pytest.mark.parametrize("path", [*LEARNT, *HELD_OUT], ids=lambda path: path.stem)
def test_every_row_is_labelled_whole_and_in_the_scheme(path: Path) -> None:
    rows = rows_of(path)
    assert len(rows) >= 200
    for row in rows:
        assert row.text.strip()
        assert row.audience in AUDIENCES, row.text
        assert row.themes <= set(THEMES), row.text
        assert len(row.themes) <= 4, row.text
        assert None not in (row.sentiment, row.urgency, row.ask), row.text


@pytest.mark.parametrize("path", LEARNT, ids=lambda path: path.stem)
def test_what_labellers_doubted_is_named_in_the_scheme(path: Path) -> None:
    for row in read_table(path).rows:
        doubted = set(filter(None, row.get("doubted", "").split(SEPARATOR)))
        assert doubted <= LABELS, row["text"]


def test_the_training_comments_cover_every_theme_audience_and_label() -> None:
    labels = [example.labels for example in read_examples()]
    assert len(labels) >= 6000
    assert min(sum(theme in one.themes for one in labels) for theme in THEMES) >= 150
    assert {one.audience for one in labels} == set(AUDIENCES)
    assert {one.sentiment for one in labels} == set(SENTIMENTS)
    assert {one.urgency for one in labels} == set(URGENCIES)


def test_no_text_stands_twice_nor_is_learnt_and_tested_on() -> None:
    texts = [bare(row.text) for path in [*LEARNT, *HELD_OUT] for row in rows_of(path)]
    twice = {text for text, count in Counter(texts).items() if count > 1 and text}
    assert len(texts) > 7000
    assert twice <= {bare(row.text) for row in rows_of(FIRST)}, "the first file repeats itself"
    held_out = {bare(row.text) for path in HELD_OUT for row in rows_of(path)}
    assert not held_out & {bare(row.text) for path in LEARNT for row in rows_of(path)}


def test_a_copy_with_a_word_changed_is_found() -> None:
    learnt = ["My social worker has not rung me back since the end of March and I am cross"]
    tested = ["my social worker has not rung me back since the end of MAY, and i am cross!"]
    assert near_copies(learnt, tested)
    assert not near_copies(learnt, ["My social worker rang me in the end, which was a surprise"])


def test_no_near_copy_of_a_held_out_text_is_learnt() -> None:
    learnt = [row.text for path in LEARNT for row in rows_of(path)]
    assert near_copies(learnt, [row.text for path in HELD_OUT for row in rows_of(path)]) == []


def test_nothing_of_the_last_check_is_in_any_file(gold_comments: Path) -> None:
    checked = [row.text for row in rows_of(gold_comments)]
    ours = [row.text for path in [*LEARNT, *HELD_OUT] for row in rows_of(path)]
    assert not {bare(text) for text in checked if len(text) > 25} & {bare(text) for text in ours}
    assert near_copies(ours, checked) == []


def test_the_held_out_sets_are_what_their_names_say() -> None:
    tiers = {path.stem: {row.urgency for row in rows_of(path)} for path in HELD_OUT}
    assert tiers["harmless"] == {"none"}
    assert tiers["hinted_now"] == {"now"}
    assert tiers["general"] == {"none", "soon", "now"}
