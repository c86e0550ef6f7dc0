"""Mixes two scores of one label into its log-odds: how far each is to be trusted, and the rest."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from scipy.special import expit, log_softmax

Vector = npt.NDArray[np.float64]
Truth = npt.NDArray[np.bool_]
_FREE, _HELD, _CONSTANT = 1.0, 4.0, 0.1


def fit_mixes(older: Vector, own: Vector, truth: Truth, usual: tuple[float, float]) -> Vector:
    """One row a label: what the older score counts, what our own counts, and the constant.

    All labels together say how far each score is to be trusted; each label may depart from that
    as far as its own comments carry it. `usual` is believed where nothing speaks against it.
    """
    inputs = np.stack([older, own, np.ones_like(own)], axis=2)
    start = np.array([*usual, 0.0])
    together = _logistic(inputs.reshape(-1, 3), truth.ravel(), start, _FREE)
    rows = [_logistic(inputs[:, i], truth[:, i], together, _HELD) for i in range(truth.shape[1])]
    return np.array(rows)


def fit_mixes_of_one(
    older: Vector, own: Vector, truth: Truth, usual: tuple[float, float]
) -> Vector:
    """The same for labels of which a comment has one: how far each score is to be trusted is the
    same for all of them, and each has its constant. Comments that have none of them teach nothing.
    """
    has_one = truth.any(axis=1)
    older, own, labels = older[has_one], own[has_one], truth.shape[1]
    right = truth[has_one].astype(np.float64)
    start = np.array([*usual, *np.zeros(labels)])
    strength = np.array([_FREE, _FREE, *np.full(labels, _CONSTANT)])

    def cost(fitted: Vector) -> tuple[float, Vector]:
        logs = log_softmax(older * fitted[0] + own * fitted[1] + fitted[2:], axis=1)
        away, wrong = fitted - start, np.exp(logs) - right
        loss = float(-(logs * right).sum())
        slope = np.array([(wrong * older).sum(), (wrong * own).sum(), *wrong.sum(axis=0)])
        return loss + 0.5 * (strength * away * away).sum(), slope + strength * away

    fitted = minimize(cost, start, jac=True, method="L-BFGS-B").x
    return np.array([[*fitted[:2], constant] for constant in fitted[2:]])


def mix(older: Vector, own: Vector, mixes: Vector) -> Vector:
    """The log-odds of every label of every comment."""
    return np.asarray(older * mixes[:, 0] + own * mixes[:, 1] + mixes[:, 2], dtype=np.float64)


def _logistic(inputs: Vector, truth: Truth, usual: Vector, pull: float) -> Vector:
    """Logistic regression pulled towards the usual weights; the constant is hardly pulled, since
    how common a label is differs most."""
    strength = np.array([pull, pull, _CONSTANT])
    signs = np.where(truth, 1.0, -1.0)

    def cost(fitted: Vector) -> tuple[float, Vector]:
        margins = signs * (inputs @ fitted)
        away = fitted - usual
        loss = np.logaddexp(0.0, -margins).sum() + 0.5 * (strength * away * away).sum()
        slope = inputs.T @ (-signs * expit(-margins)) + strength * away
        return float(loss), slope

    return np.asarray(minimize(cost, usual, jac=True, method="L-BFGS-B").x, dtype=np.float64)
