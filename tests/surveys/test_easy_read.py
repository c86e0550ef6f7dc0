"""Easy-read: a picture for every option, an adult's form one question a screen, carers by name."""

from itertools import chain

import pytest

from backend.surveys import catalogue
from backend.surveys.instruments import Question, QuestionType
from backend.surveys.instruments.structure import Audience
from backend.surveys.instruments.words import Layer, SharedWords, Text, Words
from backend.surveys.signs import SIGNS, sign_of

FORMS = list(catalogue.instruments().values())
YOUNG = {Audience.CHILD, Audience.CARE_LEAVER}


def questions_with_options() -> list[Question]:
    """Every question whose options are shown in words; faces are pictures themselves."""
    all_questions = chain.from_iterable(topic.questions for form in FORMS for topic in form.topics)
    return [one for one in all_questions if one.options and one.type is not QuestionType.FACES]


@pytest.mark.parametrize("question", questions_with_options(), ids=lambda one: one.id)
def test_every_option_has_a_picture_and_no_two_of_a_question_the_same(question: Question) -> None:
    pictures = [sign_of(option.id, option.symbol) for option in question.options]
    assert all(pictures)
    assert len(set(pictures)) == len(pictures)


def test_no_picture_is_kept_for_an_option_that_nobody_is_offered() -> None:
    offered = {option.id for one in questions_with_options() for option in one.options}
    assert set(SIGNS) - offered == set()


def make_text(names: dict[str, str]) -> Text:
    """A form that asks about carers, whose stand-in names the home."""
    own = Words(is_checked=True, title="Think of {carers}.", names={"carers": "those at {home}"})
    shared = SharedWords(is_checked=True, names={"home": "home"})
    return Text((Layer("en", own, shared),), names)


def test_a_child_who_named_their_carers_is_asked_in_that_word() -> None:
    assert make_text({"carers": "Sam and Jo"}).title == "Think of Sam and Jo."


def test_a_stand_in_for_carers_says_the_childs_own_word_for_home() -> None:
    assert make_text({}).title == "Think of those at home."
    assert make_text({"home": "the flat"}).title == "Think of those at the flat."


def test_a_childs_own_word_is_shown_as_written_and_never_read_as_a_name_to_fill_in() -> None:
    assert make_text({"carers": "{iro} {home}"}).title == "Think of {iro} {home}."
