"""The coder that is in use: what ships, corrected by what a council's own people decided."""

from __future__ import annotations

import hashlib
import os
import sys
from contextlib import suppress
from functools import cache
from pathlib import Path

import numpy as np

from analysis.coder.coding import Coder
from analysis.coder.encoders import ENCODER, Encoder, load_encoder
from analysis.coder.features import Vector
from analysis.coder.models import Model
from analysis.coder.readers import read_labelled_comments
from analysis.coder.storage import load_model, save_model, stamp_of
from analysis.learning.teaching import Lesson, heads_for, train
from analysis.learning.training_sets import TRAINING, Example, read_examples
from analysis.rows.codebooks import HEARD_CODEBOOK, Codebook, load_codebook
from analysis.words.lexicons import LEXICONS

WORDS = "words.npz"
COUNCIL = "council.npz"
_HERE = Path(__file__).parents[1]
# Whatever changes how a comment becomes numbers, or numbers a label.
_CODE = (
    "coder/features",
    "coder/mixing",
    "coder/models",
    "learning/learners",
    "learning/teaching",
    "learning/thresholds",
    "words/lexicons",
    "words/reading",
    "words/urgency",
)


def load_default(directory: Path | None = None, codebook: Codebook | None = None) -> Coder:
    """The coder in use. What a council's people decided is read from `directory`, else from the
    folder that HEARD_DATA names. Without the encoder's file it codes by words alone."""
    kept_in = _folder(directory)
    base = _shipped(kept_in)
    council = load_model(kept_in / COUNCIL, base=base) if kept_in else None
    is_ours = council is not None and _base_of(kept_in) == _stamp()
    return Coder(council if council and is_ours else base, codebook or load_codebook())


def name_in_use(directory: Path | None = None) -> str:
    """A name that changes with all that the coder in use was made of."""
    kept_in = _folder(directory)
    council = stamp_of(kept_in / COUNCIL) if kept_in else None
    return council if council and council.startswith(_stamp()) else _stamp()


def shipped_model(directory: Path | None = None) -> Model:
    """The model that ships, without any council's corrections."""
    return _shipped(_folder(directory))


def train_shipped() -> Model:
    """Learn from our own comments: thresholds rest on those that the encoder has not seen."""
    examples = read_examples()
    encoder = load_encoder()
    labels = [example.labels for example in examples]
    heads = heads_for(labels, load_codebook().ids)
    lesson = Lesson(
        read=read_labelled_comments(labels, encoder),
        labels=labels,
        heads=heads,
        shares=_shares(examples, heads),
        checks=np.array([e.is_check for e in examples]) if encoder else None,
    )
    answers = encoder.heads if encoder else ()
    return train(lesson, load_codebook().ids, answers=answers)


def ship() -> Path:
    """Rebuild what ships beside the encoder, and return where it lies."""
    path = ENCODER / WORDS
    save_model(train_shipped(), path, _stamp())
    _shipped.cache_clear()
    return path


def _folder(directory: Path | None) -> Path | None:
    named = os.environ.get("HEARD_DATA")
    return directory or (Path(named) / "analysis" if named else None)


@cache
def _shipped(kept_in: Path | None) -> Model:
    stamp = _stamp()
    places = [ENCODER / WORDS, *([kept_in / f"words-{stamp}.npz"] if kept_in else [])]
    for place in places:
        model = load_model(place, stamp)
        if model is not None:
            return model
    sys.stderr.write("Learning from our own comments: this takes a minute, once ...\n")
    model = train_shipped()
    if kept_in:
        # A full or read-only disk must not stop the coding: the model is in memory.
        with suppress(OSError):
            save_model(model, places[-1], stamp)
    return model


@cache
def _stamp() -> str:
    """A name that changes with the comments, the word lists, the code or the encoder."""
    encoder: Encoder | None = load_encoder()
    digest = hashlib.sha256((encoder.name if encoder else "").encode())
    lists = sorted(LEXICONS.glob("*.yaml"))
    code = [_HERE / f"{name}.py" for name in _CODE]
    for path in [*sorted(TRAINING.glob("*.csv")), HEARD_CODEBOOK, *lists, *code]:
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def _base_of(kept_in: Path | None) -> str | None:
    stamp = stamp_of(kept_in / COUNCIL) if kept_in else None
    return stamp.split("-")[0] if stamp else None


def _shares(examples: list[Example], heads: tuple[str, ...]) -> Vector:
    return np.array([[example.shares.get(head, 0.0) for head in heads] for example in examples])
