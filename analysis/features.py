"""Turns reading copies into numbers: words, negated words, pieces of words, and counted cues."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse
from sklearn.feature_extraction.text import TfidfVectorizer

from analysis.lexicons import patterns_of, theme_patterns
from analysis.reading import mark_negated, split_tokens
from analysis.urgency import blank_idioms

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
_MANY = 2000
_OFTEN = 20
_BLOCK_WEIGHTS = {"words": 1.0, "negated": 0.55, "pieces": 1.0}


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The terms of one block, in the order of their columns, and how much each weighs (IDF)."""

    terms: tuple[str, ...]
    weights: Vector


class Features:
    """The columns of a trained model; the same text always gives the same row."""

    def __init__(
        self, vocabularies: dict[str, Vocabulary] | None = None, questions: Sequence[str] = ()
    ) -> None:
        self._vectorizers = {
            block: _vectorizer(block, (vocabularies or {}).get(block)) for block in BLOCKS
        }
        self.questions = tuple(questions)

    def fit(self, plain: Sequence[str], questions: Sequence[str | None]) -> None:
        """Learn the words, and the questions that were often asked. Of many comments a word said
        once teaches nothing."""
        asked = Counter(question for question in questions if question)
        self.questions = tuple(sorted(q for q, count in asked.items() if count >= _OFTEN))
        rare = 1 if len(plain) < _MANY else 2
        self._vectorizers = {block: _fitted(block, plain, rare) for block in BLOCKS}

    def transform(
        self, plain: Sequence[str], audiences: Sequence[str | None], asked: Sequence[str | None]
    ) -> sparse.csr_matrix:
        """One row a comment; idioms are out of the words, as they are out of the rules."""
        texts = [blank_idioms(text) for text in plain]
        blocks = [
            _BLOCK_WEIGHTS[block] * vectorizer.transform(texts)
            for block, vectorizer in self._vectorizers.items()
        ]
        cues = [count_cues(text, who) for text, who in zip(plain, audiences, strict=True)]
        blocks.append(sparse.csr_matrix(np.array(cues).reshape(len(cues), -1)))
        known = [[_CUE_WEIGHT * (q == one) for one in self.questions] for q in asked]
        blocks.append(sparse.csr_matrix(np.array(known).reshape(len(known), -1)))
        return sparse.hstack(blocks, format="csr")

    def vocabularies(self) -> dict[str, Vocabulary]:
        return {block: _vocabulary(vectorizer) for block, vectorizer in self._vectorizers.items()}

    def terms(self) -> tuple[str, ...]:
        """The words and pairs of the first columns, by which a code is explained."""
        return _vocabulary(self._vectorizers["words"]).terms


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


def _fitted(block: str, plain: Sequence[str], rare: int) -> TfidfVectorizer:
    vectorizer = _vectorizer(block, None, rare)
    try:
        return vectorizer.fit(plain)
    except ValueError:
        # No word is common enough, or nothing is negated: one column that nothing falls into.
        return _vectorizer(block, Vocabulary(terms=("",), weights=np.ones(1)))


def _vectorizer(block: str, vocabulary: Vocabulary | None, rare: int = 1) -> TfidfVectorizer:
    """`rare`: in how many comments a word must stand to be a column."""
    analyzers = {
        "words": {"tokenizer": split_tokens, "ngram_range": (1, 2), "min_df": rare},
        "negated": {"tokenizer": mark_negated, "ngram_range": (1, 1), "min_df": 2},
        "pieces": {"analyzer": "char_wb", "ngram_range": (3, 5), "min_df": rare + 1},
    }
    given = {"vocabulary": list(vocabulary.terms)} if vocabulary else {}
    vectorizer = TfidfVectorizer(
        lowercase=False, token_pattern=None, sublinear_tf=True, **analyzers[block], **given
    )
    if vocabulary:
        vectorizer.idf_ = vocabulary.weights
    return vectorizer


def _vocabulary(vectorizer: TfidfVectorizer) -> Vocabulary:
    terms = tuple(str(term) for term in vectorizer.get_feature_names_out())
    return Vocabulary(terms=terms, weights=np.asarray(vectorizer.idf_, dtype=np.float64))
