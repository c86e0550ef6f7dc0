"""What was learnt: two scores for each question put to a comment, mixed into its log-odds.

The older score is the encoder's answer, or that of the model which a council's own codes correct;
our own is a linear classifier over words (and the encoder's vector, where a codebook is learnt
anew). Either may be missing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from scipy import sparse

from analysis.features import Features, Vector
from analysis.labels import SENTIMENTS, Labelled
from analysis.learners import fit_heads
from analysis.mixing import fit_mixes, mix
from analysis.thresholds import (
    best_threshold,
    class_offsets,
    recall_first_threshold,
    theme_thresholds,
)
from analysis.urgency import NONE, match_urgency

if TYPE_CHECKING:
    from analysis.encoders import Encoded

Truth = npt.NDArray[np.bool_]
RAISED, NOW_HEAD, ASK_HEAD = "urgency:raised", "urgency:now", "ask"
VIEW_HEADS = tuple(f"sentiment:{view}" for view in SENTIMENTS)
# An encoder's answer is a log-odds already; a linear score of 1 is a clear yes.
_TRUSTED = {"both": (0.6, 1.5), "alone": (0.0, 3.0), "corrected": (1.0, 0.5)}
_VECTOR_BESIDE_WORDS, _VECTOR_ALONE = 1.4, 4.5


@dataclass(frozen=True, slots=True)
class Read:
    """One comment as the models take it: its reading copy, its writer, the question it answers,
    and what the encoder made of it (None where there is no encoder)."""

    plain: str
    audience: str | None
    question: str | None
    encoded: Encoded | None


@dataclass(frozen=True, slots=True)
class Columns:
    """How a comment becomes a row of numbers: by its words, by its vector's way from the centre
    of all vectors, or by both."""

    features: Features | None
    centre: Vector | None = None
    size: float = _VECTOR_BESIDE_WORDS

    def rows(self, read: Sequence[Read]) -> sparse.csr_matrix:
        blocks = []
        if self.features is not None:
            plain = [r.plain for r in read]
            who, asked = [r.audience for r in read], [r.question for r in read]
            blocks.append(self.features.transform(plain, who, asked))
        if self.centre is not None:
            away = _vectors(read) - self.centre
            length = np.maximum(np.linalg.norm(away, axis=1, keepdims=True), 1e-9)
            blocks.append(sparse.csr_matrix(away / length * self.size))
        return sparse.hstack(blocks, format="csr")


@dataclass(frozen=True, slots=True)
class Linear:
    """One linear classifier a head over the same columns."""

    columns: Columns
    weights: Vector
    biases: Vector

    def score(self, read: Sequence[Read]) -> Vector:
        return np.asarray(self.columns.rows(read) @ self.weights.T + self.biases)


@dataclass(frozen=True, slots=True)
class Model:
    """A head is one yes-or-no question put to a comment; `thresholds` are log-odds. At most one
    of `answers`, `meaning` and `base` gives the older score."""

    own: Linear
    themes: tuple[str, ...]
    heads: tuple[str, ...]
    mixes: Vector
    thresholds: Vector
    answers: tuple[str, ...] = ()
    """The heads that the encoder answers; none where this model does not ask it."""
    meaning: Linear | None = None
    """A classifier over the encoder's vectors, where a codebook is learnt anew."""
    base: Model | None = None
    """The model that this one corrects."""

    def score(self, read: Sequence[Read]) -> Vector:
        """Log-odds, one row a comment, one column a head."""
        if self.meaning is not None:
            older = self.meaning.score(read)
        else:
            older = _older(read, self.heads, self.answers, self.base)
        return mix(older, self.own.score(read), self.mixes)

    @property
    def terms(self) -> tuple[str, ...]:
        """The words and pairs that it knows, in the order of its first columns."""
        features = self.own.columns.features
        return features.terms() if features else ()

    @property
    def needs_encoder(self) -> bool:
        """Whether comments must be put to the encoder first."""
        own = bool(self.answers) or self.meaning is not None or self.own.columns.centre is not None
        return own or bool(self.base and self.base.needs_encoder)

    def column(self, head: str) -> int:
        return self.heads.index(head)

    def has(self, head: str) -> bool:
        return head in self.heads

    def weight_of(self, head: str, term_column: int) -> float:
        """How far one word or pair speaks for a head."""
        return float(self.own.weights[self.column(head), term_column])


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
        return np.array([[_says(label, head) for head in self.heads] for label in self.labels])


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
    base: Model | None = None, with_vectors: bool = False,
) -> Model:  # fmt: skip
    """Learn; the same comments always give the same model. The older score is the encoder's
    `answers`, that of the `base`, or else is learnt from the vectors, where these are wanted."""
    checks = lesson.checks if lesson.checks is not None else np.ones(len(lesson.read), np.bool_)
    features = _features(lesson, base)
    centre = _vectors(lesson.read).mean(axis=0) if with_vectors else None
    own, scores = _fit(lesson, Columns(features, centre if base else None))
    meaning, older = None, _older(lesson.read, lesson.heads, answers, base)
    if centre is not None and not base:
        meaning, older = _fit(lesson, Columns(None, centre, _VECTOR_ALONE))
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
    )


def _features(lesson: Lesson, base: Model | None) -> Features:
    """The words that are looked for. What corrects a base looks for the base's words alone: a
    vocabulary of a council's own would keep its children's words and names in clear."""
    if base is not None and base.own.columns.features is not None:
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


def _vectors(read: Sequence[Read]) -> Vector:
    """The encoder's vectors; noughts for a comment that it did not read."""
    width = max((len(r.encoded.vector) for r in read if r.encoded), default=1)
    return np.array([r.encoded.vector if r.encoded else np.zeros(width) for r in read])


def _older(
    read: Sequence[Read], heads: Sequence[str], answers: Sequence[str], base: Model | None
) -> Vector:
    """The older score of every head, nought for a head that it does not know."""
    older = np.zeros((len(read), len(heads)))
    known = base.heads if base else tuple(answers)
    if not known:
        return older
    scores = base.score(read) if base else _answers(read, len(known))
    for column, head in enumerate(heads):
        if head in known:
            older[:, column] = scores[:, known.index(head)]
    return older


def _answers(read: Sequence[Read], heads: int) -> Vector:
    return np.array([r.encoded.answers if r.encoded else np.zeros(heads) for r in read])


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
            mixes[known] = fit_mixes(older[:, known], own[:, known], truth[:, known], usual)
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
