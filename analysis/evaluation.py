"""Measures the coder against labels that people gave, with an interval on every figure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from analysis.baselines import textblob_sentiments
from analysis.coding import Coder, Coding, Comment
from analysis.intervals import Interval, bootstrap, wilson
from analysis.labels import SENTIMENTS, Labelled
from analysis.thresholds import macro_f1

Truth = npt.NDArray[np.bool_]
Indexes = npt.NDArray[np.int64]
Figure = dict[str, Any]


def evaluate_coder(coder: Coder, labelled: Sequence[Labelled], themes: Sequence[str]) -> Figure:
    """Every figure as {value, low, high, n}; None where the file has not that label."""
    codings = coder.code(
        [
            Comment(str(i), c.text, audience=c.audience, question=c.question, language=c.language)
            for i, c in enumerate(labelled)
        ]
    )
    return {
        "comments": len(labelled),
        "unread": sum(coding.urgency == "unread" for coding in codings),
        **_themes(labelled, codings, themes),
        **_sentiment(labelled, codings),
        **_urgency(labelled, codings),
        "ask": _ask(labelled, codings),
    }


def _themes(labelled: Sequence[Labelled], codings: Sequence[Coding], ids: Sequence[str]) -> Figure:
    truth = np.array([[t in row.themes for t in ids] for row in labelled], dtype=np.bool_)
    given = np.array([[t in coding.themes for t in ids] for coding in codings], dtype=np.bool_)
    return {
        "micro": _f1(truth, given),
        "themes": {t: _theme(truth[:, i], given[:, i]) for i, t in enumerate(ids)},
    }


def _theme(truth: Truth, given: Truth) -> Figure:
    both = int((truth & given).sum())
    return {
        "n": int(truth.sum()),
        "precision": _share(both, int(given.sum())),
        "recall": _share(both, int(truth.sum())),
        "f1": _f1(truth, given),
    }


def _sentiment(labelled: Sequence[Labelled], codings: Sequence[Coding]) -> Figure:
    rows = [i for i, row in enumerate(labelled) if row.sentiment]
    if not rows:
        return {"sentiment": None, "sentiment_textblob": None}
    truth = _numbers([labelled[i].sentiment for i in rows])
    ours = _numbers([codings[i].sentiment for i in rows])
    baseline = _numbers(textblob_sentiments([labelled[i].text for i in rows]))
    return {
        "sentiment": _macro(truth, ours),
        "sentiment_textblob": _macro(truth, baseline),
    }


def _numbers(views: Sequence[str | None]) -> Indexes:
    """Each view as its place; an unread text has none, and so counts as a miss."""
    return np.array([SENTIMENTS.index(v) if v in SENTIMENTS else -1 for v in views], dtype=np.int64)


def _macro(truth: Indexes, given: Indexes) -> Figure:
    classes = len(SENTIMENTS)
    interval = bootstrap(len(truth), lambda drawn: macro_f1(truth[drawn], given[drawn], classes))
    return _figure(macro_f1(truth, given, classes), interval, len(truth))


def _urgency(labelled: Sequence[Labelled], codings: Sequence[Coding]) -> Figure:
    """Noticed: a 'now' that is put to now or soon, or set apart as unread, so that it is read."""
    pairs = [
        (row.urgency, coding.urgency)
        for row, coding in zip(labelled, codings, strict=True)
        if row.urgency
    ]
    if not pairs:
        return {"now_noticed": None, "soon_noticed": None, "none_flagged": None}
    raised = {tier: [given != "none" for true, given in pairs if true == tier] for tier in _TIERS}
    return {
        "now_noticed": _share(sum(raised["now"]), len(raised["now"])),
        "soon_noticed": _share(sum(raised["soon"]), len(raised["soon"])),
        "none_flagged": _share(sum(raised["none"]), len(raised["none"])),
    }


_TIERS = ("none", "soon", "now")


def _ask(labelled: Sequence[Labelled], codings: Sequence[Coding]) -> Figure | None:
    pairs = [(r.ask, c.ask) for r, c in zip(labelled, codings, strict=True) if r.ask is not None]
    if not pairs:
        return None
    table = np.array(pairs, dtype=np.bool_)
    return _f1(table[:, 0], table[:, 1])


def _f1(truth: Truth, given: Truth) -> Figure:
    hits = (truth & given).reshape(len(truth), -1).sum(axis=1)
    sizes = truth.reshape(len(truth), -1).sum(axis=1) + given.reshape(len(truth), -1).sum(axis=1)

    def measure(drawn: Indexes) -> float:
        total = int(sizes[drawn].sum())
        return 2 * int(hits[drawn].sum()) / total if total else 0.0

    everyone = np.arange(len(truth), dtype=np.int64)
    return _figure(measure(everyone), bootstrap(len(truth), measure), int(truth.sum()))


def _share(hits: int, n: int) -> Figure:
    return _figure(hits / n if n else 0.0, wilson(hits, n), n)


def _figure(value: float, interval: Interval, n: int) -> Figure:
    low, high = interval
    return {"value": round(value, 3), "low": round(low, 3), "high": round(high, 3), "n": n}
