"""One import from beginning to end: all or nothing, noted row by row so that it can be undone."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine
from sqlmodel import Session

from backend.core import audit, clock
from backend.core.database import unit_of_work
from backend.imports import snapshots
from backend.imports.change_lines import lines_of
from backend.imports.csv_files import ImportUnusable
from backend.imports.doubts import doubts_about
from backend.imports.models import ImportRun, RowBefore
from backend.imports.reports import ImportReport

IMPORTED = audit.declare("import.kept", "run_id", "kind", "as_at", "counts")
ROWS_TOGETHER = 2_000


class ImportDoubtful(ImportUnusable):
    """So much would change that the file is likely wrong; nothing was kept. `doubts` say why."""

    def __init__(self, doubts: list[str]) -> None:
        super().__init__(" ".join(doubts))
        self.doubts = doubts


class StateChanged(ImportUnusable):
    """What stands here is no longer what the preview was held against."""


@dataclass(frozen=True, slots=True)
class Terms:
    """How an import runs: whether it is kept, for whom, and what it was previewed against."""

    dry_run: bool = False
    ran_by: str = "command"
    is_sure: bool = False
    expected_state: str | None = None


@contextmanager
def journalled(
    session_or_engine: Session | Engine, report: ImportReport, terms: Terms
) -> Iterator[Session]:
    """A transaction in which one import writes; notes what it did, and keeps it unless it is dry.

    Raises ImportDoubtful where so much would change that somebody must say yes first, and
    StateChanged where rows are no longer those of the preview.
    """
    with _one_transaction(session_or_engine, is_kept=not terms.dry_run) as session:
        before = snapshots.take(session, snapshots.tables_of(report.kind))
        report.state = before.fingerprint() if terms.dry_run or terms.expected_state else ""
        if terms.expected_state and terms.expected_state != report.state:
            raise StateChanged(
                "Something changed here since you looked at this file: another import, a decision, "
                "a review that was confirmed. Nothing was brought in."
            )
        yield session
        after = snapshots.take(session, snapshots.tables_of(report.kind))
        changes = snapshots.differences(before, after)
        report.doubts = doubts_about(before, changes, births_waiting=report.births_waiting)
        if terms.dry_run:
            report.changes = lines_of(session, changes, after)
        elif report.doubts and not terms.is_sure:
            raise ImportDoubtful(report.doubts)
        keep_run(session, report, changes, ran_by=terms.ran_by)


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


def keep_run(
    session: Session, report: ImportReport, changes: list[snapshots.RowChange], *, ran_by: str
) -> int:
    """Note the run, if it changed anything at all: the same file again leaves no trace. Its id, or
    0 for none."""
    is_any = any(change.is_any for change in report.counts.values())
    report.is_changed = is_any or bool(changes or report.proposals) or report.is_newer
    if not report.is_changed:
        return 0
    run = ImportRun(
        kind=report.kind,
        as_at=report.as_at,
        ran_at=clock.now(),
        ran_by=ran_by,
        counts=report.as_record(),
    )
    session.add(run)
    session.flush()
    _keep_journal(session, run.id or 0, changes)
    audit.record(
        session,
        IMPORTED,
        actor=ran_by,
        run_id=run.id,
        kind=report.kind,
        as_at=report.as_at.isoformat() if report.as_at else None,
        counts=report.as_record()["counts"],
    )
    return run.id or 0


def _keep_journal(session: Session, run_id: int, changes: list[snapshots.RowChange]) -> None:
    by_table: dict[str, list[dict[str, Any]]] = {}
    for one in changes:
        by_table.setdefault(one.table, []).append(one.as_values())
    for name, values in by_table.items():
        for start in range(0, len(values), ROWS_TOGETHER):
            session.add(
                RowBefore(
                    run_id=run_id,
                    table_name=name,
                    changes=values[start : start + ROWS_TOGETHER],
                    made_at=clock.now(),
                )
            )
    session.flush()
