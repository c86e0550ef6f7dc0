"""Finds List 8 and List 9 in an Annex A workbook by their column names, however they are written.

Column names are those of Ofsted's Annex A to the inspection handbook for local authority
children's services (child-level data, List 8 "Children looked after", List 9 "Care leavers").
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from backend.imports.annex_headings import CHILDREN as CHILDREN
from backend.imports.annex_headings import LEAVERS, LOOSE, MARKS, MARKS_NEEDED, NAMES
from backend.imports.csv_files import ImportUnusable
from backend.imports.workbooks import Sheet

LISTS = {CHILDREN: "children looked after", LEAVERS: "care leavers"}
TITLES = {
    CHILDREN: re.compile(r".*(?<!\d)8(?!\d).*|.*looked after.*|.*\b(cla|lac|cic|in care)\b.*"),
    LEAVERS: re.compile(r".*(?<!\d)9(?!\d).*|.*leaver.*|.*leaving care.*"),
}
SIGNS_OF_A_NOTE = re.compile(r"\([^)]*\)|\[[^]]*\]")
RUN_TOGETHER = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


@dataclass(frozen=True, slots=True)
class FoundList:
    """Where one list stands: its sheet, the row of its header, and the place of each column."""

    list_name: str
    sheet: Sheet
    header_line: int
    columns: Mapping[str, int]
    passed_over: tuple[str, ...]

    @property
    def has_dates_of_birth(self) -> bool:
        """Whether anybody of the list can be told from somebody else with the same id."""
        return "date_of_birth" in self.columns

    def is_header(self, cells: tuple[Any, ...]) -> bool:
        """Whether a row is the header once more, as at the top of each printed page."""
        place = self.columns["child_id"]
        cell = cells[place] if place < len(cells) else None
        return bool(heading(cell)) and _key_of(self.list_name, cell) == "child_id"


def plain(text: Any) -> str:
    """A name without case, signs, line breaks, and spaces of any kind beyond one between words."""
    # A raised figure is a footnote's; NFKC would make it a figure of the name.
    raised = "".join(one for one in str(text or "") if unicodedata.category(one) != "No")
    spread = unicodedata.normalize("NFKC", raised)
    spread = RUN_TOGETHER.sub(" ", re.sub(r"['\u2018\u2019\u0060\u00b4]", "", spread))
    return " ".join(re.sub(r"[^a-z0-9]+", " ", spread.casefold()).split())


def heading(cell: Any) -> str:
    """A column's name without the number before it and the footnote behind it."""
    return re.sub(r"^(\d+ )+(?=[a-z])|(?<=[a-z]) ?\d+$", "", plain(cell))


def find_lists(name: str, sheets: list[Sheet]) -> list[FoundList]:
    """List 8 and List 9, as far as they are there; raises ImportUnusable where neither is."""
    found = []
    for list_name in LISTS:
        candidates = [one for sheet in sheets if (one := _find(list_name, sheet)) is not None]
        found += _only_one(name, list_name, candidates)
    if not found:
        raise ImportUnusable(
            f"{name} has no sheet with the columns of List 8 (children looked after) or List 9 "
            "(care leavers) of Annex A. Both need Child Unique ID and Date of Birth."
        )
    return found


def _only_one(name: str, list_name: str, candidates: list[FoundList]) -> list[FoundList]:
    """Of several sheets that could be the list the one that holds rows, is called so and is shown;
    raises ImportUnusable where that leaves two."""
    betters: tuple[Callable[[FoundList], bool], ...] = (
        lambda one: any(line > one.header_line for line, _ in one.sheet.head),
        lambda one: bool(TITLES[list_name].match(plain(one.sheet.name))),
        lambda one: not one.sheet.is_hidden,
    )
    for is_better in betters:
        if len(candidates) > 1:
            candidates = [one for one in candidates if is_better(one)] or candidates
    if len(candidates) > 1:
        names = " and ".join(shown(one.sheet.name) for one in candidates)
        raise ImportUnusable(
            f"{name} has {list_name} more than once ({names}). Keep the sheet that is right."
        )
    return candidates


def _find(list_name: str, sheet: Sheet) -> FoundList | None:
    """The header is the first row with an id and enough of what marks the list."""
    is_titled = bool(TITLES[list_name].match(plain(sheet.name)))
    needed = 1 if is_titled else MARKS_NEEDED[list_name]
    for line, cells in sheet.head:
        columns, passed_over = _columns_of(list_name, cells)
        marks = sum(mark in columns for mark in MARKS[list_name])
        if "child_id" in columns and marks >= needed:
            return FoundList(list_name, sheet, line, columns, passed_over)
    return None


def _columns_of(list_name: str, cells: tuple[Any, ...]) -> tuple[dict[str, int], tuple[str, ...]]:
    """The place of each column: by Ofsted's own names first, then by what councils call them."""
    columns: dict[str, int] = {}
    for names in (NAMES[list_name], LOOSE[list_name]):
        for place, cell in enumerate(cells):
            key = _match(names, cell)
            if key is not None and key not in columns and place not in columns.values():
                columns[key] = place
    others = [cell for place, cell in enumerate(cells) if place not in columns.values()]
    return columns, tuple(shown(cell) for cell in others if plain(cell))


def _key_of(list_name: str, cell: Any) -> str | None:
    return _match(NAMES[list_name], cell) or _match(LOOSE[list_name], cell)


def _match(names: Mapping[str, re.Pattern[str]], cell: Any) -> str | None:
    if not isinstance(cell, str):
        return None
    titles = (heading(cell), heading(SIGNS_OF_A_NOTE.sub(" ", cell)))
    return next(
        (key for key, name in names.items() if any(name.fullmatch(one) for one in titles)), None
    )


def shown(text: Any) -> str:
    """A name out of somebody's file as it may be shown: one short line, and no program that opens
    a list of ours takes it for a formula."""
    line = " ".join("".join(one if one.isprintable() else " " for one in str(text)).split())
    return f"'{line[:60]}" if line.startswith(("=", "+", "-", "@")) else line[:60]
