"""Reads the value of one posted question, exactly as it was answered, or says what is wrong."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from backend.core.forms import Fields
from backend.surveys.drawings import NotADrawing, TooMuchDrawn, read_drawing
from backend.surveys.instruments import values
from backend.surveys.instruments.structure import (
    FACES,
    SCALE_HIGHEST,
    SCALE_LOWEST,
    WRITTEN,
    Question,
    QuestionType,
)

MOST_CHARACTERS = 200_000
MOST_IN_NAMES = 2_000  # characters of all names that are written in beside the listed people
OLDEST_YEAR = 1900
TOO_LONG, NOT_A_DAY, NOT_OFFERED = "too_long", "not_a_day", "not_offered"
NOT_A_DRAWING, TOO_MUCH_DRAWN, TOO_MANY_NAMES = "not_a_drawing", "too_much_drawn", "too_many_names"
Posted = Mapping[str, list[str]]


class Unreadable(ValueError):
    """An answer that cannot be kept; `code` is what the page says about it."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def read_value(form: Fields, question: Question, name: str) -> Any:
    """The value of one question, or None where nothing was answered; raises Unreadable."""
    match question.type:
        case QuestionType.DATE:
            return read_day(form, name)
        case QuestionType.FACES:
            mark = read_number(form, name, lowest=1, highest=len(FACES))
            return None if mark is None else FACES[mark - 1]
        case QuestionType.SCALE:
            return read_number(form, name, lowest=SCALE_LOWEST, highest=SCALE_HIGHEST)
        case QuestionType.DRAWING:
            return read_drawn(form, name)
        case kind if kind in WRITTEN:
            return read_text(form, name) or None
    return read_picked(form, question, name)


def read_text(form: Fields, name: str) -> str:
    """A text exactly as it was written; empty where there are only spaces."""
    text = form.text(name)
    if len(text) > MOST_CHARACTERS:
        raise Unreadable(TOO_LONG)
    return text if text.strip() else ""


def read_number(form: Fields, name: str, *, lowest: int, highest: int) -> int | None:
    """The mark that was picked, or None."""
    if not form.word(name):
        return None
    number = form.whole_number(name)
    if number is None or not lowest <= number <= highest:
        raise Unreadable(NOT_OFFERED)
    return number


def read_day(form: Fields, name: str) -> str | None:
    """A day as day, month and year boxes give it; None where all are empty."""
    boxes = [f"{name}_day", f"{name}_month", f"{name}_year"]
    if not any(form.word(box) for box in boxes):
        return None
    day, month, year = (form.whole_number(box) or 0 for box in boxes)
    if year < OLDEST_YEAR:
        raise Unreadable(NOT_A_DAY)
    try:
        return date(year, month, day).isoformat()
    except ValueError as error:
        raise Unreadable(NOT_A_DAY) from error


def read_drawn(form: Fields, name: str) -> dict[str, Any] | None:
    """What was drawn, what was written in its place, or both."""
    words = read_text(form, name)
    try:
        drawn = read_drawing(form.text(f"{name}_strokes"))
    except NotADrawing as fault:
        raise Unreadable(NOT_A_DRAWING) from fault
    except TooMuchDrawn as fault:
        raise Unreadable(TOO_MUCH_DRAWN) from fault
    if drawn is None and not words:
        return None
    return (drawn or {"strokes": []}) | ({"words": words} if words else {})


def read_picked(form: Fields, question: Question, name: str) -> Any:
    """The option or options that were picked, with the people who were written in."""
    given = form.all(name)
    picked = [option.id for option in question.options if option.id in given]
    if len(picked) < len(set(given)) or (len(picked) > 1 and not question.several):
        raise Unreadable(NOT_OFFERED)
    if not question.several:
        return picked[0] if picked else None
    if question.type is not QuestionType.PEOPLE:
        return picked or None
    lines = form.text(f"{name}_others").split("\n")
    others = [one for one in form.all(f"{name}_own") + lines if one.strip()]
    if sum(map(len, others)) > MOST_IN_NAMES:
        raise Unreadable(TOO_MANY_NAMES)
    return values.people_value(picked, list(dict.fromkeys(others)))


def typed_value(question: Question, name: str, posted: Posted) -> Any:
    """What was posted, as the page's fields show it again beside what is wrong with it."""

    def typed(field: str) -> str:
        return str(values.as_shown("".join(posted.get(field, [])[:1])))

    match question.type:
        case QuestionType.DATE:
            return {box: typed(f"{name}_{box}") for box in ("day", "month", "year")}
        case QuestionType.DRAWING:
            return drawn_again(typed(f"{name}_strokes")) | {"words": typed(name)}
        case QuestionType.PEOPLE:
            own = posted.get(f"{name}_own", [])
            others = [*own, *typed(f"{name}_others").split("\n")]
            return values.people_value(posted.get(name, []), [one for one in others if one])
    return values.as_shown(posted.get(name, [])) if question.several else typed(name)


def drawn_again(posted: str) -> dict[str, Any]:
    """What was drawn, even where it is too much: its maker can take some away. No strokes at
    all where it could not be read."""
    try:
        return read_drawing(posted) or {"strokes": []}
    except TooMuchDrawn as fault:
        return fault.drawn or {}
    except NotADrawing:
        return {}
