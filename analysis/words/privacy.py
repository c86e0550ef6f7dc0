"""Points out what in a text may tell who wrote it, for the person who clears a quotation.

It finds much and never all: a person looks, and decides. Nothing is taken out by it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache

from analysis.words.lexicons import read_lexicon
from analysis.words.names import find_names
from analysis.words.spans import Span

# Every kind, as a person reads it. Of two for the very same words the first told here stands.
KINDS = {
    "email": "an e-mail address",
    "phone": "a telephone number",
    "number": "a number that is theirs alone",
    "postcode": "a postcode",
    "handle": "a name on the internet",
    "school": "a school or college",
    "address": "a place or an address",
    "day": "a date or a day",
    "detail": "a detail that few share",
    "name": "a name",
}
_LONGEST = 20_000
_RUN = re.compile(r"\S{81,}")  # no name is so long, and patterns would try each of its letters
_RUN_KEPT = 80


def find_telling(text: str, *, known: Mapping[str, str] | None = None) -> tuple[Span, ...]:
    """Where the text names a person, a place, a day or a number, in order, each with its kind.

    `known` are names that the caller knows to be near the writer, each with its kind ("name",
    "school", "address"): they are found misspelt and with a possessive too. Only the first
    20,000 characters are looked at; `kind` is a key of KINDS.
    """
    looked_at = _RUN.sub(_cut, text[:_LONGEST])
    found = [
        Span(*match.span("it" if "it" in pattern.groupindex else 0), kind)
        for kind, patterns in _patterns().items()
        for pattern in patterns
        for match in pattern.finditer(looked_at)
    ]
    return _settled([*found, *find_names(looked_at, known or {})], looked_at)


def _cut(run: re.Match[str]) -> str:
    """The run of letters cut short, as long as before: places in the text must hold."""
    return run.group()[:_RUN_KEPT].ljust(len(run.group()))


def _settled(spans: Iterable[Span], text: str) -> tuple[Span, ...]:
    """One span a place: overlapping ones become one, of the longest's kind, else the first told."""
    order = list(KINDS)
    settled: list[Span] = []
    for span in sorted(_trimmed(spans, text)):
        last = settled[-1] if settled else None
        if last and span.start < last.end:
            kind = min(
                (last, span), key=lambda one: (one.start - one.end, order.index(one.kind))
            ).kind
            settled[-1] = Span(last.start, max(last.end, span.end), kind)
        else:
            settled.append(span)
    return tuple(settled)


def _trimmed(spans: Iterable[Span], text: str) -> Iterable[Span]:
    for span in spans:
        words = span.words(text)
        start = span.start + len(words) - len(words.lstrip())
        end = start + len(words.strip().rstrip(".,;:!?)"))
        if end > start:
            yield Span(start, end, span.kind)


@cache
def _patterns() -> dict[str, tuple[re.Pattern[str], ...]]:
    """By kind; where a pattern has a group named "it", that alone is what tells."""
    return {
        str(kind): tuple(re.compile(pattern, re.IGNORECASE) for pattern in patterns)
        for kind, patterns in read_lexicon("telling").items()
    }
