"""Holds the drawings to the surveys: whatever symbol an instrument names, a child sees drawn."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from jinja2 import Environment, FileSystemLoader

ROOT = Path(__file__).parents[2]
INSTRUMENTS = sorted(ROOT.glob("surveys/*/survey.yaml"))


@pytest.fixture(scope="module")
def lines() -> dict[str, str]:
    """The line drawings by name, as path data."""
    templates = Environment(loader=FileSystemLoader(ROOT / "frontend/templates"), autoescape=True)
    drawings: Any = templates.get_template("contributor/symbols.html").module
    return dict(drawings.lines)


def find_symbols(node: object) -> Iterator[str]:
    """Every symbol named in a survey, of topics, questions and options alike."""
    if isinstance(node, dict):
        if "symbol" in node:
            yield node["symbol"]
        for child in node.values():
            yield from find_symbols(child)
    elif isinstance(node, list):
        for child in node:
            yield from find_symbols(child)


def test_there_are_surveys_to_hold_the_drawings_to() -> None:
    assert INSTRUMENTS


@pytest.mark.parametrize("instrument", INSTRUMENTS, ids=lambda path: path.parent.name)
def test_every_symbol_that_a_survey_names_is_drawn(instrument: Path, lines: dict[str, str]) -> None:
    named = set(find_symbols(yaml.safe_load(instrument.read_text(encoding="utf-8"))))
    assert named, "the survey names no symbol at all"
    assert named - set(lines) == set()


def test_no_two_symbols_are_the_same_drawing(lines: dict[str, str]) -> None:
    assert len(set(lines.values())) == len(lines)
