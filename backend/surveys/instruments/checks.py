"""Checks every instrument before it reaches anybody, and says all that is wrong at once."""

from collections.abc import Collection, Iterator, Mapping
from itertools import combinations
from pathlib import Path

from backend.surveys.instruments import NO_SHARED_WORDS
from backend.surveys.instruments.coverage import check_coverage
from backend.surveys.instruments.files import (
    STRUCTURE_FILE,
    InstrumentError,
    instrument_folders,
    read_alone,
    read_retired_questions,
    read_shared_words,
    read_structure,
    read_versions,
    read_words,
)
from backend.surveys.instruments.findings import Finding, Severity
from backend.surveys.instruments.structure import Structure
from backend.surveys.instruments.structure_checks import check_structure
from backend.surveys.instruments.versions import check_versions
from backend.surveys.instruments.word_checks import check_words
from backend.surveys.instruments.words import SOURCE_LANGUAGE, Layer, SharedWords, Words

__all__ = ["Finding", "Severity", "check_instruments"]


def check_instruments(
    directory: Path,
    *,
    themes: Collection[str] | None = None,
    symbols: Collection[str] | None = None,
) -> list[Finding]:
    """Everything found wrong in a folder of instruments, errors first.

    With the codebook's themes and the names of the drawn symbols, each question's must be of them.
    """
    findings: list[Finding] = []
    try:
        shared = read_shared_words(directory)
        retired = read_retired_questions(directory)
        alone = read_alone(directory)
        noted = read_versions(directory)
    except InstrumentError as error:
        return [_unreadable(error)]
    found: dict[str, tuple[Structure, Words]] = {}
    for folder in instrument_folders(directory):
        file = folder / STRUCTURE_FILE
        try:
            structure, words = read_structure(folder), read_words(folder)
        except InstrumentError as error:
            findings.append(_unreadable(error))
            continue
        found[folder.name] = structure, words[SOURCE_LANGUAGE]
        findings += check_structure(structure, file=file, themes=themes, symbols=symbols)
        findings += _check_languages(structure, words, shared=shared, folder=folder)
    structures = [structure for structure, _ in found.values()]
    findings += _check_together(structures, directory=directory, retired=retired)
    findings += check_coverage(structures, alone=alone, directory=directory)
    findings += check_versions(found, noted=noted, retired=retired, directory=directory)
    order = list(Severity)
    return sorted(findings, key=lambda one: (order.index(one.severity), str(one.file), one.path))


def _unreadable(error: InstrumentError) -> Finding:
    return Finding(Severity.ERROR, "schema", error.file, error.path, error.reason)


def _check_languages(
    structure: Structure,
    words: Mapping[str, Words],
    *,
    shared: Mapping[str, SharedWords],
    folder: Path,
) -> Iterator[Finding]:
    for language, own in words.items():
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


def _suit_the_same_person(first: Structure, second: Structure) -> bool:
    if set(first.moments).isdisjoint(second.moments):
        return False
    if set(first.audience_kinds).isdisjoint(second.audience_kinds):
        return False
    if first.ages is None or second.ages is None:
        return True
    return first.ages.min <= second.ages.max and second.ages.min <= first.ages.max
