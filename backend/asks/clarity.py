"""Says how hard an answer is to read, sentence by sentence, and what would make it easier."""

import re
from collections.abc import Collection
from dataclasses import dataclass

from backend.surveys import service as surveys

OLDEST_READER = 9
LONG_WORD = 3  # syllables from which on a word is named in a hint
FEWEST_WORDS = 3  # of "Yes." the measure says nothing
SENTENCE = re.compile(r"[^.!?…\n]+[.!?…]*")
NAME = re.compile(r"\b[^\W\d_]{2,}\b")
# What the sector says, and what a child says: product.md, "Words".
PLAINER = {
    "placement": "home", "placements": "homes", "contact": "family time", "respite": "a short stay",
    "sibling": "brother or sister", "siblings": "brothers and sisters", "lac": "you",
    "allocated": "given", "approximately": "about", "arrange": "set up", "assessment": "look at",
    "assist": "help", "attend": "come to", "available": "free", "commence": "start",
    "discuss": "talk about", "due to": "because of", "ensure": "make sure", "facilitate": "help",
    "inform": "tell", "provision": "what there is", "regarding": "about", "request": "ask",
    "require": "need", "supervised": "with someone there", "unable": "not able",
    "unfortunately": "sadly",
}  # fmt: skip


@dataclass(frozen=True)
class HardSentence:
    """One sentence that reads older than it should, and what to do about it."""

    text: str
    age: float
    hint: str


@dataclass(frozen=True)
class Clarity:
    """How a text reads: its age in years, its hard sentences, and names it had better not hold."""

    age: float
    hard: tuple[HardSentence, ...]
    names: tuple[str, ...]
    count: int

    @property
    def is_hard(self) -> bool:
        """Whether it reads older than nine."""
        return self.age > OLDEST_READER


def clarity_of(
    text: str, *, glossary: Collection[str] = (), others: Collection[str] = ()
) -> Clarity:
    """How old a reader must be for a text; `glossary` are names, which cannot be said more simply,
    `others` the names of other children, which had better stay out of it."""
    parts = [part.strip() for part in SENTENCE.findall(text) if part.strip()]
    hard = (_look_at(part, (*glossary, *others)) for part in parts)
    said = {word.casefold() for word in NAME.findall(text)}
    return Clarity(
        age=surveys.reading_age(text, glossary=glossary) if is_enough(text) else 0.0,
        hard=tuple(one for one in hard if one is not None),
        names=tuple(sorted({name for name in others if name.casefold() in said})),
        count=len(text.split()),
    )


def is_enough(text: str) -> bool:
    """Whether a text is long enough for the measure to mean something."""
    return len(text.split()) >= FEWEST_WORDS


def _look_at(sentence: str, glossary: Collection[str]) -> HardSentence | None:
    plainer = [word for word in PLAINER if re.search(rf"\b{word}\b", sentence, re.IGNORECASE)]
    age = surveys.reading_age(sentence, glossary=glossary) if is_enough(sentence) else 0.0
    if age <= OLDEST_READER and not plainer:
        return None
    return HardSentence(sentence, age, " ".join(_hints(sentence, plainer, glossary)))


def _hints(sentence: str, plainer: list[str], glossary: Collection[str]) -> list[str]:
    hints = [f"For “{word}” say “{PLAINER[word]}”." for word in plainer]
    if surveys.find_long_sentences(sentence):
        hints.append("Cut it in two.")
    known = {part.casefold() for name in glossary for part in name.split()} | set(plainer)
    words = dict.fromkeys(word for word in NAME.findall(sentence) if word.casefold() not in known)
    long = [word for word in words if surveys.count_syllables(word) >= LONG_WORD]
    if long:
        hints.append(f"Long: {', '.join(long[:4])}.")
    return hints or ["Use fewer and shorter words."]
