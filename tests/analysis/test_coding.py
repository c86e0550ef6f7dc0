"""Comments are coded decently, alike each time, and odd text never stops the coder."""

from __future__ import annotations

import os
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from threadpoolctl import threadpool_limits

from analysis.coder.coding import Coder, Comment
from analysis.coder.storage import load_model, save_model
from analysis.learning.defaults import COUNCIL, load_default, shipped_model
from analysis.rows.codebooks import Codebook, Theme, load_codebook


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
    began = time.process_time()
    [coded] = coder.code([Comment("1", text)])
    assert len(coded.themes) <= 4
    assert time.process_time() - began < 3


def test_a_short_answer_takes_its_theme_from_the_question(coder: Coder) -> None:
    question = "How is school or college going?"
    [coded] = coder.code([Comment("1", "quite poor really", question=question)])
    assert "education" in coded.themes
    assert coded.note == "theme taken from the question"


def test_order_and_company_change_nothing(coder: Coder, our_comments: list[Comment]) -> None:
    some = our_comments[::120]
    together = coder.code(some)
    assert together == [coder.code([comment])[0] for comment in some]
    assert together == coder.code(some[::-1])[::-1]
    among = coder.code([*our_comments[1:400], *some])[399:]
    assert together == among


def test_repeats_and_the_number_of_threads_change_nothing(
    coder: Coder, our_comments: list[Comment]
) -> None:
    some = our_comments[::100]
    first = coder.code(some)
    with threadpool_limits(limits=1):
        assert coder.code(some) == first
    with ThreadPoolExecutor(2) as readers:
        halves = list(readers.map(coder.code, [some[: len(some) // 2], some[len(some) // 2 :]]))
    assert [*halves[0], *halves[1]] == first


def test_two_cores_can_code_three_hundred_comments_a_second(
    coder: Coder, our_comments: list[Comment]
) -> None:
    some = our_comments[:600]
    # Not by the clock: the tests share this machine. `make bench-analysis` measures by the clock.
    began = time.process_time()
    coder.code(some)
    assert (time.process_time() - began) / len(some) < 2 / 300


def test_a_theme_that_was_never_learnt_is_matched_by_its_words_and_says_so(coder: Coder) -> None:
    codebook = Codebook((Theme("home", "Home"), Theme("parking", "Parking")))
    own = load_default(codebook=codebook)
    [coded] = own.code([Comment("1", "there is no parking for visitors")])
    assert "parking" in coded.themes
    assert "not learnt: parking" in coded.note


def test_a_kept_model_gives_the_same_codes_as_one_just_trained(
    tmp_path: Path, coder: Coder, our_comments: list[Comment]
) -> None:
    save_model(shipped_model(), tmp_path / "kept.npz", "made of something")
    model = load_model(tmp_path / "kept.npz", "made of something")
    assert model is not None
    some = our_comments[::70]
    assert Coder(model, load_codebook()).code(some) == coder.code(some)
    assert load_model(tmp_path / "kept.npz", "made of something else") is None


@pytest.mark.parametrize("content", [b"", b"cos\nsystem\n(S'no'\ntR.", b"PK\x03\x04 half a file"])
def test_a_damaged_model_is_none_at_all(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "kept.npz").write_bytes(content)
    assert load_model(tmp_path / "kept.npz") is None


def test_damaged_corrections_of_a_council_leave_the_coder_as_it_ships(coder: Coder) -> None:
    kept_in = Path(os.environ["HEARD_DATA"]) / "analysis"
    kept_in.mkdir(parents=True, exist_ok=True)
    damaged = kept_in / COUNCIL
    damaged.write_bytes(b"cos\nsystem\n(S'no'\ntR.")
    try:
        some = [Comment("1", "I like school"), Comment("2", "my foster dad hits me")]
        assert load_default().code(some) == coder.code(some)
    finally:
        damaged.unlink()
