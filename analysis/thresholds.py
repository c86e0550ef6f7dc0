"""Chooses where yes begins for each label, from scores of comments left out of the fit."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Vector = npt.NDArray[np.float64]
Truth = npt.NDArray[np.bool_]
_PULL = 60.0
_FALSE_FLAGS_ALLOWED = 0.05
_NEWTON_STEPS = 25
_RIDGE = 0.1
_STEPS = np.linspace(-0.6, 0.6, 25)


def best_threshold(scores: Vector, truth: Truth) -> float:
    """The score at which F1 is highest; halfway to the next score below."""
    order = np.argsort(-scores, kind="stable")
    hits = np.cumsum(truth[order])
    f1 = 2 * hits / (np.arange(1, len(order) + 1) + truth.sum())
    last = int(np.argmax(f1))
    ranked = scores[order]
    below = ranked[last + 1] if last + 1 < len(ranked) else ranked[last] - 1.0
    return float((ranked[last] + below) / 2)


def smooth_thresholds(chosen: Vector, scores: Vector, truth: Truth) -> Vector:
    """Pull each theme's threshold towards the one of all themes together, more where n is small."""
    common = best_threshold(scores.ravel(), truth.ravel())
    n = truth.sum(axis=0)
    return np.asarray((n * chosen + _PULL * common) / (n + _PULL), dtype=np.float64)


def recall_first_threshold(scores: Vector, truth: Truth) -> float:
    """The lowest score that flags no more than one in twenty of the comments that need nothing."""
    calm = np.sort(scores[~truth])[::-1]
    allowed = int(_FALSE_FLAGS_ALLOWED * len(calm))
    return float(calm[min(allowed, len(calm) - 1)])


def class_offsets(scores: Vector, truth: Truth) -> Vector:
    """What to take off each class's score so that the macro-F1 of the highest is best."""
    offsets = np.zeros(scores.shape[1])
    answer = truth.argmax(axis=1)
    for _ in range(2):
        for column in range(scores.shape[1]):
            tried = []
            for step in _STEPS:
                offsets[column] = step
                tried.append(macro_f1(answer, (scores - offsets).argmax(axis=1), len(offsets)))
            # Of equal steps the one nearest to none, so that noise moves nothing.
            best = max(range(len(tried)), key=lambda i: (round(tried[i], 4), -abs(_STEPS[i])))
            offsets[column] = _STEPS[best]
    return offsets


def macro_f1(truth: npt.NDArray[np.int64], given: npt.NDArray[np.int64], classes: int) -> float:
    """The mean F1 of the classes that occur."""
    values = []
    for one in range(classes):
        both = int(((truth == one) & (given == one)).sum())
        total = int((truth == one).sum() + (given == one).sum())
        if total:
            values.append(2 * both / total)
    return float(np.mean(values)) if values else 0.0


def calibrate(scores: Vector, truth: Truth) -> tuple[float, float]:
    """Slope and intercept that turn a score into a probability (Platt, 1999)."""
    inputs = np.column_stack([scores, np.ones_like(scores)])
    fitted = np.zeros(2)
    for _ in range(_NEWTON_STEPS):
        probability = 1.0 / (1.0 + np.exp(-np.clip(inputs @ fitted, -30, 30)))
        spread = probability * (1 - probability)
        # A little pull towards nought keeps perfectly parted scores finite.
        gradient = inputs.T @ (probability - truth) + _RIDGE * fitted
        curvature = (inputs * spread[:, None]).T @ inputs + _RIDGE * np.eye(2)
        fitted = fitted - np.linalg.solve(curvature, gradient)
    return float(fitted[0]), float(fitted[1])
