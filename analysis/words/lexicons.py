"""Reads the word lists of analysis/lexicons and finds their phrases in a reading copy."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import yaml

LEXICONS = Path(__file__).parents[1] / "lexicons"


@cache
def read_lexicon(name: str) -> dict[str, Any]:
    """One word list by its file name; it ships with the package, so a fault in it is ours."""
    text = (LEXICONS / f"{name}.yaml").read_text(encoding="utf-8")
    content = yaml.safe_load(text)
    if not isinstance(content, dict):
        raise ValueError(f"the word list {name} is not a mapping")
    return content


def compile_phrases(phrases: list[Any]) -> re.Pattern[str]:
    """One pattern for many phrases; an ending * takes any ending, longer phrases go first."""
    ordered = sorted({str(phrase).lower().replace("'", "") for phrase in phrases}, key=_longest)
    return re.compile("|".join(_phrase(phrase) for phrase in ordered))


def _longest(phrase: str) -> tuple[int, str]:
    return (-len(phrase), phrase)


def _phrase(phrase: str) -> str:
    body = re.escape(phrase.removesuffix("*"))
    start = r"\b" if phrase[0].isalnum() else ""
    end = r"[a-z0-9.]*" if phrase.endswith("*") else r"\b"
    return f"{start}{body}{end}"


@cache
def theme_patterns() -> dict[str, re.Pattern[str]]:
    """The prototypes of each of the project's own themes, by theme id."""
    return {theme: compile_phrases(words) for theme, words in read_lexicon("themes").items()}


@cache
def patterns_of(name: str) -> dict[str, re.Pattern[str]]:
    """Each group of a word list as one pattern."""
    return {group: compile_phrases(words) for group, words in read_lexicon(name).items()}
