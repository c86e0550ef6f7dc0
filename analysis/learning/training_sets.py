"""Reads the comments that the coder learns from, and how sure their labels are.

Two people labelled each comment, the second blind, and a third settled what they differed on. The
column `doubted` names those labels: a theme, or `sentiment:mixed`, `urgency:soon`, `ask`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from analysis.coder.models import ASK_HEAD, NOW_HEAD, RAISED
from analysis.rows.codebooks import SEPARATOR
from analysis.rows.labels import Labelled, read_labelled
from analysis.rows.tables import read_table

TRAINING = Path(__file__).parents[1] / "training"
# What was settled after doubt counts as so much of a yes; the label that lost as the rest of it.
_SETTLED = 0.7
_CHECKED_OF_256 = 20


@dataclass(frozen=True, slots=True)
class Example:
    """One comment to learn from. `shares` is how much of a yes (0 to 1) each head gets; heads
    that nobody named are not in it. A check is kept out of the learning: thresholds rest on it."""

    labels: Labelled
    shares: Mapping[str, float]
    is_check: bool

    @property
    def text(self) -> str:
        return self.labels.text

    @property
    def audience(self) -> str:
        return self.labels.audience or ""


def read_examples(folder: Path = TRAINING) -> list[Example]:
    """Every comment of the folder once, in the order of the files' names and rows."""
    examples: dict[str, Example] = {}
    for path in sorted(folder.glob("*.csv")):
        rows = read_table(path).rows
        for labels, row in zip(read_labelled(rows), rows, strict=True):
            key = "".join(filter(str.isalnum, labels.text.lower()))
            doubted = frozenset(filter(None, row.get("doubted", "").split(SEPARATOR)))
            examples.setdefault(key, Example(labels, _shares(labels, doubted), _is_check(key)))
    return list(examples.values())


def _shares(labels: Labelled, doubted: frozenset[str]) -> dict[str, float]:
    names = {f"urgency:{tier}" for tier in ("none", "soon", "now")}
    weights = {label: 1 - _SETTLED for label in doubted}
    for label in _named(labels):
        alternatives = names - {label} if label in names else {label}
        in_doubt = label in doubted or bool(alternatives & doubted)
        if label.startswith("sentiment:"):
            in_doubt = any(one.startswith("sentiment:") for one in doubted)
        weights[label] = _SETTLED if in_doubt else 1.0
    now = weights.pop("urgency:now", 0.0)
    soon = weights.pop("urgency:soon", 0.0)
    weights.pop("urgency:none", None)
    shares = {**weights, RAISED: min(1.0, now + soon), NOW_HEAD: now}
    return {head: share for head, share in shares.items() if share}


def _named(labels: Labelled) -> list[str]:
    """Every label that a comment has, by the name of its head or tier."""
    named = [*labels.themes, f"sentiment:{labels.sentiment}", f"urgency:{labels.urgency}"]
    return [*named, ASK_HEAD] if labels.ask else named


def _is_check(key: str) -> bool:
    """One comment in thirteen, always the same ones, whatever else is in the files."""
    return hashlib.sha256(key.encode()).digest()[0] < _CHECKED_OF_256
