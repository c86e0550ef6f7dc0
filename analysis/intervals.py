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


def wilson(hits: int, n: int) -> Interval:
    """The score interval of a share (Wilson, 1927); (0, 1) where there is nothing to share."""
    if n == 0:
        return (0.0, 1.0)
    share, z2 = hits / n, _Z * _Z
    centre = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = _Z * math.sqrt(share * (1 - share) / n + z2 / (4 * n * n)) / (1 + z2 / n)
    return (max(0.0, centre - half), min(1.0, centre + half))


def bootstrap(n: int, measure: Callable[[npt.NDArray[np.int64]], float]) -> Interval:
    """The middle 95% of a measure over comments drawn again with replacement; same each time."""
    if n == 0:
        return (0.0, 1.0)
    generator = np.random.default_rng(_SEED)
    values = [measure(generator.integers(0, n, n)) for _ in range(_DRAWS)]
    low, high = np.quantile(np.array(values), [0.025, 0.975])
    return (float(low), float(high))
