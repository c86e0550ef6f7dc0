"""Makes the reading copy of a comment: plain lower-case words, while the words as written stand."""

from __future__ import annotations

import html
import re
import unicodedata
from functools import cache

from analysis.words.lexicons import read_lexicon

_TAG = re.compile(r"</?[a-zA-Z!][^<>]{0,300}>")
_STRETCHED = re.compile(r"([a-z])\1{2,}|([^\w\s])\2{3,}")
_HALF_LETTER = re.compile("[\ud800-\udfff]")  # half of a pair: no text of its own
_APOSTROPHE = re.compile("['`\u2018\u2019\u02bc]")
_SPACE = re.compile(r"\s+")
_WORD = re.compile(r"[a-z0-9]+")
_CLAUSE_END = frozenset(".,;:!?()")
_TOKEN = re.compile(r"£|[a-z0-9]+|[.,;:!?()]")
_NEGATED_REACH = 3


def without_markup(text: str) -> str:
    """The text with HTML tags taken out and entities read."""
    unescaped = html.unescape(text) if "&" in text else text
    return _TAG.sub(" ", unescaped) if "<" in unescaped else unescaped


def read_plainly(text: str) -> str:
    """Lower case, no markup, no apostrophes, one space, texting slips read as plain words."""
    whole = _HALF_LETTER.sub(" ", without_markup(text))
    plain = unicodedata.normalize("NFKC", whole).lower()
    plain = _STRETCHED.sub(_twice, _APOSTROPHE.sub("", plain))
    slips = _slips()
    plain = _WORD.sub(lambda word: slips.get(word.group(), word.group()), plain)
    return _SPACE.sub(" ", plain).strip()


def _twice(run: re.Match[str]) -> str:
    return run.group()[:2]


def split_words(plain: str) -> list[str]:
    """The words of a reading copy, in order."""
    return _WORD.findall(plain)


def split_tokens(plain: str) -> list[str]:
    """Words and the marks that carry meaning (a question, money)."""
    return [piece for piece in _TOKEN.findall(plain) if piece not in _CLAUSE_END or piece in "?!"]


def mark_negated(plain: str) -> list[str]:
    """The words within three words after a negator and before a stop, each as `not_word`."""
    negators = _negators()
    marked: list[str] = []
    left = 0
    for piece in _TOKEN.findall(plain):
        if piece in _CLAUSE_END or piece == "but":
            left = 0
        elif piece in negators:
            left = _NEGATED_REACH
        elif left:
            marked.append(f"not_{piece}")
            left -= 1
    return marked


@cache
def _slips() -> dict[str, str]:
    return {str(slip): str(word) for slip, word in read_lexicon("spellings").items()}


@cache
def _negators() -> frozenset[str]:
    return frozenset(read_lexicon("sentiment")["negators"])
