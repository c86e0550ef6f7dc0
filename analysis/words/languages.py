"""Tells text that the coder does not read, so that it is never coded as if it were English."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from functools import cache

from py3langid.langid import MODEL_FILE, LanguageIdentifier

from analysis.words.lexicons import read_lexicon
from analysis.words.vocabulary import english_words, plain_words

ENGLISH = "en"
UNDETERMINED = "und"  # ISO 639-2 for a language that is there and cannot be told
NO_WORDS = "zxx"  # ISO 639-2 for no words in any language
# Pidgin is read as English is: nearly all its words are English ones.
_LIKE_ENGLISH = (ENGLISH, "pcm")
_WORD = re.compile(r"[^\W\d_]+")
# A capital within a sentence is mostly a name, and a name tells no language.
_NAME = re.compile(r"(?<=[^\W\d_.!?:][ ,])\s*[A-Z][a-z]+(?=\W|$)")
_LAUGHTER = re.compile(r"(?:[ah]{2,}|[eh]{2,}|[lo]{3,}|[xo]{2,}|[aeg]?r+g+h*|[mu]+h*)")
_SAMPLE = 2000
_MOSTLY = 0.5
_PARTLY = 0.1
_FEW_WORDS = 2
_LIKELY = 0.3
_SURE = 0.5
_VERY_SURE = 0.8
_CERTAIN = 0.97
_STRANGE_SHARE = 0.25
_KNOWN_SHARE = 0.5
_MOST_KNOWN_SHARE = 0.6
_ENOUGH_WORDS = 4
_FOREIGN_RUN = 5
# Letters that only Sorani has among languages in Arabic letters; forms of only one of the two
# languages in Ethiopic letters. The wrong one of those would call the wrong interpreter.
_SORANI = re.compile("[\u06ce\u06c6\u06b5\u0695\u06d5]")
_TIGRINYA = re.compile(
    "[\u1250-\u125f\u12a3\u12b8-\u12be]|\u12a5\u12e9|\u12a5\u12e8|\u12a2\u12e9|\u1292\\b"
    "|\\b(?:\u12ab\u1265|\u121d\u1235|\u1293\u12ed)\\b"  # from, with, of
)
_AMHARIC = re.compile("[\u12a0\u129d]|\u1290\u12cd|\u1208\u1201")


@dataclass(frozen=True, slots=True)
class Reading:
    """Whether the coder reads the text, whether there are words at all, and a note for a person.

    `language` is a code of ISO 639: "en", the language that it seems to be in, "und" where that
    cannot be told, and "zxx" where there are no words.
    """

    is_read: bool
    has_words: bool
    note: str = ""
    language: str = ENGLISH


@dataclass(frozen=True, slots=True)
class _Guess:
    """How likely (0 to 1) the detector finds English, and the likeliest other language."""

    english: float
    other: str
    likely: float


def detect_reading(
    text: str, stated: str | None = None, *, known_words: frozenset[str] = frozenset()
) -> Reading:
    """Judge one text by its script, by the share of words that are known, and by the detector.

    `stated` is the language that the form was answered in; English words in the text outweigh
    it. `known_words` are words that the coder learnt from, beside those that our own comments
    hold. Misspelt English keeps its known words, and so is never lost to the detector alone; one
    or two words of another Latin-script language may pass as English: that is the known limit.
    """
    # The beginning tells the language, and time stays linear in long texts.
    sample = unicodedata.normalize("NFKC", text[:_SAMPLE])
    letters = [letter for letter in sample if letter.isalpha()]
    if not letters:
        return Reading(True, False, "nothing to code: no words in it", NO_WORDS)
    foreign = [letter for letter in letters if _script(letter) != "LATIN"]
    if len(foreign) > _MOSTLY * len(letters):
        return _by_script(sample, foreign)
    latin = _judge_latin(sample, stated, known_words)
    if latin.is_read and len(foreign) > _PARTLY * len(letters):
        return Reading(True, True, "part of it is in a script not read")
    return latin


def _by_script(sample: str, foreign: list[str]) -> Reading:
    script = Counter(map(_script, foreign)).most_common(1)[0][0].capitalize()
    if script == "Arabic" and _SORANI.search(sample):
        return _unread_in("ckb")
    if script == "Ethiopic":
        return _by_ethiopic(sample)
    guess = _guess("".join(c if c.isspace() or _script(c) != "LATIN" else " " for c in sample))
    if guess.likely < _SURE:
        return _unread(f"written in {script} script", UNDETERMINED)
    return _unread_in(guess.other)


def _by_ethiopic(sample: str) -> Reading:
    forms = {"ti": _TIGRINYA, "am": _AMHARIC}
    counts = {code: len(form.findall(sample)) for code, form in forms.items()}
    if counts["ti"] == counts["am"]:
        return _unread("it looks like Amharic or Tigrinya", UNDETERMINED)
    return _unread_in(max(counts, key=lambda code: counts[code]))


def _judge_latin(sample: str, stated: str | None, known_words: frozenset[str]) -> Reading:
    words = _words_that_tell(sample)
    if not words:
        return Reading(True, True)
    are_known = [_is_known(word, known_words) for word in words]
    known = sum(are_known) / len(words)
    guess = _guess(" ".join(_WORD.findall(sample)).lower())
    said = (stated or "").strip()[:20]
    if said and not said.lower().startswith("en") and not _is_plainly_english(known, guess):
        return _unread(f"said to be in {said}", _code_of(said))
    is_accented = not sample.isascii() and not "".join(_WORD.findall(sample)).isascii()
    if _is_other(len(words), known, guess, is_accented=is_accented):
        return _unread_in(guess.other)
    if _is_strange(len(words), known, guess):
        return _unread("it does not look like English", UNDETERMINED)
    # "i" is a word of many languages: it neither makes a run nor ends one.
    in_runs = [is_known for word, is_known in zip(words, are_known, strict=True) if word != "i"]
    if _longest_run(in_runs) >= _FOREIGN_RUN:
        return Reading(True, True, "part of it may be in a language not read")
    return Reading(True, True)


def _is_plainly_english(known: float, guess: _Guess) -> bool:
    return known >= _MOST_KNOWN_SHARE and guess.english >= guess.likely


def _is_other(count: int, known: float, guess: _Guess, *, is_accented: bool) -> bool:
    """Whether the detector is surer of another language than the known words are of English."""
    if guess.english >= guess.likely:
        return False
    if count <= _FEW_WORDS:
        return known == 0 and guess.likely >= (_SURE if is_accented else _VERY_SURE)
    if known < _KNOWN_SHARE:
        return guess.likely >= _SURE
    return known < _MOST_KNOWN_SHARE and guess.likely >= _CERTAIN


def _is_strange(count: int, known: float, guess: _Guess) -> bool:
    """Whether hardly a word is known, whatever language that may be (romanised Arabic or Urdu)."""
    if count < _ENOUGH_WORDS:
        return count > _FEW_WORDS and known == 0 and guess.likely > max(guess.english, _LIKELY)
    return known <= _STRANGE_SHARE and guess.english < _VERY_SURE


def _words_that_tell(sample: str) -> list[str]:
    """The words in plain spelling, without names, laughter and single letters other than I."""
    shouted = sample.isupper()
    kept = sample if shouted else _NAME.sub(" ", sample)
    if not shouted and not any(word.islower() for word in _WORD.findall(kept)):
        return []
    return [w for w in plain_words(kept) if (len(w) > 1 or w == "i") and not _LAUGHTER.fullmatch(w)]


def _longest_run(are_known: list[bool]) -> int:
    longest = run = 0
    for is_known in are_known:
        run = 0 if is_known else run + 1
        longest = max(longest, run)
    return longest


def _unread_in(code: str) -> Reading:
    name = _told_as().get(code, code)
    return _unread(f"it looks like {name}", code)


def _unread(reason: str, code: str) -> Reading:
    return Reading(False, True, f"not read: {reason} [{code}]", code)


def _guess(text: str) -> _Guess:
    ranked = _identifier().rank(text)
    english = sum(share for code, share in ranked if code in _LIKE_ENGLISH)
    other, likely = next(pair for pair in ranked if pair[0] not in _LIKE_ENGLISH)
    return _Guess(english, other, likely)


@cache
def _identifier() -> LanguageIdentifier:
    found = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    found.set_languages({*_told_as(), *_LIKE_ENGLISH} & set(found.labels))
    return found


def _code_of(said: str) -> str:
    """The code of a language that was stated by its code or by its English name."""
    code = said.lower().split("-")[0]
    names = {name.lower(): key for key, name in _told_as().items()}
    known = code in _told_as() or (len(code) in (2, 3) and code.isascii() and code.isalpha())
    return code if known else names.get(said.lower(), UNDETERMINED)


@cache
def _told_as() -> dict[str, str]:
    return {str(code): str(name) for code, name in read_lexicon("languages")["told_as"].items()}


@cache
def _script(letter: str) -> str:
    return unicodedata.name(letter, "UNKNOWN").split(" ", 1)[0].split("-", 1)[0]


def _is_known(word: str, known_words: frozenset[str]) -> bool:
    return word in english_words() or word in known_words
