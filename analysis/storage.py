"""Keeps a trained model as plain arrays, named by what it was trained on; nothing is unpickled."""

from __future__ import annotations

import hashlib
import os
import tempfile
import zipfile
from pathlib import Path

import numpy as np
import sklearn

from analysis.features import BLOCKS, Features, Vocabulary
from analysis.lexicons import LEXICONS
from analysis.models import Model

_HERE = Path(__file__).parent


def fingerprint(*sources: Path) -> str:
    """A name that changes with the training comments, the word lists, the code or the library."""
    digest = hashlib.sha256(sklearn.__version__.encode())
    code = [_HERE / f"{name}.py" for name in ("features", "learners", "models", "reading")]
    code += [_HERE / f"{name}.py" for name in ("thresholds", "urgency", "lexicons", "storage")]
    for path in [*sources, *sorted(LEXICONS.glob("*.yaml")), *code]:
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def save_model(model: Model, path: Path) -> None:
    """Write the model beside its place and move it there, so that no reader meets half a file."""
    arrays = {
        "themes": np.array(model.themes),
        "heads": np.array(model.heads),
        "weights": model.weights.astype(np.float32),
        "biases": model.biases,
        "thresholds": model.thresholds,
        "calibration": model.calibration,
    }
    for block, vocabulary in model.features.vocabularies().items():
        arrays[f"{block}_terms"] = np.array(vocabulary.terms)
        arrays[f"{block}_weights"] = vocabulary.weights
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            np.savez(file, allow_pickle=False, **arrays)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def load_model(path: Path) -> Model | None:
    """The kept model, or None where there is none or the file is not one of ours."""
    try:
        with np.load(path, allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
        return _rebuild(arrays)
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return None


def _rebuild(arrays: dict[str, np.ndarray]) -> Model:
    vocabularies = {
        block: Vocabulary(
            terms=tuple(arrays[f"{block}_terms"].tolist()),
            weights=arrays[f"{block}_weights"].astype(np.float64),
        )
        for block in BLOCKS
    }
    return Model(
        features=Features(vocabularies),
        themes=tuple(arrays["themes"].tolist()),
        heads=tuple(arrays["heads"].tolist()),
        weights=arrays["weights"].astype(np.float64),
        biases=arrays["biases"],
        thresholds=arrays["thresholds"],
        calibration=arrays["calibration"],
    )
