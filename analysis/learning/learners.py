"""Fits one regularised linear classifier a label, with scores of unseen comments."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

Vector = npt.NDArray[np.float64]
_PENALTY = 1.0
_ROUNDS = 25
FIFTHS = 5
_SEED = 5


@dataclass(frozen=True, slots=True)
class Fit:
    """Weights and biases, one row a label, and the score each comment gets when left out."""

    weights: Vector
    biases: Vector
    unseen: Vector


def fit_heads(rows: sparse.csr_matrix, shares: Vector, *, with_unseen: bool = True) -> Fit:
    """Least-squares classifiers (ridge); `shares` is how much of a yes each label gets (0 to 1).

    The score of a comment left out is that of a model trained on four fifths of the others, the
    same fifths each time; noughts where nobody asks for them.
    """
    signs = 2.0 * shares - 1.0
    wide = sparse.hstack([rows, np.ones((rows.shape[0], 1))], format="csr")
    fold = fifths(len(signs))
    unseen = np.zeros(signs.shape)
    for one in range(min(FIFTHS, len(signs)) if with_unseen else 0):
        learnt = _solve(wide[fold != one], signs[fold != one])
        unseen[fold == one] = wide[fold == one] @ learnt
    learnt = _solve(wide, signs)
    return Fit(weights=learnt[:-1].T, biases=learnt[-1], unseen=unseen)


def fifths(count: int) -> npt.NDArray[np.int64]:
    """Which fifth each of so many comments is in; of the same number always the same."""
    return np.random.default_rng(_SEED).permutation(count) % FIFTHS


def _solve(rows: sparse.csr_matrix, signs: Vector) -> Vector:
    """Conjugate gradients on the normal equations, every label at once (Hestenes, Stiefel 1952).

    A fixed number of rounds: linear in the size of the comments, the same on every machine.
    """
    turned = rows.T.tocsr()
    weights = np.zeros((rows.shape[1], signs.shape[1]))
    rest = np.asarray(turned @ signs)
    way = rest.copy()
    size = (rest * rest).sum(axis=0)
    for _ in range(_ROUNDS):
        bent = np.asarray(turned @ (rows @ way)) + _PENALTY * way
        step = size / np.maximum((way * bent).sum(axis=0), 1e-12)
        weights += step * way
        rest -= step * bent
        fresh = (rest * rest).sum(axis=0)
        way = rest + fresh / np.maximum(size, 1e-12) * way
        size = fresh
    return weights
