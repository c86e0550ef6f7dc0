"""Measures the coder against labels that people gave, with an interval on every figure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from analysis.coder.coding import Coder, Coding, Comment
from analysis.measures.baselines import textblob_sentiments
from analysis.measures.calibrations import calibration
from analysis.measures.confusions import confusion, taken_for
from analysis.measures.intervals import Counts, Figure, measured, share
from analysis.rows.labels import SENTIMENTS, URGENCIES, Labelled
from analysis.words.urgency import NONE, UNREAD

FEWEST_TO_TELL = 30
"""Of fewer comments no figure is told: its interval would be as wide as what could be guessed."""
Truth = npt.NDArray[np.bool_]
Scorecard = dict[str, Any]


def evaluate_coder(coder: Coder, labelled: Sequence[Labelled], themes: Sequence[str]) -> Scorecard:
    """Every figure as {value, low, high, n}; None where the file has not that label.

    The same again for each audience with at least `FEWEST_TO_TELL` comments. A text that the
    coder does not read counts as missed for themes and sentiment, and as noticed for urgency: it
    is set apart for a person to read.
    """
    codings = coder.code(
        [
            Comment(str(i), c.text, audience=c.audience, question=c.question, language=c.language)
            for i, c in enumerate(labelled)
        ]
    )
    views = textblob_sentiments([row.text if row.sentiment else "" for row in labelled])
    return {
        **measure_codings(labelled, codings, views, themes),
        "audiences": {
            audience: _measure_audience(labelled, codings, views, themes, audience)
            for audience in sorted({row.audience for row in labelled if row.audience})
        },
    }


def _measure_audience(
    labelled: Sequence[Labelled],
    codings: Sequence[Coding],
    views: Sequence[str],
    themes: Sequence[str],
    audience: str,
) -> Scorecard:
    rows = [i for i, row in enumerate(labelled) if row.audience == audience]
    if len(rows) < FEWEST_TO_TELL:
        return {"comments": len(rows), "too_few": True}
    some = ([labelled[i] for i in rows], [codings[i] for i in rows], [views[i] for i in rows])
    return {"too_few": False, **measure_codings(*some, themes)}


def measure_codings(
    labelled: Sequence[Labelled],
    codings: Sequence[Coding],
    views: Sequence[str],
    themes: Sequence[str],
) -> Scorecard:
    """The same for codings that are there already; `views` are TextBlob's sentiments."""
    return {
        "comments": len(labelled),
        "unread": sum(coding.urgency == UNREAD for coding in codings),
        **_themes(labelled, codings, themes),
        **_sentiment(labelled, codings, views),
        **_urgency(labelled, codings),
        **_asks(labelled, codings),
    }


def _themes(
    labelled: Sequence[Labelled], codings: Sequence[Coding], ids: Sequence[str]
) -> Scorecard:
    truth = np.array([[t in row.themes for t in ids] for row in labelled], dtype=np.bool_)
    given = np.array([[t in coding.themes for t in ids] for coding in codings], dtype=np.bool_)
    if not truth.any():
        return {"micro": None, "macro": None, "themes": {}, "taken_for": [], "calibration": None}
    return {
        "micro": _f1(truth, given),
        "macro": _macro_f1(truth, given),
        "themes": {t: _told_apart(truth[:, i], given[:, i]) for i, t in enumerate(ids)},
        "taken_for": taken_for(labelled, codings),
        "calibration": calibration(labelled, codings),
    }


def _sentiment(
    labelled: Sequence[Labelled], codings: Sequence[Coding], views: Sequence[str]
) -> Scorecard:
    rows = [i for i, row in enumerate(labelled) if row.sentiment]
    # A coder of a codebook of its own may never have been taught a view.
    if not rows or not any(coding.sentiment or coding.urgency == UNREAD for coding in codings):
        return {name: None for name in ("sentiment", "sentiment_textblob", "sentiments")} | {
            "sentiment_confusion": None
        }
    true = [labelled[i].sentiment or "" for i in rows]
    # An unread text has no view, and so counts as a miss.
    ours = [codings[i].sentiment or UNREAD for i in rows]
    truth, given = _one_hot(true), _one_hot(ours)
    return {
        "sentiment": _macro_f1(truth, given),
        "sentiment_textblob": _macro_f1(truth, _one_hot([views[i] for i in rows])),
        "sentiments": {
            view: _told_apart(truth[:, i], given[:, i]) for i, view in enumerate(SENTIMENTS)
        },
        "sentiment_confusion": confusion(list(zip(true, ours, strict=True)), SENTIMENTS),
    }


def _one_hot(views: Sequence[str]) -> Truth:
    return np.array([[view == one for one in SENTIMENTS] for view in views], dtype=np.bool_)


def _urgency(labelled: Sequence[Labelled], codings: Sequence[Coding]) -> Scorecard:
    """Noticed: a 'now' that is put to now or soon, or set apart as unread, so that it is read."""
    pairs = [
        (row.urgency, coding.urgency)
        for row, coding in zip(labelled, codings, strict=True)
        if row.urgency
    ]
    if not pairs:
        return {"now_noticed": None, "soon_noticed": None, "none_flagged": None} | {
            "urgency_confusion": None
        }
    raised = {tier: [given != NONE for true, given in pairs if true == tier] for tier in URGENCIES}
    return {
        "now_noticed": share(sum(raised["now"]), len(raised["now"])),
        "soon_noticed": share(sum(raised["soon"]), len(raised["soon"])),
        "none_flagged": share(sum(raised["none"]), len(raised["none"])),
        "urgency_confusion": confusion(pairs, URGENCIES),
    }


def _asks(labelled: Sequence[Labelled], codings: Sequence[Coding]) -> Scorecard:
    pairs = [(r.ask, c.ask) for r, c in zip(labelled, codings, strict=True) if r.ask is not None]
    if not pairs:
        return {"ask": None, "asks": None}
    table = np.array(pairs, dtype=np.bool_)
    asks = _told_apart(table[:, 0], table[:, 1])
    return {"ask": asks["f1"], "asks": asks}


def _told_apart(truth: Truth, given: Truth) -> Scorecard:
    both = int((truth & given).sum())
    return {
        "n": int(truth.sum()),
        "precision": share(both, int(given.sum())),
        "recall": share(both, int(truth.sum())),
        "f1": _f1(truth, given),
    }


def _f1(truth: Truth, given: Truth) -> Figure:
    """Over all columns together (micro)."""
    hits = (truth & given).reshape(len(truth), -1).sum(axis=1)
    sizes = truth.reshape(len(truth), -1).sum(axis=1) + given.reshape(len(truth), -1).sum(axis=1)
    counts = np.column_stack([hits, sizes]).astype(np.float64)
    return measured(counts, lambda sums: 2 * sums[0] / max(sums[1], 1), int(truth.sum()))


def _macro_f1(truth: Truth, given: Truth) -> Figure:
    """The mean F1 of the columns that people gave at all."""
    counts = np.hstack([truth & given, truth, given]).astype(np.float64)
    return measured(counts, _mean_f1(truth.shape[1]), int(truth.sum()))


def _mean_f1(columns: int) -> Callable[[Counts], float]:
    def measure(sums: Counts) -> float:
        hits, true, given = sums.reshape(3, columns)
        met = true > 0
        return float((2 * hits[met] / (true + given)[met]).mean()) if met.any() else 0.0

    return measure
