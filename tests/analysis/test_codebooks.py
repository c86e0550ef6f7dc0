"""The codebook is checked before anything rests on it."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis.rows.codebooks import load_codebook


def write(folder: Path, text: str) -> Path:
    path = folder / "codebook.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_projects_own_codebook_has_twenty_one_themes_with_titles() -> None:
    codebook = load_codebook()
    assert len(codebook.themes) == 21
    assert codebook.themes[0].title == "Where I live"


def test_bare_names_make_a_codebook(tmp_path: Path) -> None:
    codebook = load_codebook(write(tmp_path, "themes: [waiting_times, Staff]\n"))
    assert codebook.ids == ("waiting_times", "Staff")
    assert codebook.themes[0].title == "Waiting times"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("themes: [home, Home]\n", "clash"),
        ("themes: [{id: a, title: Same}, {id: b, title: same}]\n", "clash"),
        ("themes: []\n", "no list of themes"),
        ("", "no list of themes"),
        ("themes: {home: 1}\n", "no list of themes"),
        ("themes: [{title: No id}]\n", "theme 1 has no id"),
        ("themes: ['a;b']\n", "';'"),
        ("themes: [{id: a, covers: [1, 2]}]\n", "is not text"),
        ("version: one\nthemes: [a]\n", "whole number"),
        ("themes: [a\n", "not valid YAML"),
    ],
)
def test_a_codebook_that_cannot_be_used_says_why(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        load_codebook(write(tmp_path, text))


def test_a_missing_codebook_says_where_it_was_looked_for(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="gone.yaml cannot be read"):
        load_codebook(tmp_path / "gone.yaml")
