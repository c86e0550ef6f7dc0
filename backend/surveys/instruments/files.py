"""Reads the YAML of the instruments, strictly, and says what is wrong with it and where."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import ValidationError

from backend.surveys.instruments.structure import Indicator, Structure
from backend.surveys.instruments.words import SOURCE_LANGUAGE, Frozen, Line, SharedWords, Words

SHARED_WORDS = "words"
STRUCTURE_FILE = "survey.yaml"
RETIRED_FILE = "retired.yaml"
SCHEMA_FILE = "schema.json"
ALONE_FILE = "coverage.yaml"
VERSIONS_FILE = "versions.yaml"

Model = TypeVar("Model", bound=Frozen)


class Retired(Frozen):
    """Question ids that are gone, each with the reason, in retired.yaml."""

    questions: Mapping[str, Line]


class Noted(Frozen):
    """An instrument as it was when its version was noted."""

    version: int
    fingerprint: str
    questions: tuple[str, ...]


class Versions(Frozen):
    """What versions.yaml holds."""

    instruments: Mapping[str, Noted]


class Alone(Frozen):
    """Why some shared questions are asked of young people alone, in coverage.yaml."""

    alone: Mapping[Indicator, Line]


class InstrumentError(Exception):
    """An instrument that cannot be used: in which file, where in it, and why."""

    def __init__(self, file: Path, *, path: str, reason: str) -> None:
        super().__init__(": ".join(part for part in (str(file), path, reason) if part))
        self.file = file
        self.path = path
        self.reason = reason


class StrictLoader(yaml.SafeLoader):
    """YAML without its two traps: yes and no are words here, and no key may stand twice."""

    yaml_implicit_resolvers = {
        first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith(":bool")]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        for key in keys:
            if keys.count(key) > 1:
                raise yaml.constructor.ConstructorError(
                    problem=f"{key} stands twice", problem_mark=node.start_mark
                )
        return super().construct_mapping(node, deep=deep)


# True and false stay booleans; everything else that YAML 1.1 would turn into one is a word.
for letter in "tTfF":
    StrictLoader.yaml_implicit_resolvers.setdefault(letter, []).append(
        ("tag:yaml.org,2002:bool", re.compile(r"^(?:true|True|false|False)$"))
    )


def instrument_folders(directory: Path) -> list[Path]:
    """The folders that hold an instrument, in the order of their names."""
    return sorted(file.parent for file in directory.glob(f"*/{STRUCTURE_FILE}"))


def read_structure(folder: Path) -> Structure:
    """What survey.yaml in this folder says, checked against the schema."""
    file = folder / STRUCTURE_FILE
    structure = _parse(file, Structure)
    if structure.id != folder.name:
        raise InstrumentError(file, path="id", reason=f"is not the folder's name, {folder.name}")
    return structure


def read_words(folder: Path) -> Mapping[str, Words]:
    """An instrument's words by language; English is always among them."""
    return _read_languages(folder, Words)


def read_shared_words(directory: Path) -> Mapping[str, SharedWords]:
    """The words that all instruments share, by language; English is always among them."""
    return _read_languages(directory / SHARED_WORDS, SharedWords)


def read_retired_questions(directory: Path) -> Mapping[str, str]:
    """Question ids that once stood in an instrument, with why they went; none is used again."""
    file = directory / RETIRED_FILE
    return _parse(file, Retired).questions if file.exists() else {}


def read_versions(directory: Path) -> Mapping[str, Noted]:
    """The instruments by id as they were last noted."""
    file = directory / VERSIONS_FILE
    return _parse(file, Versions).instruments if file.exists() else {}


def read_alone(directory: Path) -> Mapping[Indicator, str]:
    """The shared questions that no adult is asked, each with its reason."""
    file = directory / ALONE_FILE
    return _parse(file, Alone).alone if file.exists() else {}


def write_schema(directory: Path) -> None:
    """Writes the published JSON schema of survey.yaml beside the instruments."""
    (directory / SCHEMA_FILE).write_text(published_schema(), "utf-8")


def published_schema() -> str:
    """The JSON schema of survey.yaml, from the same model that reads it."""
    return json.dumps(Structure.model_json_schema(), indent=2, ensure_ascii=False) + "\n"


def _read_languages(folder: Path, model: type[Model]) -> dict[str, Model]:
    files = [file for file in sorted(folder.glob("*.yaml")) if file.name != STRUCTURE_FILE]
    if folder / f"{SOURCE_LANGUAGE}.yaml" not in files:
        raise InstrumentError(folder, path="", reason=f"has no {SOURCE_LANGUAGE}.yaml")
    return {file.stem: _parse(file, model) for file in files}


def _parse(file: Path, model: type[Model]) -> Model:
    try:
        return model.model_validate(yaml.load(file.read_text("utf-8"), Loader=StrictLoader))  # noqa: S506
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise InstrumentError(file, path="", reason=" ".join(str(error).split())) from error
    except ValidationError as error:
        first, *others = error.errors()
        reason = first["msg"] + (f" (and {len(others)} more)" if others else "")
        path = ".".join(str(step) for step in first["loc"])
        raise InstrumentError(file, path=path, reason=reason) from error
