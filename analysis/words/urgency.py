"""Raises a comment in the reading queue by rules in tiers; it reorders and is never a gate."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from analysis.words.lexicons import read_lexicon

NONE, SOON, NOW, UNREAD = "none", "soon", "now", "unread"
_NEAR = 80


@dataclass(frozen=True, slots=True)
class UrgencyMatch:
    """The tier that the rules give ('none', 'soon', 'now') and the words that led to it."""

    tier: str
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Rules:
    idioms: re.Pattern[str]
    calm: re.Pattern[str]
    certain: tuple[re.Pattern[str], ...]
    likely: tuple[re.Pattern[str], ...]
    soon: tuple[re.Pattern[str], ...]


def match_urgency(plain: str) -> UrgencyMatch:
    """Match a reading copy (`read_plainly`) against the rules.

    Idioms are taken out first. Past, training and fiction nearby switch off only the weaker
    signs: what is said outright counts in every setting, because a miss costs more than a flag.
    """
    rules = _rules()
    # As long as before, so that what is near a match can be looked up in the whole text.
    text = rules.idioms.sub(lambda idiom: "~" * len(idiom.group()), plain)
    now = _found(rules.certain, text) + _found_uncalmed(rules, text, plain)
    if now:
        return UrgencyMatch(NOW, tuple(dict.fromkeys(now)))
    soon = _found(rules.soon, text)
    return UrgencyMatch(SOON if soon else NONE, tuple(dict.fromkeys(soon)))


def blank_idioms(plain: str) -> str:
    """The reading copy with its harmless idioms taken out."""
    return _rules().idioms.sub(" ", plain)


def _found(patterns: tuple[re.Pattern[str], ...], text: str) -> list[str]:
    return [match.group().strip() for rule in patterns if (match := rule.search(text))]


def _found_uncalmed(rules: _Rules, text: str, plain: str) -> list[str]:
    words = []
    for rule in rules.likely:
        for match in rule.finditer(text):
            around = plain[max(0, match.start() - _NEAR) : match.end() + _NEAR]
            if not rules.calm.search(around):
                words.append(match.group().strip())
                break
    return words


@cache
def _rules() -> _Rules:
    content = read_lexicon("urgency")
    return _Rules(
        idioms=_one(content["idioms"]),
        calm=_one(content["calm"]),
        certain=_each(content["now"]["certain"]),
        likely=_each(content["now"]["likely"]),
        soon=_each(content["soon"]),
    )


def _one(patterns: list[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns))


def _each(groups: dict[str, Any]) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern) for group in groups.values() for pattern in group)
