"""Reads the lists of invented names beside this module."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from backend.demo.borough.draws import Chance

FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Background:
    """First names that go together, with the return's ethnic codes and a language."""

    weight: int
    ethnicities: tuple[str, ...]
    language: str
    girls: tuple[str, ...]
    boys: tuple[str, ...]


@cache
def _names() -> dict[str, Any]:
    with (FOLDER / "names.yaml").open(encoding="utf-8") as file:
        names: dict[str, Any] = yaml.safe_load(file)
    return names


def names_of(kind: str) -> list[str]:
    """The list of that kind, for instance `households` or `agencies`, in the file's order."""
    return [str(name) for name in _names()[kind]]


def backgrounds(kind: str) -> list[Background]:
    """The backgrounds of that kind: `backgrounds` or `unaccompanied`."""
    return [
        Background(
            weight=int(entry["weight"]),
            ethnicities=tuple(entry["ethnicities"]),
            language=str(entry["language"]),
            girls=tuple(entry["girls"]),
            boys=tuple(entry["boys"]),
        )
        for entry in _names()[kind]
    ]


def draw_background(chance: Chance, kind: str) -> Background:
    """One background of that kind, by weight."""
    choices = backgrounds(kind)
    return chance.choices(choices, weights=[choice.weight for choice in choices])[0]
