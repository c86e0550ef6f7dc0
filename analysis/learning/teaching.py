"""Teaches a model from labelled comments: two classifiers, how they are mixed, where yes begins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from analysis.coder.features import Features, Vector
from analysis.coder.mixing import fit_mixes, fit_mixes_of_one, mix
from analysis.coder.models import (
    ASK_HEAD,
    NOW_HEAD,
    RAISED,
    VIEW_HEADS,
    Columns,
    Linear,
    Model,
    Read,
    older_scores,
    vectors_of,
)
from analysis.learning.attending import fit_panel
from analysis.learning.learners import fit_heads
from analysis.learning.thresholds import (
    best_threshold,
    class_offsets,
    recall_first_threshold,
    theme_thresholds,
)
from analysis.rows.labels import Labelled
from analysis.words.urgency import NONE, match_urgency

Truth = npt.NDArray[np.bool_]
# An encoder's answer is a log-odds already; a linear score of 1 is a clear yes.
_TRUSTED = {"both": (0.6, 1.5), "alone": (0.0, 3.0), "corrected": (1.0, 0.5)}


@dataclass(frozen=True, slots=True)
class Lesson:
    """What a model learns from: comments as read, their labels, how much of a yes each head gets,
    and which of them are kept apart to choose weights and thresholds on (none: all in turn)."""

    read: Sequence[Read]
    labels: Sequence[Labelled]
    heads: tuple[str, ...]
    shares: Vector
    checks: Truth | None = None

    @property
    def truth(self) -> Truth:
        return np.asarray(hard_shares(self.labels, self.heads) > 0)


def heads_for(labels: Sequence[Labelled], themes: Sequence[str]) -> tuple[str, ...]:
    """The questions that these labels can teach: those answered both yes and no."""
    asked = [*themes]
    if any(label.sentiment for label in labels):
        asked += VIEW_HEADS
    if any(label.urgency for label in labels):
        asked += [RAISED, NOW_HEAD]
    if any(label.ask is not None for label in labels):
        asked.append(ASK_HEAD)
    answers = {head: {_says(label, head) for label in labels} for head in asked}
    taught = tuple(head for head in asked if len(answers[head]) == 2)
    # Views are weighed against each other: one alone teaches nothing.
    return tuple(h for h in taught if h not in VIEW_HEADS or set(VIEW_HEADS) & set(taught) != {h})


def hard_shares(labels: Sequence[Labelled], heads: Sequence[str]) -> Vector:
    """A plain yes or no for every head, where nobody doubted."""
    return np.array([[float(_says(label, head)) for head in heads] for label in labels])


def train(
    lesson: Lesson, themes: Sequence[str], *, answers: tuple[str, ...] = (),
    base: Model | None = None,
) -> Model:  # fmt: skip
    """Learn; the same comments always give the same model. The older score is the encoder's
    `answers`, that of the `base`, or else is learnt from the words' vectors, where the encoder
    gave them."""
    checks = lesson.checks if lesson.checks is not None else np.ones(len(lesson.read), np.bool_)
    features = _features(lesson, base)
    encoded = [r.encoded for r in lesson.read]
    centre = vectors_of(lesson.read).mean(axis=0) if base and any(encoded) else None
    own, scores = _fit(lesson, Columns(features, centre))
    meaning, older = None, older_scores(lesson.read, lesson.heads, answers, base)
    if any(one is not None and one.words is not None for one in encoded):
        meaning, older = fit_panel(encoded, lesson.shares)
    usual = _TRUSTED["corrected" if base else "both" if answers or meaning else "alone"]
    truth = lesson.truth[checks]
    mixes = _fit_groups(older[checks], scores[checks], truth, lesson.heads, usual)
    mixed = mix(older[checks], scores[checks], mixes)
    plain = [r.plain for r, check in zip(lesson.read, checks, strict=True) if check]
    return Model(
        own=own,
        themes=tuple(theme for theme in themes if theme in lesson.heads),
        heads=lesson.heads,
        mixes=mixes,
        thresholds=_thresholds(lesson.heads, mixed, truth, plain, base),
        answers=answers,
        meaning=meaning,
        base=base,
        always=base is None and all(label.themes for label in lesson.labels),
    )


def _features(lesson: Lesson, base: Model | None) -> Features:
    """The words that are looked for. What corrects a base looks for the base's words alone: a
    vocabulary of a council's own would keep its children's words and names in clear."""
    if base is not None:
        return base.own.columns.features
    checks = lesson.checks if lesson.checks is not None else np.zeros(len(lesson.read), np.bool_)
    words = [r for r, check in zip(lesson.read, checks, strict=True) if not check]
    features = Features()
    features.fit([r.plain for r in words], [r.question for r in words])
    return features


def _fit(lesson: Lesson, columns: Columns) -> tuple[Linear, Vector]:
    """A classifier, and its score of every comment: of those kept apart as they are, or else of
    each as one that it had not seen."""
    rows = columns.rows(lesson.read)
    taught = np.ones(len(lesson.read), np.bool_) if lesson.checks is None else ~lesson.checks
    fit = fit_heads(rows[taught], lesson.shares[taught], with_unseen=lesson.checks is None)
    # Kept in half precision, so that a model just trained and one read back agree to the bit.
    weights = fit.weights.astype(np.float16).astype(np.float64)
    linear = Linear(columns, weights, fit.biases)
    seen = np.asarray(rows @ weights.T + fit.biases)
    return linear, fit.unseen if lesson.checks is None else seen


def _says(label: Labelled, head: str) -> bool:
    if head in VIEW_HEADS:
        return head == f"sentiment:{label.sentiment}"
    if head == RAISED:
        return label.urgency in ("soon", "now")
    if head == NOW_HEAD:
        return label.urgency == "now"
    return bool(label.ask) if head == ASK_HEAD else head in label.themes


def _groups(heads: Sequence[str]) -> list[list[int]]:
    """The columns that are trusted alike: themes, views, urgency, asks."""
    kinds = [(h in VIEW_HEADS, h in (RAISED, NOW_HEAD), h == ASK_HEAD) for h in heads]
    return [[i for i, kind in enumerate(kinds) if kind == one] for one in dict.fromkeys(kinds)]


def _fit_groups(
    older: Vector, own: Vector, truth: Truth, heads: Sequence[str], usual: tuple[float, float]
) -> Vector:
    """A head that these comments cannot teach keeps its older score as it is."""
    mixes = np.tile([1.0, 0.0, 0.0], (len(heads), 1))
    taught = np.asarray(truth.any(axis=0) & ~truth.all(axis=0))
    for group in _groups(heads):
        known = [column for column in group if taught[column]]
        if known:
            fit = fit_mixes_of_one if heads[known[0]] in VIEW_HEADS else fit_mixes
            mixes[known] = fit(older[:, known], own[:, known], truth[:, known], usual)
    return mixes


def _thresholds(
    heads: Sequence[str], scores: Vector, truth: Truth, plain: Sequence[str], base: Model | None
) -> Vector:
    """Where yes begins. A council's codes move it for themes alone, little by little: when a
    comment is raised stays as it was measured."""
    known = {head: base.thresholds[base.column(head)] for head in heads if base and base.has(head)}
    chosen = np.array([known.get(head, 0.0) for head in heads])
    columns = {head: column for column, head in enumerate(heads)}
    themes = [c for h, c in columns.items() if h not in (*VIEW_HEADS, RAISED, NOW_HEAD, ASK_HEAD)]
    if themes:
        usual = chosen[themes] if base else None
        chosen[themes] = theme_thresholds(scores[:, themes], truth[:, themes], usual)
    views = [columns[head] for head in VIEW_HEADS if head in columns]
    if views and not base:
        chosen[views] = class_offsets(scores[:, views], truth[:, views])
    if ASK_HEAD in columns and ASK_HEAD not in known:
        ask = columns[ASK_HEAD]
        chosen[ask] = best_threshold(scores[:, ask], truth[:, ask])
    if RAISED in columns and RAISED not in known:
        raised = columns[RAISED]
        flagged = np.array([match_urgency(text).tier != NONE for text in plain])
        chosen[raised] = recall_first_threshold(scores[:, raised], truth[:, raised], flagged)
    return chosen
