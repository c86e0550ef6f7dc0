"""Codes by words alone where nothing was learnt: answers of nothing, questions, unknown themes."""

from __future__ import annotations

import re
from collections.abc import Sequence

from analysis.rows.codebooks import Theme
from analysis.words.lexicons import compile_phrases, read_lexicon, theme_patterns
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
    """The themes one of whose own words (name, title, covers) stands in the reading copy."""
    return [t for t in themes if (words := _own_words(t)) and compile_phrases(words).search(plain)]


def _own_words(theme: Theme) -> list[str]:
    everyday = read_lexicon("everyday")["words"]
    source = read_plainly(f"{theme.id.replace('_', ' ')} {theme.title} {theme.covers}")
    return sorted({word for word in split_words(source) if len(word) > 2 and word not in everyday})
