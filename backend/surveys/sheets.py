"""One instrument as it stands on paper: numbered questions, lettered options, and nothing else."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from string import ascii_lowercase

from backend.core.access.permissions import Kind
from backend.surveys import catalogue
from backend.surveys.instruments import Instrument, Text
from backend.surveys.instruments.structure import (
    FACES,
    SCALE_ENDS,
    Condition,
    Moment,
    Question,
    QuestionType,
    Visibility,
)
from backend.surveys.screens import make_options

WITH_HELPER_TO = 7  # years: somebody older sits beside them and needs the notes for helpers
YOUNG = frozenset({Kind.CHILD.value, Kind.CARE_LEAVER.value})


@dataclass(frozen=True)
class SheetOption:
    """One answer to tick, with the mark that is printed beside it and typed for it."""

    id: str
    mark: str
    text: str
    symbol: str


@dataclass(frozen=True)
class SheetQuestion:
    """One question with its number; `only_if` says which ticks open it, in words."""

    id: str
    topic_id: str
    number: int
    type: QuestionType
    text: str
    language: str
    helper_note: str
    symbol: str
    options: tuple[SheetOption, ...]
    several: bool
    only_if: tuple[int, str] | None
    is_asked_alone: bool
    is_for_lead: bool


@dataclass(frozen=True)
class SheetTopic:
    """One topic with its questions in order."""

    id: str
    title: str
    symbol: str
    is_always: bool
    questions: tuple[SheetQuestion, ...]


@dataclass(frozen=True)
class Sheet:
    """One form on paper in one language."""

    instrument_id: str
    version: int
    language: str
    character: str
    title: str
    opening: str
    is_young: bool
    is_for_meeting: bool
    is_with_helper: bool
    names: Mapping[str, str]
    topics: tuple[SheetTopic, ...]

    @cached_property
    def questions(self) -> Mapping[str, SheetQuestion]:
        """Every question by its id, in order."""
        return {one.id: one for topic in self.topics for one in topic.questions}

    @property
    def question_ids(self) -> list[str]:
        """The questions in the order of their numbers."""
        return list(self.questions)


def sheet_of(
    instrument_id: str,
    language: str,
    *,
    names: Mapping[str, str] | None = None,
    printed: Sequence[str] = (),
) -> Sheet:
    """An instrument as a sheet; KeyError for an id that no instrument has.

    `printed` are the questions of a sheet that was printed before, whose numbers must stay what
    they were; what is no longer asked is left out, and what is asked since is not on the paper.
    """
    form = catalogue.instruments()[instrument_id]
    words = form.words(language, names=names)
    order = list(printed) or [asked.id for asked in form.questions]
    numbers = {question_id: place for place, question_id in enumerate(order, 1)}
    topics = tuple(
        SheetTopic(
            id=topic.id,
            title=words.topic(topic.id),
            symbol=topic.symbol,
            is_always=topic.always,
            questions=tuple(
                _question(asked, words, topic_id=topic.id, numbers=numbers)
                for asked in topic.questions
                if asked.id in numbers
            ),
        )
        for topic in form.topics
        if any(asked.id in numbers for asked in topic.questions)
    )
    return Sheet(
        instrument_id=form.id,
        version=form.version,
        language=words.language,
        character=form.character.value,
        title=words.title,
        opening=words.opening,
        is_young=is_young(form),
        is_for_meeting=Moment.BEFORE_REVIEW in form.moments,
        is_with_helper=form.ages is not None and form.ages.max <= WITH_HELPER_TO,
        names={token: words.name(token) for token in ("iro", "worker")},
        topics=topics,
    )


@dataclass(frozen=True)
class BlankForm:
    """One form that can be printed for nobody in particular."""

    id: str
    title: str
    kinds: tuple[Kind, ...]
    languages: tuple[str, ...]


def blank_forms() -> list[BlankForm]:
    """Every form there is, by what it is called, with who fills it in and in which languages."""
    return [
        BlankForm(
            id=form.id,
            title=form.words("en").title,
            kinds=tuple(Kind(kind.value) for kind in form.audience_kinds),
            languages=form.languages,
        )
        for form in catalogue.instruments().values()
    ]


def is_young(form: Instrument) -> bool:
    """Whether children or care leavers fill it in themselves."""
    return any(kind.value in YOUNG for kind in form.audience_kinds)


def languages_of(instrument_id: str) -> tuple[str, ...]:
    """The languages that an instrument has words in, its first one first."""
    return catalogue.instruments()[instrument_id].languages


def _question(
    asked: Question, words: Text, *, topic_id: str, numbers: Mapping[str, int]
) -> SheetQuestion:
    text = words.question(asked.id)
    return SheetQuestion(
        id=asked.id,
        topic_id=topic_id,
        number=numbers[asked.id],
        type=asked.type,
        text=text.text,
        language=text.language,
        helper_note=text.helper_note or "",
        symbol=asked.symbol,
        options=_options(asked, words),
        several=asked.several,
        only_if=_only_if(asked.show_when, words, numbers=numbers),
        is_asked_alone=asked.held_back_when_helper_in_home,
        is_for_lead=asked.visibility is Visibility.ONLY_IRO,
    )


def _options(asked: Question, words: Text) -> tuple[SheetOption, ...]:
    """Faces are numbered from the saddest, all else is lettered; a scale has its own numbers."""
    made = make_options(asked, words)
    marks = [str(place) for place in range(1, len(FACES) + 1)]
    if asked.type is QuestionType.SCALE:
        marks = list(SCALE_ENDS)
    elif asked.type is not QuestionType.FACES:
        marks = list(ascii_lowercase)
    return tuple(
        SheetOption(one["value"], mark, one["text"], one["symbol"])
        for one, mark in zip(made, marks, strict=False)
    )


def _only_if(
    condition: Condition | None, words: Text, *, numbers: Mapping[str, int]
) -> tuple[int, str] | None:
    if condition is None or condition.question not in numbers:
        return None
    ticked = [words.option(condition.question, option) for option in condition.any_of]
    return numbers[condition.question], " / ".join(ticked)
