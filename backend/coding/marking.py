"""Marks in a text the words that led the machine to its codes."""

import re
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Piece:
    """A stretch of a text, marked or not; all pieces together are the text to the character."""

    text: str
    is_marked: bool


def mark_words(text: str, matched: Iterable[str]) -> tuple[list[Piece], list[str]]:
    """The text in pieces, and the matched words that are not found in it as they are written: the
    machine reads a copy with its slips mended."""
    spans, missing = [], []
    for word in matched:
        found = [match.span() for match in _pattern(word).finditer(text)] if word.strip() else []
        spans += found
        if word.strip() and not found:
            missing.append(word)
    return _pieces(text, _joined(spans)), missing


def _pattern(word: str) -> re.Pattern[str]:
    parts = r"\s+".join(map(re.escape, word.split()))
    return re.compile(rf"(?<!\w){parts}(?!\w)", re.IGNORECASE)


def _joined(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _pieces(text: str, spans: Iterable[tuple[int, int]]) -> list[Piece]:
    pieces, at = [], 0
    for start, end in spans:
        pieces += [Piece(text[at:start], is_marked=False), Piece(text[start:end], is_marked=True)]
        at = end
    pieces.append(Piece(text[at:], is_marked=False))
    return [piece for piece in pieces if piece.text]
