"""The screens' own symbols and faces, and a QR code, as drawings that stand on paper."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import segno

from backend.core.templates import make_environment

FACES = ("very_sad", "sad", "so_so", "happy", "very_happy")

INK = "#1a1a1a"
OPEN = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" fill="none" '
    f'stroke="{INK}" stroke-width="2" stroke-linecap="round" stroke-linejoin="round">'
)


@lru_cache
def _drawn() -> Mapping[str, Any]:
    """The outlines of the one file that holds them, so that paper and screen cannot part."""
    module = make_environment("contributor").get_template("contributor/symbols.html").module
    return {"lines": vars(module)["lines"], "faces": vars(module)["faces"]}


@lru_cache
def symbol(name: str) -> str:
    """One line symbol as SVG; KeyError for a name that was never drawn."""
    outline = _drawn()["lines"][name]
    return f'{OPEN.format(size=24)}<path d="{outline}"/></svg>'


@lru_cache
def face(option_id: str) -> str:
    """One of the five faces as SVG; KeyError for another."""
    if option_id not in FACES:
        raise KeyError(option_id)
    outline = _drawn()["faces"][FACES.index(option_id) + 1]
    return f'{OPEN.format(size=48)}<circle cx="24" cy="24" r="21"/><path d="{outline}"/></svg>'


def qr_code(address: str) -> str:
    """An address as a QR code in SVG."""
    return str(segno.make(address, error="m").svg_inline(scale=4, border=2, dark=INK))
