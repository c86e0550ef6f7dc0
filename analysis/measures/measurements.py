"""Measures the coder that ships on the sets kept apart for it, for the card that reports quote."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from analysis.coder.coding import Coder
from analysis.learning.defaults import name_in_use, shipped_model
from analysis.measures.cards import MEASURED, card, keep_measured
from analysis.measures.evaluation import evaluate_coder
from analysis.rows.codebooks import load_codebook
from analysis.rows.labels import read_labelled
from analysis.rows.tables import read_table

HELD_OUT = Path(__file__).parents[1] / "heldout"
# The one that is like a council's quarter; the others hold one kind of comment alone.
TOLD = "general"
TITLES = {
    "general": "invented comments as a council would get them in a quarter, none of them learnt",
    "harmless": "invented comments that sound alarming and are not, none of them learnt",
    "hinted_now": "invented comments that hint at a live risk, none of them learnt",
}


def measure_what_ships(also: Sequence[Path] = (), path: Path = MEASURED) -> dict[str, Any]:
    """Measure on each held-out set, and on labelled files of one's own, and keep what was found;
    a council's corrections play no part. Returns the card. ValueError: a file has no labels."""
    codebook = load_codebook()
    coder = Coder(shipped_model(), codebook)
    places = {name: HELD_OUT / f"{name}.csv" for name in TITLES}
    places |= {file.stem: file for file in also}
    keep_measured(
        {
            name: evaluate_coder(coder, read_labelled(read_table(place).rows), codebook.ids)
            for name, place in places.items()
        },
        {name: TITLES.get(name, place.name) for name, place in places.items()},
        coder=name_in_use().split("-")[0],
        # The day on which somebody ran this, by the machine's own calendar.
        day=date.fromisoformat(time.strftime("%Y-%m-%d")),
        told=TOLD,
        path=path,
    )
    return card(path)
