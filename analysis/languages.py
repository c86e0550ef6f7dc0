"""Tells text that the coder does not read, so that it is never coded as if it were English."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from functools import cache

from analysis.lexicons import read_lexicon

ENGLISH = "english"
_WORD = re.compile(r"[^\W\d_]+")
_SURE_SHARE = 0.5
_UNKNOWN_SHARE = 0.25
_ENOUGH_WORDS = 4
_SAMPLE = 4000


@dataclass(frozen=True, slots=True)
class Reading:
    """Whether the coder reads the text, whether there are words at all, and a note for a person."""

    is_read: bool
    has_words: bool
    note: str = ""


def detect_reading(
    text: str, stated: str | None = None, *, known_words: frozenset[str] = frozenset()
) -> Reading:
    """Judge one text by its script, then by everyday words of sixteen languages.

    `stated` is the language that the form was answered in; English words in the text outweigh
    it. `known_words` are the words that the coder learnt from: where hardly one of a text's
    words is among them, it is taken for a language that we have no list of. Texts of one or two
    words in a Latin-script language may pass as English: that is the known limit.
    """
    # The beginning tells the language, and time stays linear in long texts.
    sample = text[:_SAMPLE]
    scripts = Counter(_script(letter) for letter in sample if letter.isalpha())
    letters = sum(scripts.values())
    if not letters:
        return Reading(is_read=True, has_words=False, note="nothing to code: no words in it")
    foreign = letters - scripts["LATIN"]
    if foreign > _SURE_SHARE * letters:
        name = max((s for s in scripts if s != "LATIN"), key=lambda s: scripts[s]).capitalize()
        return Reading(is_read=False, has_words=True, note=f"not read: written in {name} script")
    latin = _judge_latin(sample, stated, known_words)
    if latin.is_read and foreign > 0.1 * letters:
        return Reading(is_read=True, has_words=True, note="part of it is in a script not read")
    return latin


def _judge_latin(sample: str, stated: str | None, known_words: frozenset[str]) -> Reading:
    words = [_bare(word) for word in _WORD.findall(sample.replace("'", "").replace("\u2019", ""))]
    counts = {name: sum(word in list_ for word in words) for name, list_ in _lists().items()}
    english = counts.pop(ENGLISH)
    name, other = max(counts.items(), key=lambda item: item[1])
    stated_other = bool(stated) and not str(stated).strip().lower().startswith("en")
    if stated_other and english < max(3, other + 1):
        return _unread(f"said to be in {str(stated).strip()[:20]}")
    if other >= 2 and other > english:
        return _unread(f"it looks like {name.capitalize()}")
    known = sum(word in known_words for word in words)
    is_strange = bool(known_words) and len(words) >= _ENOUGH_WORDS and english == 0
    if is_strange and known < _UNKNOWN_SHARE * len(words):
        return _unread("it does not look like English")
    return Reading(is_read=True, has_words=True)


def _unread(reason: str) -> Reading:
    return Reading(is_read=False, has_words=True, note=f"not read: {reason}")


@cache
def _script(letter: str) -> str:
    return unicodedata.name(letter, "UNKNOWN").split(" ", 1)[0].split("-", 1)[0]


def _bare(word: str) -> str:
    decomposed = unicodedata.normalize("NFKD", word.lower().replace("\u0131", "i"))
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


@cache
def _lists() -> dict[str, frozenset[str]]:
    lists = read_lexicon("languages")
    english = {str(word) for word in lists[ENGLISH]}
    return {
        name: frozenset(english if name == ENGLISH else {str(w) for w in words} - english)
        for name, words in lists.items()
    }
