"""Finds List 8 and List 9 in an Annex A workbook by their column names, however they are written.

Column names are those of Ofsted's Annex A to the inspection handbook for local authority
children's services (child-level data, List 8 "Children looked after", List 9 "Care leavers").
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from backend.imports.csv_files import ImportUnusable
from backend.imports.workbooks import Sheet

CHILDREN, LEAVERS = "List 8", "List 9"
LISTS = {CHILDREN: "children looked after", LEAVERS: "care leavers"}
# Titles, notes and the council's crest stand above the header; never more than this.
HEADER_WITHIN = 40
_COMMON = {
    "child_id": r"(child )?unique (child )?id(entifier)?|child id(entifier)?|child unique id.*",
    "date_of_birth": r"date of birth|dob|d o b",
    "gender": r"gender|sex",
    "ethnicity": r"ethnicity|ethnic (group|origin|background)",
    "is_unaccompanied": r"unaccompanied asylum seek.*|uasc.*",
    "is_disabled": r"(does the (child|young person|care leaver) have a )?disability.*",
}
NAMES: dict[str, Mapping[str, re.Pattern[str]]] = {
    CHILDREN: {
        key: re.compile(pattern)
        for key, pattern in (
            _COMMON
            | {
                "became_looked_after_on": r"date (child )?(started to be|became) looked after.*",
                "legal_status": r"(child s |childs )?(current )?legal status",
                "latest_review": r"(date of )?latest statutory review.*",
                "placement_type": r"placement type",
                "placement_start": r"start date of (most recent|current) placement",
                "ceased_on": r"date ceased to be looked after.*",
            }
        ).items()
    },
    LEAVERS: {
        key: re.compile(pattern)
        for key, pattern in (
            _COMMON
            | {
                "eligibility": r"eligibility category.*",
                "latest_review": r"(date of )?latest pathway plan review.*",
            }
        ).items()
    },
}
# What tells one list from the other nine, which have children and births too.
MARKS = {
    CHILDREN: ("became_looked_after_on", "legal_status", "latest_review", "placement_start"),
    LEAVERS: ("eligibility", "latest_review"),
}
MARKS_NEEDED = {CHILDREN: 2, LEAVERS: 1}
TITLES = {
    CHILDREN: re.compile(r".*\b8\b.*|.*looked after.*|.*\bcla\b.*"),
    LEAVERS: re.compile(r".*\b9\b.*|.*leaver.*"),
}


@dataclass(frozen=True, slots=True)
class FoundList:
    """Where one list stands: its sheet, the row of its header, and the place of each column."""

    list_name: str
    sheet: Sheet
    header_line: int
    columns: Mapping[str, int]
    passed_over: tuple[str, ...]
    has_dates_of_birth: bool


def plain(text: Any) -> str:
    """A name without case, signs, line breaks, and spaces of any kind beyond one between words."""
    spread = unicodedata.normalize("NFKC", str(text or "")).casefold()
    return " ".join(re.sub(r"[^a-z0-9]+", " ", spread).split())


def find_lists(name: str, sheets: list[Sheet]) -> list[FoundList]:
    """List 8 and List 9, as far as they are there; raises ImportUnusable where neither is."""
    found = []
    for list_name in LISTS:
        candidates = [one for sheet in sheets if (one := _find(list_name, sheet)) is not None]
        if len(candidates) > 1:
            titled = [one for one in candidates if TITLES[list_name].match(plain(one.sheet.name))]
            candidates = titled or candidates
        if len(candidates) > 1:
            names = " and ".join(shown(one.sheet.name) for one in candidates)
            raise ImportUnusable(
                f"{name} has {list_name} more than once ({names}). Keep the sheet that is right."
            )
        found += candidates
    if not found:
        raise ImportUnusable(
            f"{name} has no sheet with the columns of List 8 (children looked after) or List 9 "
            "(care leavers) of Annex A. Both need Child Unique ID and Date of Birth."
        )
    return found


def _find(list_name: str, sheet: Sheet) -> FoundList | None:
    """The header is the first row with an id and enough of what marks the list."""
    for line, cells in sheet.rows:
        if line > HEADER_WITHIN:
            return None
        columns, passed_over = _columns_of(list_name, cells)
        marks = sum(mark in columns for mark in MARKS[list_name])
        if "child_id" in columns and marks >= MARKS_NEEDED[list_name]:
            return FoundList(
                list_name, sheet, line, columns, passed_over, "date_of_birth" in columns
            )
    return None


def _columns_of(list_name: str, cells: tuple[Any, ...]) -> tuple[dict[str, int], tuple[str, ...]]:
    columns: dict[str, int] = {}
    passed_over = []
    for position, cell in enumerate(cells):
        title = plain(cell)
        names = NAMES[list_name].items()
        key = next((key for key, pattern in names if pattern.fullmatch(title)), None)
        if key is not None and key not in columns:
            columns[key] = position
        elif title:
            passed_over.append(shown(cell))
    return columns, tuple(passed_over)


def shown(text: Any) -> str:
    """A name out of somebody's file as it may be shown: one short line, and no program that opens
    a list of ours takes it for a formula."""
    line = " ".join("".join(one if one.isprintable() else " " for one in str(text)).split())
    return f"'{line[:60]}" if line.startswith(("=", "+", "-", "@")) else line[:60]
