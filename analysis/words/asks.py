"""Finds where a comment asks for something, so that the writer's own sentence can be lifted out."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from analysis.words.lexicons import read_lexicon
from analysis.words.spans import Span, Token, split_tokens

_SENTENCE = re.compile(r"[^.!?\n]+(?:[.!?]+(?![\s\"'\u2019)]|$)[^.!?\n]+)*[.!?]*[\"'\u2019)]*")
_SHORT_FORM = re.compile(r"\b(?:mrs?|ms|dr|st|rd|no|e\.g|i\.e|approx|tel)\.$", re.IGNORECASE)
_LONGEST = 20_000  # one sentence without an end in 100,000 letters is no ask to lift whole
_NEAR = 60
_FEW_WORDS = 3
_LEAST_WORDS = 2


@dataclass(frozen=True, slots=True)
class _Ways:
    """How people ask: at the start of a sentence or a clause, anywhere, and by a whole sentence."""

    sentence_opening: re.Pattern[str]
    opening: re.Pattern[str]
    anywhere: re.Pattern[str]
    whole: re.Pattern[str]
    no_ask: re.Pattern[str]
    told: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class _Sentence:
    """One sentence as tokens, and as one line in which every token begins at a known place."""

    tokens: tuple[Token, ...]
    line: str
    places: tuple[int, ...]

    def token_at(self, place: int) -> int:
        """The number of the token that covers this place of the line."""
        return bisect_right(self.places, place) - 1

    def before(self, place: int) -> str:
        """The few words that stand before a place of the line."""
        return self.line[max(0, place - _NEAR) : place]


def find_asks(text: str, *, is_ask: bool | None = None) -> tuple[Span, ...]:
    """Where the text asks for something, in order; `text[start:end]` is the writer's own sentence.

    `is_ask` is what the coder says of the comment: False finds nothing; True takes the whole of
    a comment of one sentence in which no way of asking was recognised. Reasons ("because ...")
    and what is said after the ask stay out of it.
    """
    if is_ask is False:
        return ()
    sentences = list(_sentences(text))
    found = [span for sentence in sentences for span in _asks_of(text, sentence)]
    if not found and is_ask and len(sentences) == 1:
        tokens = sentences[0].tokens
        return (Span(tokens[0].start, tokens[-1].end),)
    return tuple(found)


def _sentences(text: str) -> Iterator[_Sentence]:
    start = None
    for match in _SENTENCE.finditer(text[:_LONGEST]):
        start = match.start() if start is None else start
        if _SHORT_FORM.search(match.group()):
            continue
        tokens = tuple(split_tokens(text, start, match.end()))
        start = None
        if any(token.plain[:1].isalnum() for token in tokens):
            yield _laid_out(tokens)


def _laid_out(tokens: tuple[Token, ...]) -> _Sentence:
    line, places = "", []
    for token in tokens:
        places.append(len(line))
        line += f"{token.plain} "
    return _Sentence(tokens, line, tuple(places))


def _asks_of(text: str, sentence: _Sentence) -> Iterator[Span]:
    starts = _starts(sentence)
    for begins, following in zip(starts, [*starts[1:], len(sentence.tokens)], strict=False):
        ends = _end(sentence, begins, following)
        words = [t for t in sentence.tokens[begins:ends] if t.plain[:1].isalnum()]
        if len(words) >= _LEAST_WORDS:
            yield Span(sentence.tokens[begins].start, sentence.tokens[ends - 1].end)


def _starts(sentence: _Sentence) -> list[int]:
    """The tokens at which asks begin, in order."""
    ways = _ways()
    if ways.no_ask.search(sentence.line):
        return []
    found = {
        sentence.token_at(match.start())
        for match in ways.anywhere.finditer(sentence.line)
        if not ways.told.search(sentence.before(match.start()))
    }
    found |= {
        number
        for number, place in enumerate(sentence.places)
        if _begins_clause(sentence, number) and ways.opening.match(sentence.line, place)
    }
    first = _first_word(sentence)
    if ways.sentence_opening.match(sentence.line, sentence.places[first]):
        found.add(first)
    if not found and ways.whole.search(sentence.line):
        found = {_first_word(sentence)}
    return _apart(sentence, sorted(found))


def _begins_clause(sentence: _Sentence, number: int) -> bool:
    before = sentence.before(sentence.places[number]).rstrip()
    return not before or bool(_rules("starters").search(before))


def _first_word(sentence: _Sentence) -> int:
    """The first token after "and", "but" or "so" at the head of a sentence."""
    head = _rules("heads").match(sentence.line)
    return sentence.token_at(head.end()) if head else 0


def _apart(sentence: _Sentence, starts: list[int]) -> list[int]:
    """Without starts that only go on with the ask before them ("please can i", "i want to ask")."""
    kept: list[int] = []
    for start in starts:
        between = sentence.line[sentence.places[kept[-1]] : sentence.places[start]] if kept else ""
        is_new = not kept or (
            len(between.split()) > 1 and not _rules("goes_on").search(between.rstrip())
        )
        if is_new:
            kept.append(start)
    return kept


def _end(sentence: _Sentence, begins: int, following: int) -> int:
    """One past the last token of the ask that begins there."""
    for number in range(begins + _FEW_WORDS, following):
        place = sentence.places[number]
        if _rules("reasons").match(sentence.line, place):
            return _trimmed(sentence, begins, number)
        if _rules("statements").match(sentence.line, place) and not _rules("binders").search(
            sentence.before(place).rstrip()
        ):
            return _trimmed(sentence, begins, number)
    if following == len(sentence.tokens):
        return following
    return _trimmed(sentence, begins, following)


def _trimmed(sentence: _Sentence, begins: int, ends: int) -> int:
    """The end without a comma, "and" or "but" that hangs there."""
    while ends - 1 > begins and sentence.tokens[ends - 1].plain in _hanging():
        ends -= 1
    return ends


@cache
def _hanging() -> frozenset[str]:
    return frozenset(map(str, read_lexicon("asking")["hanging"]))


@cache
def _rules(name: str) -> re.Pattern[str]:
    return re.compile("|".join(read_lexicon("asking")[name]))


@cache
def _ways() -> _Ways:
    return _Ways(
        sentence_opening=_rules("sentence_opening"),
        opening=_rules("opening"),
        anywhere=_rules("anywhere"),
        whole=_rules("whole"),
        no_ask=_rules("no_ask"),
        told=_rules("told"),
    )
