"""The instruments: what is asked of whom, read once from surveys/ and then never changed."""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from backend.surveys.instruments.files import (
    InstrumentError,
    instrument_folders,
    read_shared_words,
    read_structure,
    read_words,
)
from backend.surveys.instruments.structure import (
    Agenda,
    Ages,
    Audience,
    Character,
    Indicator,
    Moment,
    Option,
    Question,
    QuestionType,
    Structure,
    Summary,
    Topic,
    Visibility,
)
from backend.surveys.instruments.values import picked_of
from backend.surveys.instruments.words import (
    SOURCE_LANGUAGE,
    Layer,
    QuestionText,
    SharedWords,
    Text,
)

__all__ = [
    "Agenda", "Ages", "Audience", "Character", "Indicator", "Instrument", "InstrumentError",
    "Moment", "Option", "Question", "QuestionText", "QuestionType", "Summary", "Text", "Topic",
    "Visibility", "forms_in_order", "held_back_questions", "indicator_questions", "instrument_for",
    "load_instruments", "visible_questions",
]  # fmt: skip

# A language may have an instrument's own words before it has the shared ones.
NO_SHARED_WORDS = SharedWords(is_checked=False)


class Instrument(Structure):
    """One form with its words in every language that it has."""

    layers: Mapping[str, Layer]

    @property
    def languages(self) -> tuple[str, ...]:
        return tuple(self.layers)

    def words(self, language: str, *, names: Mapping[str, str] | None = None) -> Text:
        """The words in a language, with English for what it lacks, and these names filled in."""
        wanted = [self.layers[key] for key in (language, SOURCE_LANGUAGE) if key in self.layers]
        return Text(layers=tuple(wanted), names=names or {})

    def topic(self, topic_id: str) -> Topic:
        """The topic with this id; KeyError if the instrument has none."""
        for topic in self.topics:
            if topic.id == topic_id:
                return topic
        raise KeyError(topic_id)

    def question(self, question_id: str) -> Question:
        """The question with this id; KeyError if the instrument has none."""
        for question in self.questions:
            if question.id == question_id:
                return question
        raise KeyError(question_id)


@lru_cache(maxsize=8)
def load_instruments(directory: Path) -> Mapping[str, Instrument]:
    """Every instrument in the folder by its id, read once for each folder.

    Raises InstrumentError, which names the file, the place in it and the reason.
    """
    shared = read_shared_words(directory)
    found = [_read_instrument(folder, shared=shared) for folder in instrument_folders(directory)]
    if not found:
        raise InstrumentError(directory, path="", reason="there is no instrument here")
    return MappingProxyType({instrument.id: instrument for instrument in found})


def instrument_for(
    instruments: Mapping[str, Instrument], *, kind: str, age: int | None, moment: str
) -> Instrument | None:
    """The instrument that this person is asked at this moment, if there is one.

    The age decides only where an instrument has ages; somebody whose age is not known gets none
    of those, and a person chooses for them.
    """
    for instrument in instruments.values():
        suits_age = instrument.ages is None or (age is not None and age in instrument.ages)
        if moment in instrument.moments and kind in instrument.audience_kinds and suits_age:
            return instrument
    return None


def forms_in_order(
    instruments: Mapping[str, Instrument], *, kind: str, age: int | None, moment: str
) -> list[Instrument]:
    """Every form of a moment that somebody of this kind could be given, the likeliest first.

    Age is only the start: whoever knows a young person may choose another form of the list by
    what they understand. Forms for the age come first, then those nearest to it, the simpler one
    before the harder; with no age known, the simplest first.
    """
    offered = [
        instrument
        for instrument in instruments.values()
        if moment in instrument.moments and kind in instrument.audience_kinds
    ]
    return sorted(offered, key=lambda instrument: _years_away(instrument.ages, age))


def _years_away(ages: Ages | None, age: int | None) -> tuple[int, int]:
    if ages is None:
        return 0, 0
    if age is None:
        return ages.min, ages.min
    return max(ages.min - age, age - ages.max, 0), ages.min


def visible_questions(
    topic: Topic, answers: Mapping[str, object], *, is_helper_in_home: bool = False
) -> list[Question]:
    """The topic's questions that these answers open, in order.

    An answer is an option's id or value, or a list of them. A question that is hidden itself
    opens no other, whatever was answered to it before. With a helper who lives or works in the
    home, the questions that are held back for a private visit are left out.
    """
    shown: dict[str, Question] = {}
    for question in topic.questions:
        if is_helper_in_home and question.held_back_when_helper_in_home:
            continue
        if _is_opened(question, shown=shown, answers=answers):
            shown[question.id] = question
    return list(shown.values())


def held_back_questions(topic: Topic) -> list[Question]:
    """What a child is asked alone when the helper lives or works in the home."""
    return [question for question in topic.questions if question.held_back_when_helper_in_home]


def indicator_questions(instrument: Structure) -> Mapping[Indicator, Question]:
    """The instrument's question for each indicator that it asks."""
    return {asked.indicator: asked for asked in instrument.questions if asked.indicator}


def _is_opened(
    question: Question, *, shown: Mapping[str, Question], answers: Mapping[str, object]
) -> bool:
    condition = question.show_when
    if condition is None:
        return True
    asked = shown.get(condition.question)
    if asked is None:
        return False
    return not _picked(asked, answers.get(asked.id)).isdisjoint(condition.any_of)


def _picked(question: Question, answer: object) -> set[str]:
    given = answer if isinstance(answer, tuple | set | frozenset) else picked_of(answer)
    return {
        option.id
        for option in question.options
        if option.id in given or (option.value is not None and option.value in given)
    }


def _read_instrument(folder: Path, *, shared: Mapping[str, SharedWords]) -> Instrument:
    layers = {
        language: Layer(language, own, shared.get(language, NO_SHARED_WORDS))
        for language, own in read_words(folder).items()
    }
    return Instrument(**dict(read_structure(folder)), layers=layers)
