"""Fits one regularised linear classifier a label, with scores of unseen comments.

Least squares for words (many columns, mostly empty: every label at once), logistic regression for
vectors (few columns, all full).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

Vector = npt.NDArray[np.float64]
_PENALTY = 1.0
_ROUNDS = 25
_LOOSE = 3.0
_FOLDS = 5
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
    return _fit(wide, signs, _solve, with_unseen=with_unseen)


def fit_odds(rows: sparse.csr_matrix, shares: Vector, *, with_unseen: bool = True) -> Fit:
    """Logistic regressions on full columns; what is half a yes or more counts as one."""
    wide = np.hstack([rows.toarray(), np.ones((rows.shape[0], 1))])
    return _fit(wide, shares >= 0.5, _solve_odds, with_unseen=with_unseen)


def _fit(rows: Any, wanted: Any, solve: Callable[[Any, Any], Vector], *, with_unseen: bool) -> Fit:
    fold = np.random.default_rng(_SEED).permutation(len(wanted)) % _FOLDS
    unseen = np.zeros(wanted.shape)
    for one in range(min(_FOLDS, len(wanted)) if with_unseen else 0):
        learnt = solve(rows[fold != one], wanted[fold != one])
        unseen[fold == one] = rows[fold == one] @ learnt
    learnt = solve(rows, wanted)
    return Fit(weights=learnt[:-1].T, biases=learnt[-1], unseen=unseen)


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


def _solve_odds(rows: Vector, truth: npt.NDArray[np.bool_]) -> Vector:
    """A label that all or none of these comments have is left at even odds."""
    # Only here: whoever codes need not wait half a second for it.
    from sklearn.linear_model import LogisticRegression

    weights = np.zeros((rows.shape[1], truth.shape[1]))
    for column in range(truth.shape[1]):
        if truth[:, column].any() and not truth[:, column].all():
            fitted = LogisticRegression(C=_LOOSE, solver="newton-cholesky", fit_intercept=False)
            weights[:, column] = fitted.fit(rows, truth[:, column]).coef_[0]
    return weights
