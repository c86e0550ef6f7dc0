"""Says how far a confidence can be taken at its word."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from analysis.coder.coding import Coding
from analysis.measures.intervals import Counts, measured, share
from analysis.rows.labels import Labelled
from analysis.words.urgency import UNREAD

_BANDS = 10
Values = npt.NDArray[np.float64]


def calibration(labelled: Sequence[Labelled], codings: Sequence[Coding]) -> dict[str, Any]:
    """The reliability table, the expected calibration error (Naeini and others, 2015), and what
    the confidence is worth theme by theme, where one theme alone was given: it is then that
    theme's own chance. Texts that were not read have no confidence and are left out."""
    both = zip(labelled, codings, strict=True)
    pairs = [(row, coding) for row, coding in both if coding.urgency != UNREAD]
    sure = np.array([one.confidence for _, one in pairs], dtype=np.float64)
    right = np.array([is_right(row, one) for row, one in pairs], dtype=np.float64)
    alone = {one.themes[0] for _, one in pairs if len(one.themes) == 1}
    return {
        "error": _error(sure, right),
        "bands": _bands(sure, right),
        "themes": {
            theme: _against(sure, right, [one.themes == (theme,) for _, one in pairs])
            for theme in sorted(alone)
        },
    }


def is_right(row: Labelled, coding: Coding) -> bool:
    """What the confidence is the chance of: every theme given fits, or none given and none does."""
    return set(coding.themes) <= row.themes if coding.themes else not row.themes


def _band_of(sure: Values) -> npt.NDArray[np.int64]:
    # Rounded first: 0.7 is not to fall into the band below by the last bit of a float.
    return np.minimum(np.floor(np.round(sure * _BANDS, 6)), _BANDS - 1).astype(np.int64)


def _bands(sure: Values, right: Values) -> list[dict[str, Any]]:
    band = _band_of(sure)
    return [
        {
            "from": round(one / _BANDS, 1),
            "to": round((one + 1) / _BANDS, 1),
            **_against(sure, right, list(band == one)),
        }
        for one in range(_BANDS)
    ]


def _against(sure: Values, right: Values, chosen: Sequence[bool]) -> dict[str, Any]:
    mask = np.array(chosen, dtype=np.bool_)
    n = int(mask.sum())
    mean = round(float(sure[mask].mean()), 3) if n else None
    return {"confidence": mean, "right": share(int(right[mask].sum()), n)}


def _error(sure: Values, right: Values) -> dict[str, Any]:
    """How far the share right lies from the mean confidence, weighed by how many are in a band."""
    counts = np.zeros((len(sure), _BANDS))
    counts[np.arange(len(sure)), _band_of(sure)] = right - sure

    def measure(sums: Counts) -> float:
        return float(np.abs(sums).sum() / max(len(sure), 1))

    return measured(counts, measure, len(sure))
