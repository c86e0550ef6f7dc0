"""Trains the model and scores with it: one linear head a label, thresholds by unseen scores."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from analysis.features import Features, Vector
from analysis.labels import SENTIMENTS, Labelled
from analysis.learners import Truth, fit_heads
from analysis.reading import read_plainly
from analysis.thresholds import (
    best_threshold,
    calibrate,
    class_offsets,
    recall_first_threshold,
    smooth_thresholds,
)

RAISED, NOW_HEAD, ASK_HEAD = "urgency:raised", "urgency:now", "ask"


@dataclass(frozen=True, slots=True)
class Model:
    """What was learnt. A head is one yes-or-no question put to a comment."""

    features: Features
    themes: tuple[str, ...]
    heads: tuple[str, ...]
    weights: Vector
    biases: Vector
    thresholds: Vector
    calibration: Vector
    """Slope and intercept of each head's calibration, one row a head."""

    def score(self, plain: Sequence[str], audiences: Sequence[str | None]) -> Vector:
        """Decision values, one row a comment, one column a head."""
        return self.score_rows(self.features.transform(plain, audiences))

    def score_rows(self, rows: sparse.csr_matrix) -> Vector:
        return np.asarray(rows @ self.weights.T + self.biases, dtype=np.float64)

    def probabilities(self, scores: Vector) -> Vector:
        """Calibrated on the score that each comment gets from a model that has not seen it."""
        slope, shift = self.calibration[:, 0], self.calibration[:, 1]
        return np.asarray(1.0 / (1.0 + np.exp(-(scores * slope + shift))), dtype=np.float64)

    def column(self, head: str) -> int:
        return self.heads.index(head)

    def weight_of(self, head: str, term_column: int) -> float:
        """How far one word or pair speaks for a head."""
        return float(self.weights[self.column(head), term_column])


def train_model(comments: Sequence[Labelled], themes: Sequence[str]) -> Model:
    """Train on labelled comments; the same comments always give the same model."""
    plain = [read_plainly(comment.text) for comment in comments]
    features = Features()
    features.fit(plain)
    rows = features.transform(plain, [comment.audience for comment in comments])
    heads, truth = _questions(comments, themes)
    fit = fit_heads(rows, truth)
    # Kept in single precision, so that a model just trained and one read back agree to the bit.
    weights = fit.weights.astype(np.float32).astype(np.float64)
    return Model(
        features=features,
        themes=tuple(themes),
        heads=heads,
        weights=weights,
        biases=fit.biases,
        thresholds=_thresholds(heads, fit.unseen, truth),
        calibration=np.array([calibrate(s, t) for s, t in zip(fit.unseen.T, truth.T, strict=True)]),
    )


def _questions(
    comments: Sequence[Labelled], themes: Sequence[str]
) -> tuple[tuple[str, ...], Truth]:
    columns: dict[str, list[bool]] = {t: [t in c.themes for c in comments] for t in themes}
    for view in SENTIMENTS:
        columns[f"sentiment:{view}"] = [c.sentiment == view for c in comments]
    columns[RAISED] = [c.urgency in ("soon", "now") for c in comments]
    columns[NOW_HEAD] = [c.urgency == "now" for c in comments]
    columns[ASK_HEAD] = [bool(c.ask) for c in comments]
    empty = [head for head, answers in columns.items() if not any(answers) or all(answers)]
    if empty:
        raise ValueError(f"the training comments cannot teach: {', '.join(empty)}")
    return tuple(columns), np.array(list(columns.values())).T


def _thresholds(heads: tuple[str, ...], scores: Vector, truth: Truth) -> Vector:
    chosen = np.array([best_threshold(s, t) for s, t in zip(scores.T, truth.T, strict=True)])
    first = heads.index(f"sentiment:{SENTIMENTS[0]}")
    chosen[:first] = smooth_thresholds(chosen[:first], scores[:, :first], truth[:, :first])
    views = slice(first, first + len(SENTIMENTS))
    chosen[views] = class_offsets(scores[:, views], truth[:, views])
    raised = heads.index(RAISED)
    chosen[raised] = recall_first_threshold(scores[:, raised], truth[:, raised])
    return chosen
