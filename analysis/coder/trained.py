"""Keeps a coder that was taught a codebook of its own in a folder, and takes it out again."""

from __future__ import annotations

from pathlib import Path

import yaml

from analysis.coder.coding import Coder
from analysis.coder.encoders import load_encoder
from analysis.coder.models import Model
from analysis.coder.storage import load_model, save_model, stamp_of
from analysis.rows.codebooks import Codebook, load_codebook

MODEL, CODEBOOK = "model.npz", "codebook.yaml"


def save_coder(model: Model, codebook: Codebook, folder: Path) -> None:
    """Write the model and its codebook. OSError where the folder cannot be written."""
    folder.mkdir(parents=True, exist_ok=True)
    themes = [
        {"id": t.id, "title": t.title, "covers": t.covers, "not": t.excludes}
        for t in codebook.themes
    ]
    text = yaml.safe_dump({"version": codebook.version, "themes": themes}, allow_unicode=True)
    (folder / CODEBOOK).write_text(text, encoding="utf-8")
    save_model(model, folder / MODEL, _encoder_name(model))


def load_coder(folder: Path, codebook: Codebook | None = None) -> Coder:
    """The coder of a folder. ValueError where there is none, or where it was taught with another
    encoder than the one here: its numbers would mean something else."""
    taught_with = stamp_of(folder / MODEL)
    model = load_model(folder / MODEL)
    if model is None or taught_with is None:
        raise ValueError(f"{folder} has no coder in it: `analyse train` makes one")
    if taught_with != _encoder_name(model):
        raise ValueError(f"the coder in {folder} was taught with another encoder: teach it again")
    return Coder(model, codebook or load_codebook(folder / CODEBOOK))


def _encoder_name(model: Model) -> str:
    encoder = load_encoder() if model.needs_encoder else None
    return encoder.name if encoder else "words alone"
