"""The codebook is checked before anything rests on it; unlearnt themes are found by words."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis.coder.prototypes import themes_by_words
from analysis.rows.codebooks import Theme, load_codebook


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


@pytest.mark.parametrize(
    ("plain", "is_about"),
    [
        ("my youth club shut", True),
        ("two judges were there", True),
        ("i was going to court today", True),
        ("the club was ok", False),
        ("we went to the park", False),
        ("", False),
    ],
)
def test_a_theme_that_nothing_taught_is_found_by_its_parts_between_commas(
    plain: str, is_about: bool
) -> None:
    theme = Theme("going_to_court", "Going to court", "youth club; judge,, court", "")
    assert bool(themes_by_words([theme], plain)) is is_about


def test_a_theme_that_has_only_a_name_is_found_by_any_word_of_it() -> None:
    theme = Theme("Activities & access to fresh air", "Activities & access to fresh air")
    assert themes_by_words([theme], "no fresh food") == [theme]
    assert themes_by_words([theme], "and to the") == []
    assert themes_by_words([Theme("&", "&", ", ;")], "and to the") == []
