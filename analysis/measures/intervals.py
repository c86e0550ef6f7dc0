"""Intervals of 95%: Wilson's for a share, the bootstrap for what is not a share."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import numpy.typing as npt

_Z = 1.959964
_DRAWS = 1000
_SEED = 95

Interval = tuple[float, float]
Counts = npt.NDArray[np.float64]
Figure = dict[str, float | int | None]
"""One measured value: {value, low, high, n}. The value is None where n leaves none to measure."""


def wilson(hits: int, n: int) -> Interval:
    """The score interval of a share (Wilson, 1927); (0, 1) where there is nothing to share."""
    if n == 0:
        return (0.0, 1.0)
    share, z2 = hits / n, _Z * _Z
    centre = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = _Z * math.sqrt(share * (1 - share) / n + z2 / (4 * n * n)) / (1 + z2 / n)
    return (max(0.0, centre - half), min(1.0, centre + half))


def bootstrap(counts: Counts, measure: Callable[[Counts], float]) -> Interval:
    """The middle 95% of a measure of summed counts (one row a comment), over the comments drawn
    again with replacement (Efron, 1979); the same each time."""
    n = len(counts)
    if n == 0:
        return (0.0, 1.0)
    generator = np.random.default_rng(_SEED)
    values = [
        measure(np.bincount(generator.integers(0, n, n), minlength=n) @ counts)
        for _ in range(_DRAWS)
    ]
    low, high = np.quantile(np.array(values), [0.025, 0.975])
    return (float(low), float(high))


def share(hits: int, n: int) -> Figure:
    """A share with Wilson's interval."""
    return figure(hits / n if n else None, wilson(hits, n), n)


def measured(counts: Counts, measure: Callable[[Counts], float], n: int) -> Figure:
    """A measure of summed counts with its bootstrap interval; `n` is what it rests on."""
    if n == 0:
        return figure(None, (0.0, 1.0), 0)
    return figure(measure(counts.sum(axis=0)), bootstrap(counts, measure), n)


def figure(value: float | None, interval: Interval, n: int) -> Figure:
    """Rounded to three decimals: more would be noise."""
    low, high = interval
    rounded = None if value is None else round(float(value), 3)
    return {"value": rounded, "low": round(low, 3), "high": round(high, 3), "n": n}
