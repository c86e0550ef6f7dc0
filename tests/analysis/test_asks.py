"""The sentence that asks is lifted out of a comment in the writer's own words, or none is."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.measures.span_scores import ask_pairs, exact_f1, overlap_f1
from analysis.words.asks import find_asks


def lifted(text: str) -> list[str]:
    return [one.words(text) for one in find_asks(text)]


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("can i have a lock on my dor pls??", ["can i have a lock on my dor pls??"]),
        ("food is ok. Wen can i c my mum", ["Wen can i c my mum"]),
        ("i miss him, can he come and stay. its his birthday", ["can he come and stay."]),
        ("my zip went, I need a new coat because its cold", ["I need a new coat"]),
        ("can i have a desk and can my nan come", ["can i have a desk", "can my nan come"]),
        ("I want go gym. I like it here", ["I want go gym."]),
        ("Nobody rings. More notice of meetings would be appreciated.",
         ["More notice of meetings would be appreciated."]),
        ("there should be a bus pass", ["there should be a bus pass"]),
    ],
)  # fmt: skip
def test_the_asking_words_are_lifted_letter_for_letter(text: str, asks: list[str]) -> None:
    assert lifted(text) == asks


@pytest.mark.parametrize(
    "text",
    [
        "we had pancakes and it was good",
        "she asked if i was sad and i said no",
        "he said can i come and staff said yes",
        "why bother asking me",
        "when i lived with nan it was better",
        "i want for nothing here",
        "i used to want to go home",
        "",
        "???",
        "\U0001f600\U0001f600",
        "=SUM(A1:A9)",
    ],
)
def test_where_nothing_is_asked_nothing_is_lifted(text: str) -> None:
    assert lifted(text) == []


def test_the_coder_s_word_that_a_comment_asks_nothing_holds() -> None:
    assert find_asks("can i go home", is_ask=False) == ()


def test_where_the_coder_knows_better_one_sentence_is_lifted_whole() -> None:
    text = " my own cup in the cupboard "
    assert find_asks(text) == ()
    [one] = find_asks(text, is_ask=True)
    assert one.words(text) == "my own cup in the cupboard"
    assert find_asks("a cup. a plate.", is_ask=True) == ()


def test_a_title_ends_no_sentence() -> None:
    assert lifted("can Mr. Hale be my tutor again") == ["can Mr. Hale be my tutor again"]


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="can iwthey?.,\n\"<&'\u2019\U0001f600\u0643", max_size=80))
def test_any_text_gives_places_in_it_in_order_and_apart(text: str) -> None:
    found = find_asks(text)
    assert all(0 <= one.start < one.end <= len(text) for one in found)
    assert all(a.end <= b.start for a, b in zip(found, found[1:], strict=False))
    assert all(one.words(text).strip() for one in found)


@pytest.mark.parametrize("unit", ["can i see my mum and ", "a", "please. ", "?!", "<b>", "aa "])
def test_a_hundred_thousand_characters_take_no_longer_than_they_must(unit: str) -> None:
    text = (unit * 100_000)[:100_000]
    begun = time.process_time()
    find_asks(text)
    assert time.process_time() - begun < 2


@pytest.mark.parametrize(("half", "exact", "overlap"), [("held", 0.8, 0.88), ("fresh", 0.8, 0.85)])
def test_marked_comments_are_met_as_the_card_says(half: str, exact: float, overlap: float) -> None:
    pairs = ask_pairs(half)
    assert len(pairs) > 80
    assert exact_f1(pairs)[0] >= exact
    assert overlap_f1(pairs)[0] >= overlap
