"""A text that the coder cannot read is set apart, never coded as if it were English."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from analysis.coder.coding import Coder, Comment
from analysis.measures.span_scores import MARKED, language_counts
from analysis.rows.tables import read_table
from analysis.words.languages import detect_reading


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


@pytest.mark.parametrize(
    ("stated", "code"), [("pl", "pl"), ("pl-PL", "pl"), ("Polish", "pl"), ("my own", "und")]
)
def test_a_stated_language_is_told_by_its_code(stated: str, code: str) -> None:
    assert detect_reading("Brata bardzo", stated).language == code


def test_english_with_a_few_foreign_letters_is_read_and_says_so() -> None:
    reading = detect_reading("my mum calls me \u062d\u0628\u064a\u0628\u064a and I like it")
    assert reading.is_read
    assert "script" in reading.note


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("nie lubie tu byc", "pl"),
        ("vreau s\u0103 merg acas\u0103", "ro"),
        ("Dw i eisiau gweld Mam", "cy"),
        (
            "\u062f\u06d5\u0645\u06d5\u0648\u06ce\u062a \u062f\u0627\u06cc\u06a9\u0645",
            "ckb",
        ),
        ("\u12a3\u12f0\u12ed \u12ad\u122d\u12a2 \u12f0\u120d\u12e8 \u12a3\u1208\u12b9", "ti"),
        ("\u12a5\u1293\u1274\u1295 \u121b\u12e8\u1275 \u12a5\u1348\u120d\u130b\u1208\u1201", "am"),
        ("ana 3ayez ashoof mama", "und"),
        ("my mum rang me", "en"),
        ("\U0001f600 12", "zxx"),
    ],
)
def test_the_language_is_told_by_its_code_and_stands_in_the_note(text: str, code: str) -> None:
    reading = detect_reading(text)
    assert reading.language == code
    assert reading.is_read == (code in ("en", "zxx"))
    assert reading.is_read or f"[{code}]" in reading.note


@pytest.mark.parametrize(
    "text",
    ["i dnt no", "luv it ere", "wagwan", "im dying to see the new spiderman", "haha lololol xoxo",
     "i want see my mum, inshallah", "Abdirahman Mohamed Warsame Hussein", "AAAARGH HELP"],
)  # fmt: skip
def test_slang_names_laughter_and_a_foreign_word_lose_no_english(text: str) -> None:
    assert detect_reading(text).is_read


@pytest.mark.parametrize(
    "unit", ["a", "wen cn i c my mum ", "\u0627", "\ud800", "<b>", "=A1+", "\u00e9 "]
)
def test_a_hundred_thousand_characters_take_no_longer_than_they_must(unit: str) -> None:
    detect_reading("warm")
    begun = time.process_time()
    detect_reading((unit * 100_000)[:100_000])
    assert time.process_time() - begun < 0.5


def test_of_the_marked_texts_few_are_taken_for_english_and_no_english_is_lost() -> None:
    counts = language_counts()
    wrong, many = counts["other languages read as English"]
    assert many >= 150
    assert wrong <= 0.04 * many
    lost, english = counts["English set apart"]
    assert english >= 80
    assert lost == 0


def test_no_comment_of_our_own_is_lost_as_foreign() -> None:
    folder = MARKED.parent.parent
    files = [*(folder / "training").glob("*.csv"), *(folder / "heldout").glob("*.csv")]
    texts = [row["text"] for path in files for row in read_table(path).rows]
    lost = [text for text in texts if not detect_reading(text).is_read]
    assert len(texts) > 7000
    assert len(lost) < 0.002 * len(texts), lost


def test_hardly_a_labelled_comment_is_lost_as_foreign(gold_comments: Path) -> None:
    texts = [row["text"] for row in read_table(gold_comments).rows]
    assert sum(not detect_reading(text).is_read for text in texts) < 0.002 * len(texts) + 1
