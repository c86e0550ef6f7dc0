"""Shows a person the words that led to a code."""

from __future__ import annotations

import re
from bisect import bisect_right

from analysis.coder.models import Model, Read
from analysis.words.lexicons import read_lexicon, theme_patterns
from analysis.words.reading import split_tokens

_SHOWN = 3
_EVERYDAY = frozenset(read_lexicon("everyday")["words"])
_WORD = re.compile(r"[a-z0-9]+")


class Explainer:
    """Finds, for one model, the words of a text that speak most for a head."""

    def __init__(self, model: Model) -> None:
        self._model = model
        terms = model.terms
        self._columns = {term: column for column, term in enumerate(terms)}

    def words_for(self, head: str, read: Read) -> tuple[str, ...]:
        """The theme's own words found in the text, else the words that weigh most in what was
        learnt: those whose tokens add most to the encoder's answer, where it was asked."""
        rule = theme_patterns().get(head)
        found = list(dict.fromkeys(rule.findall(read.plain))) if rule else []
        if found or not self._model.has(head):
            return tuple(found[:_SHOWN])
        weighed = self._by_answer(head, read) or self._by_words(head, read.plain)
        heaviest = sorted(weighed, key=lambda word: (-weighed[word], word))[:_SHOWN]
        return tuple(word for word in heaviest if weighed[word] > 0)

    def _by_words(self, head: str, plain: str) -> dict[str, float]:
        return {
            word: self._model.weight_of(head, self._columns[word])
            for word in split_tokens(plain)
            if word in self._columns and word not in _EVERYDAY
        }

    def _by_answer(self, head: str, read: Read) -> dict[str, float]:
        added = self._model.parts(head, read)
        if read.encoded is None or added is None:
            return {}
        words = list(_WORD.finditer(read.plain))
        starts = [word.start() for word in words]
        weighed: dict[str, float] = {}
        for value, (start, _) in zip(added, read.encoded.spans, strict=True):
            place = bisect_right(starts, start) - 1
            word = words[place].group() if place >= 0 else ""
            if len(word) > 2 and word not in _EVERYDAY and start < words[place].end():
                weighed[word] = max(float(value), weighed.get(word, float(value)))
        return weighed
