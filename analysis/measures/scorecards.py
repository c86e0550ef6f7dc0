"""Prints an evaluation for a person: tables of at most 100 columns, the model card first."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TextIO

WIDTH = 100
_TITLES = {
    "micro": "themes, micro-F1",
    "macro": "themes, macro-F1",
    "sentiment": "sentiment, macro-F1",
    "sentiment_textblob": "  TextBlob's polarity, macro-F1",
    "now_noticed": "urgency: 'now' noticed (as now or soon)",
    "soon_noticed": "urgency: 'soon' noticed (as now or soon)",
    "none_flagged": "urgency: 'none' flagged falsely",
    "ask": "ask, F1",
}
_SHORT = {
    "micro": "themes F1",
    "sentiment": "sentiment F1",
    "now_noticed": "now noticed",
    "none_flagged": "none flagged",
    "ask": "ask F1",
}
_MOST_PAIRS = 10
_FEWEST = 30


def print_scorecard(scorecard: Mapping[str, Any], out: TextIO) -> None:
    """Everything that was measured; what the file has no labels for is said to be so."""
    for block in _blocks(scorecard):
        lines = list(block)
        if lines:
            out.write("\n".join(lines) + "\n\n")
    out.write(
        "In brackets the 95% interval: Wilson's for shares, bootstrap for F1 and error. n is how "
        "many labels\nor comments people gave that the figure rests on.\n"
    )


def _blocks(scorecard: Mapping[str, Any]) -> Iterable[Iterable[str]]:
    yield _card(scorecard.get("card"))
    yield _reach(scorecard)
    yield (f"{title:<42} {_cell(scorecard[key])}" for key, title in _TITLES.items())
    yield _themes(scorecard)
    yield _pairs(scorecard["taken_for"])
    yield _told_apart("sentiment", scorecard["sentiments"] or {})
    yield _confusion("sentiment", scorecard["sentiment_confusion"])
    yield _confusion("urgency", scorecard["urgency_confusion"])
    yield _told_apart("ask", {"ask": scorecard["asks"]} if scorecard["asks"] else {})
    yield _calibration(scorecard["calibration"])
    yield _audiences(scorecard["audiences"])


def _card(card: Mapping[str, Any] | None) -> Iterable[str]:
    if not card:
        return
    encoder = f"with the encoder {card['encoder']}" if card["encoder"] else "without an encoder"
    own = "corrected by this council's own codes" if card["council_codes"] else "as it ships"
    made = "taught a codebook of its own" if card["taught_with"] is None else own
    yield f"Coder        {card['name']}: {encoder}, {made}, {card['themes']} themes"
    if card["taught_with"]:
        voices = ", ".join(f"{who} {n:,}" for who, n in card["taught_with"]["audiences"].items())
        yield from _wrap("Taught with", f"{card['taught_with']['comments']:,} comments: {voices}")
        yield from _wrap("Its labels", _agreement(card["agreement"]))
    yield from _wrap("Measured on", card["measured_on"])


def _agreement(found: Mapping[str, Any] | None) -> str:
    if found is None:
        return "one person's: nobody has labelled the comments a second time"
    shares = ", ".join(f"{kind} {_value(found[kind])}" for kind in ("sentiment", "urgency", "ask"))
    return (
        f"{found['comments']:,} were labelled by two people, the second blind; before a third "
        f"settled it they agreed: themes F1 {_value(found['micro'])}, {shares}"
    )


def _wrap(title: str, text: str) -> list[str]:
    return textwrap.wrap(
        text, WIDTH, initial_indent=f"{title:<13}", subsequent_indent=" " * 13
    ) or [title]


def _reach(scorecard: Mapping[str, Any]) -> Iterable[str]:
    yield f"{scorecard['comments']:,} comments, {scorecard['unread']:,} not read"
    if scorecard["unread"]:
        yield from textwrap.wrap(
            "What is not read (another language) counts as missed for themes and sentiment, and as "
            "noticed for urgency: it is set apart for a person to read.",
            WIDTH,
        )


def _themes(scorecard: Mapping[str, Any]) -> Iterable[str]:
    if not scorecard["themes"]:
        return ["No row has a theme: nothing can be said of themes."]
    agreement = (scorecard.get("card") or {}).get("agreement") or {}
    return _told_apart("theme", scorecard["themes"], agreement.get("themes", {}))


def _told_apart(
    title: str, rows: Mapping[str, Any], people: Mapping[str, Any] | None = None
) -> Iterable[str]:
    if not rows:
        return
    last = f"{'F1':<16}  people's F1" if people else "F1"
    yield f"{title:<24} {'n':>5}  {'precision':<16}  {'recall':<16}  {last}"
    for name, row in rows.items():
        cells = "  ".join(f"{_plain(row[one]):<16}" for one in ("precision", "recall", "f1"))
        beside = f"  {_value(people[name])}" if people and name in people else ""
        yield f"{_cut(name):<24} {row['n']:>5}  {cells}{beside}".rstrip()


def _pairs(pairs: Sequence[Mapping[str, Any]]) -> Iterable[str]:
    """One theme for another; what is missed or given with nothing for it, precision and recall
    tell already."""
    swapped = [pair for pair in pairs if pair["missed"] and pair["given"]]
    if not swapped:
        return
    yield f"One theme for another: the {min(_MOST_PAIRS, len(swapped))} commonest of {len(swapped)}"
    yield f"{'missed':<24} {'given instead':<24} {'n':>5}"
    for pair in swapped[:_MOST_PAIRS]:
        yield f"{_cut(pair['missed']):<24} {_cut(pair['given']):<24} {pair['n']:>5}"


def _confusion(title: str, table: Mapping[str, Mapping[str, int]] | None) -> Iterable[str]:
    if not table:
        return
    columns = list(next(iter(table.values())))
    yield f"{f'{title}: true, given as':<24} " + " ".join(f"{one:>9}" for one in columns)
    for true, row in table.items():
        yield f"{true:<24} " + " ".join(f"{row[one]:>9}" for one in columns)


def _calibration(found: Mapping[str, Any] | None) -> Iterable[str]:
    if not found:
        return
    yield f"How far its confidence holds: expected error {_cell(found['error'])}"
    yield f"{'confidence':<24} {'n':>5}  {'mean':<6} share right"
    for band in found["bands"]:
        if band["right"]["n"]:
            name = f"{band['from']:.1f} to {band['to']:.1f}"
            yield _reliability(name, band)
    often = {t: row for t, row in found["themes"].items() if row["right"]["n"] >= _FEWEST}
    if often:
        yield f"where this theme alone was given ({_FEWEST} times or more)"
    for theme, row in often.items():
        yield _reliability(_cut(theme), row)


def _reliability(name: str, row: Mapping[str, Any]) -> str:
    return f"{name:<24} {row['right']['n']:>5}  {row['confidence']:<6.2f} {_plain(row['right'])}"


def _audiences(audiences: Mapping[str, Any]) -> Iterable[str]:
    if not audiences:
        return
    titles = " ".join(f"{title:<15}" for title in _SHORT.values())
    yield f"{'audience':<16} {'n':>5}  {titles}".rstrip()
    for name, found in audiences.items():
        told = "too few to tell" if found["too_few"] else _row(found)
        yield f"{name[:16]:<16} {found['comments']:>5}  {told}"
    yield f"A figure that rests on fewer than {_FEWEST} is not told; its n is."


def _row(found: Mapping[str, Any]) -> str:
    return " ".join(f"{_short(found[key]):<15}" for key in _SHORT).rstrip()


def _short(figure: Mapping[str, Any] | None) -> str:
    if figure is None:
        return "not labelled"
    if figure["n"] < _FEWEST:
        return f"(n={figure['n']})"
    return f"{figure['value']:.2f} [{_bare(figure['low'])}-{_bare(figure['high'])}]"


def _bare(bound: float) -> str:
    return f"{bound:.2f}".removeprefix("0")


def _cell(figure: Mapping[str, Any] | None) -> str:
    return "not labelled" if figure is None else f"{_plain(figure):<18} n={figure['n']:,}"


def _plain(figure: Mapping[str, Any]) -> str:
    if figure["value"] is None:
        return "-"
    return f"{figure['value']:.2f} [{figure['low']:.2f}-{figure['high']:.2f}]"


def _value(figure: Mapping[str, Any]) -> str:
    return "-" if figure["value"] is None else f"{figure['value']:.2f}"


def _cut(name: str) -> str:
    return name if len(name) <= 24 else f"{name[:23]}\u2026"
