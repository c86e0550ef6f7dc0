"""Places in a text: where they begin and end, and texts in which people marked them by hand."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from analysis.words.reading import read_plainly

_MARK = re.compile(r"\[\[(?:([a-z]+):)?(.*?)\]\]", re.DOTALL)
_TOKEN = re.compile(r"[^\W_]+(?:['\u2019\u02bc`][^\W_]+)*|[^\w\s]", re.UNICODE)


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """One place: `text[start:end]` are the writer's own words, changed in nothing."""

    start: int
    end: int
    kind: str = ""

    def words(self, text: str) -> str:
        return text[self.start : self.end]

    def overlaps(self, other: Span) -> bool:
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True)
class Token:
    """One word or mark of a text as it stands there, and as it is read (`cud` as `could`)."""

    start: int
    end: int
    plain: str


def split_tokens(text: str, start: int = 0, end: int | None = None) -> Iterator[Token]:
    """The words and marks of one part of a text, in order."""
    for found in _TOKEN.finditer(text, start, len(text) if end is None else end):
        word = found.group()
        plain = read_plainly(word) if word[0].isalnum() else word
        yield Token(found.start(), found.end(), plain)


def read_marked(marked: str) -> tuple[str, tuple[Span, ...]]:
    """The text of a marked comment and what was marked: `my mum [[name:kelly]] rang`."""
    text, spans, last = "", [], 0
    for mark in _MARK.finditer(marked):
        text += marked[last : mark.start()]
        spans.append(Span(len(text), len(text) + len(mark.group(2)), mark.group(1) or ""))
        text += mark.group(2)
        last = mark.end()
    return text + marked[last:], tuple(spans)


def without_overlaps(spans: Iterable[Span]) -> tuple[Span, ...]:
    """In the order of the text; of two that overlap the longer stands, the earlier where equal."""
    kept: list[Span] = []
    for span in sorted(spans, key=lambda one: (one.start - one.end, one.start)):
        if not any(span.overlaps(other) for other in kept):
            kept.append(span)
    return tuple(sorted(kept))
