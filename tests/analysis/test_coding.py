"""Comments are coded decently, alike each time, and odd text never stops the coder."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from analysis.codebooks import HEARD_CODEBOOK, Codebook, Theme, load_codebook
from analysis.coding import TRAINING, Coder, Comment, load_default
from analysis.labels import read_labelled
from analysis.storage import fingerprint, load_model
from analysis.tables import read_table


@pytest.mark.parametrize(
    ("text", "theme"),
    [
        ("My social worker never rings me back and I have had four this year", "worker"),
        ("I love my school and my maths teacher", "education"),
        ("When can I see my little brother again?", "family_time"),
        ("The asylum interview with the Home Office was long", "immigration"),
        ("Can I have more pocket money please", "money"),
        ("the dentist was kind and fixed my tooth", "health"),
    ],
)
def test_a_plain_comment_gets_its_theme(coder: Coder, text: str, theme: str) -> None:
    [coded] = coder.code([Comment("1", text, audience="child_11_17")])
    assert theme in coded.themes
    assert coded.matched


def test_negation_turns_the_sentiment(coder: Coder) -> None:
    texts = ["I feel safe here, I love it", "I do not feel safe here and I hate it"]
    good, bad = coder.code([Comment(str(i), text) for i, text in enumerate(texts)])
    assert (good.sentiment, bad.sentiment) == ("positive", "negative")


def test_harm_told_in_plain_words_is_never_a_happy_comment(coder: Coder) -> None:
    [coded] = coder.code([Comment("1", "my foster dad hits me")])
    assert coded.sentiment == "negative"
    assert coded.urgency == "now"
    assert {"carers", "safety"} <= set(coded.themes)


def test_a_request_is_an_ask_and_a_statement_is_not(coder: Coder) -> None:
    texts = ["Please can I have a new bed?", "I had a nice day at the park"]
    asked, told = coder.code([Comment(str(i), text) for i, text in enumerate(texts)])
    assert (asked.ask, told.ask) == (True, False)


@pytest.mark.parametrize("text", ["", "   ", "\U0001f600\U0001f602", "...", "12345 %%", "\x00"])
def test_text_without_words_is_honestly_nothing_to_code(coder: Coder, text: str) -> None:
    [coded] = coder.code([Comment("1", text)])
    assert coded.themes == ()
    assert coded.urgency == "none"
    assert coded.note.startswith("nothing to code")


@pytest.mark.parametrize("text", ["nothing", "No.", "N/A", "ok", "its fine", "No comment"])
def test_a_polite_nothing_is_neutral_and_has_no_theme(coder: Coder, text: str) -> None:
    [coded] = coder.code([Comment("1", text)])
    assert (coded.themes, coded.sentiment, coded.ask) == ((), "neutral", False)


@pytest.mark.parametrize(
    "text",
    [
        "<b>school</b> is <script>alert(1)</script> boring &amp; long",
        "=HYPERLINK(1)",
        "my school \ud83d is odd",
        "school " * 14_300,
        "a" * 100_000,
        "<" * 50_000,
        "he said he would " * 6_000,
        "\u202emy school\u202c",
    ],
)
def test_odd_text_is_coded_in_good_time_and_never_fails(coder: Coder, text: str) -> None:
    began = time.perf_counter()
    [coded] = coder.code([Comment("1", text)])
    assert len(coded.themes) <= 4
    assert time.perf_counter() - began < 3


def test_a_short_answer_takes_its_theme_from_the_question(coder: Coder) -> None:
    question = "How is school or college going?"
    [coded] = coder.code([Comment("1", "quite poor really", question=question)])
    assert "education" in coded.themes
    assert coded.note == "theme taken from the question"


def test_order_and_company_change_nothing(coder: Coder) -> None:
    comments = [
        Comment(str(i), row["text"], audience=row["audience"])
        for i, row in enumerate(read_table(TRAINING).rows[:60])
    ]
    together = coder.code(comments)
    assert together == [coder.code([comment])[0] for comment in comments]
    assert together == coder.code(comments[::-1])[::-1]


def test_at_least_three_hundred_comments_are_coded_a_second(coder: Coder) -> None:
    comments = [Comment(str(i), row["text"]) for i, row in enumerate(read_table(TRAINING).rows)]
    began = time.perf_counter()
    coder.code(comments)
    assert len(comments) / (time.perf_counter() - began) > 300


def test_a_theme_that_was_never_learnt_is_matched_by_its_words_and_says_so(coder: Coder) -> None:
    codebook = Codebook((Theme("home", "Home"), Theme("parking", "Parking")))
    own = load_default(codebook=codebook)
    [coded] = own.code([Comment("1", "there is no parking for visitors")])
    assert coded.themes == ("parking",)
    assert "not learnt: parking" in coded.note


def test_a_kept_model_gives_the_same_codes_as_one_just_trained(
    tmp_path: Path, coder: Coder
) -> None:
    load_default(tmp_path)
    [kept] = tmp_path.glob("coder-*.npz")
    model = load_model(kept)
    assert model is not None
    comments = [Comment(str(i), row["text"]) for i, row in enumerate(read_table(TRAINING).rows)]
    assert Coder(model, load_codebook()).code(comments[:100]) == coder.code(comments[:100])


def test_a_damaged_kept_model_is_trained_anew(tmp_path: Path) -> None:
    name = f"coder-{fingerprint(TRAINING, HEARD_CODEBOOK)}.npz"
    (tmp_path / name).write_bytes(b"cos\nsystem\n(S'no'\ntR.")
    assert load_default(tmp_path).code([Comment("1", "I like school")])[0].themes
    assert load_model(tmp_path / name) is not None


def test_the_training_comments_cover_every_theme_audience_and_label() -> None:
    rows = read_labelled(read_table(TRAINING).rows)
    themes = load_codebook().ids
    assert len(rows) >= 1200
    assert {theme for row in rows for theme in row.themes} == set(themes)
    assert min(sum(theme in row.themes for row in rows) for theme in themes) >= 30
    assert len({row.audience for row in rows}) == 7
    assert len({row.text.casefold() for row in rows}) > 0.99 * len(rows)
    assert max(len(row.themes) for row in rows) <= 4


def test_no_labelled_comment_of_the_last_check_was_trained_on(gold_comments: Path) -> None:
    plain = {"".join(filter(str.isalnum, r["text"].lower())) for r in read_table(TRAINING).rows}
    checked = [r["text"] for r in read_table(gold_comments).rows if len(r["text"]) > 25]
    shared = [t for t in checked if "".join(filter(str.isalnum, t.lower())) in plain]
    assert shared == []
