"""Codes comments: themes, sentiment, urgency and asks, with a confidence and the words behind."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from scipy.special import expit

from analysis.coder.encoders import load_encoder
from analysis.coder.explanations import Explainer
from analysis.coder.features import Vector
from analysis.coder.models import ASK_HEAD, NOW_HEAD, RAISED, VIEW_HEADS, Model, Read
from analysis.coder.prototypes import (
    UNLEARNT_CONFIDENCE,
    says_nothing,
    themes_by_words,
    themes_of_question,
)
from analysis.coder.readers import read_copies
from analysis.rows.codebooks import Codebook
from analysis.rows.labels import SENTIMENTS
from analysis.words.languages import Reading, detect_reading
from analysis.words.reading import read_plainly, without_markup
from analysis.words.urgency import NONE, NOW, SOON, UNREAD, UrgencyMatch, match_urgency

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
        self.codebook = codebook
        self._explainer = Explainer(model)
        self._encoder = load_encoder() if model.needs_encoder else None
        terms = model.terms
        self._known = frozenset(term for term in terms if " " not in term)
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
        read = read_copies(
            plain,
            [c.audience for c in comments],
            [c.question for c in comments],
            self._encoder,
            with_words=self._model.needs_words,
        )
        scores = self._model.score(read)
        rows = zip(comments, readings, read, scores, strict=True)
        return [
            self._code_one(comment, one, row, reading.note)
            if one.plain
            else _leave(comment, reading)
            for comment, reading, one, row in rows
        ]

    def _code_one(self, comment: Comment, read: Read, scores: Vector, note: str) -> Coding:
        plain = read.plain
        themes, confidence, remark = self._themes(comment, plain, scores)
        rules = match_urgency(plain)
        tier, urgent_words = self._urgency(read, scores, rules)
        words = [word for theme in themes for word in self._explainer.words_for(theme, read)]
        return Coding(
            id=comment.id,
            themes=themes,
            sentiment=self._sentiment(plain, scores, rules),
            urgency=tier,
            ask=self._margin(ASK_HEAD, scores) > 0 and not says_nothing(plain),
            confidence=round(confidence, 2),
            matched=tuple(dict.fromkeys([*words, *urgent_words])),
            note="; ".join(part for part in (note, remark) if part),
        )

    def _themes(
        self, comment: Comment, plain: str, scores: Vector
    ) -> tuple[tuple[str, ...], float, str]:
        """The themes in the order of the codebook, the confidence, and a remark for a person."""
        if says_nothing(plain) and not self._model.always:
            return (), 1.0, ""
        margins = {
            theme: self._margin(theme, scores)
            for theme in self.codebook.ids
            if theme in self._model.themes
        }
        chosen = [theme for theme, margin in margins.items() if margin > 0]
        chosen = sorted(chosen, key=lambda theme: -margins[theme])[:MOST_THEMES]
        by_words = [t.id for t in themes_by_words(self._unlearnt, plain)]
        remark = f"by its words alone, not learnt: {', '.join(by_words)}" if by_words else ""
        chosen = [*chosen, *by_words][:MOST_THEMES]
        if not chosen and self._model.always and margins:
            chosen = [max(margins, key=lambda theme: margins[theme])]
        if not chosen and comment.question:
            chosen = [t for t in themes_of_question(comment.question) if t in margins]
            remark = "theme taken from the question" if chosen else ""
        confidence = self._confidence(chosen, margins, scores)
        return tuple(t for t in self.codebook.ids if t in chosen), confidence, remark

    def _confidence(
        self, chosen: Sequence[str], margins: Mapping[str, float], scores: Vector
    ) -> float:
        sure = {theme: _chance(scores[self._model.column(theme)]) for theme in margins}
        if chosen:
            return math.prod(sure.get(theme, UNLEARNT_CONFIDENCE) for theme in chosen)
        return 1.0 - max(sure.values(), default=1.0 - UNLEARNT_CONFIDENCE)

    def _sentiment(self, plain: str, scores: Vector, rules: UrgencyMatch) -> str | None:
        """None where the model was never taught a view."""
        if not any(self._model.has(head) for head in VIEW_HEADS):
            return None
        if says_nothing(plain):
            return "neutral"
        views = [view for view in SENTIMENTS if self._model.has(f"sentiment:{view}")]
        if rules.tier == NOW:
            # A child told of harm: a few kind words beside it must not make that a happy comment.
            views = [view for view in views if view != "positive"]
        return max(views, key=lambda view: self._margin(f"sentiment:{view}", scores))

    def _urgency(
        self, read: Read, scores: Vector, rules: UrgencyMatch
    ) -> tuple[str, tuple[str, ...]]:
        """The higher of what the rules and the classifier say: either alone may raise."""
        tier = rules.tier
        if tier != NOW and self._margin(RAISED, scores) > 0 and not says_nothing(read.plain):
            tier = NOW if self._margin(NOW_HEAD, scores) > 0 else SOON
        learnt = self._explainer.words_for(RAISED, read) if tier != NONE else ()
        return tier, rules.words or learnt

    def _margin(self, head: str, scores: Vector) -> float:
        """How far above where yes begins; far below for a question that was never taught."""
        if not self._model.has(head):
            return -math.inf
        column = self._model.column(head)
        return float(scores[column] - self._model.thresholds[column])


def _chance(log_odds: float) -> float:
    return float(expit(log_odds))


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
