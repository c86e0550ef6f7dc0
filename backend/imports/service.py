"""Imports: the annual SSDA903 return as history, the weekly extract as the living."""

from datetime import date
from pathlib import Path

from sqlalchemy import Engine
from sqlmodel import Session

from backend.core import clock
from backend.imports import queries
from backend.imports.annex_lists import read_annex
from backend.imports.annex_writes import AnnexWriter
from backend.imports.column_maps import (
    CONTACT_COLUMNS,
    PEOPLE_COLUMNS,
    Maps,
    read_map_file,
    remember,
    remembered,
)
from backend.imports.contact_lists import ContactLists, read_contacts
from backend.imports.csv_files import ImportUnusable as ImportUnusable
from backend.imports.csv_files import read_table
from backend.imports.extract_writes import ExtractWriter
from backend.imports.past_years import keep_past_years
from backend.imports.proposals import ProposalRefused as ProposalRefused
from backend.imports.proposals import confirm_merge as confirm_merge
from backend.imports.proposals import decide as decide_proposal
from backend.imports.proposals import link_and_propose
from backend.imports.reports import FileRead, ImportReport
from backend.imports.runs import ImportDoubtful as ImportDoubtful
from backend.imports.runs import StateChanged as StateChanged
from backend.imports.runs import Terms as Terms
from backend.imports.runs import journalled
from backend.imports.undo import UndoRefused as UndoRefused
from backend.imports.undo import undo_last as undo_last
from backend.imports.weekly_extracts import Extract, check_extract, find_as_at, read_people

__all__ = [
    "ImportDoubtful",
    "ImportReport",
    "ImportUnusable",
    "ProposalRefused",
    "StateChanged",
    "Terms",
    "UndoRefused",
    "confirm_merge",
    "decide_proposal",
    "import_annex",
    "import_people",
    "import_return",
    "undo_last",
]


def import_return(
    session_or_engine: Session | Engine,
    directory: Path,
    *,
    dry_run: bool = False,
    ran_by: str = "command",
    terms: Terms | None = None,
) -> ImportReport:
    """Bring SSDA903 returns into the history, in one transaction; the same again changes nothing.

    Reads header, episodes, reviews, uasc and missing (.csv) of the folder, or of several years,
    each in a folder of its own or with the year in the files' names: the earliest first, so that a
    later one has the last word. A year ends on the 31 March on or after the newest start of an
    episode; open episodes are open as at that day only, and nobody counts as in care from a
    return. Rows that break a rule are kept as given and flagged. Living people whom a return knows
    take from it, where nothing else is known, when they came into care, and reviews that were
    held. Raises ImportUnusable, having changed nothing, where no file can be used.
    """
    terms = terms or Terms(dry_run=dry_run, ran_by=ran_by)
    report = ImportReport("ssda903", is_dry_run=terms.dry_run)
    with journalled(session_or_engine, report, terms) as session:
        keep_past_years(session, report, Path(directory), actor=terms.ran_by)
    return report


def import_annex(
    session_or_engine: Session | Engine,
    path: Path,
    *,
    dry_run: bool = False,
    ran_by: str = "command",
    terms: Terms | None = None,
) -> ImportReport:
    """Hold an Annex A workbook (List 8, List 9) against the living, in one transaction; the same
    again changes nothing.

    It completes whom the extract knows and lists who is missing on either side; it adds nobody and
    ends nobody. Raises ImportUnusable, having changed nothing, where no row can be used.
    """
    terms = terms or Terms(dry_run=dry_run, ran_by=ran_by)
    report = ImportReport("annex-a", is_dry_run=terms.dry_run)
    rows = read_annex(Path(path), report, today=clock.today())
    with journalled(session_or_engine, report, terms) as session:
        AnnexWriter(session, report, actor=terms.ran_by).write(rows)
    return report


def import_people(
    session_or_engine: Session | Engine,
    path: Path,
    *,
    contacts_file: Path | None = None,
    map_file: Path | None = None,
    as_at: date | None = None,
    is_older_allowed: bool = False,
    dry_run: bool = False,
    ran_by: str = "command",
    terms: Terms | None = None,
) -> ImportReport:
    """Bring the weekly extract in, in one transaction; the same again changes nothing.

    Contacts are read from `contacts_file`, else from contacts.csv in the same folder if it is
    there. Raises ImportUnusable, having changed nothing, where the extract cannot be used at all,
    has no as-at date, is older than the newest (unless `is_older_allowed`), or would change so
    much that it is likely another file (ImportDoubtful, unless `terms.is_sure`).
    """
    terms = terms or Terms(dry_run=dry_run, ran_by=ran_by)
    report = ImportReport("people", is_dry_run=terms.dry_run)
    path = Path(path)
    given = read_map_file(Path(map_file)) if map_file else None
    with journalled(session_or_engine, report, terms) as session:
        maps = _merged(remembered(session), given)
        table = read_table(path, PEOPLE_COLUMNS, names=maps["people"])
        check_extract(table)
        report.as_at = find_as_at(table, as_at, report, today=clock.today())
        newest = _refuse_older(session, path, report.as_at, is_allowed=is_older_allowed)
        file = report.open_file(table, PEOPLE_COLUMNS)
        extract = read_people(table, report, file, as_at=report.as_at)
        contacts = _read_contacts_beside(path, contacts_file, maps, report, extract)
        writer = ExtractWriter(
            session, report, actor=terms.ran_by, name=table.name, as_at=report.as_at
        )
        writer.write(extract, contacts)
        link_and_propose(session, report)
        if remember(session, maps):
            report.count("column names", "changed")
        report.is_newer = newest is None or report.as_at != newest
    return report


def _refuse_older(session: Session, path: Path, as_at: date, *, is_allowed: bool) -> date | None:
    """The as-at date that we have; raises ImportUnusable for an extract that is older."""
    newest = queries.as_at(session)
    if newest is not None and as_at < newest and not is_allowed:
        raise ImportUnusable(
            f"{path.name} is as at {as_at:%d/%m/%Y}, but we have {newest:%d/%m/%Y} already. "
            "Add --older to go back on purpose."
        )
    return newest


def _merged(known: Maps, given: Maps | None) -> Maps:
    return {kind: {**known[kind], **(given or {}).get(kind, {})} for kind in known}


def _read_contacts_beside(
    path: Path, contacts_file: Path | None, maps: Maps, report: ImportReport, extract: Extract
) -> ContactLists | None:
    beside = Path(contacts_file) if contacts_file else path.parent / "contacts.csv"
    if contacts_file is None and not beside.is_file():
        report.files.append(FileRead(beside.name, is_found=False))
        report.notes.append("No contacts were read: those that stand are kept.")
        return None
    table = read_table(beside, CONTACT_COLUMNS, names=maps["contacts"])
    return read_contacts(table, report, report.open_file(table, CONTACT_COLUMNS), extract=extract)
