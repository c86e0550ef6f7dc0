"""The English words that our own comments hold, by which English is told from other languages."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections import Counter
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from analysis.words.lexicons import LEXICONS, read_lexicon
from analysis.words.reading import read_plainly

WORDS = LEXICONS / "english.txt"
_WRITTEN = Path(__file__).parents[1] / "training"
_FEWEST = 6  # of forty thousand comments: a rarer word may be a slip, a name or another tongue's
_WORD = re.compile(r"[^\W\d_]+")


def plain_words(text: str) -> list[str]:
    """The words of a text in plain lower-case letters without accents."""
    return [_bare(word) for word in _WORD.findall(read_plainly(text))]


def _bare(word: str) -> str:
    if word.isascii():
        return word
    decomposed = unicodedata.normalize("NFKD", word.replace("\u0131", "i"))
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


@cache
def english_words() -> frozenset[str]:
    """The words of the list that ships, some four thousand."""
    return frozenset(WORDS.read_text(encoding="utf-8").split())


@cache
def rarer_words() -> frozenset[str]:
    """Some thirty thousand words of books, names among them, from TextBlob's speller."""
    # Found without importing TextBlob, which takes seconds to load.
    package = find_spec("textblob")
    if package is None or not package.submodule_search_locations:
        return frozenset()
    speller = Path(package.submodule_search_locations[0]) / "en" / "en-spelling.txt"
    lines = speller.read_text(encoding="utf-8").splitlines() if speller.is_file() else []
    return frozenset(line.split()[0].lower() for line in lines if line[:1].isalpha())


def gather_words() -> list[str]:
    """Every word that the comments to learn from hold often enough, in the order of letters; a
    given name that is no other word is none of them, however often it stands there."""
    counts: Counter[str] = Counter()
    for path in sorted(_WRITTEN.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                counts.update(plain_words(row["text"]))
    people = read_lexicon("people")
    names = {*str(people["given"]).split()} - {*str(people["words_too"]).split()}
    return sorted(word for word, n in counts.items() if n >= _FEWEST and word not in names)


if __name__ == "__main__":
    WORDS.write_text("\n".join(gather_words()) + "\n", encoding="utf-8")
