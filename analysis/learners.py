"""Fits one regularised linear classifier a label, all at once, with exact leave-one-out scores."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

Vector = npt.NDArray[np.float64]
Truth = npt.NDArray[np.bool_]
_PENALTY = 2.0


@dataclass(frozen=True, slots=True)
class Fit:
    """Weights and biases, one row a label, and the score each comment gets when left out."""

    weights: Vector
    biases: Vector
    unseen: Vector


def fit_heads(rows: sparse.csr_matrix, truth: Truth) -> Fit:
    """Least-squares classifiers (ridge) in the space of the comments.

    One matrix of comments by comments serves every label, and the score of a comment under the
    model trained on all the others follows in closed form (Rifkin and Lippert, 2007: "Notes on
    regularized least squares"). Thresholds and calibration rest on those scores alone.
    """
    signs = np.where(truth, 1.0, -1.0)
    kernel = np.asarray((rows @ rows.T).todense(), dtype=np.float64) + 1.0
    inverse = np.linalg.inv(kernel + _PENALTY * np.eye(len(kernel)))
    duals = inverse @ signs
    unseen = signs - duals / np.diag(inverse)[:, None]
    weights = np.asarray(rows.T @ duals, dtype=np.float64).T
    return Fit(weights=weights, biases=duals.sum(axis=0), unseen=unseen)
