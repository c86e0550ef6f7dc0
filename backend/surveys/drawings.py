"""Drawings: checks strokes as they are posted, and turns kept ones into lines for a page."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

FULL = 1000  # each coordinate is a whole number from 0 to this, whatever the screen's size
MOST_STROKES = 400
MOST_POINTS = 6000
# Every point that may be kept, written out; anything longer is not read at all.
MOST_BYTES = MOST_POINTS * len("[1000,1000],") + MOST_STROKES * len("[],3,") + 100
USUAL = 2
# How thick a line is drawn, in the units of the coordinates.
THICKNESS = {1: 8, USUAL: 16, 3: 32}


class NotADrawing(ValueError):
    """What came is no list of strokes inside the sheet."""


class TooMuchDrawn(ValueError):
    """More strokes or points than are kept. `drawn` is all of it, where it could be read."""

    def __init__(self, drawn: dict[str, Any] | None) -> None:
        super().__init__("too much drawn")
        self.drawn = drawn


@dataclass(frozen=True)
class Line:
    """One stroke as an SVG path made of whole numbers alone, and how thick it is."""

    path: str
    width: int


@dataclass(frozen=True)
class Drawing:
    """A kept drawing, ready for a page: its lines, and what its maker wrote beside it."""

    lines: tuple[Line, ...]
    words: str


def read_drawing(posted: str) -> dict[str, Any] | None:
    """The strokes in a posted text, or None for an empty sheet.

    Raises NotADrawing for anything that is not what it claims, and TooMuchDrawn.
    """
    if not posted.strip():
        return None
    if len(posted) > 2 * MOST_BYTES:
        raise TooMuchDrawn(None)
    try:
        given = json.loads(posted)
    except (ValueError, RecursionError) as fault:
        raise NotADrawing("no JSON") from fault
    drawn = check_drawing(given)
    if is_too_much(drawn["strokes"]):
        raise TooMuchDrawn(drawn)
    return drawn if drawn["strokes"] else None


def check_drawing(given: Any) -> dict[str, Any]:
    """The strokes and, where some differ from the usual, their widths; raises NotADrawing."""
    if not isinstance(given, dict) or given.keys() - {"strokes", "widths"}:
        raise NotADrawing("no strokes")
    strokes = given.get("strokes")
    if not isinstance(strokes, list) or not all(is_stroke(one) for one in strokes):
        raise NotADrawing("no strokes inside the sheet")
    widths = given.get("widths", [])
    if not isinstance(widths, list) or not all(is_width(one) for one in widths):
        raise NotADrawing("no width that a line can have")
    if widths and len(widths) != len(strokes):
        raise NotADrawing("not a width for each stroke")
    is_usual = all(width == USUAL for width in widths)
    return {"strokes": strokes} if is_usual else {"strokes": strokes, "widths": widths}


def is_stroke(given: Any) -> bool:
    """Whether this is a line of at least one point, each inside the sheet."""
    return isinstance(given, list) and bool(given) and all(is_point(one) for one in given)


def is_point(given: Any) -> bool:
    """Whether this is x and y in whole numbers; true and false are no numbers here."""
    return (
        isinstance(given, list)
        and len(given) == 2
        and all(type(one) is int and 0 <= one <= FULL for one in given)
    )


def is_width(given: Any) -> bool:
    """Whether a line can be this thick."""
    return type(given) is int and given in THICKNESS


def is_too_much(strokes: list[Any]) -> bool:
    """Whether there are more strokes or points than are kept."""
    return len(strokes) > MOST_STROKES or sum(map(len, strokes)) > MOST_POINTS


def make_drawing(value: Any) -> Drawing | None:
    """A kept drawing for a page; None where nothing was drawn, whatever was written."""
    if not isinstance(value, Mapping) or not value.get("strokes"):
        return None
    strokes = value["strokes"]
    widths = value.get("widths") or [USUAL] * len(strokes)
    lines = tuple(
        Line(path_of(stroke), THICKNESS[width])
        for stroke, width in zip(strokes, widths, strict=True)
    )
    return Drawing(lines, str(value.get("words", "")))


def kept_on_paper(value: Any) -> str:
    """Where the paper is that was drawn on, as staff read it; empty for any other answer."""
    kept = value.get("on_paper") if isinstance(value, Mapping) else None
    if not kept:
        return ""
    return f"There is a drawing on the paper, kept with {kept['with']}, in {kept['where']}."


def path_of(stroke: list[list[int]]) -> str:
    """A stroke as an SVG path; a single point is a dot."""
    (x, y), *rest = ((int(x), int(y)) for x, y in stroke)
    return f"M{x} {y}" + ("".join(f"L{x} {y}" for x, y in rest) or "h0")


def as_posted(value: Any) -> str:
    """Strokes as the page's hidden field holds them; empty where nothing was drawn."""
    if not isinstance(value, Mapping) or not value.get("strokes"):
        return ""
    kept = {key: value[key] for key in ("strokes", "widths") if key in value}
    return json.dumps(kept, separators=(",", ":"))
