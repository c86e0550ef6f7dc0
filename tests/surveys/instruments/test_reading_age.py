"""How old a reader must be: syllables, sentences, names and the glossary."""

import pytest

from backend.surveys.instruments.reading_age import (
    count_syllables,
    find_long_sentences,
    reading_age,
)

SYLLABLES = {
    1: "home asked school kind safe sleep changed notes rules called whole you're don't can't",
    2: "faces wanted little table settled people being going trying agreed doesn't didn't isn't"
    " dishes boxes needed goodbye bedroom careful movement lonely worker's",
    3: "family decided together advocate idea radio religion manager",
    4: "anybody usually experience",
}


@pytest.mark.parametrize(
    ("word", "count"),
    [(word, count) for count, words in SYLLABLES.items() for word in words.split()],
)
def test_syllables_are_counted_as_people_say_them(word: str, count: int) -> None:
    assert count_syllables(word) == count


def test_the_age_is_the_flesch_kincaid_grade_plus_five() -> None:
    # 9 words, 1 sentence, 10 syllables: 0.39 * 9 + 11.8 * 10 / 9 - 15.59 + 5 = 6.03
    assert reading_age("What would make it better in your own room?") == 6.0


def test_officials_words_are_too_old_for_a_child() -> None:
    text = "The responsible authority will undertake consultation regarding accommodation."
    assert reading_age(text) > 18


def test_a_name_does_not_make_a_text_older() -> None:
    assert reading_age("Do you feel safe at {home}?") == reading_age("Do you feel safe at?")


def test_a_word_of_the_glossary_is_left_out() -> None:
    text = "Do you want an advocate there?"
    assert reading_age(text, glossary=["advocate"]) < reading_age(text)


def test_a_text_without_words_has_no_age() -> None:
    assert reading_age("{home}?") == 0.0


def test_sentences_of_more_than_twelve_words_are_listed() -> None:
    twelve = "One two three four five six seven eight nine ten eleven twelve."
    assert find_long_sentences(f"Short. {twelve}") == []
    assert len(find_long_sentences(f"{twelve[:-1]} {{home}}. Short.")) == 1
