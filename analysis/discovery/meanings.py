"""Lays comments out as points, those that mean alike near each other, so that they can be grouped.

A point is what the encoder makes of a comment, and its words. Without the encoder it is the words
alone, pressed into a few dimensions: alike then is what shares words, and much is missed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np
from scipy import sparse
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.preprocessing import normalize

from analysis.coder.encoders import Encoder
from analysis.coder.features import Vector
from analysis.coder.readers import read_copies
from analysis.discovery.distinctive import roots_in

# How far apart (1 - cosine) comments of one group may be on average; measured on planted groups.
REACH_BY_MEANING = 0.9
REACH_BY_WORDS = 0.85
_DIMENSIONS = 60
_NOUGHT = 1e-6
# Another number of threads may change the last digits, and must not change a group.
_DIGITS = 6


def lay_out(plain: Sequence[str], beside: Sequence[str], encoder: Encoder | None) -> Vector:
    """One point on the unit sphere for each comment that fits nothing; noughts for one of which
    nothing is known. They are seen against the comments `beside` them, which fit."""
    points = _by_meaning(plain, beside, encoder) if encoder else _by_words(plain, beside)
    return np.round(points, _DIGITS)


def reach_of(encoder: Encoder | None) -> float:
    """How far apart comments of one group may be on average, as these points are made."""
    return REACH_BY_MEANING if encoder else REACH_BY_WORDS


def in_chance_order(plain: Sequence[str]) -> list[int]:
    """Places in an order that has nothing to do with what was said, always the same."""
    digests = [hashlib.sha256(copy.encode("utf-8", "replace")).digest() for copy in plain]
    return sorted(range(len(plain)), key=lambda place: (digests[place], place))


def _by_meaning(plain: Sequence[str], beside: Sequence[str], encoder: Encoder) -> Vector:
    """What the encoder makes of each, seen from the middle of all, and its words beside that."""
    ones = _encoded([*plain, *beside], encoder)
    is_known = np.asarray(ones[: len(plain)].any(axis=1))
    away = ones[: len(plain)] - ones.mean(axis=0)
    meaning = _on_sphere(np.where(is_known[:, None], away, 0.0))
    return _on_sphere(np.hstack([meaning, _by_words(plain, beside)]))


def _encoded(plain: Sequence[str], encoder: Encoder) -> Vector:
    # Nobody's audience: who wrote it must not make a group.
    read = read_copies(plain, [None] * len(plain), [None] * len(plain), encoder)
    width = max((len(one.encoded.vector) for one in read if one.encoded), default=1)
    return _on_sphere(
        np.array([one.encoded.vector if one.encoded else np.zeros(width) for one in read])
    )


def _by_words(plain: Sequence[str], beside: Sequence[str]) -> Vector:
    """The words of each by how rare they are, and how much more these comments hold them than
    those that fit a theme."""
    counter = CountVectorizer(analyzer=roots_in, binary=True, min_df=2)
    try:
        held = counter.fit_transform(plain)
    except ValueError:  # no word stands in two of them
        return np.zeros((len(plain), 1))
    weights = _weights(held, counter.transform(beside) if beside else None)
    if not weights.any():
        return np.zeros((len(plain), 1))
    rows = normalize(held.multiply(weights).tocsr())
    dimensions = max(1, min(_DIMENSIONS, rows.shape[1] - 1, len(plain) - 1))
    return _on_sphere(TruncatedSVD(dimensions, random_state=0).fit_transform(rows))


def _weights(held: sparse.csr_matrix, others: sparse.csr_matrix | None) -> Vector:
    """How much a word tells: its rarity, and how much oftener it stands here than beside."""
    here = np.asarray(held.sum(axis=0), dtype=np.float64).ravel()
    if others is None:
        return np.asarray(np.log(held.shape[0] / (1.0 + here)).clip(min=0.0))
    there = np.asarray(others.sum(axis=0), dtype=np.float64).ravel()
    rarity = np.log((held.shape[0] + others.shape[0]) / (1.0 + here + there))
    share_here, share_there = (here + 0.5) / held.shape[0], (there + 0.5) / others.shape[0]
    contrast = np.log(share_here / share_there)
    return np.asarray(rarity.clip(min=0.0) * np.sqrt(contrast.clip(min=0.0)))


def _on_sphere(rows: Vector) -> Vector:
    size = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.where(size > _NOUGHT, rows / np.maximum(size, _NOUGHT), 0.0)
