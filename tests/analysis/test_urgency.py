"""What is urgent is raised, what only sounds alarming is not."""

from __future__ import annotations

import pytest

from analysis.words.reading import read_plainly
from analysis.words.urgency import match_urgency


@pytest.mark.parametrize(
    "text",
    [
        "I want to kill myself",
        "i don\u2019t want to be alive anymore",
        "my foster dad hits me when he is angry",
        "he touched me and said it is our secret",
        "I am sleeping in the park tonight",
        "She has not come home and her phone is off",
        "they said they're gonna stab me",
        "He carries a knife in his bag because of them",
        "gonna kms",
        "I KILLED it at football but i want to die",
    ],
)
def test_words_of_grave_harm_are_raised_to_now(text: str) -> None:
    match = match_urgency(read_plainly(text))
    assert match.tier == "now"
    assert match.words


@pytest.mark.parametrize(
    "text",
    [
        "Killed it at football!!",
        "I'm dying to see nan",
        "that film had me dying of laughter",
        "we had a pillow fight and i won",
        "this homework is killing me",
        "We went on suicide awareness training",
        "my phone died on the bus",
        "the ice cream is to die for",
        "she used to self-harm, but has not for two years",
        "I cut my hair and I love it",
    ],
)
def test_harmless_idioms_raise_nothing(text: str) -> None:
    assert match_urgency(read_plainly(text)).tier == "none"


@pytest.mark.parametrize(
    "text",
    [
        "they bully me at school",
        "there is no heating in my room",
        "she promised to come and nobody came",
        "I have my bag packed and might run away",
    ],
)
def test_distress_and_unmet_need_are_raised_to_soon(text: str) -> None:
    assert match_urgency(read_plainly(text)).tier == "soon"


def test_training_nearby_does_not_calm_what_is_said_outright() -> None:
    text = "we had a lesson on bullying and now i want to kill myself"
    assert match_urgency(read_plainly(text)).tier == "now"


def test_the_matched_words_are_shown() -> None:
    assert "kill myself" in match_urgency(read_plainly("I will kill myself")).words
