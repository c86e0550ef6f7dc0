"""The instruments that ship with Heard, and what one question and one answer are called."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from backend.core.access.permissions import Kind
from backend.core.templates import date_short
from backend.settings import ROOT
from backend.surveys.instruments import (
    Instrument,
    Question,
    QuestionType,
    instrument_for,
    load_instruments,
    values,
)

SURVEYS = ROOT / "surveys"
STAFF_LANGUAGE = "en"


@dataclass(frozen=True)
class Asked:
    """One question as staff read it beside its answer."""

    text: str
    type: str
    indicator: str | None
    theme: str | None
    summary: str | None


def instruments() -> Mapping[str, Instrument]:
    """Every instrument by id, read once."""
    return load_instruments(SURVEYS)


def find_form(kind: Kind, *, age: int | None, moment: str) -> Instrument | None:
    """The form for somebody of this kind and age at this moment, or None."""
    return instrument_for(instruments(), kind=kind.value, age=age, moment=moment)


@lru_cache(maxsize=2048)
def find_question(instrument_id: str, question_id: str) -> Question | None:
    """A question by id, or None where the form no longer has it."""
    instrument = instruments().get(instrument_id)
    if instrument is None:
        return None
    return next((asked for asked in instrument.questions if asked.id == question_id), None)


@lru_cache(maxsize=2048)
def asked(instrument_id: str, question_id: str) -> Asked:
    """What was asked, in words for staff; the bare id where the form no longer has it."""
    question = find_question(instrument_id, question_id)
    if question is None:
        return Asked(question_id, QuestionType.LONG_TEXT.value, None, None, None)
    words = instruments()[instrument_id].words(STAFF_LANGUAGE)
    return Asked(
        text=words.question(question_id).text,
        type=question.type.value,
        indicator=question.indicator.value if question.indicator else None,
        theme=question.theme,
        summary=question.summary.value if question.summary else None,
    )


@lru_cache(maxsize=2048)
def agenda(instrument_id: str, topic_id: str) -> str:
    """The heading of the statutory agenda under which a topic is read; wishes where unknown."""
    instrument = instruments().get(instrument_id)
    topics = instrument.topics if instrument else ()
    return next((topic.agenda.value for topic in topics if topic.id == topic_id), "wishes")


def topic_title(instrument_id: str, topic_id: str, *, language: str = STAFF_LANGUAGE) -> str:
    """A topic's title, for staff unless told otherwise; its bare id where the form no longer has
    it."""
    try:
        return instruments()[instrument_id].words(language).topic(topic_id)
    except KeyError:
        return topic_id


def display(instrument_id: str, question_id: str, value: Any) -> str:
    """An answer in words for staff: faces and choices by their labels, texts as they stand."""
    question = find_question(instrument_id, question_id)
    if question is None:
        return str(values.as_shown(value))
    words = instruments()[instrument_id].words(STAFF_LANGUAGE)
    return values.display(question, words, value, say_day=date_short)


def score(instrument_id: str, question_id: str, value: Any) -> int | None:
    """The picked option's place on the scale from 1 (worst) to 5 (best), where it has one."""
    question = find_question(instrument_id, question_id)
    option = question.option(value) if question and isinstance(value, str) else None
    return option.value if option else None


def normal_value(form: Instrument, topic_id: str, *, question_id: str, value: Any) -> Any:
    """A value as it is kept: options by id, in the form's order, the rest untouched.

    KeyError for a question that the topic has not, ValueError for what it does not offer.
    """
    question = next((one for one in form.topic(topic_id).questions if one.id == question_id), None)
    if question is None:
        raise KeyError(question_id)
    return values.check_value(question, value)
