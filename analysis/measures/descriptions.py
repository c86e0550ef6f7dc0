"""Describes the coder in use for its model card: what it is, and what it was taught with."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

from analysis.coder.coding import Coder
from analysis.coder.encoders import load_encoder
from analysis.coder.storage import stamp_of
from analysis.coder.trained import MODEL
from analysis.learning.defaults import name_in_use
from analysis.learning.training_sets import read_examples
from analysis.measures.agreements import agreement_of_labellers
from analysis.rows.codebooks import load_codebook


def describe_coder(coder: Coder, *, measured_on: str, folder: Path | None = None) -> dict[str, Any]:
    """The model card as plain values. `folder` is where a coder that `train` made lies; without
    it, the one in use is described. `measured_on` names what it is measured on."""
    about = _describe_own(folder) if folder else _describe_default()
    return {**about, "themes": len(coder.codebook.themes), "measured_on": measured_on}


def _describe_default() -> dict[str, Any]:
    encoder = load_encoder()
    examples = read_examples()
    name = name_in_use()
    audiences = Counter(example.audience for example in examples)
    return {
        "name": name,
        "encoder": encoder.name if encoder else None,
        # The name of a corrected coder has its corrections after that of what ships.
        "council_codes": "-" in name,
        "taught_with": {"comments": len(examples), "audiences": dict(sorted(audiences.items()))},
        "agreement": agreement_of_labellers(load_codebook().ids),
    }


def _describe_own(folder: Path) -> dict[str, Any]:
    stamp = stamp_of(folder / MODEL)
    return {
        "name": str(folder),
        "encoder": stamp if load_encoder() and stamp != "words alone" else None,
        "council_codes": False,
        "taught_with": None,
        "agreement": None,
    }
