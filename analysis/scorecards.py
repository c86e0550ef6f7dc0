"""Prints the figures of an evaluation as a table for a person."""

from __future__ import annotations

from typing import Any, TextIO

_TITLES = {
    "micro": "themes, micro-F1",
    "sentiment": "sentiment, macro-F1",
    "sentiment_textblob": "  TextBlob baseline, macro-F1",
    "now_noticed": "urgency: 'now' noticed (now or soon)",
    "soon_noticed": "urgency: 'soon' noticed",
    "none_flagged": "urgency: 'none' flagged falsely",
    "ask": "ask, F1",
}


def print_scorecard(scorecard: dict[str, Any], out: TextIO) -> None:
    """Overall figures first, then each theme, all with their 95% interval and n."""
    out.write(f"{scorecard['comments']} comments, {scorecard['unread']} not read\n\n")
    for key, title in _TITLES.items():
        out.write(f"{title:<38} {_line(scorecard[key])}\n")
    out.write(f"\n{'theme':<14} {'n':>4}  {'precision':<19} {'recall':<19} F1\n")
    for theme, row in scorecard["themes"].items():
        cells = "  ".join(_cell(row[name]) for name in ("precision", "recall", "f1"))
        out.write(f"{theme:<14} {row['n']:>4}  {cells}\n")
    out.write("\nIn brackets the 95% interval: Wilson's for shares, bootstrap for F1.\n")


def _line(figure: dict[str, Any] | None) -> str:
    return "not labelled" if figure is None else f"{_cell(figure)}  n={figure['n']}"


def _cell(figure: dict[str, Any]) -> str:
    return f"{figure['value']:.2f} [{figure['low']:.2f}-{figure['high']:.2f}]"
