"""Codes by words alone where nothing was learnt: answers of nothing, questions, unknown themes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from analysis.rows.codebooks import Theme
from analysis.words.lexicons import read_lexicon, theme_patterns
from analysis.words.reading import read_plainly, split_words

UNLEARNT_CONFIDENCE = 0.3
_NOTHING = re.compile(
    r"(?:no|none|nope|nah|nothing|nothing (?:else|really|to (?:add|say|report)|from me|further)"
    r"(?: (?:thanks|thank you|this month|at this time))?|n/?a|nil|not applicable|no comments?"
    r"|no concerns(?: at this time)?|no (?:change|update)s?|ok|okay|its ok|its okay|fine|its fine"
    r"|im fine|all (?:ok|fine)|alright|its alright|i dont know|not sure|same(?: as (?:last time"
    r"|before|above))?|see above|as (?:above|discussed)|yes|hi|hello|lol)[.! ]*"
)
_MOST_FROM_QUESTION = 2
_BETWEEN = re.compile(r"[,;:\n]| - ")


def says_nothing(plain: str) -> bool:
    """Whether a reading copy is one of the usual ways of saying nothing."""
    return not plain or _NOTHING.fullmatch(plain) is not None


def themes_of_question(question: str) -> list[str]:
    """The project's own themes that a question speaks of: a short answer leaves them unsaid."""
    plain = read_plainly(question)
    counts = {theme: len(rule.findall(plain)) for theme, rule in theme_patterns().items()}
    found = [theme for theme, count in counts.items() if count]
    return sorted(found, key=lambda theme: -counts[theme])[:_MOST_FROM_QUESTION]


def themes_by_words(themes: Sequence[Theme], plain: str) -> list[Theme]:
    """The themes of which one part stands in the reading copy: its title, or one of the parts
    between commas of what it covers. A part stands there when all its words do; of a theme that
    has nothing but names, any word is enough."""
    said = {_one(word) for word in split_words(plain)}
    return [theme for theme in themes if any(part <= said for part in _own_parts(theme))]


@cache
def _own_parts(theme: Theme) -> tuple[frozenset[str], ...]:
    parts = [_telling_words(part) for part in (theme.title, *_BETWEEN.split(theme.covers))]
    if not theme.covers.strip():
        names = _telling_words(f"{theme.id.replace('_', ' ')} {theme.title}")
        parts = [frozenset({word}) for word in sorted(names)]
    return tuple(part for part in parts if part)


def _telling_words(text: str) -> frozenset[str]:
    everyday = read_lexicon("everyday")["words"]
    words = split_words(read_plainly(text))
    return frozenset(_one(word) for word in words if len(word) > 2 and word not in everyday)


def _one(word: str) -> str:
    """One judge and two judges are the same word."""
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word
