"""The fonts of printed sheets, and which characters they can draw."""

import struct
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import groupby
from pathlib import Path

import typst

from backend.settings import ROOT

FONTS = ROOT / "frontend" / "static" / "vendor" / "fonts"
# Typst tries them in this order for each character.
FAMILIES = ("Noto Sans", "Noto Sans Arabic", "Noto Sans Ethiopic", "Noto Emoji")
LINE_BREAKS = frozenset("\n\r\u2028\u2029\x0b\x0c")


class NoFonts(RuntimeError):
    """The fonts were not fetched yet."""


@lru_cache
def font_book() -> typst.Fonts:
    """Our fonts alone, so that a sheet looks alike on every machine."""
    if not any(FONTS.glob("*.ttf")):
        raise NoFonts("No fonts in static/vendor/fonts: run `make frontend`.")
    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)]
    )


@lru_cache
def drawable() -> frozenset[int]:
    """Every character that some regular weight of ours can draw."""
    font_book()
    return frozenset(
        point for file in sorted(FONTS.glob("*_400Regular.ttf")) for point in code_points(file)
    )


def code_points(file: Path) -> Iterator[int]:
    """The characters of one TrueType font, by its cmap tables of formats 4 and 12."""
    raw = file.read_bytes()
    (tables,) = struct.unpack_from(">H", raw, 4)
    records = (struct.unpack_from(">4sIII", raw, 12 + 16 * place) for place in range(tables))
    cmap = next(offset for tag, _, offset, _ in records if tag == b"cmap")
    (count,) = struct.unpack_from(">H", raw, cmap + 2)
    for place in range(count):
        (offset,) = struct.unpack_from(">I", raw, cmap + 4 + 8 * place + 4)
        (kind,) = struct.unpack_from(">H", raw, cmap + offset)
        if kind == 4:
            yield from _of_format_4(raw, cmap + offset)
        elif kind == 12:
            yield from _of_format_12(raw, cmap + offset)


def _of_format_4(raw: bytes, start: int) -> Iterator[int]:
    (doubled,) = struct.unpack_from(">H", raw, start + 6)
    shape = f">{doubled // 2}H"
    ends = struct.unpack_from(shape, raw, start + 14)
    starts = struct.unpack_from(shape, raw, start + 16 + doubled)
    for first, last in zip(starts, ends, strict=True):
        yield from range(first, min(last, 0xFFFE) + 1)


def _of_format_12(raw: bytes, start: int) -> Iterator[int]:
    (groups,) = struct.unpack_from(">I", raw, start + 12)
    for place in range(groups):
        first, last, _ = struct.unpack_from(">III", raw, start + 16 + 12 * place)
        yield from range(first, last + 1)


def runs_of(text: str, *, but: Iterable[str] = ()) -> list[dict[str, str]]:
    """A text in runs: {"text": ...} that our fonts draw, {"box": "U+1234"} for each character
    that none of them does, so that no emoji or rare letter ever stops a sheet.

    `but` are characters to box whatever the tables say.
    """
    refused = set(but)
    plain = "".join(" " if one in LINE_BREAKS else one for one in text)
    runs = []
    for can_draw, letters in groupby(plain, key=lambda one: is_drawn(one) and one not in refused):
        if can_draw:
            runs.append({"text": "".join(letters)})
        else:
            runs += [{"box": f"U+{ord(one):04X}"} for one in letters]
    return runs


def is_drawn(letter: str) -> bool:
    """Whether a character can stand in a sheet: drawn, or rightly invisible (a joiner)."""
    kind = unicodedata.category(letter)
    if kind == "Cf" or "\ufe00" <= letter <= "\ufe0f":
        return True
    return kind not in ("Cc", "Cs") and ord(letter) in drawable()
