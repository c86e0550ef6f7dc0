"""Keeps a trained model as plain arrays, whole or not at all; nothing is unpickled."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import numpy as np

from analysis.coder.attention import Attention, Panel, Scale
from analysis.coder.features import BLOCKS, Features, Vocabulary
from analysis.coder.models import Columns, Linear, Model
from analysis.rows.writing import whole_file

Arrays = dict[str, Any]


def save_model(model: Model, path: Path, stamp: str) -> None:
    """Write the model beside its place and move it there, so that no reader meets half a file.
    `stamp` says what it was made of, and with which code. A base is not kept with it."""
    arrays = {
        "stamp": np.array(stamp),
        "themes": np.array(model.themes),
        "heads": np.array(model.heads),
        "answers": np.array(model.answers, dtype=np.str_),
        "mixes": model.mixes,
        "thresholds": model.thresholds,
        "always": np.array(model.always),
        **_own_arrays(model.own),
        **(_panel_arrays(model.meaning) if model.meaning else {}),
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    with whole_file(path, rights=0o644) as file:
        np.savez_compressed(file, allow_pickle=False, **arrays)


def load_model(path: Path, stamp: str | None = None, base: Model | None = None) -> Model | None:
    """The kept model on its base, or None where there is none, where it was made of something
    else than `stamp` says, or where the file is not one of ours."""
    try:
        with np.load(path, allow_pickle=False) as file:
            if stamp is not None and str(file["stamp"]) != stamp:
                return None
            return _rebuild({name: file[name] for name in file.files}, base)
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return None


def stamp_of(path: Path) -> str | None:
    """What a kept model says that it was made of; None where there is no such file."""
    try:
        with np.load(path, allow_pickle=False) as file:
            return str(file["stamp"])
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return None


def _own_arrays(linear: Linear) -> Arrays:
    features = linear.columns.features
    arrays = {
        "own_questions": np.array(features.questions, dtype=np.str_),
        "own_weights": linear.weights.astype(np.float16),
        "own_biases": linear.biases,
    }
    if linear.columns.centre is not None:
        arrays["own_centre"] = linear.columns.centre
    for block, vocabulary in features.vocabularies().items():
        # Terms hold spaces, never a line break.
        arrays[f"own_{block}_terms"] = np.array("\n".join(vocabulary.terms))
        arrays[f"own_{block}_weights"] = vocabulary.weights
    return arrays


def _panel_arrays(panel: Panel) -> Arrays:
    members = [member.weights for member in panel.members]
    return {
        "meaning_centre": panel.scale.centre,
        "meaning_spread": np.array(panel.scale.spread),
        **{
            f"meaning_member_{name}": np.array([one[name] for one in members], dtype=np.float16)
            for name in members[0]
        },
    }


def _panel(arrays: Arrays) -> Panel:
    start = "meaning_member_"
    stacked = {
        name.removeprefix(start): array.astype(np.float32)
        for name, array in arrays.items()
        if name.startswith(start)
    }
    members = tuple(
        Attention({name: array[number] for name, array in stacked.items()})
        for number in range(len(stacked["answers"]))
    )
    scale = Scale(arrays["meaning_centre"], float(arrays["meaning_spread"]))
    return Panel(scale, members)


def _rebuild(arrays: Arrays, base: Model | None) -> Model:
    return Model(
        own=_own(arrays),
        themes=tuple(arrays["themes"].tolist()),
        heads=tuple(arrays["heads"].tolist()),
        mixes=arrays["mixes"],
        thresholds=arrays["thresholds"],
        answers=tuple(arrays["answers"].tolist()),
        meaning=_panel(arrays) if "meaning_spread" in arrays else None,
        base=base,
        always=bool(arrays["always"]),
    )


def _own(arrays: Arrays) -> Linear:
    vocabularies = {
        block: Vocabulary(
            terms=tuple(filter(None, str(arrays[f"own_{block}_terms"]).split("\n"))),
            weights=arrays[f"own_{block}_weights"],
        )
        for block in BLOCKS
    }
    features = Features(vocabularies, arrays["own_questions"].tolist())
    columns = Columns(features, arrays.get("own_centre"))
    return Linear(columns, arrays["own_weights"].astype(np.float64), arrays["own_biases"])
