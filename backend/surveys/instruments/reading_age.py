"""How old a reader must be to read an English text: Flesch-Kincaid grade plus five."""

import re
from collections.abc import Collection

# Words that the rules below count wrongly, and that our screens use.
EXCEPTIONS = {
    "anyone": 3, "anything": 3, "area": 3, "cafe": 2, "clothes": 1, "create": 2, "created": 3,
    "diary": 3, "different": 3, "every": 2, "everyone": 3, "everything": 3, "experience": 4,
    "family": 3, "goodbye": 2, "homeless": 2, "homework": 2, "idea": 3, "ideas": 3, "interest": 3,
    "iro": 3, "ok": 2, "online": 2, "pa": 2, "poem": 2, "quiet": 2, "real": 1, "recipe": 3,
    "safely": 2, "science": 2, "someone": 2, "something": 2, "sometimes": 2, "somewhere": 2,
    "therefore": 2, "tv": 2, "useful": 2, "usual": 3, "usually": 4, "wednesday": 2,
}  # fmt: skip
WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
SENTENCE_END = re.compile(r"[.!?…:]+(?:\s|$)|\n+")
NAME_TOKEN = re.compile(r"\{\w*\}")
CONTRACTION = re.compile(r"'(s|re|ve|ll|d|m|t)$")
# Vowels that stand together and are still said apart: gi-ant, ra-di-o, be-ing, try-ing.
APART = re.compile(r"ia(?!l)|io(?!n|us)|[aeouy]ing$")
SILENT_E = re.compile(
    r"[^aeioul]e$|[aeiou]le$"  # home, whole; not table
    r"|(?<![cs]h)(?<![aeiouysxzcg])es$"  # notes, rules; not faces, dishes
    r"|[^aeiouytdl]ed$|[aeiouwl]led$"  # asked, called; not needed, settled
    r"|[^aeiou]e(ly|ful|ment)$"
)
WORDS_IN_A_LONG_SENTENCE = 12


def count_syllables(word: str) -> int:
    """Syllables of one English word as most people say it; each digit counts as one."""
    word = word.lower().replace("’", "'")
    if word in EXCEPTIONS:
        return EXCEPTIONS[word]
    if word.isdigit():
        return len(word)
    letters = re.sub(r"[^a-z]", "", CONTRACTION.sub("", word))
    count = len(re.findall(r"[aeiouy]+", letters)) + len(APART.findall(letters))
    count += bool(re.search(r"[ds]n't$", word))
    return max(1, count - bool(SILENT_E.search(letters)))


def reading_age(text: str, *, glossary: Collection[str] = ()) -> float:
    """The age in years at which an English text can be read, to one decimal; 0.0 without words.

    Flesch-Kincaid grade (Kincaid and others, 1975) plus five. Names, written as {tokens}, and the
    words of the glossary are taken out first, because they cannot be said more simply.
    """
    plain = _without(NAME_TOKEN.sub(" ", text), glossary)
    sentences = [found for part in SENTENCE_END.split(plain) if (found := WORD.findall(part))]
    words = [word for sentence in sentences for word in sentence]
    if not words:
        return 0.0
    syllables = sum(count_syllables(word) for word in words)
    grade = 0.39 * len(words) / len(sentences) + 11.8 * syllables / len(words) - 15.59
    return round(grade + 5, 1)


def find_long_sentences(text: str, *, longest: int = WORDS_IN_A_LONG_SENTENCE) -> list[str]:
    """The sentences of a text that have more words than the longest one allowed; a name is one."""
    named = NAME_TOKEN.sub("name", text)
    return [part.strip() for part in SENTENCE_END.split(named) if len(WORD.findall(part)) > longest]


def _without(text: str, glossary: Collection[str]) -> str:
    for phrase in sorted(glossary, key=len, reverse=True):
        text = re.sub(rf"\b{re.escape(phrase)}s?\b", " ", text, flags=re.IGNORECASE)
    return text
