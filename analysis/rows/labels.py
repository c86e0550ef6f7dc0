"""The labels of a comment as people give them, read from rows of text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from analysis.rows.codebooks import SEPARATOR

SENTIMENTS = ("positive", "negative", "mixed", "neutral")
URGENCIES = ("none", "soon", "now")


@dataclass(frozen=True, slots=True)
class Labelled:
    """One comment with its labels; None where the file has no such column."""

    text: str
    audience: str | None
    themes: frozenset[str]
    sentiment: str | None
    urgency: str | None
    ask: bool | None
    question: str | None = None
    language: str | None = None


def read_labelled(rows: Sequence[Mapping[str, str]]) -> list[Labelled]:
    """Read labelled rows; ValueError names the first row (the header is row 1) that is wrong."""
    return [_labelled(row, number) for number, row in enumerate(rows, 2)]


def _labelled(row: Mapping[str, str], number: int) -> Labelled:
    for column in ("text", "themes"):
        if column not in row:
            raise ValueError(f"there is no column {column!r}")
    names = (name.strip() for name in row["themes"].split(SEPARATOR))
    return Labelled(
        text=row["text"],
        audience=row.get("audience") or None,
        themes=frozenset(name for name in names if name),
        sentiment=_one_of(SENTIMENTS, row.get("sentiment"), f"sentiment in row {number}"),
        urgency=_one_of(URGENCIES, row.get("urgency"), f"urgency in row {number}"),
        ask=_truth(row.get("ask"), number),
        question=row.get("question") or None,
        language=row.get("lang") or None,
    )


def _one_of(allowed: tuple[str, ...], given: str | None, what: str) -> str | None:
    value = (given or "").strip().lower()
    if value and value not in allowed:
        raise ValueError(f"{what} is {value[:30]!r}; it must be one of {', '.join(allowed)}")
    return value or None


def _truth(given: str | None, number: int) -> bool | None:
    word = _one_of(("true", "false"), given, f"ask in row {number}")
    return None if word is None else word == "true"
