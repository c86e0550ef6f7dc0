"""A text that the coder cannot read is set apart, never coded as if it were English."""

from __future__ import annotations

import pytest

from analysis.coding import Coder, Comment
from analysis.languages import detect_reading


@pytest.mark.parametrize(
    "text",
    [
        "\u0623\u0631\u064a\u062f \u0623\u0646 \u0623\u0631\u0649 \u0623\u0645\u064a",
        "\u6211\u60f3\u56de\u5bb6",
        "\u12a5\u1293\u1274\u1295 \u121b\u12e8\u1275 \u12a5\u1348\u120d\u130b\u1208\u1201",
        "Chc\u0119 zobaczy\u0107 mojego brata, kiedy mog\u0119",
        "nu vreau s\u0103 m\u0103 mut, \u00eemi este fric\u0103",
        "waxaan rabaa inaan arko hooyaday",
        "dua te shoh familjen time",
    ],
)
def test_other_languages_get_no_themes_no_sentiment_and_a_note(coder: Coder, text: str) -> None:
    [coding] = coder.code([Comment("1", text)])
    assert coding.themes == ()
    assert coding.sentiment is None
    assert coding.urgency == "unread"
    assert coding.note.startswith("not read")


@pytest.mark.parametrize(
    "text",
    [
        "i luv my carerz they r the best",
        "My mother she not call me, I am very sad",
        "jam on toast please",
        "pizza",
        "Diwali with Aarav and Mrs Krishnamurthy was fun",
    ],
)
def test_english_with_slips_and_names_is_read(text: str) -> None:
    assert detect_reading(text).is_read


def test_markup_does_not_make_another_language_english(coder: Coder) -> None:
    [coding] = coder.code([Comment("1", "<a href='the and is'>nu vreau s\u0103 m\u0103 mut</a>")])
    assert coding.urgency == "unread"


def test_a_stated_language_holds_unless_the_words_are_plainly_english() -> None:
    assert not detect_reading("Brata bardzo", "pl").is_read
    assert detect_reading("I want to see my brother because I miss him", "pl").is_read


def test_english_with_a_few_foreign_letters_is_read_and_says_so() -> None:
    reading = detect_reading("my mum calls me \u062d\u0628\u064a\u0628\u064a and I like it")
    assert reading.is_read
    assert "script" in reading.note
