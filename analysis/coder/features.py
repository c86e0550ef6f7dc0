"""Turns reading copies into numbers: words, negated words, pieces of words, and counted cues."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt
from scipy import sparse

from analysis.words.lexicons import patterns_of, theme_patterns
from analysis.words.reading import mark_negated, split_tokens
from analysis.words.urgency import blank_idioms

AUDIENCES = (
    "child_5_10",
    "child_11_17",
    "care_leaver",
    "carer",
    "provider_staff",
    "parent",
    "social_worker",
)
Vector = npt.NDArray[np.float64]
BLOCKS = ("words", "negated", "pieces")
_THEME_CUE_WEIGHT = 0.5
_CUE_WEIGHT = 0.35
_PIECES = (3, 4, 5)
_MANY, _VERY_MANY = 2000, 20_000
_OFTEN = 20
_BLOCK_WEIGHTS = {"words": 1.0, "negated": 0.55, "pieces": 1.0}


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The terms of one block, in the order of their columns, and how much each weighs: the rarer
    it is, the more (inverse document frequency, smoothed)."""

    terms: tuple[str, ...]
    weights: Vector


class Features:
    """The columns of a trained model; the same text always gives the same row."""

    def __init__(
        self, vocabularies: dict[str, Vocabulary] | None = None, questions: Sequence[str] = ()
    ) -> None:
        self._set(vocabularies or {block: Vocabulary((), np.zeros(0)) for block in BLOCKS})
        self.questions = tuple(questions)

    def _set(self, vocabularies: dict[str, Vocabulary]) -> None:
        self._vocabularies = vocabularies
        self._columns = {
            block: {term: column for column, term in enumerate(vocabularies[block].terms)}
            for block in BLOCKS
        }

    def fit(self, plain: Sequence[str], questions: Sequence[str | None]) -> None:
        """Learn the words, and the questions that were often asked. Of many comments a word said
        once teaches nothing, of very many one said twice."""
        asked = Counter(question for question in questions if question)
        self.questions = tuple(sorted(q for q, count in asked.items() if count >= _OFTEN))
        rare = 1 + (len(plain) >= _MANY) + (len(plain) >= _VERY_MANY)
        fewest = {"words": rare, "negated": 2, "pieces": rare + 1}
        self._set({block: _vocabulary(block, plain, fewest[block]) for block in BLOCKS})

    def transform(
        self, plain: Sequence[str], audiences: Sequence[str | None], asked: Sequence[str | None]
    ) -> sparse.csr_matrix:
        """One row a comment; idioms are out of the words, as they are out of the rules."""
        texts = [blank_idioms(text) for text in plain]
        blocks = [_BLOCK_WEIGHTS[block] * self._weigh(block, texts) for block in BLOCKS]
        cues = [count_cues(text, who) for text, who in zip(plain, audiences, strict=True)]
        blocks.append(sparse.csr_matrix(np.array(cues).reshape(len(cues), -1)))
        known = [[_CUE_WEIGHT * (q == one) for one in self.questions] for q in asked]
        blocks.append(sparse.csr_matrix(np.array(known).reshape(len(known), -1)))
        return sparse.hstack(blocks, format="csr")

    def _weigh(self, block: str, texts: Sequence[str]) -> sparse.csr_matrix:
        """How much of each term a text has: more often counts a little more, rarer terms more,
        and a long text no more than a short one (TF-IDF of length one)."""
        columns, weights = self._columns[block], self._vocabularies[block].weights
        starts: list[int] = [0]
        places: list[npt.NDArray[np.int32]] = [np.zeros(0, np.int32)]
        values: list[Vector] = [np.zeros(0)]
        for text in texts:
            counted = Counter(map(columns.get, terms_of(block, text)))
            counted.pop(None, None)
            row = np.fromiter(counted, np.int32, len(counted))
            heavy = (1 + np.log(np.fromiter(counted.values(), float, len(counted)))) * weights[row]
            places.append(row)
            values.append(heavy / max(float(np.sqrt(heavy @ heavy)), 1e-12))
            starts.append(starts[-1] + len(row))
        filled = (np.concatenate(values), np.concatenate(places), starts)
        return sparse.csr_matrix(filled, shape=(len(texts), len(weights)))

    def vocabularies(self) -> dict[str, Vocabulary]:
        return self._vocabularies

    def terms(self) -> tuple[str, ...]:
        """The words and pairs of the first columns, by which a code is explained."""
        return self._vocabularies["words"].terms


def terms_of(block: str, plain: str) -> Iterator[str]:
    """The terms of one block in a reading copy, as often as they stand there: words and pairs of
    words, negated words, or pieces of three to five letters within a word and its edges."""
    if block == "negated":
        yield from mark_negated(plain)
    elif block == "words":
        words = split_tokens(plain)
        yield from words
        yield from (f"{one} {two}" for one, two in pairwise(words))
    else:
        for word in plain.split():
            edged = f" {word} "
            for size in _PIECES:
                yield from (edged[i : i + size] for i in range(max(1, len(edged) - size + 1)))
                if len(edged) <= size:
                    break


def count_cues(plain: str, audience: str | None) -> list[float]:
    """Counts that carry meaning by themselves: theme words, views, asks, who wrote.

    The urgency rules are left out: the classifier must find by itself what they miss.
    """
    text = blank_idioms(plain)
    themes = [float(len(rule.findall(text))) for rule in theme_patterns().values()]
    counts = _count_views(text)
    counts += [float(len(rule.findall(text))) for rule in patterns_of("asks").values()]
    words = text.count(" ") + 1
    flags = ["?" in text, text.endswith("?"), words < 4]
    flags += [who == audience for who in AUDIENCES]
    by_theme = (np.log1p(np.array(themes)) * _THEME_CUE_WEIGHT).tolist()
    others = np.log1p(np.array(counts)).tolist() + [float(flag) for flag in flags]
    return [*by_theme, *(value * _CUE_WEIGHT for value in others)]


def _count_views(text: str) -> list[float]:
    """Good and bad words, apart where negated: "not safe" counts against, never for."""
    rules = patterns_of("sentiment")
    negated = " ".join(word.removeprefix("not_") for word in mark_negated(text))
    all_, turned = (
        {view: len(rules[view].findall(part)) for view in ("good", "bad")}
        for part in (text, negated)
    )
    good = max(0, all_["good"] - turned["good"]) + turned["bad"]
    bad = max(0, all_["bad"] - turned["bad"]) + turned["good"]
    others = [len(rules[group].findall(text)) for group in ("turning", "sarcasm", "negators")]
    return [float(n) for n in (good, bad, turned["good"], turned["bad"], *others)]


def _vocabulary(block: str, plain: Sequence[str], fewest: int) -> Vocabulary:
    """The terms that stand in so many comments at least, in order of the alphabet."""
    within = Counter(term for text in plain for term in set(terms_of(block, text)))
    terms = tuple(sorted(term for term, count in within.items() if count >= fewest))
    counts = np.array([within[term] for term in terms], dtype=np.float64)
    return Vocabulary(terms, np.log((1 + len(plain)) / (1 + counts)) + 1)
