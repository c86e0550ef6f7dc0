"""The instruments that ship with Heard, and what one question and one answer are called."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
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
)

SURVEYS = ROOT / "surveys"
STAFF_LANGUAGE = "en"
UNSHOWABLE = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff]")


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


def topic_title(instrument_id: str, topic_id: str) -> str:
    """A topic's title for staff; its bare id where the form no longer has it."""
    try:
        return instruments()[instrument_id].words(STAFF_LANGUAGE).topic(topic_id)
    except KeyError:
        return topic_id


def as_shown(value: Any) -> Any:
    """A text as a page can carry it: HTML has no place for control characters, which stay in
    what is kept; browsers turn every line end into one character."""
    if not isinstance(value, str):
        return value
    return UNSHOWABLE.sub("\ufffd", value.replace("\r\n", "\n").replace("\r", "\n"))


def display(instrument_id: str, question_id: str, value: Any) -> str:
    """An answer in words for staff: faces and choices by their labels, texts as they stand."""
    question = find_question(instrument_id, question_id)
    if question is None or not question.options:
        is_date = question is not None and question.type is QuestionType.DATE
        return date_short(date.fromisoformat(str(value))) if is_date else str(as_shown(value))
    words = instruments()[instrument_id].words(STAFF_LANGUAGE)
    picked = value if isinstance(value, list) else [value]
    return ", ".join(
        words.option(question_id, option) if question.option(option) else str(option)
        for option in picked
    )


def score(instrument_id: str, question_id: str, value: Any) -> int | None:
    """The picked option's place on the scale from 1 (worst) to 5 (best), where it has one."""
    question = find_question(instrument_id, question_id)
    option = question.option(value) if question and isinstance(value, str) else None
    return option.value if option else None


def normal_value(form: Instrument, topic_id: str, *, question_id: str, value: Any) -> Any:
    """A value as it is kept: options by id, in the form's order, texts and dates untouched."""
    question = next((one for one in form.topic(topic_id).questions if one.id == question_id), None)
    if question is None:
        raise KeyError(question_id)
    if not question.options:
        return value
    given = value if isinstance(value, list | tuple) else [value]
    picked = [
        one.id
        for one in question.options
        if one.id in given or (one.value is not None and one.value in given)
    ]
    if len(picked) != len(given) or (len(picked) != 1 and not question.several):
        raise ValueError(f"{question_id} does not offer that")
    return picked if question.several else picked[0]
