"""What a message may say: the name that the child knows, that a page is ready, and nothing else."""

import pytest

from backend.messaging import revealing, texts

LINK = "https://heard.example/me/o/" + "x" * 43


@pytest.mark.parametrize(
    "words",
    [
        "Your review is soon", "REVIEW", "your r.e.v.i.e.w", "The council wrote", "f o s t e r",
        "f0ster home", "Social-worker here", "Your IRO says hi", "Câre team", "look at heard.uk",
        "ring 07700 900123", "your meetings", "sam@post.example", "Children's page",
    ],
)  # fmt: skip
def test_words_that_give_something_away_are_refused(words: str) -> None:
    assert revealing.found_in(words)


@pytest.mark.parametrize(
    "words",
    ["Your page is ready", "Yo, have a look 👀", "It's your turn", "Scarecrow says hello",
     "Kick off at 5", "صفحتك جاهزة", "A planet for you", "Come and reply"],
)  # fmt: skip
def test_plain_words_are_taken(words: str) -> None:
    assert revealing.found_in(words) == ""


def test_the_childs_own_name_and_the_councils_are_refused() -> None:
    assert revealing.found_in("Hello Sunny", names=frozenset({"Sunny"})) == "sunny"


@pytest.mark.parametrize("occasion", list(texts.BY_OCCASION))
def test_every_text_of_ours_reveals_nothing_and_fits_one_part(occasion: str) -> None:
    text = texts.text_for(occasion, LINK, sender="Sam")
    assert text.startswith("Hi, it's Sam. ")
    assert revealing.found_in(text.removesuffix(LINK)) == ""
    length, parts = texts.count_parts(text)
    assert (length, parts) == (len(text), 1)


def test_signs_that_phones_send_longer_are_counted_so() -> None:
    assert texts.count_parts("a" * 160) == (160, 1)
    assert texts.count_parts("a" * 161) == (161, 2)
    assert texts.count_parts("[" * 80) == (160, 1)
    assert texts.count_parts("é" * 70 + "ش") == (71, 2)
    assert texts.count_parts("👀") == (2, 1)


def test_own_words_stand_in_invitations_alone() -> None:
    assert "It's your turn: " in texts.text_for("invitation", LINK, words="It's your turn")
    assert "It's your turn" not in texts.text_for("meeting_changed", LINK, words="It's your turn")
