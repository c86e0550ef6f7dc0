"""Finds people's names in a child's own writing: capitals, given names, and how names are used."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from analysis.words.lexicons import read_lexicon
from analysis.words.reading import read_plainly
from analysis.words.spans import Span
from analysis.words.vocabulary import english_words, rarer_words

_TOKEN = re.compile(r"[^\W\d_]+(?:['\u2019\-][^\W\d_]+)*")
_SENTENCE_END = re.compile(r"[.!?\n:\u2022]\s*[\"'(\u2018\u201c]*\s*$")
_JOINED = re.compile(r"^(?: |\. | \. |-)$")
_POSSESSIVE = re.compile(r"['\u2019]s$|['\u2019]$")
_LEAST = 2
_LONGEST = 24
_SHORT = 4
_LONG = 7


@dataclass(frozen=True, slots=True)
class _Word:
    """One word where it stands; `plain` is lower case, without apostrophes and possessive."""

    start: int
    end: int
    raw: str
    plain: str
    is_capital: bool
    begins: bool

    @property
    def is_ordinary(self) -> bool:
        parts = self.plain.split("-")
        return all(p in english_words() or read_plainly(p) != p for p in parts)

    @property
    def is_given(self) -> bool:
        given, words_too = _lists()["given"], _lists()["words_too"]
        return any(part in given and part not in words_too for part in self.plain.split("-"))

    @property
    def may_be_given(self) -> bool:
        return self.plain in _lists()["given"] or self.plain in _lists()["words_too"]

    @property
    def is_public(self) -> bool:
        return self.plain in _lists()["public"]

    @property
    def is_unusual(self) -> bool:
        """Neither an everyday word nor one letter off one."""
        fits = _LEAST <= len(self.plain) <= _LONGEST
        return fits and not self.is_ordinary and not _is_slip(self.plain)

    @property
    def is_strange(self) -> bool:
        """Unusual, and not among the rarer words of English either."""
        return self.is_unusual and not all(p in rarer_words() for p in self.plain.split("-"))


def find_names(text: str, known: Mapping[str, str]) -> tuple[Span, ...]:
    """Names of people, of pets (as details) and capitalised places, in order; they may overlap.

    `known` are names with their kinds; a part of one, misspelt by a letter or two, is found too.
    """
    words = _words(text)
    parts = _known_parts(known)
    found = [span for n in range(len(words)) for span in _named_at(words, n, parts)]
    return tuple(_joined(sorted(found), text))


def _words(text: str) -> list[_Word]:
    shouted = sum(c.isupper() for c in text) > sum(c.islower() for c in text)
    words: list[_Word] = []
    last = 0
    for found in _TOKEN.finditer(text):
        raw = found.group()
        bare = _POSSESSIVE.sub("", raw)
        plain = bare.lower().replace("'", "").replace("\u2019", "")
        between = text[last : found.start()][-12:]
        is_initial = bool(words) and len(words[-1].raw) == 1 and between.startswith(".")
        begins = not words or (bool(_SENTENCE_END.search(between)) and not is_initial)
        is_capital = raw[0].isupper() and not shouted and (len(bare) < 2 or not bare.isupper())
        words.append(
            _Word(found.start(), found.start() + len(bare), raw, plain, is_capital, begins)
        )
        last = found.end()
    return words


def _named_at(words: list[_Word], n: int, parts: Mapping[str, str]) -> Iterator[Span]:
    word = words[n]
    kind = _known_kind(word, parts) or _kind_by_use(words, n)
    if kind:
        yield Span(word.start, word.end, kind)
    elif _is_name_by_itself(words, n):
        before = words[n - 1].plain if n else ""
        is_place = before in _lists()["placed"] and word.is_capital and not word.may_be_given
        yield Span(word.start, word.end, "address" if is_place else "name")


def _is_name_by_itself(words: list[_Word], n: int) -> bool:
    """By a capital within a sentence, by a list of given names, or by what stands beside it."""
    word = words[n]
    if word.is_public or word.plain in _lists()["never"]:
        return False
    if word.is_given:
        return True
    after = words[n + 1].plain if n + 1 < len(words) else ""
    if word.is_capital and not word.begins:
        return word.may_be_given or not word.is_ordinary or _goes_with_name(words, n)
    if word.is_capital:
        is_doing = word.may_be_given and after in _lists()["does"] and word.plain != "may"
        return is_doing or word.is_strange
    before = words[n - 1].plain if n else ""
    is_used_as_name = after in _lists()["does"] or before in _lists()["done_to"]
    return word.is_strange and len(word.plain) > 2 and is_used_as_name


def _goes_with_name(words: list[_Word], n: int) -> bool:
    """Whether an everyday word with a capital stands beside another capital (Castle Street)."""
    beside = [words[k] for k in (n - 1, n + 1) if 0 <= k < len(words)]
    return any(w.is_capital and not w.begins and not w.is_public for w in beside)


def _kind_by_use(words: list[_Word], n: int) -> str:
    """ "name" after a title, a relation or "called"; "detail" for a pet; empty for neither."""
    word, lists = words[n], _lists()
    if not n or word.plain in _lists()["never"] or word.plain in _lists()["does"]:
        return ""
    before = words[n - 1]
    earlier = {w.plain for w in words[max(0, n - 4) : n]}
    is_called = before.plain in _lists()["naming"] or (
        before.plain == "is" and n > 1 and words[n - 2].plain in _lists()["naming"]
    )
    could_be = word.is_unusual or word.may_be_given or (word.is_capital and not word.begins)
    if earlier & lists["pets"] and (is_called or (before.plain in lists["pets"] and could_be)):
        return "detail"
    if is_called and (could_be or before.plain != "name") and not _is_said_of(words, n):
        return "name"
    if before.plain in lists["titles"] and could_be and not word.is_public:
        return "name"
    is_who = before.plain in lists["relations"] and not _POSSESSIVE.search(before.raw)
    if is_who and could_be and not word.is_public:
        return "name"
    return "name" if could_be and _is_beside_me(words, n) else ""


def _is_said_of(words: list[_Word], n: int) -> bool:
    """ "He called me fat", "it is called respite": a word that is said of somebody, no name."""
    word = words[n]
    return word.is_ordinary and not word.may_be_given and not word.is_capital


def _is_beside_me(words: list[_Word], n: int) -> bool:
    """ "me and may", "my keyworker is faith": an everyday word where a person must stand."""
    before = [w.plain for w in words[max(0, n - 3) : n]]
    if words[n].plain == words[n].raw and not words[n].may_be_given and not words[n].is_strange:
        return False
    is_who = len(before) > 1 and before[-1] in ("is", "are") and before[-2] in _lists()["relations"]
    return is_who or before[-2:] in (["me", "and"], ["me", "n"])


def _known_parts(known: Mapping[str, str]) -> dict[str, str]:
    """Every part of every known name that can tell anybody, with its kind."""
    return {
        part: kind
        for name, kind in known.items()
        for part in (_POSSESSIVE.sub("", p).lower() for p in _TOKEN.findall(name))
        if len(part) > 1
        and part not in _lists()["titles"] | _lists()["never"]
        and (len(part) > 2 or part not in english_words())
        and not (kind != "name" and part in english_words())
    }


def _known_kind(word: _Word, parts: Mapping[str, str]) -> str:
    """The kind of the known name that this word is, as it is spelt or nearly."""
    plain = word.plain
    for spelt in (plain, plain.removesuffix("s")):
        if spelt in parts:
            # In small letters "will" and "may" are words; how they are used tells names of them.
            is_word = spelt in english_words() and not (word.is_capital or word.is_given)
            return "" if is_word else parts[spelt]
    if word.is_ordinary or not _SHORT <= len(plain) <= _LONGEST:
        return ""
    near = (p for p in parts if _is_near(plain, p) or _is_near(plain.removesuffix("s"), p))
    return next((parts[p] for p in near), "")


def _is_near(word: str, name: str) -> bool:
    """One letter off, two in a long name; the first letter holds, or the sounds do."""
    if len(name) < _SHORT or (word[:1] != name[:1] and _sound(word) != _sound(name)):
        return False
    return _distance(word, name) <= (2 if len(name) >= _LONG else 1) or (
        len(name) > _SHORT and _sound(word) == _sound(name)
    )


def _sound(word: str) -> str:
    """A name without its vowels and doubled letters, alike letters as one."""
    alike = word.replace("ph", "f").replace("ck", "k").translate(str.maketrans("czyqd", "ksikt"))
    consonants = alike[:1] + re.sub("[aeiouhwy]", "", alike[1:])
    return re.sub(r"(.)\1+", r"\1", consonants)


def _distance(one: str, other: str) -> int:
    """How many letters are put in, left out or changed (Levenshtein)."""
    if abs(len(one) - len(other)) > 2:
        return 3
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        new = [i]
        for j, b in enumerate(other, 1):
            new.append(min(row[j] + 1, new[-1] + 1, row[j - 1] + (a != b)))
        row = new
    return row[-1]


@cache
def _is_slip(word: str) -> bool:
    """Whether a word is one letter off an everyday word, and no given name."""
    if len(word) < _SHORT or word in _lists()["given"]:
        return False
    letters = "abcdefghijklmnopqrstuvwxyz"
    cuts = [(word[:k], word[k:]) for k in range(len(word) + 1)]
    tried = [a + b[1:] for a, b in cuts if b]
    tried += [a + b[1] + b[0] + b[2:] for a, b in cuts if len(b) > 1]
    tried += [a + c + b[k:] for a, b in cuts for c in letters for k in (0, 1)]
    return any(one in english_words() and len(one) > 2 for one in tried)


def _joined(spans: Iterable[Span], text: str) -> Iterator[Span]:
    """Names that stand side by side as one (`Nana Jean`, `Mr Tibbs`)."""
    last: Span | None = None
    for span in spans:
        if last and last.kind == span.kind and _JOINED.match(text[last.end : span.start]):
            last = Span(last.start, span.end, last.kind)
            continue
        if last:
            yield last
        last = span
    if last:
        yield last


@cache
def _lists() -> dict[str, frozenset[str]]:
    lists = read_lexicon("people")
    return {
        name: frozenset(words.split() if isinstance(words, str) else map(str, words))
        for name, words in lists.items()
    }
