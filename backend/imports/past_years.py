"""Brings one return or a folder of past years into the history, the earliest year first."""

from datetime import date
from pathlib import Path

from sqlmodel import Session

from backend.history import service as history
from backend.history.service import Change
from backend.imports.annual_returns import ReturnReader
from backend.imports.csv_files import ImportUnusable
from backend.imports.past_of_living import complete_the_living
from backend.imports.proposals import link_and_propose
from backend.imports.reports import ImportReport
from backend.imports.return_folders import ReturnFiles, find_returns


def keep_past_years(session: Session, report: ImportReport, directory: Path, *, actor: str) -> None:
    """Every return of the folder into the history, and what it tells of the living.

    Raises ImportUnusable where no year can be used; a year that cannot, beside others that can, is
    listed.
    """
    returns = find_returns(directory)
    readers = []
    for files in returns:
        reader = ReturnReader(report, files)
        try:
            reader.read()
        except ImportUnusable as unusable:
            if len(returns) == 1:
                raise
            report.refuse(files.label.rstrip("/ "), 0, "", str(unusable))
            continue
        readers.append(reader)
    if not readers:
        raise ImportUnusable(f"No year in {directory} could be used.")
    for reader in sorted(readers, key=_order):
        _add_counts(report, history.keep_return(session, reader.rows))
    _note_other_files(report, returns)
    link_and_propose(session, report)
    complete_the_living(session, report, actor=actor)


def _order(reader: ReturnReader) -> tuple[date, date, str]:
    """By year; of two that their names put into one year, what begins earlier is the earlier."""
    return reader.year_end or date.min, reader.year_by_starts or date.min, reader.label


def _add_counts(report: ImportReport, counts: dict[str, Change]) -> None:
    for name, change in counts.items():
        total = report.counts.setdefault(name, Change())
        for what in ("added", "changed", "unchanged", "ended"):
            total.count(what, getattr(change, what))


def _note_other_files(report: ImportReport, returns: list[ReturnFiles]) -> None:
    """Adoption, outcomes at 18 and the other modules have no use here, and are not opened."""
    others = {f"{one.label}{path.name}" for one in returns for path in one.others}
    if others:
        shown = ", ".join(sorted(others)[:12])
        report.notes.append(f"Passed over {len(others)} other files: {shown}.")
