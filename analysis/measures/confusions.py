"""Counts what is taken for what: one label of several, and one theme for another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import product
from typing import Any

from analysis.coder.coding import Coding
from analysis.rows.labels import Labelled


def confusion(pairs: Sequence[tuple[str, str]], labels: Sequence[str]) -> dict[str, dict[str, int]]:
    """How often each true label (the rows) was given as each (the columns). What was given and is
    no label of the scheme, such as 'unread', has a column of its own."""
    counts = Counter(pairs)
    others = sorted({given for _, given in pairs} - set(labels))
    return {true: {given: counts[true, given] for given in (*labels, *others)} for true in labels}


def taken_for(labelled: Sequence[Labelled], codings: Sequence[Coding]) -> list[dict[str, Any]]:
    """Which theme was missed where which was given too many, the commonest first.

    None stands for nothing: a theme missed with none given too many, or the other way round. A
    comment with several of both counts for each pair.
    """
    pairs: Counter[tuple[str | None, str | None]] = Counter()
    for row, coding in zip(labelled, codings, strict=True):
        missed: list[str | None] = [*sorted(row.themes - set(coding.themes))]
        added: list[str | None] = [*sorted(set(coding.themes) - row.themes)]
        if missed or added:
            pairs.update(product(missed or [None], added or [None]))
    ordered = sorted(pairs.items(), key=lambda item: (-item[1], str(item[0])))
    return [{"missed": missed, "given": given, "n": n} for (missed, given), n in ordered]
