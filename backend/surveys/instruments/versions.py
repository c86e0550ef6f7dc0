"""Holds each instrument to the version under which it was noted, since answers store a version."""

import hashlib
import json
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

import yaml

from backend.surveys.instruments.files import (
    STRUCTURE_FILE,
    VERSIONS_FILE,
    Noted,
    instrument_folders,
    read_retired_questions,
    read_structure,
    read_versions,
    read_words,
)
from backend.surveys.instruments.findings import Finding, Severity
from backend.surveys.instruments.structure import Structure
from backend.surveys.instruments.words import SOURCE_LANGUAGE, Words

HEADING = (
    "# Each instrument's version as it was last noted by `heard survey note`, with a fingerprint\n"
    "# of its questions and English words. What changes afterwards must raise its version.\n"
)


def fingerprint(structure: Structure, words: Words) -> str:
    """Sixteen characters that change with any question, option, branch or English word.

    A translation may be mended without a new version: it asks the same.
    """
    asked = {
        "structure": structure.model_dump(mode="json", exclude={"version", "layers"}),
        "words": words.model_dump(mode="json", exclude={"is_checked"}),
    }
    return hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()[:16]


def check_versions(
    found: Mapping[str, tuple[Structure, Words]],
    *,
    noted: Mapping[str, Noted],
    retired: Collection[str],
    directory: Path,
) -> Iterator[Finding]:
    """Every change has a version of its own, and no question goes without being retired."""
    for name, (structure, words) in found.items():
        reason = _why_not_noted(structure, fingerprint(structure, words), noted.get(name))
        if reason:
            file = directory / name / STRUCTURE_FILE
            yield Finding(Severity.ERROR, "version_is_raised", file, "version", reason)
    standing = {one.id for structure, _ in found.values() for one in structure.questions}
    for name, was in noted.items():
        for question_id in was.questions:
            if question_id not in standing and question_id not in retired:
                file = directory / VERSIONS_FILE
                message = f"{name} asked this once: put it in retired.yaml, with the reason"
                yield Finding(Severity.ERROR, "ids_are_retired", file, question_id, message)


def _why_not_noted(structure: Structure, mark: str, noted: Noted | None) -> str | None:
    if noted is None:
        return "is new: run `heard survey note`"
    if structure.version < noted.version:
        return f"is lower than {noted.version}, which was noted"
    if structure.version == noted.version and mark != noted.fingerprint:
        return f"questions or words changed since version {noted.version}: raise it"
    if structure.version > noted.version:
        return f"is not noted yet, {noted.version} is: run `heard survey note`"
    return None


def note_versions(directory: Path) -> list[str]:
    """Note every instrument as it stands; the reasons why not, and then nothing is written."""
    found = {
        folder.name: (read_structure(folder), read_words(folder)[SOURCE_LANGUAGE])
        for folder in instrument_folders(directory)
    }
    noted = read_versions(directory)
    findings = check_versions(
        found, noted=noted, retired=read_retired_questions(directory), directory=directory
    )
    reasons = [str(one) for one in findings if "heard survey note" not in one.message]
    if not reasons:
        lines = {
            name: {
                "version": structure.version,
                "fingerprint": fingerprint(structure, words),
                "questions": [question.id for question in structure.questions],
            }
            for name, (structure, words) in found.items()
        }
        text = yaml.safe_dump({"instruments": lines}, sort_keys=False, width=100)
        (directory / VERSIONS_FILE).write_text(HEADING + text, "utf-8")
    return reasons
