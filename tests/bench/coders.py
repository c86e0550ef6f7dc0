"""The coders that ours is compared with: TextBlob, VADER, and a plain fusion of two models."""

from collections.abc import Sequence

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from analysis.coder.coding import Coding
from analysis.measures.baselines import textblob_sentiments
from analysis.rows.labels import SENTIMENTS, Labelled
from analysis.words.urgency import NONE

# VADER's own bounds for its compound score (Hutto and Gilbert, 2014).
CLEAR = 0.05
# Round, like TextBlob's here: words of both sides make up a tenth of the text each.
BOTH_SIDES = 0.1
THRESHOLDS = np.arange(0.05, 0.95, 0.05)


def coding_of(themes: tuple[str, ...], view: str | None) -> Coding:
    return Coding("", themes, view, NONE, False, 0.0, (), "")


class TextBlobPolarity:
    """Sentiment alone."""

    name = "TextBlob"

    def code(self, texts: Sequence[str]) -> list[Coding]:
        return [coding_of((), view) for view in textblob_sentiments(texts)]


class Vader:
    """Sentiment alone, by a word list made for social media."""

    name = "VADER"

    def __init__(self) -> None:
        from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

        self._analyzer = SentimentIntensityAnalyzer()

    def code(self, texts: Sequence[str]) -> list[Coding]:
        return [coding_of((), self._view(text)) for text in texts]

    def _view(self, text: str) -> str:
        scores = self._analyzer.polarity_scores(text)
        if min(scores["pos"], scores["neg"]) > BOTH_SIDES:
            return "mixed"
        if abs(scores["compound"]) < CLEAR:
            return "neutral"
        return "positive" if scores["compound"] > 0 else "negative"


class PlainFusion:
    """Words (TF-IDF) and sentence vectors (MiniLM as published), a logistic regression a label on
    each, their probabilities averaged: what a data scientist would try first. It learns from the
    same comments as ours; its one threshold is chosen on a fifth kept apart."""

    name = "plain fusion"

    def __init__(self, taught: Sequence[Labelled], themes: Sequence[str]) -> None:
        # Only here: the others run where its two packages are not installed.
        from tests.bench.minilm import MiniLM

        self._themes = tuple(themes)
        self._encoder = MiniLM()
        self._words = TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True)
        texts = [row.text for row in taught]
        rows = (self._words.fit_transform(texts), self._encoder.encode(texts))
        apart = np.arange(len(taught)) % 5 == 0
        truth = np.array([[theme in row.themes for theme in themes] for row in taught])
        views = np.array([SENTIMENTS.index(row.sentiment or "neutral") for row in taught])
        self._heads = [
            [fitted(part[~apart], truth[~apart, column]) for part in rows]
            for column in range(len(themes))
        ]
        self._views = [fitted(part[~apart], views[~apart]) for part in rows]
        chances = self._chances([part[apart] for part in rows])
        self._threshold = max(THRESHOLDS, key=lambda one: micro_f1(truth[apart], chances > one))

    def code(self, texts: Sequence[str]) -> list[Coding]:
        rows = [self._words.transform(texts), self._encoder.encode(list(texts))]
        given = self._chances(rows) > self._threshold
        view = averaged(self._views, rows).argmax(axis=1)
        return [
            coding_of(
                tuple(theme for theme, is_given in zip(self._themes, one, strict=True) if is_given),
                SENTIMENTS[number],
            )
            for one, number in zip(given, view, strict=True)
        ]

    def _chances(self, rows: Sequence[object]) -> np.ndarray:
        return np.column_stack([averaged(heads, rows)[:, 1] for heads in self._heads])


def fitted(rows: object, truth: np.ndarray) -> LogisticRegression:
    return LogisticRegression(C=5.0, max_iter=300).fit(rows, truth)


def averaged(heads: Sequence[LogisticRegression], rows: Sequence[object]) -> np.ndarray:
    both = [head.predict_proba(part) for head, part in zip(heads, rows, strict=True)]
    return np.asarray(np.mean(both, axis=0))


def micro_f1(truth: np.ndarray, given: np.ndarray) -> float:
    return float(2 * (truth & given).sum() / max(truth.sum() + given.sum(), 1))
