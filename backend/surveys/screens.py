"""Turns questions and what stands into finished values for a page, and a posted page back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from backend.core.access.predicates import Reach
from backend.core.forms import Fields
from backend.core.languages import language
from backend.core.translations import DayWords, date_with_year
from backend.surveys.drawings import MOST_POINTS, MOST_STROKES, Drawing, as_posted, make_drawing
from backend.surveys.instruments import Question, QuestionType, Text
from backend.surveys.instruments.structure import FACES, WRITTEN
from backend.surveys.instruments.values import (
    as_shown,
    others_of,
    own_words,
    people_value,
    picked_of,
)
from backend.surveys.models import Answer
from backend.surveys.posted_values import Unreadable, read_value
from backend.surveys.signs import sign_of

HIDE = "hide"
WRITTEN_IN = WRITTEN | {QuestionType.DRAWING}


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
    symbol: str = ""
    read_aloud: str = ""
    language: str = "en"
    own_people: tuple[str, ...] = ()

    @property
    def picked(self) -> list[Any]:
        """The options that are ticked, whoever is written in beside them."""
        return picked_of(self.value) if self.value else []

    @property
    def own_picked(self) -> list[str]:
        """Which of the writer's own important people are ticked."""
        return [name for name in self.own_people if name in others_of(self.value)]

    @property
    def others(self) -> str:
        """The names that were written in, one on each line."""
        return "\n".join(name for name in others_of(self.value) if name not in self.own_people)

    @property
    def drawing(self) -> Drawing | None:
        """What was drawn."""
        return make_drawing(self.value)

    @property
    def strokes(self) -> str:
        """What was drawn, as the page's hidden field carries it."""
        return as_posted(self.value)

    @property
    def written(self) -> str:
        """What was written in place of a drawing or beside it."""
        return own_words(QuestionType.DRAWING, self.value)

    @property
    def most(self) -> dict[str, int]:
        """How many strokes and points a sheet takes."""
        return {"strokes": MOST_STROKES, "points": MOST_POINTS}

    @property
    def direction(self) -> str:
        """Which way the question's own language runs."""
        return language(self.language).direction

    @property
    def is_written(self) -> bool:
        """Whether the answer may hold the writer's own words: the page says who reads them."""
        return self.type in WRITTEN_IN or (self.type == QuestionType.PEOPLE and self.several)


@dataclass(frozen=True)
class Given:
    """What one posted question holds: None for no answer, or what is wrong with it."""

    question: Question
    value: Any
    revision: int
    reach: Reach = Reach.ASK_FIRST
    hidden_from: tuple[int, ...] = ()
    hidden_places: tuple[str, ...] = ()
    hidden_from_carers: bool = False
    hidden_from_words: str = ""
    error: str | None = None
    posted: tuple[tuple[str, str], ...] = ()


def make_screen(
    question: Question,
    words: Text,
    *,
    name: str,
    answer: Answer | None,
    hearers: Mapping[str, int],
    own_people: Sequence[str] = (),
) -> Screen:
    """A question with what stands for it. `own_people` are those whom the writer once named."""
    text = words.question(question.id)
    options = make_options(question, words)
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
        symbol=question.symbol,
        read_aloud=text.read_aloud,
        language=text.language,
        own_people=tuple(own_people) if question.type is QuestionType.PEOPLE else (),
    )


def make_options(question: Question, words: Text) -> list[dict[str, Any]]:
    """The options with their labels; those of yes and no have their symbols on every page, others
    without one of their own have a sign on easy-read pages."""
    is_yes_no = question.type is QuestionType.YES_NO
    return [
        {
            "value": option.id,
            "text": words.option(question.id, option.id),
            "symbol": sign_of(option.id, option.symbol) if is_yes_no else option.symbol or "",
            "sign": sign_of(option.id, option.symbol),
        }
        for option in question.options
    ]


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
    keys = [
        key
        for key, staff_id in hearers.items()
        if staff_id in answer.hidden_from or key in answer.hidden_places
    ]
    return keys + (["carer"] if answer.hidden_from_carers else [])


def read_given(form: Fields, question: Question, *, name: str, hearers: Mapping[str, int]) -> Given:
    """One question of a posted page, exactly as it was answered."""
    error, value = None, None
    try:
        value = read_value(form, question, name)
    except Unreadable as fault:
        error = fault.code
    picked = form.word(f"{name}-reach")
    hidden = form.all(f"{name}-reach_from") if picked == HIDE else []
    return Given(
        question=question,
        value=value,
        revision=form.whole_number(f"{name}-revision") or 0,
        reach=Reach.ONLY_IRO if picked == Reach.ONLY_IRO else Reach.ASK_FIRST,
        hidden_from=tuple(hearers[key] for key in hidden if key in hearers),
        hidden_places=tuple(sorted(key for key in set(hidden) if key in hearers)),
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


def say_day(day: date) -> DayWords:
    """A day as one would say it, with its year."""
    return date_with_year(day)


def joined(theirs: Any, mine: Any) -> Any:
    """Both answers of two devices as one, nothing lost: texts under each other, picks together."""
    if not isinstance(theirs, str):
        picked = list(dict.fromkeys(picked_of(theirs) + picked_of(mine)))
        return people_value(picked, list(dict.fromkeys(others_of(theirs) + others_of(mine))))
    return f"{theirs}\n\n{mine}"
