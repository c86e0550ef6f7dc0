"""The comments to learn from: all in the scheme, none twice, and none of those to be tested on."""

from collections import Counter
from pathlib import Path

import pytest

from analysis.codebooks import load_codebook
from analysis.coding import TRAINING
from analysis.features import AUDIENCES
from analysis.labels import Labelled, read_labelled
from analysis.tables import read_table

LEARNT = sorted(TRAINING.parent.glob("*.csv"))
HELD_OUT = sorted((TRAINING.parent.parent / "heldout").glob("*.csv"))
THEMES = load_codebook().ids


def rows_of(path: Path) -> list[Labelled]:
    return read_labelled(read_table(path).rows)


def bare(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))


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


def test_no_text_stands_twice_nor_is_learnt_and_tested_on() -> None:
    texts = [bare(row.text) for path in [*LEARNT, *HELD_OUT] for row in rows_of(path)]
    twice = {text for text, count in Counter(texts).items() if count > 1 and text}
    assert len(texts) > 7000
    assert twice <= {bare(row.text) for row in rows_of(TRAINING)}, "the first file repeats itself"


def test_nothing_of_the_last_check_is_in_any_file(gold_comments: Path) -> None:
    checked = {bare(row.text) for row in rows_of(gold_comments) if len(row.text) > 25}
    texts = {bare(row.text) for path in [*LEARNT, *HELD_OUT] for row in rows_of(path)}
    assert not checked & texts


def test_the_held_out_sets_are_what_their_names_say() -> None:
    tiers = {path.stem: {row.urgency for row in rows_of(path)} for path in HELD_OUT}
    assert tiers["harmless"] == {"none"}
    assert tiers["hinted_now"] == {"now"}
    assert tiers["general"] == {"none", "soon", "now"}
