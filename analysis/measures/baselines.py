"""TextBlob's polarity as a sentiment of four classes: the named baseline, which decides nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from textblob import TextBlob
from textblob.base import DISCRETE, BaseSentimentAnalyzer
from textblob.en.sentiments import PatternAnalyzer

_CLEAR = 0.1
_LONGEST = 20_000


class PolarityClasses(BaseSentimentAnalyzer):  # type: ignore[misc]
    """A TextBlob analyzer that answers positive, negative, mixed or neutral.

    Mixed where words of both sides are clear; the bounds are round figures, tuned on nothing.
    """

    kind = DISCRETE

    def __init__(self) -> None:
        super().__init__()
        self._polarity = PatternAnalyzer()

    def analyze(self, text: str) -> str:
        result: Any = self._polarity.analyze(text[:_LONGEST], keep_assessments=True)
        words = [float(assessment[1]) for assessment in result.assessments]
        if max(words, default=0.0) > _CLEAR and min(words, default=0.0) < -_CLEAR:
            return "mixed"
        if result.polarity > _CLEAR:
            return "positive"
        return "negative" if result.polarity < -_CLEAR else "neutral"


def textblob_sentiments(texts: Sequence[str]) -> list[str]:
    """The baseline's class for each text."""
    analyzer = PolarityClasses()
    return [str(TextBlob(text, analyzer=analyzer).sentiment) for text in texts]
