"""Checks every instrument before it reaches anybody, and says all that is wrong at once."""

from collections.abc import Collection, Iterator, Mapping
from itertools import combinations
from pathlib import Path

from backend.surveys.findings import Finding, Severity
from backend.surveys.instrument_files import (
    STRUCTURE_FILE,
    InstrumentError,
    instrument_folders,
    read_retired_questions,
    read_shared_words,
    read_structure,
    read_words,
)
from backend.surveys.instrument_structure import Audience, Indicator, Structure
from backend.surveys.instrument_structure_checks import HOME_ANSWERS, asks_in_full, check_structure
from backend.surveys.instrument_word_checks import check_words
from backend.surveys.instrument_words import Layer, SharedWords
from backend.surveys.instruments import NO_SHARED_WORDS, indicator_questions

__all__ = ["Finding", "Severity", "check_instruments"]

# What every side of a home is asked alike: the worker's eight taps.
HOME_INDICATORS = HOME_ANSWERS | {Indicator.SEES_FAMILY_ENOUGH, Indicator.HAS_TRUSTED_ADULT}
SIDES_OF_A_HOME = (
    Audience.CHILD,
    Audience.CARE_LEAVER,
    Audience.CARER,
    Audience.PROVIDER_STAFF,
    Audience.SOCIAL_WORKER,
)


def check_instruments(directory: Path, *, themes: Collection[str] | None = None) -> list[Finding]:
    """Everything found wrong in a folder of instruments, errors first.

    With the codebook's themes, each question's theme must be one of them.
    """
    findings: list[Finding] = []
    try:
        shared = read_shared_words(directory)
        retired = read_retired_questions(directory)
    except InstrumentError as error:
        return [_unreadable(error)]
    found: list[Structure] = []
    for folder in instrument_folders(directory):
        try:
            structure = read_structure(folder)
            found.append(structure)
            findings += check_structure(structure, file=folder / STRUCTURE_FILE, themes=themes)
            findings += _check_languages(structure, folder, shared=shared)
        except InstrumentError as error:
            findings.append(_unreadable(error))
    findings += _check_together(found, directory=directory, retired=retired)
    return sorted(findings, key=lambda one: (one.severity, str(one.file), one.path))


def _unreadable(error: InstrumentError) -> Finding:
    return Finding(Severity.ERROR, "schema", error.file, error.path, error.reason)


def _check_languages(
    structure: Structure, folder: Path, *, shared: Mapping[str, SharedWords]
) -> Iterator[Finding]:
    for language, own in read_words(folder).items():
        layer = Layer(language, own, shared.get(language, NO_SHARED_WORDS))
        yield from check_words(structure, layer, file=folder / f"{language}.yaml")


def _check_together(
    found: list[Structure], *, directory: Path, retired: Collection[str]
) -> Iterator[Finding]:
    owners: dict[str, str] = dict.fromkeys(retired, "the retired questions")
    for structure in found:
        file = directory / structure.id / STRUCTURE_FILE
        for question in structure.questions:
            if owner := owners.get(question.id):
                message = f"this id stands in {owner} already"
                yield Finding(Severity.ERROR, "ids_are_unique", file, question.id, message)
            owners[question.id] = structure.id
    for first, second in combinations(found, 2):
        file = directory / second.id / STRUCTURE_FILE
        if first.code == second.code:
            message = f"{first.id} has this code too"
            yield Finding(Severity.ERROR, "codes_are_unique", file, "code", message)
        if _suit_the_same_person(first, second):
            message = f"{first.id} is for the same person at the same moment"
            yield Finding(Severity.ERROR, "one_form_a_person", file, "ages", message)
    yield from _check_coverage(found, directory=directory)


def _suit_the_same_person(first: Structure, second: Structure) -> bool:
    if first.moment != second.moment:
        return False
    if set(first.audience_kinds).isdisjoint(second.audience_kinds):
        return False
    if first.ages is None or second.ages is None:
        return True
    return first.ages.min <= second.ages.max and second.ages.min <= first.ages.max


def _check_coverage(found: list[Structure], *, directory: Path) -> Iterator[Finding]:
    """Every side of a home answers on the same indicators, or there is nothing to set beside."""
    for side in SIDES_OF_A_HOME:
        forms = [
            structure
            for structure in found
            if side in structure.audience_kinds
            and asks_in_full(structure)
            and not HOME_INDICATORS.isdisjoint(indicator_questions(structure))
        ]
        if not forms:
            message = f"nobody asks a {side} about the home"
            yield Finding(Severity.ERROR, "indicator_coverage", directory, "", message)
        for form in forms:
            for indicator in sorted(HOME_INDICATORS - indicator_questions(form).keys()):
                file = directory / form.id / STRUCTURE_FILE
                message = f"{indicator} is not asked of a {side}"
                yield Finding(Severity.ERROR, "indicator_coverage", file, "topics", message)
