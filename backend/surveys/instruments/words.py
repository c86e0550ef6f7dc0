"""The words of an instrument: one file a language, English where a language has none."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

SOURCE_LANGUAGE = "en"
NAME_TOKEN = re.compile(r"\{(\w*)\}")
SENTENCE_START = re.compile(r"(^|[.!?؟።]\s)\s*$")
# Names that the words may ask for. Adults' forms say {child}; children's own say {me}, {carers}.
NAME_TOKENS = frozenset({"iro", "worker", "home", "me", "child", "manager", "carers"})
# Names that a stand-in for another name may itself say: "the grown-ups at {home}".
NAMES_IN_NAMES = frozenset({"home"})

Line = Annotated[str, Field(min_length=1)]


class Frozen(BaseModel):
    """A part of an instrument: unknown keys are refused, and nothing changes after reading."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class TopicWords(Frozen):
    """What a topic is called where the reader chooses among them."""

    title: Line


class QuestionWords(Frozen):
    """One question as it stands on the screen, and as it is read aloud and helped with."""

    text: Line
    read_aloud: Line | None = None
    helper_note: Line | None = None
    placeholder: Line | None = None
    options: Mapping[str, Line] = Field(default_factory=dict)


class SharedWords(Frozen):
    """Words that all instruments share: options, stand-ins for names, the glossary."""

    is_checked: bool
    options: Mapping[str, Line] = Field(default_factory=dict)
    names: Mapping[str, Line] = Field(default_factory=dict)
    glossary: tuple[Line, ...] = ()


class Words(Frozen):
    """All words of one instrument in one language, and whether a person has checked them."""

    is_checked: bool
    title: Line | None = None
    opening: Line | None = None
    names: Mapping[str, Line] = Field(default_factory=dict)
    topics: Mapping[str, TopicWords] = Field(default_factory=dict)
    questions: Mapping[str, QuestionWords] = Field(default_factory=dict)
    options: Mapping[str, Line] = Field(default_factory=dict)


@dataclass(frozen=True)
class QuestionText:
    """One question ready to show: names filled in, with the language that it is really in."""

    text: str
    read_aloud: str
    helper_note: str | None
    placeholder: str | None
    language: str
    is_checked: bool


@dataclass(frozen=True)
class Layer:
    """One language's words, its instrument's own before the shared ones."""

    language: str
    own: Words
    shared: SharedWords


def find_label(layer: Layer, question_id: str, option_id: str) -> str | None:
    """An option's label in one language: the question's own, else the form's, else a shared one."""
    question = layer.own.questions.get(question_id)
    return (
        (question.options.get(option_id) if question else None)
        or layer.own.options.get(option_id)
        or layer.shared.options.get(option_id)
    )


@dataclass(frozen=True)
class Text:
    """Looks up words in the language asked for, then in English, and fills in the names."""

    layers: tuple[Layer, ...]
    names: Mapping[str, str] = field(default_factory=dict)

    @property
    def language(self) -> str:
        return self.layers[0].language

    @property
    def is_checked(self) -> bool:
        """Whether a person who speaks the language has checked these words."""
        return self.layers[0].own.is_checked and self.layers[0].shared.is_checked

    @property
    def title(self) -> str:
        """What the form is called."""
        return self._first([(layer, layer.own.title) for layer in self.layers], key="title")

    @property
    def opening(self) -> str:
        """What is said before the first question."""
        return self._first([(layer, layer.own.opening) for layer in self.layers], key="opening")

    def topic(self, topic_id: str) -> str:
        """The topic's title; KeyError if it has none in any language."""
        titles: list[tuple[Layer, str | None]] = [
            (layer, layer.own.topics[topic_id].title)
            for layer in self.layers
            if topic_id in layer.own.topics
        ]
        return self._first(titles, key=topic_id)

    def question(self, question_id: str) -> QuestionText:
        """The question's words, all from one language, so that a reader never meets a mixture."""
        for layer in self.layers:
            if words := layer.own.questions.get(question_id):
                return QuestionText(
                    text=self._fill(words.text, layer),
                    read_aloud=self._fill(words.read_aloud or words.text, layer),
                    helper_note=words.helper_note and self._fill(words.helper_note, layer),
                    placeholder=words.placeholder and self._fill(words.placeholder, layer),
                    language=layer.language,
                    is_checked=layer.own.is_checked,
                )
        raise KeyError(question_id)

    def option(self, question_id: str, option_id: str) -> str:
        """The option's label; KeyError if it has none in any language."""
        found = [(layer, find_label(layer, question_id, option_id)) for layer in self.layers]
        return self._first(found, key=f"{question_id}: {option_id}")

    def name(self, token: str) -> str:
        """Whom a token such as "iro" stands for here; KeyError for a token that nobody explains."""
        return self._name(token, self.layers[0])

    def _first(self, found: Sequence[tuple[Layer, str | None]], *, key: str) -> str:
        for layer, text in found:
            if text:
                return self._fill(text, layer)
        raise KeyError(key)

    def _fill(self, text: str, layer: Layer) -> str:
        def name(token: re.Match[str]) -> str:
            found = self._name(token[1], layer)
            opens_a_sentence = SENTENCE_START.search(text[: token.start()])
            return found[0].upper() + found[1:] if opens_a_sentence else found

        return NAME_TOKEN.sub(name, text)

    def _name(self, token: str, layer: Layer) -> str:
        for language in (layer, self.layers[-1]):
            if name := self.names.get(token):
                return name
            if stand_in := language.own.names.get(token) or language.shared.names.get(token):
                return NAME_TOKEN.sub(lambda found: self._name(found[1], layer), stand_in)
        raise KeyError(token)
