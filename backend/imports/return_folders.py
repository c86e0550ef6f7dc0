"""Finds the files of SSDA903 returns in a folder: each year, whatever files and folders are called.

A module is known by the word in its file's name; where several files have the word, or none, by
the columns that only that module has.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from backend.imports.csv_files import ImportUnusable, columns_of

# 2022-23, 2022_23, 2022-2023, 2022 to 2023, 202223 or 2023 alone: in a folder's or file's name.
YEAR = re.compile(r"(?<!\d)(20\d\d)(?:(?:[-_/ ]| to )?(20\d\d|\d\d))?(?!\d)")
WORDS = {
    "header": "header",
    "episodes": "episode",
    "reviews": "review",
    "uasc": "uasc",
    "missing": "missing",
}
SIGNS = {
    "header": {"CHILD", "DOB", "ETHNIC"},
    "episodes": {"CHILD", "DECOM"},
    "reviews": {"CHILD", "REVIEW"},
    "uasc": {"CHILD", "DUC"},
    "missing": {"CHILD", "MIS_START"},
}
# A module of social workers' episodes, which has the word of another in its name.
OTHERS = re.compile(r"(^|[^a-z])sw([^a-z]|$)|social|worker")
MOST_YEARS, DEEPEST = 40, 3
PACKED = (".zip", ".7z", ".gz", ".rar")


@dataclass(slots=True)
class ReturnFiles:
    """The files of one year: by module, of which there are several, and of no use here."""

    label: str
    year_end: date | None = None
    files: dict[str, Path] = field(default_factory=dict)
    in_doubt: dict[str, list[Path]] = field(default_factory=dict)
    others: list[Path] = field(default_factory=list)


def find_returns(directory: Path) -> list[ReturnFiles]:
    """The years in a folder: in its own files, one by one where their names have years, and in the
    folders under it. Raises ImportUnusable where that is no folder, or has too many."""
    _check_folder(directory)
    folders = [directory, *_folders_under(directory)]
    found = []
    for folder in folders:
        label = "" if folder == directory else f"{folder.relative_to(directory).as_posix()}/"
        found += _years_of(folder, label)
    if len(found) > MOST_YEARS:
        raise ImportUnusable(f"{directory.name} has more than {MOST_YEARS} returns. Give fewer.")
    return found or [ReturnFiles("")]


def _check_folder(directory: Path) -> None:
    if directory.is_file() and directory.suffix.casefold() in PACKED:
        raise ImportUnusable(f"{directory.name} is packed. Unpack it, then give its folder.")
    if directory.is_file():
        raise ImportUnusable(f"{directory.name} is a file. Give the folder that it lies in.")
    if not directory.is_dir():
        raise ImportUnusable(f"There is no folder {directory}. Give the folder of the return.")


def _folders_under(directory: Path, deep: int = 1) -> Iterator[Path]:
    inside = sorted(path for path in _inside(directory) if path.is_dir())
    for folder in inside:
        if folder.is_symlink() or folder.name.startswith((".", "__")):
            continue
        yield folder
        if deep < DEEPEST:
            yield from _folders_under(folder, deep + 1)


def _years_of(folder: Path, label: str) -> list[ReturnFiles]:
    csvs = _csv_files(folder)
    named = {path: year_named(path.stem) for path in csvs if _module_named(path)}
    years = {year for year in named.values() if year is not None}
    if len(years) < 2:
        year = next(iter(years), None) or year_named(label)
        one = _sorted_out(csvs, label, year)
        return [one] if one.files or one.in_doubt else []
    by_year: dict[date | None, list[Path]] = {}
    for path in csvs:
        by_year.setdefault(year_named(path.stem), []).append(path)
    ordered = sorted(by_year.items(), key=lambda one: one[0] or date.min)
    found = [_sorted_out(paths, label, year) for year, paths in ordered]
    return [one for one in found if one.files or one.in_doubt]


def _csv_files(folder: Path) -> list[Path]:
    """In the order of their names; what a system hides, or leaves behind, is no file of anybody."""
    return sorted(
        path
        for path in _inside(folder)
        if path.suffix.casefold() == ".csv" and not path.name.startswith((".", "~"))
    )


def _inside(folder: Path) -> list[Path]:
    try:
        return list(folder.iterdir())
    except OSError as error:
        raise ImportUnusable(f"{folder.name} cannot be read: {error.strerror}.") from error


def _sorted_out(paths: list[Path], label: str, year_end: date | None) -> ReturnFiles:
    found = ReturnFiles(label, year_end)
    for module, word in WORDS.items():
        candidates = [path for path in paths if _module_named(path) == module]
        exact = [path for path in candidates if path.stem.casefold() in (module, word)]
        candidates = exact or candidates
        if len(candidates) != 1:
            among = candidates or [path for path in paths if _module_named(path) is None]
            fitting = [path for path in among if SIGNS[module] <= columns_of(path)]
            candidates = fitting if fitting or not candidates else candidates
        if len(candidates) > 1:
            found.in_doubt[module] = candidates
        elif candidates:
            found.files[module] = candidates[0]
    used = {*found.files.values(), *(one for many in found.in_doubt.values() for one in many)}
    found.others = [path for path in paths if path not in used]
    return found


def _module_named(path: Path) -> str | None:
    stem = path.stem.casefold()
    if OTHERS.search(stem):
        return None
    return next((module for module, word in WORDS.items() if word in stem), None)


def year_named(text: str) -> date | None:
    """The year end in the name of a folder or file; None where it names no year."""
    for found in YEAR.finditer(text):
        first, second = found.groups()
        if second is None:
            return date(int(first), 3, 31)
        # 2024-03 is a month, and no year of a return.
        if int(second[-2:]) == (int(first) + 1) % 100:
            return date(int(first) + 1, 3, 31)
    return None
