"""What an answer's value holds, by its type: what was picked, who was written in, which words."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from backend.surveys.drawings import check_drawing, is_too_much
from backend.surveys.instruments.structure import (
    SCALE_ENDS,
    SCALE_HIGHEST,
    SCALE_LOWEST,
    WRITTEN,
    Question,
    QuestionType,
)
from backend.surveys.instruments.words import Text

PICKED, OTHERS = "picked", "people_others"
ON_PAPER = "on_paper"  # who keeps a drawing that is on paper, and where
A_DRAWING = "a_drawing"  # the shared words for a drawing with nothing written beside it
UNSHOWABLE = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff]")


def as_shown(value: Any) -> Any:
    """A value as a page can carry it: HTML has no place for control characters, which stay in
    what is kept; browsers turn every line end into one character."""
    if isinstance(value, Mapping):
        return {key: as_shown(one) for key, one in value.items()}
    if isinstance(value, list):
        return [as_shown(one) for one in value]
    if not isinstance(value, str):
        return value
    return UNSHOWABLE.sub("\ufffd", value.replace("\r\n", "\n").replace("\r", "\n"))


def picked_of(value: Any) -> list[Any]:
    """The options that were picked, one or several, with or without names written in."""
    if isinstance(value, Mapping):
        return list(value.get(PICKED, []))
    return value if isinstance(value, list) else [value]


def others_of(value: Any) -> list[str]:
    """The names that were written in beside the listed people."""
    return list(value.get(OTHERS, [])) if isinstance(value, Mapping) else []


def people_value(picked: list[str], others: list[str]) -> Any:
    """Listed people and names written in, as they are kept; None for nobody at all."""
    return {PICKED: picked, OTHERS: others} if others else picked or None


def own_words(kind: str, value: Any) -> str:
    """All that somebody wrote themselves in an answer of this type; empty for taps alone."""
    if kind in WRITTEN:
        return value if isinstance(value, str) else ""
    if kind == QuestionType.DRAWING:
        return str(value.get("words", "")) if isinstance(value, Mapping) else ""
    return "\n".join(others_of(value)) if kind == QuestionType.PEOPLE else ""


def display(question: Question, words: Text, value: Any, *, say_day: Callable[[date], str]) -> str:
    """An answer in words: options by their labels, texts as they stand, a drawing by its words."""
    match question.type:
        case QuestionType.DATE:
            return say_day(date.fromisoformat(str(value)))
        case QuestionType.SCALE:
            low, high = (words.option(question.id, end) for end in SCALE_ENDS)
            return f"{value} ({SCALE_LOWEST}: {low}, {SCALE_HIGHEST}: {high})"
        case QuestionType.DRAWING:
            written = str(as_shown(own_words(question.type, value)))
            return written or label(words, question, A_DRAWING)
        case kind if kind in WRITTEN:
            return str(as_shown(value))
    picked = [label(words, question, str(one)) for one in picked_of(value)]
    return ", ".join(picked + [str(as_shown(name)) for name in others_of(value)])


def label(words: Text, question: Question, option_id: str) -> str:
    """An option's label; the bare id where the form no longer has it."""
    try:
        return words.option(question.id, option_id)
    except KeyError:
        return option_id


def check_value(question: Question, value: Any) -> Any:
    """A value as it is kept: options by id, in the form's order, the rest untouched.

    Raises ValueError for what the question does not offer.
    """
    if question.type is QuestionType.SCALE:
        if type(value) is not int or not SCALE_LOWEST <= value <= SCALE_HIGHEST:
            raise ValueError(f"{question.id} goes from {SCALE_LOWEST} to {SCALE_HIGHEST}")
        return value
    if question.type is QuestionType.DRAWING:
        return checked_drawing(value)
    if not question.options:
        return value
    given = list(value) if isinstance(value, tuple) else picked_of(value)
    picked = [
        one.id
        for one in question.options
        if one.id in given or (one.value is not None and one.value in given)
    ]
    others = others_of(value)
    if len(picked) != len(given) or (len(picked) != 1 and not question.several):
        raise ValueError(f"{question.id} does not offer that")
    if others:
        return people_value(picked, others)
    return picked if question.several else picked[0]


def checked_drawing(value: Any) -> Any:
    """A drawing with the words beside it, just as it was; raises ValueError."""
    if not isinstance(value, Mapping):
        raise ValueError("a drawing is strokes, words or both")
    beside = {"words", ON_PAPER}
    drawn = check_drawing({"strokes": []} | {k: v for k, v in value.items() if k not in beside})
    words, kept = value.get("words", ""), checked_keeping(value.get(ON_PAPER))
    is_empty = not drawn["strokes"] and not words and not kept
    if is_too_much(drawn["strokes"]) or not isinstance(words, str) or is_empty:
        raise ValueError("no drawing that can be kept")
    return drawn | ({"words": words} if words else {}) | ({ON_PAPER: kept} if kept else {})


def checked_keeping(kept: Any) -> dict[str, str]:
    """Who keeps the paper that was drawn on, and where; raises ValueError for anything else."""
    if kept is None:
        return {}
    if not isinstance(kept, Mapping) or kept.keys() != {"with", "where"}:
        raise ValueError("a drawing on paper is kept with somebody, somewhere")
    if not all(isinstance(one, str) and one.strip() for one in kept.values()):
        raise ValueError("a drawing on paper is kept with somebody, somewhere")
    return {"with": kept["with"], "where": kept["where"]}
