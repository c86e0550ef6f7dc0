"""What ships was made of what is here, is small, and can be left out."""

from __future__ import annotations

import csv
import shutil
import subprocess
import sys
from pathlib import Path

from analysis.coder.encoders import ENCODER, GRAPH, TOKENIZER, load_encoder
from analysis.coder.storage import stamp_of
from analysis.learning.defaults import WORDS, name_in_use
from analysis.measures.cards import card

PACKAGE = ENCODER.parent
MOST_BYTES = 25_000_000


def test_what_ships_was_made_of_the_comments_lists_and_code_that_are_here(tmp_path: Path) -> None:
    """Else every start would learn anew: `heard analyse train-default` makes them agree."""
    assert stamp_of(ENCODER / WORDS) == name_in_use(tmp_path)
    assert card()["coder"] == name_in_use(tmp_path)


def test_the_model_is_small_and_has_its_licence_beside_it() -> None:
    assert sum((ENCODER / name).stat().st_size for name in (GRAPH, TOKENIZER)) < MOST_BYTES
    assert (ENCODER / WORDS).stat().st_size < MOST_BYTES / 5
    assert "Apache License" in (ENCODER / "LICENSE").read_text(encoding="utf-8")
    assert "all-MiniLM-L6-v2" in (ENCODER / "NOTICE").read_text(encoding="utf-8")
    encoder = load_encoder()
    assert encoder is not None
    assert encoder.name in (ENCODER / "CARD.md").read_text(encoding="utf-8")


def test_without_the_models_files_words_alone_are_learnt_and_code(tmp_path: Path) -> None:
    shutil.copytree(PACKAGE, tmp_path / "analysis", ignore=shutil.ignore_patterns("*.pyc"))
    for name in (GRAPH, WORDS):
        (tmp_path / "analysis" / "model" / name).unlink()
    # One file of comments is enough to see it work, and soon done.
    for path in (tmp_path / "analysis" / "training").glob("*.csv"):
        if path.name != "comments.csv":
            path.unlink()
    (tmp_path / "in.csv").write_text("text\nmy school is great\nmy foster dad hits me\n")
    said = subprocess.run(
        [sys.executable, "-m", "analysis", "code", "in.csv", "out.csv"],
        cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert said.returncode == 0, said.stderr
    assert "Learning from our own comments" in said.stderr
    with (tmp_path / "out.csv").open(newline="") as file:
        coded = list(csv.DictReader(file))
    assert "education" in coded[0]["themes"]
    assert (coded[1]["sentiment"], coded[1]["urgency"]) == ("negative", "now")
