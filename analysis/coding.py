"""Codes comments: themes, sentiment, urgency and asks, with a confidence and the words behind."""

from __future__ import annotations

import math
import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from analysis.codebooks import HEARD_CODEBOOK, Codebook, load_codebook
from analysis.explanations import Explainer
from analysis.features import Vector
from analysis.labels import SENTIMENTS, read_labelled
from analysis.languages import Reading, detect_reading
from analysis.models import ASK_HEAD, NOW_HEAD, RAISED, Model, train_model
from analysis.prototypes import (
    UNLEARNT_CONFIDENCE,
    says_nothing,
    themes_by_words,
    themes_of_question,
)
from analysis.reading import read_plainly, without_markup
from analysis.storage import fingerprint, load_model, save_model
from analysis.tables import read_table
from analysis.urgency import NONE, NOW, SOON, UNREAD, match_urgency

TRAINING = Path(__file__).parent / "training" / "comments.csv"
MOST_THEMES = 4
_BATCH = 1000


@dataclass(frozen=True, slots=True)
class Comment:
    """One text as it was written. Audience, question asked and language are used where known."""

    id: str
    text: str
    audience: str | None = None
    question: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Coding:
    """What the machine suggests for one comment; a person decides.

    `sentiment` is None and `urgency` 'unread' where the text is in a language that is not read.
    `confidence` (0 to 1) is the calibrated probability that every theme given fits (taken as
    independent), or that none does. `matched` are the words that led to the themes and to the
    urgency.
    """

    id: str
    themes: tuple[str, ...]
    sentiment: str | None
    urgency: str
    ask: bool
    confidence: float
    matched: tuple[str, ...]
    note: str


class Coder:
    """Codes comments to the themes of one codebook with one model."""

    def __init__(self, model: Model, codebook: Codebook) -> None:
        self._model = model
        self._codebook = codebook
        self._explainer = Explainer(model)
        self._known = frozenset(term for term in model.features.terms() if " " not in term)
        self._unlearnt = tuple(t for t in codebook.themes if t.id not in model.themes)

    def code(self, comments: Sequence[Comment]) -> list[Coding]:
        """Code every comment, in the same order; each by itself, so that batches change nothing."""
        codings: list[Coding] = []
        for start in range(0, len(comments), _BATCH):
            codings += self._code_batch(comments[start : start + _BATCH])
        return codings

    def _code_batch(self, comments: Sequence[Comment]) -> list[Coding]:
        readings = [
            detect_reading(without_markup(c.text), c.language, known_words=self._known)
            for c in comments
        ]
        plain = [
            read_plainly(comment.text) if reading.is_read and reading.has_words else ""
            for comment, reading in zip(comments, readings, strict=True)
        ]
        scores = self._model.score(plain, [comment.audience for comment in comments])
        rows = zip(comments, readings, plain, scores, strict=True)
        return [
            self._code_one(comment, text, row, reading.note) if text else _leave(comment, reading)
            for comment, reading, text, row in rows
        ]

    def _code_one(self, comment: Comment, plain: str, scores: Vector, note: str) -> Coding:
        themes, confidence, remark = self._themes(comment, plain, scores)
        tier, urgent_words = self._urgency(plain, scores)
        words = [word for theme in themes for word in self._explainer.words_for(theme, plain)]
        return Coding(
            id=comment.id,
            themes=themes,
            sentiment=self._sentiment(plain, scores),
            urgency=tier,
            ask=bool(self._margin(ASK_HEAD, scores) > 0) and not says_nothing(plain),
            confidence=round(confidence, 2),
            matched=tuple(dict.fromkeys([*words, *urgent_words])),
            note="; ".join(part for part in (note, remark) if part),
        )

    def _themes(
        self, comment: Comment, plain: str, scores: Vector
    ) -> tuple[tuple[str, ...], float, str]:
        """The themes in the order of the codebook, the confidence, and a remark for a person."""
        if says_nothing(plain):
            return (), 1.0, ""
        margins = {
            theme: self._margin(theme, scores)
            for theme in self._codebook.ids
            if theme in self._model.themes
        }
        chosen = [theme for theme, margin in margins.items() if margin > 0]
        chosen = sorted(chosen, key=lambda theme: -margins[theme])[:MOST_THEMES]
        by_words = [t.id for t in themes_by_words(self._unlearnt, plain)]
        remark = f"by its words alone, not learnt: {', '.join(by_words)}" if by_words else ""
        chosen = [*chosen, *by_words][:MOST_THEMES]
        if not chosen and comment.question:
            chosen = [t for t in themes_of_question(comment.question) if t in margins]
            remark = "theme taken from the question" if chosen else ""
        confidence = self._confidence(chosen, margins, scores)
        return tuple(t for t in self._codebook.ids if t in chosen), confidence, remark

    def _confidence(
        self, chosen: Sequence[str], margins: Mapping[str, float], scores: Vector
    ) -> float:
        probabilities = self._model.probabilities(scores)
        sure = {theme: float(probabilities[self._model.column(theme)]) for theme in margins}
        if chosen:
            return math.prod(sure.get(theme, UNLEARNT_CONFIDENCE) for theme in chosen)
        return 1.0 - max(sure.values(), default=1.0 - UNLEARNT_CONFIDENCE)

    def _sentiment(self, plain: str, scores: Vector) -> str:
        if says_nothing(plain):
            return "neutral"
        views: Sequence[str] = SENTIMENTS
        if match_urgency(plain).tier == NOW:
            # A child told of harm: a few kind words beside it must not make that a happy comment.
            views = [view for view in views if view != "positive"]
        return max(views, key=lambda view: self._margin(f"sentiment:{view}", scores))

    def _urgency(self, plain: str, scores: Vector) -> tuple[str, tuple[str, ...]]:
        """The higher of what the rules and the classifier say: either alone may raise."""
        rules = match_urgency(plain)
        tier = rules.tier
        if tier != NOW and self._margin(RAISED, scores) > 0 and not says_nothing(plain):
            tier = NOW if self._margin(NOW_HEAD, scores) > 0 else SOON
        learnt = self._explainer.words_for(RAISED, plain) if tier != NONE else ()
        return tier, rules.words or learnt

    def _margin(self, head: str, scores: Vector) -> float:
        column = self._model.column(head)
        return float(scores[column] - self._model.thresholds[column])


def load_default(directory: Path | None = None, codebook: Codebook | None = None) -> Coder:
    """The coder trained on the project's own comments.

    The trained model is kept in `directory`, else in the folder that HEARD_DATA names, else
    only in memory. A kept file that is missing, damaged or out of date is trained anew.
    """
    named = os.environ.get("HEARD_DATA")
    kept_in = directory or (Path(named) / "analysis" if named else None)
    return Coder(_default_model(kept_in), codebook or load_codebook())


@cache
def _default_model(directory: Path | None) -> Model:
    if directory is None:
        return _train_default()
    path = directory / f"coder-{fingerprint(TRAINING, HEARD_CODEBOOK)}.npz"
    model = load_model(path)
    if model is None:
        model = _train_default()
        # A full or read-only disk must not stop the coding: the model is in memory.
        with suppress(OSError):
            save_model(model, path)
    return model


def _train_default() -> Model:
    return train_model(read_labelled(read_table(TRAINING).rows), load_codebook().ids)


def _leave(comment: Comment, reading: Reading) -> Coding:
    """The coding of a text with nothing to code, or in a language that is not read."""
    return Coding(
        id=comment.id,
        themes=(),
        sentiment="neutral" if reading.is_read else None,
        urgency=NONE if reading.is_read else UNREAD,
        ask=False,
        confidence=1.0 if reading.is_read else 0.0,
        matched=(),
        note=reading.note,
    )
