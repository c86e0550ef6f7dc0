"""How far each language has come over all instruments; what it lacks is shown in English."""

from dataclasses import asdict, dataclass
from pathlib import Path

from backend.surveys.instruments import NO_SHARED_WORDS
from backend.surveys.instruments.files import (
    InstrumentError,
    instrument_folders,
    read_shared_words,
    read_structure,
    read_words,
)
from backend.surveys.instruments.word_checks import all_is_worded, count_texts
from backend.surveys.instruments.words import SOURCE_LANGUAGE, Layer, Words

NO_WORDS = Words(is_checked=False)


@dataclass(frozen=True)
class Progress:
    """One language: texts that have words of it, instruments that are whole and that are checked.

    Shared options count in each instrument that shows them.
    """

    language: str
    worded: int
    texts: int
    whole: int
    checked: int
    instruments: int

    def __str__(self) -> str:
        return (
            f"{self.language}: {self.worded} of {self.texts} texts, {self.whole} of"
            f" {self.instruments} instruments whole, {self.checked} checked by a person"
        )

    def as_figures(self) -> dict[str, str | int]:
        """The same as plain values."""
        return asdict(self)


def count_progress(directory: Path) -> list[Progress]:
    """Every language that any file has, but the source; an unreadable instrument is left out."""
    shared = read_shared_words(directory)
    forms = []
    for folder in instrument_folders(directory):
        try:
            forms.append((read_structure(folder), read_words(folder)))
        except InstrumentError:
            continue
    languages = set(shared).union(*(words for _, words in forms)) - {SOURCE_LANGUAGE}
    found = []
    for language in sorted(languages):
        texts, missing, checked = [], [], 0
        for structure, words in forms:
            own = words.get(language, NO_WORDS)
            layer = Layer(language, own, shared.get(language, NO_SHARED_WORDS))
            texts.append(count_texts(structure))
            missing.append(len(list(all_is_worded(structure, layer))))
            checked += own.is_checked
        found.append(
            Progress(
                language,
                worded=sum(texts) - sum(missing),
                texts=sum(texts),
                whole=missing.count(0),
                checked=checked,
                instruments=len(forms),
            )
        )
    return found
