"""One instrument as it stands on paper: numbered questions, lettered options, and nothing else."""

from collections.abc import Collection, Mapping, Sequence
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
FEWEST_TO_CHOOSE_FROM = 3  # topics: fewer need no choosing
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

    def with_topics(self, topics: Collection[str]) -> "Sheet":
        """The sheet with these topics, and those that are always asked; with none, as it is."""
        if not topics:
            return self
        kept = [one for one in self.topics if one.is_always or one.id in topics]
        asked = [question.id for topic in kept for question in topic.questions]
        return sheet_of(self.instrument_id, self.language, names=self.names, printed=asked)

    @property
    def has_choice(self) -> bool:
        """Whether there are topics enough to choose from."""
        return self.is_young and len(self.chosen_from) >= FEWEST_TO_CHOOSE_FROM

    @property
    def chosen_from(self) -> tuple[SheetTopic, ...]:
        """The topics without those that are always asked."""
        return tuple(one for one in self.topics if not one.is_always)

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
    printed_options: Mapping[str, Sequence[str]] | None = None,
) -> Sheet:
    """An instrument as a sheet; KeyError for an id that no instrument has.

    `printed` are the questions of a sheet that was printed before, whose numbers must stay what
    they were; what is no longer asked is left out, and what is asked since is not on the paper.
    `printed_options` keep their letters in the same way.
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
                _question(
                    asked,
                    words,
                    topic_id=topic.id,
                    numbers=numbers,
                    printed=(printed_options or {}).get(asked.id, ()),
                )
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
    ages: tuple[int, int] | None  # in whole years, both included; None: of any age


def blank_forms() -> list[BlankForm]:
    """Every form there is, by what it is called, with who fills it in and in which languages."""
    return [
        BlankForm(
            id=form.id,
            title=form.words("en").title,
            kinds=tuple(Kind(kind.value) for kind in form.audience_kinds),
            languages=form.languages,
            ages=(form.ages.min, form.ages.max) if form.ages else None,
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
    asked: Question,
    words: Text,
    *,
    topic_id: str,
    numbers: Mapping[str, int],
    printed: Sequence[str],
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
        options=_options(asked, words, printed),
        several=asked.several,
        only_if=_only_if(asked.show_when, words, numbers=numbers),
        is_asked_alone=asked.held_back_when_helper_in_home,
        is_for_lead=asked.visibility is Visibility.ONLY_IRO,
    )


def _options(asked: Question, words: Text, printed: Sequence[str]) -> tuple[SheetOption, ...]:
    """Faces are numbered from the saddest, all else is lettered; a scale has its own numbers."""
    made = make_options(asked, words)
    order = list(printed) or [one["value"] for one in made]
    marks = [str(place) for place in range(1, len(FACES) + 1)]
    if asked.type is QuestionType.SCALE:
        marks = list(SCALE_ENDS)
    elif asked.type is not QuestionType.FACES:
        marks = list(ascii_lowercase)
    by_option = dict(zip(order, marks, strict=False))
    return tuple(
        SheetOption(one["value"], by_option[one["value"]], one["text"], one["symbol"])
        for one in made
        if one["value"] in by_option
    )


def _only_if(
    condition: Condition | None, words: Text, *, numbers: Mapping[str, int]
) -> tuple[int, str] | None:
    if condition is None or condition.question not in numbers:
        return None
    ticked = [words.option(condition.question, option) for option in condition.any_of]
    return numbers[condition.question], " / ".join(ticked)
