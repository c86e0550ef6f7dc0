"""Each contributor screen can be read at nine by its own words, one short sentence at a time."""

import re

import pytest

from backend.surveys.instruments.reading_age import find_long_sentences, reading_age
from tests.frontend.screen_words import words_of_modules, words_of_screens

OLDEST = 9.0
FEWEST_WORDS = 10  # of a name or two the measure says nothing
GLOSSARY = (
    # What we explain where it is said, and names: as surveys/words/en.yaml has them.
    "advocate", "social worker", "IRO", "PA", "Heard", "Childline", "Samaritans", "ambulance",
)  # fmt: skip
STATUTORY = {"about/accessibility.html"}  # the law gives its words
FOR_ADULTS = {"about/helping.html", "entry/start.html", "backend/paper/sheet_words.py"}
AS_SHORT_AS_IT_GETS = {
    # Said on what is kept and who reads: each half alone would say something else.
    "The law lets us keep your words, as we must look after you well",
    "A grown-up from the participation team reads each post before it is shown",
}
SAID = words_of_screens() | words_of_modules()


def readable(text: str) -> str:
    """A text with its values as names, which the measure takes out."""
    return re.sub(r"%\((\w+)\)s", r"{\1}", text)


@pytest.mark.parametrize("screen", sorted(SAID.keys() - STATUTORY))
def test_a_contributors_screen_can_be_read_at_nine(screen: str) -> None:
    # A word alone is a label, and what begins small is the end of a sentence that stands elsewhere.
    sentences = [text for text in SAID[screen] if " " in text and not text[0].islower()]
    if sum(len(text.split()) for text in sentences) >= FEWEST_WORDS:
        age = reading_age("\n".join(map(readable, sentences)), glossary=GLOSSARY)
        assert age <= OLDEST, SAID[screen]


@pytest.mark.parametrize("screen", sorted(SAID.keys() - STATUTORY - FOR_ADULTS))
def test_no_sentence_of_a_young_persons_screen_is_longer_than_twelve_words(screen: str) -> None:
    found = [one for text in SAID[screen] for one in find_long_sentences(readable(text))]
    assert [one for one in found if one not in AS_SHORT_AS_IT_GETS] == []


def test_the_words_of_every_screen_are_found() -> None:
    """A reader that finds nothing would pass everything above."""
    assert len(SAID) >= 60
    assert sum(len(texts) for texts in SAID.values()) >= 400
    assert "Nobody reads this until you send it." in SAID["surveys/end.html"]
    assert any("hear back" in text for text in SAID["asks/says.html"])


def test_a_hard_screen_and_a_long_sentence_would_be_seen() -> None:
    hard = "Participation arrangements necessitate comprehensive consultation beforehand."
    assert reading_age(hard, glossary=GLOSSARY) > OLDEST
    assert find_long_sentences(readable("You see %(name)s and then you go " + "on and on " * 4))
