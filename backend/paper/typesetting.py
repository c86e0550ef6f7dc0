"""Sets one of our print templates as PDF/UA-1, whatever characters stand in its values."""

import json
import re
from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import Any

import typst

from backend.core import clock
from backend.paper import fonts
from backend.settings import ROOT

TEMPLATES = ROOT / "frontend" / "print"
STANDARD = "ua-1"
UNDRAWN = re.compile(r'the text `"(.*?)"` could not be displayed', re.S)
# How the message spells a character that has no look of its own, such as a format control.
SPELLED = re.compile(r"\\u\{([0-9a-fA-F]+)\}")
MOST_ATTEMPTS = 8

Values = Callable[[Collection[str]], Mapping[str, Any]]


def typeset(
    template: str, values_of: Values, *, made_at: datetime | None = None, as_picture: bool = False
) -> Any:
    """A template filled with values as PDF/UA-1; with `as_picture`, its pages as PNG.

    `values_of` gives the values with the characters in its argument boxed. Never fails for a
    character: one that no font of ours draws stands as its number in a box. The same values at the
    same `made_at` are the same bytes.
    """
    refused: set[str] = set()
    for _ in range(MOST_ATTEMPTS):
        try:
            return _compile(template, values_of(refused), made_at, as_picture=as_picture)
        except typst.TypstError as error:
            undrawn = _undrawn_by(error) - refused
            if not undrawn:
                raise
            refused |= undrawn
    every = all_letters_of(values_of(()))
    return _compile(template, values_of(every), made_at, as_picture=as_picture)


def _undrawn_by(error: typst.TypstError) -> set[str]:
    """The characters that a refusal names."""
    named = "".join(UNDRAWN.findall(str(error)))
    return set(SPELLED.sub(lambda found: chr(int(found[1], 16)), named))


def all_letters_of(values: Mapping[str, Any]) -> set[str]:
    """Every letter that is not plain, for the last attempt."""
    text = json.dumps(values, ensure_ascii=False)
    return {letter for letter in text if not letter.isascii()}


def _compile(
    template: str, values: Mapping[str, Any], made_at: datetime | None, *, as_picture: bool
) -> Any:
    return typst.compile(
        str(TEMPLATES / template),
        root=str(TEMPLATES),
        font_paths=fonts.font_book(),
        ignore_system_fonts=True,
        sys_inputs={"sheet": json.dumps(values, ensure_ascii=False)},
        format="png" if as_picture else "pdf",
        timestamp=int((made_at or clock.now()).timestamp()),
        **({"ppi": 100.0} if as_picture else {"pdf_standards": [STANDARD]}),
    )
