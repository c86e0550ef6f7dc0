"""Names a group of comments by the words that its own comments hold and others do not."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache

from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

from analysis.words.lexicons import read_lexicon
from analysis.words.privacy import find_telling
from analysis.words.reading import read_plainly, without_markup

MOST_WORDS = 6
_WORD = re.compile(r"[^\W\d_]+(?:['\u2019][^\W\d_]+)*")
_SHORTEST = 3
_ENDINGS = ("ings", "ing", "ies", "ied", "ed", "es", "ly", "s", "y", "e")
_ROOT = 3
_FEWEST_HOLDERS = 2
_LEAST_SHARE = 0.1
_TIMES_AS_OFTEN = 2.0


@dataclass(frozen=True, slots=True)
class Word:
    """A word as it is written most, and which of the group's comments hold it (by place)."""

    text: str
    holders: tuple[int, ...]


class WordCounts:
    """Which comment holds which words, counted once for every group of the same comments."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._texts = texts
        self._held = [roots_in(text) for text in texts]
        self._counts = Counter(word for held in self._held for word in held)

    def name(self, group: Collection[int]) -> tuple[Word, ...]:
        """The words that tell these comments from all the others, the most telling first.

        Class-based TF-IDF over comments: how many of the group hold a word, times how much more
        often than the others do. The forms of a word count together and the commonest is shown;
        what may tell who somebody is (a name, a place) names nothing.
        """
        members = sorted(group)
        inside = Counter(word for n in members for word in self._held[n])
        fewest = max(_FEWEST_HOLDERS, math.ceil(_LEAST_SHARE * len(members)))
        weights = {
            word: self._weight(word, count, len(members))
            for word, count in inside.items()
            if count >= fewest
        }
        ordered = sorted((w for w in weights if weights[w] > 0), key=lambda w: (-weights[w], w))
        return tuple(self._chosen(ordered, members))

    def _weight(self, word: str, count: int, size: int) -> float:
        share = count / size
        others = (self._counts[word] - count + 1) / (len(self._texts) - size + 1)
        return share * math.log(share / others) if share >= _TIMES_AS_OFTEN * others else 0.0

    def _chosen(self, ordered: Sequence[str], members: Sequence[int]) -> list[Word]:
        telling = self._telling(members)
        shown = [word for word in ordered if word not in telling][:MOST_WORDS]
        return [self._as_written(word, members) for word in shown]

    def _as_written(self, word: str, members: Sequence[int]) -> Word:
        holders = tuple(n for n in members if word in self._held[n])
        forms = Counter(self._held[n][word] for n in holders)
        return Word(min(forms, key=lambda form: (-forms[form], form)), holders)

    def _telling(self, members: Sequence[int]) -> set[str]:
        """Words that more often than not stand there as a name, a place or the like."""
        pointed: Counter[str] = Counter()
        for n in members:
            text = self._texts[n]
            parts = " ".join(span.words(text) for span in find_telling(text))
            pointed.update(roots_in(parts).keys())
        held = Counter(word for n in members for word in self._held[n])
        return {word for word, count in pointed.items() if 2 * count > held[word]}


def roots_in(text: str) -> dict[str, str]:
    """The words of a text that carry a meaning, by their root, each as it is written first."""
    found: dict[str, str] = {}
    for match in _WORD.finditer(without_markup(text)):
        written = match.group().lower().replace("\u2019", "'")
        plain = read_plainly(written)
        if len(plain) >= _SHORTEST and plain not in _common():
            found.setdefault(_root(plain), written)
    return found


def _root(plain: str) -> str:
    """What the forms of a word share: vape, vapes and vaping count together."""
    for ending in _ENDINGS:
        if plain.endswith(ending) and len(plain) - len(ending) >= _ROOT:
            plain = plain.removesuffix(ending)
            break
    return plain[:-1] if len(plain) > _ROOT and plain[-1] == plain[-2] else plain


@cache
def _common() -> frozenset[str]:
    """Words that tell no subject from another, in the plain form of reading copies."""
    everyday = map(str, read_lexicon("everyday")["words"])
    return frozenset(read_plainly(word) for word in (*ENGLISH_STOP_WORDS, *everyday))
