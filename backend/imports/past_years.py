"""Brings one return or a folder of past years into the history, the earliest year first."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlmodel import Session

from backend.history import service as history
from backend.history.service import Change
from backend.imports.annual_returns import FILES, ReturnReader
from backend.imports.csv_files import ImportUnusable
from backend.imports.past_of_living import complete_the_living
from backend.imports.proposals import link_and_propose
from backend.imports.reports import ImportReport

# 2022-23, 2022_23, 2022-2023, 202223 or 2023 alone: in a folder's name, or at a file's end.
YEAR = re.compile(r"(?<!\d)(20\d\d)(?:[-_/ ]?(20\d\d|\d\d))?(?!\d)")
MOST_YEARS = 40


@dataclass(frozen=True, slots=True)
class ReturnFiles:
    """Where the files of one year lie: a folder, and the year in their names if it has several."""

    directory: Path
    year: str
    label: str


def keep_past_years(session: Session, report: ImportReport, directory: Path, *, actor: str) -> None:
    """Every return of the folder into the history, and what it tells of the living.

    Raises ImportUnusable where no year can be used; a year that cannot, beside others that can, is
    listed.
    """
    returns = list(_returns_in(directory))
    readers = []
    for files in returns:
        reader = ReturnReader(report, year=files.year, label=files.label)
        try:
            reader.read(files.directory)
        except ImportUnusable as unusable:
            if len(returns) == 1:
                raise
            report.refuse(files.label.rstrip("/ "), 0, "", str(unusable))
            continue
        readers.append((reader.year_end or _year_named(files), files.label, reader))
    if not readers:
        raise ImportUnusable(f"No year in {directory} could be used.")
    for _, _, reader in sorted(readers, key=lambda one: (one[0] or date.min, one[1])):
        _add_counts(report, history.keep_return(session, reader.rows))
    _note_other_files(report, returns)
    link_and_propose(session, report)
    complete_the_living(session, report, actor=actor)


def _add_counts(report: ImportReport, counts: dict[str, Change]) -> None:
    for name, change in counts.items():
        total = report.counts.setdefault(name, Change())
        for what in ("added", "changed", "unchanged", "ended"):
            total.count(what, getattr(change, what))


def _returns_in(directory: Path) -> Iterator[ReturnFiles]:
    """The years in a folder: in its own files, one by one where their names have years, and in
    the folders under it."""
    if not directory.is_dir():
        raise ImportUnusable(f"There is no folder {directory}. Give the folder of the return.")
    own = [path for path in _csv_files(directory) if _module_of(path)]
    folders = sorted(path for path in directory.iterdir() if path.is_dir())
    folders = [path for path in folders if any(_module_of(one) for one in _csv_files(path))]
    if len(folders) > MOST_YEARS:
        raise ImportUnusable(f"{directory.name} has more than {MOST_YEARS} folders. Give fewer.")
    years = sorted({found.group() for path in own if (found := YEAR.search(path.stem))})
    if len(years) > 1:
        for year in years:
            yield ReturnFiles(directory, year, "")
    elif own or not folders:
        yield ReturnFiles(directory, "", "")
    for folder in folders:
        yield ReturnFiles(folder, "", f"{folder.name}/")


def _csv_files(directory: Path) -> list[Path]:
    return sorted(path for path in directory.iterdir() if path.suffix.casefold() == ".csv")


def _module_of(path: Path) -> str | None:
    return next((name for name in FILES if name in path.stem.casefold()), None)


def _year_named(files: ReturnFiles) -> date | None:
    """The year end in the name of a folder or file, for a return that has no episode."""
    found = YEAR.search(files.year or files.label)
    if found is None:
        return None
    first, second = found.groups()
    ends = int(second[-2:]) + 2000 if second else int(first)
    return date(ends, 3, 31)


def _note_other_files(report: ImportReport, returns: list[ReturnFiles]) -> None:
    """Adoption, outcomes at 18 and the other modules have no use here, and are not opened."""
    others = {
        f"{files.label}{path.name}"
        for files in returns
        for path in _csv_files(files.directory)
        if _module_of(path) is None
    }
    if others:
        shown = ", ".join(sorted(others)[:12])
        report.notes.append(f"Passed over {len(others)} other files: {shown}.")
