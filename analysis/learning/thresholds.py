"""Chooses where yes begins for each label, from scores of comments left out of the learning."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Vector = npt.NDArray[np.float64]
Truth = npt.NDArray[np.bool_]
_PULL = 30.0
_FALSE_FLAGS_ALLOWED = 0.085
_STEPS = np.linspace(-1.5, 1.5, 31)


def theme_thresholds(scores: Vector, truth: Truth, usual: Vector | None = None) -> Vector:
    """The score at which each theme's F1 is highest, pulled towards what is usual (for all themes
    together, where nothing else is given): the more, the fewer comments a theme has."""
    if usual is None:
        usual = np.full(scores.shape[1], best_threshold(scores.ravel(), truth.ravel()))
    best = [
        best_threshold(s, t) if t.any() else u
        for s, t, u in zip(scores.T, truth.T, usual, strict=True)
    ]
    n = truth.sum(axis=0)
    return np.asarray((n * np.array(best) + _PULL * usual) / (n + _PULL), dtype=np.float64)


def best_threshold(scores: Vector, truth: Truth) -> float:
    """The score at which F1 is highest; halfway to the next score below."""
    order = np.argsort(-scores, kind="stable")
    hits = np.cumsum(truth[order])
    f1 = 2 * hits / (np.arange(1, len(order) + 1) + truth.sum())
    last = int(np.argmax(f1))
    ranked = scores[order]
    below = ranked[last + 1] if last + 1 < len(ranked) else ranked[last] - 1.0
    return float((ranked[last] + below) / 2)


def recall_first_threshold(scores: Vector, truth: Truth, flagged: Truth) -> float:
    """The lowest score that, together with what the rules flagged already, flags no more than
    one in twelve of the comments that need nothing; of those that we write ourselves more sound
    alarming than in life."""
    calm = ~truth
    room = int(_FALSE_FLAGS_ALLOWED * calm.sum()) - int((calm & flagged).sum())
    open_ = np.sort(scores[calm & ~flagged])[::-1]
    if not len(open_):
        return 0.0
    return float(open_[min(max(room, 0), len(open_) - 1)])


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
