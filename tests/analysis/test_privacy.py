"""What may tell who wrote is pointed out by its place and kind; recall first, never complete."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.measures.span_scores import telling_pairs
from analysis.words.privacy import KINDS, find_telling


def told(text: str, known: dict[str, str] | None = None) -> list[tuple[str, str]]:
    return [(one.words(text), one.kind) for one in find_telling(text, known=known)]


@pytest.mark.parametrize(
    ("text", "words", "kind"),
    [
        ("my mum kelly shouts", "kelly", "name"),
        ("my keyworker zorba is ok", "zorba", "name"),
        ("a boy called quillon hit me", "quillon", "name"),
        ("ask Ffion she knows", "Ffion", "name"),
        ("I am at St Brannock's Primary", "St Brannock's Primary", "school"),
        ("i go to hollowbrook academy", "hollowbrook academy", "school"),
        ("we live at 14 larch close", "14 larch close", "address"),
        ("it is AB1 2CD", "AB1 2CD", "postcode"),
        ("see you on tuesday", "tuesday", "day"),
        ("my birthday is 3rd may", "3rd may", "day"),
        ("ring 07700 900123 ok", "07700 900123", "phone"),
        ("write to a.b@example.org", "a.b@example.org", "email"),
        ("im @tay.99 on there", "@tay.99", "handle"),
        ("my number is 943 476 5919", "943 476 5919", "number"),
        ("lost my QQ123456C", "QQ123456C", "number"),
        ("my dog called biscuit", "biscuit", "detail"),
        ("i play for Westbrook Rovers", "Westbrook Rovers", "detail"),
    ],
)
def test_each_kind_is_pointed_out(text: str, words: str, kind: str) -> None:
    assert (words, kind) in told(text)


@pytest.mark.parametrize(
    ("written", "known"),
    [("calum", "Callum"), ("CALLUMS", "Callum"), ("Callum\u2019s", "Callum"),
     ("shanise", "Shanice"), ("mohamed", "Mohammed"), ("ashfeild", "Ashfield Lodge"),
     ("mcdonnel", "Tess McDonnell")],
)  # fmt: skip
def test_known_names_are_found_misspelt_and_with_a_possessive(written: str, known: str) -> None:
    found = told(f"and then {written} thing fell", {known: "name"})
    assert any(words.lower() in written.lower() and words for words, _ in found)


def test_a_known_name_that_is_a_word_is_not_found_in_the_word() -> None:
    assert told("it will be good and i may go", {"Will May": "name"}) == []


@pytest.mark.parametrize(
    "text",
    ["the food is good", "can i have a desk", "i may go and i will hope", "it was 8/10", "I'm OK",
     "they moved me 4 times", "24/7", "", "\U0001f600", "i like maths and pe"],
)  # fmt: skip
def test_ordinary_words_are_left_unmarked(text: str) -> None:
    assert told(text) == []


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="Kely maSt1 07@.-_'\u2019<&\n\u0643\U0001f600", max_size=80))
def test_any_text_gives_places_in_it_apart_and_of_a_known_kind(text: str) -> None:
    found = find_telling(text, known={"Kelly": "name"})
    assert all(0 <= one.start < one.end <= len(text) and one.kind in KINDS for one in found)
    assert all(a.end <= b.start for a, b in zip(found, found[1:], strict=False))


@pytest.mark.parametrize("unit", ["a", "Aa ", "07", "_a", "@", "my mum kelly ", "\u00e9", "1/1/"])
def test_a_hundred_thousand_characters_take_no_longer_than_they_must(unit: str) -> None:
    text = (unit * 100_000)[:100_000]
    begun = time.process_time()
    find_telling(text, known={"Kelly": "name"})
    assert time.process_time() - begun < 3


@pytest.mark.parametrize(("half", "recall"), [("held", 0.93), ("fresh", 0.9)])
def test_marked_comments_are_met_as_the_card_says(half: str, recall: float) -> None:
    pairs = telling_pairs(half)
    marked = sum(len(pair.marked) for pair in pairs)
    assert marked >= 45
    assert sum(pair.met() for pair in pairs) >= recall * marked
