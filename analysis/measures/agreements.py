"""Says how far two people agreed when they labelled the same comments, each without the other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from analysis.coder.models import ASK_HEAD
from analysis.learning.training_sets import TRAINING
from analysis.measures.intervals import Figure, figure, share, wilson
from analysis.rows.codebooks import SEPARATOR
from analysis.rows.tables import read_table

DOUBTED = "doubted"


def agreement_of_labellers(themes: Sequence[str], folder: Path = TRAINING) -> dict[str, Any] | None:
    """How alike two people labelled our own comments, from what the files say was doubted.

    Themes as F1 of one person's labels against the other's (positive specific agreement; Fleiss,
    1975), all together (`micro`) and each; sentiment, urgency and ask as the share of comments
    given the same. None where nobody labelled a second time.
    """
    rows = [row for table in _tables(folder) for row in table if DOUBTED in row]
    if not rows:
        return None
    both, one = Counter[str](), Counter[str]()
    for row in rows:
        given, doubted = _names(row, "themes"), _names(row, DOUBTED)
        both.update(given - doubted)
        one.update(doubted)
    return {
        "comments": len(rows),
        "micro": _alike(sum(both[t] for t in themes), sum(one[t] for t in themes)),
        "themes": {theme: _alike(both[theme], one[theme]) for theme in themes},
        **{kind: _share_alike(rows, kind) for kind in ("sentiment", "urgency", ASK_HEAD)},
    }


def _tables(folder: Path) -> list[list[dict[str, str]]]:
    return [read_table(path).rows for path in sorted(folder.glob("*.csv"))]


def _names(row: Mapping[str, str], column: str) -> set[str]:
    return set(filter(None, row[column].split(SEPARATOR)))


def _share_alike(rows: Sequence[Mapping[str, str]], kind: str) -> Figure:
    differed = sum(any(n.split(":")[0] == kind for n in _names(row, DOUBTED)) for row in rows)
    return share(len(rows) - differed, len(rows))


def _alike(both: int, one: int) -> Figure:
    """F1 of two people's yeses: `both` gave it, or `one` alone did. Its interval is Wilson's for
    the share of either that both gave, from which F1 follows one to one."""
    n = both + one
    low, high = wilson(both, n)
    value = _as_f1(both / n) if n else None
    return figure(value, (_as_f1(low), _as_f1(high)), n)


def _as_f1(shared: float) -> float:
    return 2 * shared / (1 + shared)
