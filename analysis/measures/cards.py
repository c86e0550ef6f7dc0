"""Keeps how good the coder that ships was measured to be, and gives it to a report.

The file is JSON: `format` (1), `coder` (the name of what was measured), `day`, `told` (the set that
a report quotes) and `sets`, each with its `title`, its number of `comments`, and figures
{value, low, high, n} under the names that `analyse evaluate --json` gives them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

MEASURED = Path(__file__).parents[1] / "model" / "measured.json"
_FORMAT = 1
_FIGURES = (
    "micro",
    "macro",
    "sentiment",
    "sentiment_textblob",
    "now_noticed",
    "soon_noticed",
    "none_flagged",
    "ask",
)


def card(path: Path = MEASURED) -> dict[str, Any]:
    """How good the coder that ships is: `coder`, `day` (ISO), `told`, `sets` as above, and of the
    set that is told `title`, `comments`, each figure by its name (None where it was not
    labelled), and `themes`: precision, recall and F1 of each. Empty where nothing was measured."""
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        return _opened(kept) if kept["format"] == _FORMAT else {}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def _opened(kept: Mapping[str, Any]) -> dict[str, Any]:
    told = kept["sets"][kept["told"]]
    names = ("coder", "day", "told", "sets")
    return {name: kept[name] for name in names} | {
        "title": str(told["title"]),
        "comments": int(told["comments"]),
        "themes": dict(told["themes"]),
        **{name: told.get(name) for name in _FIGURES},
    }


def keep_measured(
    scorecards: Mapping[str, Mapping[str, Any]],
    titles: Mapping[str, str],
    *,
    coder: str,
    day: date,
    told: str,
    path: Path = MEASURED,
) -> None:
    """Keep what `evaluate_coder` found on each set, for `card`. `titles` says in words for a
    reader of reports what each set is. KeyError where `told` is not one of the sets."""
    sets = {
        name: {
            "title": titles[name],
            "comments": scorecard["comments"],
            **{figure: scorecard[figure] for figure in _FIGURES},
            "themes": scorecard["themes"],
        }
        for name, scorecard in scorecards.items()
    }
    kept = {"format": _FORMAT, "coder": coder, "day": day.isoformat(), "told": told, "sets": sets}
    _opened(kept)
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.part")
    part.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
    part.replace(path)
