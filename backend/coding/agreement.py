"""How far two codings of the same texts agree: Cohen's kappa and F1, with what chance allows.

Pure functions. Kappa (Cohen, 1960) is the agreement beyond what two would reach by chance: 1 is
full, 0 is chance. Its interval is the middle 95% of its posterior under a weak prior (two texts
spread over all cells; for yes and no that is Jeffreys'), after Basu, Banerjee and Sen (2000):
unlike the bootstrap's it does not shrink to nothing where few texts happen to agree fully.
"""

import math
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

FEWEST_TEXTS = 30
FEWEST_OF_A_KIND = 6
PRIOR_TEXTS = 2
DRAWS = 4000
SEED = 95
Z = 1.959964


@dataclass(frozen=True)
class Estimate:
    """A measure with its 95% interval and the number of texts behind it."""

    value: float
    low: float
    high: float
    n: int


Pair = tuple[str, str]
YES, NO = "yes", "no"


def yes_no_agreement(pairs: Sequence[tuple[bool, bool]]) -> Estimate | None:
    """Kappa of two who each said yes or no to the same texts; None where it is too few to tell."""
    return kinds_agreement([(YES if a else NO, YES if b else NO) for a, b in pairs])


def kinds_agreement(pairs: Sequence[Pair]) -> Estimate | None:
    """Kappa of two who each put the same texts under one of several kinds.

    None where it is too few to tell: under 30 texts, or under 6 beside the most usual kind.
    """
    kinds = sorted({kind for pair in pairs for kind in pair})
    usual = max((sum(a == b == kind for a, b in pairs) for kind in kinds), default=0)
    if len(pairs) < FEWEST_TEXTS or len(pairs) - usual < FEWEST_OF_A_KIND:
        return None
    low, high = _interval(pairs, kinds)
    value = kappa(pairs)
    # The posterior is drawn a little towards the middle: full agreement is its own upper end.
    return Estimate(value, min(low, value), max(high, value), len(pairs))


def kappa(pairs: Sequence[Pair]) -> float:
    """Cohen's kappa; 1 where both put every text under the same one kind."""
    n = len(pairs)
    first, second = Counter(a for a, _ in pairs), Counter(b for _, b in pairs)
    chance = sum(count * second[kind] for kind, count in first.items()) / (n * n)
    same = sum(a == b for a, b in pairs) / n
    return 1.0 if chance == 1 else (same - chance) / (1 - chance)


def _interval(pairs: Sequence[Pair], kinds: Sequence[str]) -> tuple[float, float]:
    import numpy as np  # late: pages that measure nothing do not wait for it

    k = len(kinds)
    counts = np.full((k, k), PRIOR_TEXTS / (k * k))
    for a, b in pairs:
        counts[kinds.index(a), kinds.index(b)] += 1
    drawn = np.random.default_rng(SEED).dirichlet(counts.ravel(), DRAWS).reshape(DRAWS, k, k)
    same = np.trace(drawn, axis1=1, axis2=2)
    chance = (drawn.sum(axis=2) * drawn.sum(axis=1)).sum(axis=1)
    low, high = np.quantile((same - chance) / (1 - chance), [0.025, 0.975])
    return float(low), float(high)


Themes = Collection[str]


def themes_f1(labels: Sequence[tuple[Themes, Themes]]) -> Estimate | None:
    """Micro-F1 of the themes that two gave the same texts, the model card's own measure.

    Its interval is the bootstrap's over texts (the themes of one text hang together), and where
    it is the wider one Wilson's over themes. None under 30 texts, or where they gave under 6.
    """
    hits = [len(set(a) & set(b)) for a, b in labels]
    given = [len(set(a)) + len(set(b)) for a, b in labels]
    if len(labels) < FEWEST_TEXTS or sum(given) < 2 * FEWEST_OF_A_KIND:
        return None
    import numpy as np

    drawn = np.random.default_rng(SEED).integers(0, len(labels), (DRAWS, len(labels)))
    sums = np.array(hits)[drawn].sum(axis=1), np.array(given)[drawn].sum(axis=1)
    low, high = np.quantile(2 * sums[0] / np.maximum(sums[1], 1), [0.025, 0.975])
    value = 2 * sum(hits) / sum(given)
    least, most = _wilson(value, sum(given) / 2)
    return Estimate(value, min(float(low), least), max(float(high), most), len(labels))


def _wilson(share: float, n: float) -> tuple[float, float]:
    centre = (share + Z * Z / (2 * n)) / (1 + Z * Z / n)
    half = Z * math.sqrt(share * (1 - share) / n + Z * Z / (4 * n * n)) / (1 + Z * Z / n)
    return max(0.0, centre - half), min(1.0, centre + half)
