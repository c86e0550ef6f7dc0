"""Imports: the annual SSDA903 return as history, the weekly extract as the living."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from sqlalchemy import Engine
from sqlmodel import Session

from backend.core import audit, clock
from backend.core.database import unit_of_work
from backend.history import service as history
from backend.imports import queries
from backend.imports.annual_returns import ReturnReader
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
from backend.imports.models import ImportRun
from backend.imports.proposals import ProposalRefused as ProposalRefused
from backend.imports.proposals import decide as decide_proposal
from backend.imports.proposals import link_and_propose
from backend.imports.reports import FileRead, ImportReport
from backend.imports.weekly_extracts import Extract, check_extract, find_as_at, read_people

__all__ = [
    "ImportReport",
    "ImportUnusable",
    "ProposalRefused",
    "decide_proposal",
    "import_people",
    "import_return",
]

IMPORTED = audit.declare("import.kept", "run_id", "kind", "as_at", "counts")


def import_return(
    session_or_engine: Session | Engine,
    directory: Path,
    *,
    dry_run: bool = False,
    ran_by: str = "command",
) -> ImportReport:
    """Bring an SSDA903 return into the history, in one transaction; the same again changes nothing.

    Reads header, episodes, reviews, uasc and missing (.csv) of the folder. Its year end is the
    31 March on or after the newest start of an episode; open episodes are open as at that day
    only, and nobody counts as in care from a return. Rows that break a rule are kept as given and
    flagged. Raises ImportUnusable, having changed nothing, where no file can be used.
    """
    report = ImportReport("ssda903", is_dry_run=dry_run)
    rows = ReturnReader(report).read(Path(directory))
    with _one_transaction(session_or_engine, is_kept=not dry_run) as session:
        report.counts |= history.keep_return(session, rows)
        link_and_propose(session, report)
        _keep_run(session, report, ran_by)
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
) -> ImportReport:
    """Bring the weekly extract in, in one transaction; the same again changes nothing.

    Contacts are read from `contacts_file`, else from contacts.csv in the same folder if it is
    there. Raises ImportUnusable, having changed nothing, where the extract cannot be used at all,
    has no as-at date, or is older than the newest (unless `is_older_allowed`).
    """
    report = ImportReport("people", is_dry_run=dry_run)
    path = Path(path)
    given = read_map_file(Path(map_file)) if map_file else None
    with _one_transaction(session_or_engine, is_kept=not dry_run) as session:
        maps = _merged(remembered(session), given)
        table = read_table(path, PEOPLE_COLUMNS, names=maps["people"])
        check_extract(table)
        report.as_at = find_as_at(table, as_at, report, today=clock.today())
        newest = _refuse_older(session, path, report.as_at, is_allowed=is_older_allowed)
        file = report.open_file(table, PEOPLE_COLUMNS)
        extract = read_people(table, report, file, as_at=report.as_at)
        contacts = _read_contacts_beside(path, contacts_file, maps, report, extract)
        writer = ExtractWriter(session, report, actor=ran_by, name=table.name, as_at=report.as_at)
        writer.write(extract, contacts)
        link_and_propose(session, report)
        if remember(session, maps):
            report.count("column names", "changed")
        _keep_run(session, report, ran_by, is_newer=newest is None or report.as_at != newest)
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


@contextmanager
def _one_transaction(session_or_engine: Session | Engine, *, is_kept: bool) -> Iterator[Session]:
    """All or nothing: a savepoint of a given session, whose owner commits, or a unit of work."""
    if isinstance(session_or_engine, Session):
        with session_or_engine.begin_nested() as savepoint:
            yield session_or_engine
            session_or_engine.flush()
            if not is_kept:
                savepoint.rollback()
        return
    with unit_of_work(session_or_engine) as session:
        yield session
        if not is_kept:
            session.rollback()


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


def _keep_run(
    session: Session, report: ImportReport, ran_by: str, *, is_newer: bool = False
) -> None:
    """Note the run, if it changed anything at all: the same file again leaves no trace."""
    is_any = any(change.is_any for change in report.counts.values())
    report.is_changed = is_any or bool(report.proposals) or is_newer
    if not report.is_changed:
        return
    run = ImportRun(
        kind=report.kind,
        as_at=report.as_at,
        ran_at=clock.now(),
        ran_by=ran_by,
        counts=report.as_record(),
    )
    session.add(run)
    session.flush()
    audit.record(
        session,
        IMPORTED,
        actor=ran_by,
        run_id=run.id,
        kind=report.kind,
        as_at=report.as_at.isoformat() if report.as_at else None,
        counts=report.as_record()["counts"],
    )
