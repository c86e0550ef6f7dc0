"""Turns questions and what stands into finished values for a page, and a posted page back."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from backend.core.access.predicates import Reach
from backend.core.forms import Fields
from backend.core.templates import date_words
from backend.surveys.catalogue import as_shown
from backend.surveys.instrument_structure import FACES, WRITTEN
from backend.surveys.instruments import Question, QuestionType, Text
from backend.surveys.models import Answer

MOST_CHARACTERS = 200_000
HIDE = "hide"
OLDEST_YEAR = 1900


@dataclass(frozen=True)
class Screen:
    """One question as a page shows it. `name` is its field; `value` what stands or was typed."""

    name: str
    question_id: str
    type: str
    text: str
    helper_note: str | None
    placeholder: str | None
    options: list[dict[str, Any]]
    faces: dict[int, str]
    several: bool
    value: Any
    revision: int
    is_answered: bool
    reach: str
    hidden: list[str] = field(default_factory=list)
    hidden_words: str = ""
    error: str | None = None


@dataclass(frozen=True)
class Given:
    """What one posted question holds: None for no answer, or what is wrong with it."""

    question: Question
    value: Any
    revision: int
    reach: Reach = Reach.ASK_FIRST
    hidden_from: tuple[int, ...] = ()
    hidden_from_carers: bool = False
    hidden_from_words: str = ""
    error: str | None = None
    posted: tuple[tuple[str, str], ...] = ()


class TooLong(ValueError):
    """More than we can keep in one answer."""


class NotADay(ValueError):
    """A day that is on no calendar, or only part of one."""


def make_screen(
    question: Question, words: Text, *, name: str, answer: Answer | None, hearers: Mapping[str, int]
) -> Screen:
    """A question with what stands for it."""
    text = words.question(question.id)
    options = [
        {
            "value": option.id,
            "text": words.option(question.id, option.id),
            "symbol": option.symbol or "",
        }
        for option in question.options
    ]
    is_faces = question.type is QuestionType.FACES
    faces = {place: option["text"] for place, option in enumerate(options, 1)} if is_faces else {}
    return Screen(
        name=name,
        question_id=question.id,
        type=question.type.value,
        text=text.text,
        helper_note=text.helper_note,
        placeholder=text.placeholder,
        options=options,
        faces=faces,
        several=question.several,
        value=shown_value(question, answer.value) if answer else None,
        revision=answer.revision if answer else 0,
        is_answered=answer is not None,
        reach=shown_reach(question, answer),
        hidden=hidden_keys(answer, hearers) if answer else [],
        hidden_words=(answer.hidden_from_words or "") if answer else "",
    )


def shown_value(question: Question, value: Any) -> Any:
    """What stands, as the page's fields show it."""
    if question.type is QuestionType.FACES:
        return FACES.index(value) + 1 if value in FACES else None
    if question.type is QuestionType.DATE:
        day = date.fromisoformat(value)
        return {"day": day.day, "month": day.month, "year": day.year}
    return as_shown(value)


def shown_reach(question: Question, answer: Answer | None) -> str:
    """Which of "ask me first", "only my IRO" and "don't show this to" is picked."""
    if answer is None:
        return question.visibility.value
    is_hidden = answer.hidden_from or answer.hidden_from_carers or answer.hidden_from_words
    return HIDE if is_hidden else answer.reach


def hidden_keys(answer: Answer, hearers: Mapping[str, int]) -> list[str]:
    """Which of the named hearers an answer is hidden from."""
    keys = [key for key, staff_id in hearers.items() if staff_id in answer.hidden_from]
    return keys + (["carer"] if answer.hidden_from_carers else [])


def read_given(form: Fields, question: Question, *, name: str, hearers: Mapping[str, int]) -> Given:
    """One question of a posted page, exactly as it was answered."""
    error, value = None, None
    try:
        value = read_value(form, question, name)
    except TooLong:
        error = "too_long"
    except NotADay:
        error = "not_a_day"
    picked = form.word(f"{name}-reach")
    hidden = form.all(f"{name}-reach_from") if picked == HIDE else []
    return Given(
        question=question,
        value=value,
        revision=form.whole_number(f"{name}-revision") or 0,
        reach=Reach.ONLY_IRO if picked == Reach.ONLY_IRO else Reach.ASK_FIRST,
        hidden_from=tuple(hearers[key] for key in hidden if key in hearers),
        hidden_from_carers="carer" in hidden,
        hidden_from_words=form.text(f"{name}-reach_from_other") if picked == HIDE else "",
        error=error,
        posted=tuple(
            (key, text)
            for key in sorted(form.names())
            if key == name or key.startswith((f"{name}_", f"{name}-reach"))
            for text in form.all(key)
        ),
    )


def read_value(form: Fields, question: Question, name: str) -> Any:
    """The value of one question, or None where nothing was answered; raises TooLong, NotADay."""
    if question.type in WRITTEN:
        text = form.text(name)
        if len(text) > MOST_CHARACTERS:
            raise TooLong
        return text if text.strip() else None
    if question.type is QuestionType.DATE:
        return read_day(form, name)
    if question.type is QuestionType.FACES:
        number = form.whole_number(name) or 0
        return FACES[number - 1] if 1 <= number <= len(FACES) else None
    given = form.all(name)
    picked = [option.id for option in question.options if option.id in given]
    if question.several:
        return picked or None
    return picked[0] if picked else None


def read_day(form: Fields, name: str) -> str | None:
    """A day as day, month and year boxes give it; None where all are empty."""
    boxes = [f"{name}_day", f"{name}_month", f"{name}_year"]
    if not any(form.word(box) for box in boxes):
        return None
    day, month, year = (form.whole_number(box) or 0 for box in boxes)
    if year < OLDEST_YEAR:
        raise NotADay
    try:
        return date(year, month, day).isoformat()
    except ValueError as error:
        raise NotADay from error


def day_words(value: str) -> str:
    """A kept day as one would say it, with its year."""
    day = date.fromisoformat(value)
    return f"{date_words(day)} {day.year}"


def joined(theirs: Any, mine: Any) -> Any:
    """Both answers of two devices as one, nothing lost: texts under each other, picks together."""
    if isinstance(theirs, list) and isinstance(mine, list):
        return theirs + [one for one in mine if one not in theirs]
    return f"{theirs}\n\n{mine}"
