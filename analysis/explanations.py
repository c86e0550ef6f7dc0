"""Shows a person the words that led to a code."""

from __future__ import annotations

from analysis.lexicons import read_lexicon, theme_patterns
from analysis.models import Model
from analysis.reading import split_tokens

_SHOWN = 3
_EVERYDAY = frozenset(read_lexicon("everyday")["words"])


class Explainer:
    """Finds, for one model, the words of a text that speak most for a head."""

    def __init__(self, model: Model) -> None:
        self._model = model
        self._columns = {term: column for column, term in enumerate(model.features.terms())}

    def words_for(self, head: str, plain: str) -> tuple[str, ...]:
        """The theme's own words found in the text, else the learnt words that weigh most."""
        rule = theme_patterns().get(head)
        found = list(dict.fromkeys(rule.findall(plain))) if rule else []
        if found or head not in self._model.heads:
            return tuple(found[:_SHOWN])
        weighed = {
            word: self._model.weight_of(head, self._columns[word])
            for word in split_tokens(plain)
            if word in self._columns and word not in _EVERYDAY
        }
        heaviest = sorted(weighed, key=lambda word: (-weighed[word], word))[:_SHOWN]
        return tuple(word for word in heaviest if weighed[word] > 0)
