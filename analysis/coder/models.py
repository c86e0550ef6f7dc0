"""What was learnt: two scores for each question put to a comment, mixed into its log-odds.

The older score is the encoder's answer, or that of the model which a council's own codes correct;
our own is a linear classifier over words. Where a codebook is learnt anew, the older score is that
of small networks over the encoder's word vectors. Either may be missing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from scipy import sparse

from analysis.coder.attention import Panel
from analysis.coder.features import Features, Vector
from analysis.coder.mixing import mix
from analysis.rows.labels import SENTIMENTS

if TYPE_CHECKING:
    from analysis.coder.encoders import Encoded

RAISED, NOW_HEAD, ASK_HEAD = "urgency:raised", "urgency:now", "ask"
VIEW_HEADS = tuple(f"sentiment:{view}" for view in SENTIMENTS)
_VECTOR_BESIDE_WORDS = 1.4


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
    """How a comment becomes a row of numbers: by its words and, where a centre is given, by its
    vector's way from the centre of all vectors."""

    features: Features
    centre: Vector | None = None

    def rows(self, read: Sequence[Read]) -> sparse.csr_matrix:
        plain = [r.plain for r in read]
        who, asked = [r.audience for r in read], [r.question for r in read]
        blocks = [self.features.transform(plain, who, asked)]
        if self.centre is not None:
            away = vectors_of(read) - self.centre
            length = np.maximum(np.linalg.norm(away, axis=1, keepdims=True), 1e-9)
            blocks.append(sparse.csr_matrix(away / length * _VECTOR_BESIDE_WORDS))
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
    meaning: Panel | None = None
    """Networks over the encoder's word vectors, where a codebook is learnt anew."""
    base: Model | None = None
    """The model that this one corrects."""
    always: bool = False
    """Whether every comment that taught it had a theme: then each gets one."""

    def score(self, read: Sequence[Read]) -> Vector:
        """Log-odds, one row a comment, one column a head. Those of the views say how they stand
        to each other, since a comment has one view."""
        if self.meaning is not None:
            older = self.meaning.score([r.encoded for r in read])
        else:
            older = older_scores(read, self.heads, self.answers, self.base)
        return mix(older, self.own.score(read), self.mixes)

    def parts(self, head: str, read: Read) -> npt.NDArray[np.float32] | None:
        """What each token adds to a head's older score; None where that is not known."""
        if read.encoded is None:
            return None
        if head in self.answers:
            return read.encoded.parts[:, self.answers.index(head)]
        if self.meaning is not None and read.encoded.words is not None:
            return self.meaning.parts(read.encoded.words)[:, self.column(head)]
        return None

    @property
    def terms(self) -> tuple[str, ...]:
        """The words and pairs that it knows, in the order of its first columns."""
        return self.own.columns.features.terms()

    @property
    def needs_encoder(self) -> bool:
        """Whether comments must be put to the encoder first."""
        own = bool(self.answers) or self.meaning is not None or self.own.columns.centre is not None
        return own or bool(self.base and self.base.needs_encoder)

    @property
    def needs_words(self) -> bool:
        """Whether the encoder must give each word's vector too."""
        return self.meaning is not None

    def column(self, head: str) -> int:
        return self.heads.index(head)

    def has(self, head: str) -> bool:
        return head in self.heads

    def weight_of(self, head: str, term_column: int) -> float:
        """How far one word or pair speaks for a head."""
        return float(self.own.weights[self.column(head), term_column])


def vectors_of(read: Sequence[Read]) -> Vector:
    """The encoder's vectors; noughts for a comment that it did not read."""
    width = max((len(r.encoded.vector) for r in read if r.encoded), default=1)
    return np.array([r.encoded.vector if r.encoded else np.zeros(width) for r in read])


def older_scores(
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
