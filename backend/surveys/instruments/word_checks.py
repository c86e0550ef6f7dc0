"""Checks an instrument's words in one language: whole, known names, kind words, easy to read."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

from backend.surveys.instruments.findings import Finding, Severity
from backend.surveys.instruments.places import texts_fit_a_small_phone
from backend.surveys.instruments.reading_age import find_long_sentences, reading_age
from backend.surveys.instruments.structure import Audience, Structure
from backend.surveys.instruments.structure_checks import YOUNG_PEOPLE, Problem
from backend.surveys.instruments.words import (
    NAME_TOKEN,
    NAME_TOKENS,
    NAMES_IN_NAMES,
    SOURCE_LANGUAGE,
    Layer,
    find_label,
)

OLDEST_READING_AGE = 9.0
HEARS_NOTHING_OF_THE_HOME = frozenset({Audience.PARENT, Audience.OTHER})
NOT_FOR_YOUNG_PEOPLE = re.compile(
    r"\b(placements?|contact|LAC|siblings?|respite|don['’]t worry|honest(y|ly)?)\b", re.IGNORECASE
)
NOT_FOR_PARENTS = re.compile(
    r"\b(home|homes|house|carers?|foster\w*|placements?|schools?|address|area|live[sd]?)\b",
    re.IGNORECASE,
)


def check_words(structure: Structure, layer: Layer, *, file: Path) -> Iterator[Finding]:
    """Every finding about one language of an instrument."""
    checks: list[tuple[Callable[[Structure, Layer], Iterator[Problem]], Severity]] = [
        (nothing_is_left_over, Severity.ERROR),
        (names_are_known, Severity.ERROR),
    ]
    if layer.language == SOURCE_LANGUAGE:
        checks += [
            (all_is_worded, Severity.ERROR),
            (words_are_right_for_the_reader, Severity.ERROR),
            (screens_can_be_read, Severity.ERROR),
            (sentences_are_short, Severity.WARNING),
            (texts_fit_a_small_phone, Severity.WARNING),
        ]
    else:
        checks.append((texts_fit_a_small_phone, Severity.NOTE))
        yield from _how_far_translated(structure, layer, file=file)
    for check, severity in checks:
        for path, message in check(structure, layer):
            yield Finding(severity, check.__name__, file, path, message)


def _how_far_translated(structure: Structure, layer: Layer, *, file: Path) -> Iterator[Finding]:
    missing = len(list(all_is_worded(structure, layer)))
    if missing:
        message = f"{missing} of {count_texts(structure)} texts are shown in English"
        yield Finding(Severity.NOTE, "all_is_worded", file, "", message)
    if not layer.own.is_checked:
        message = "no person has checked this language"
        yield Finding(Severity.NOTE, "language_is_checked", file, "is_checked", message)


def count_texts(structure: Structure) -> int:
    """How many texts a whole translation has: title, opening, topics, questions, options."""
    questions = list(structure.questions)
    options = sum(len(question.options) for question in questions)
    return 2 + len(structure.topics) + len(questions) + options


def all_is_worded(structure: Structure, layer: Layer) -> Iterator[Problem]:
    for key in ("title", "opening"):
        if getattr(layer.own, key) is None:
            yield key, "has no words"
    for topic in structure.topics:
        if topic.id not in layer.own.topics:
            yield f"topics.{topic.id}", "has no words"
    for question in structure.questions:
        if question.id not in layer.own.questions:
            yield f"questions.{question.id}", "has no words"
        for option in question.options:
            if find_label(layer, question.id, option.id) is None:
                yield f"questions.{question.id}.options.{option.id}", "has no words"


def nothing_is_left_over(structure: Structure, layer: Layer) -> Iterator[Problem]:
    questions = {question.id: question for question in structure.questions}
    options = {option.id for question in questions.values() for option in question.options}
    for topic_id in layer.own.topics.keys() - {topic.id for topic in structure.topics}:
        yield f"topics.{topic_id}", "is not in survey.yaml"
    for option_id in layer.own.options.keys() - options:
        yield f"options.{option_id}", "no question has this option"
    for question_id, words in layer.own.questions.items():
        if question_id not in questions:
            yield f"questions.{question_id}", "is not in survey.yaml"
            continue
        for option_id in words.options:
            if questions[question_id].option(option_id) is None:
                yield f"questions.{question_id}.options.{option_id}", "is not in survey.yaml"


def names_are_known(structure: Structure, layer: Layer) -> Iterator[Problem]:
    """A child's own form says {me} and {carers}, an adult's {child}; a parent's never {home}."""
    is_own = not YOUNG_PEOPLE.isdisjoint(structure.audience_kinds)
    allowed = NAME_TOKENS - ({"child"} if is_own else {"me", "carers"})
    if not HEARS_NOTHING_OF_THE_HOME.isdisjoint(structure.audience_kinds):
        allowed -= {"home"}
    for path, text in _all_texts(structure, layer):
        for token in NAME_TOKEN.findall(text):
            if token not in allowed:
                yield path, f"{{{token}}} is not a name that this form may use"
    for name, text in (*layer.own.names.items(), *layer.shared.names.items()):
        for token in NAME_TOKEN.findall(text):
            if token not in NAMES_IN_NAMES or name in NAMES_IN_NAMES:
                yield f"names.{name}", f"{{{token}}} is not a name that a stand-in may use"


def words_are_right_for_the_reader(structure: Structure, layer: Layer) -> Iterator[Problem]:
    wrong = []
    if not YOUNG_PEOPLE.isdisjoint(structure.audience_kinds):
        wrong.append(NOT_FOR_YOUNG_PEOPLE)
    if Audience.PARENT in structure.audience_kinds:
        wrong.append(NOT_FOR_PARENTS)
    for path, text in _all_texts(structure, layer):
        for pattern in wrong:
            if found := pattern.search(text):
                yield path, f"says {found[0]!r}"


def screens_can_be_read(structure: Structure, layer: Layer) -> Iterator[Problem]:
    """Young people's screens are at reading age 9 or below, the question alone and all of it."""
    if YOUNG_PEOPLE.isdisjoint(structure.audience_kinds):
        return
    for path, texts in screens(structure, layer):
        glossary = layer.shared.glossary
        whole = reading_age("\n".join(texts), glossary=glossary)
        first = reading_age(texts[0], glossary=glossary)
        if max(whole, first) > OLDEST_READING_AGE:
            yield path, f"reading age {max(whole, first)}: {' / '.join(texts)}"


def sentences_are_short(structure: Structure, layer: Layer) -> Iterator[Problem]:
    if YOUNG_PEOPLE.isdisjoint(structure.audience_kinds):
        return
    for path, texts in screens(structure, layer):
        for text in texts:
            for sentence in find_long_sentences(text):
                yield path, f"more than 12 words: {sentence}"


def screens(structure: Structure, layer: Layer) -> Iterator[tuple[str, list[str]]]:
    """What stands on each screen and what is read aloud there, the main text first."""
    own = layer.own
    if own.opening:
        yield "opening", [own.opening, own.title or ""]
    titles = [words.title for words in own.topics.values()]
    if titles:
        yield "topics", ["\n".join(titles)]
    for question in structure.questions:
        words = own.questions.get(question.id)
        if words is None:
            continue
        labels = [find_label(layer, question.id, option.id) or "" for option in question.options]
        yield f"questions.{question.id}", [words.text, words.placeholder or "", *labels]
        if words.read_aloud:
            yield f"questions.{question.id}.read_aloud", [words.read_aloud]


def _all_texts(structure: Structure, layer: Layer) -> Iterator[tuple[str, str]]:
    for path, texts in screens(structure, layer):
        yield from ((path, text) for text in texts)
    for key, words in layer.own.questions.items():
        if words.helper_note:
            yield f"questions.{key}.helper_note", words.helper_note
