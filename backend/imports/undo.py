"""Puts back what the last import did, row by row, and leaves alone whatever rests on it since."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, insert, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, SQLModel, col, select

from backend.core import audit, clock
from backend.imports import merge_decisions, snapshots
from backend.imports.models import ImportRun, RowBefore
from backend.imports.resting import Row, find_resting

KEPT_FOR = timedelta(days=30)
UNDONE = audit.declare("import.undone", "run_id", "kind", "put_back", "left")


class UndoRefused(Exception):
    """There is nothing that can be undone; the message says why."""


@dataclass(slots=True)
class Undone:
    """What an undo put back, and what it left as it is, each with its reason."""

    kind: str
    put_back: int = 0
    left: list[str] = field(default_factory=list)


def last_run(session: Session) -> ImportRun | None:
    """The newest import that stands: the only one that can be undone."""
    statement = select(ImportRun).where(col(ImportRun.undone_at).is_(None))
    return session.exec(statement.order_by(col(ImportRun.id).desc()).limit(1)).first()


def can_undo(session: Session) -> ImportRun | None:
    """The newest import, where it is noted row by row and no more than 30 days old. One that only
    told us that all is as it was, at a later day, has no row to put back."""
    run = last_run(session)
    if run is None or clock.now() - run.ran_at > KEPT_FOR:
        return None
    return run if _changes_of(session, run.id or 0) or not _has_counted(run) else None


def _has_counted(run: ImportRun) -> bool:
    """Whether an import says that it changed something; then it was noted row by row, unless it
    ran before that was done."""
    counts: dict[str, dict[str, int]] = run.counts.get("counts", {})
    done = ("added", "changed", "ended")
    return any(change.get(what) for change in counts.values() for what in done)


def undo_last(session: Session, actor: str, *, run_id: int | None = None) -> Undone:
    """Put back what the last import added, changed and ended.

    What somebody did since then stands: an answer, an ask, a review that was confirmed, a column
    changed again; that row and all around the same child is left and listed (decision 0023).
    Raises UndoRefused where nothing can be undone, or `run_id` is not the last import any more.
    """
    run = can_undo(session)
    if run is None:
        raise UndoRefused("There is no import of the last 30 days that could be undone.")
    if run_id is not None and run.id != run_id:
        raise UndoRefused("Another import came after that one. Only the last can be undone.")
    done = Undone(run.kind)
    changes = _changes_of(session, run.id or 0)
    session.flush()
    _put_back_removed(session, changes, done)
    _put_back_changed(session, changes, done)
    _take_out_added(session, changes, done)
    session.expire_all()
    run = session.get_one(ImportRun, run.id)
    if run.kind == merge_decisions.MERGE:
        merge_decisions.ask_again(session, run.id or 0)
    run.undone_at, run.undone_by = clock.now(), actor
    run.counts = {**run.counts, "put_back": done.put_back, "left": done.left}
    session.add(run)
    session.execute(delete(RowBefore).where(col(RowBefore.run_id) == run.id))
    audit.record(
        session,
        UNDONE,
        actor=actor,
        run_id=run.id,
        kind=run.kind,
        put_back=done.put_back,
        left=len(done.left),
    )
    return done


def forget_old(session: Session) -> None:
    """Drop what would be needed to undo imports of more than 30 days ago."""
    until = clock.now() - KEPT_FOR
    session.execute(delete(RowBefore).where(col(RowBefore.made_at) < until))


def _changes_of(session: Session, run_id: int) -> list[snapshots.RowChange]:
    rows = session.exec(
        select(RowBefore).where(RowBefore.run_id == run_id).order_by(col(RowBefore.id))
    )
    return [snapshots.RowChange(**values) for row in rows for values in row.changes]


def _in_order(changes: list[snapshots.RowChange]) -> Iterator[snapshots.RowChange]:
    """By table, so that what others rest on comes first."""
    order = {table.name: place for place, table in enumerate(SQLModel.metadata.sorted_tables)}
    yield from sorted(changes, key=lambda one: order[one.table])


def _look(session: Session, changes: list[snapshots.RowChange]) -> snapshots.Snapshot:
    """The tables that were changed, as they lie now: one look instead of thousands."""
    return snapshots.take(session, {one.table for one in changes})


def _now(look: snapshots.Snapshot, one: snapshots.RowChange) -> dict[str, Any] | None:
    return look.rows[one.table].get(tuple(one.key))


def _tried(session: Session, statement: Any) -> bool:
    """Whether a statement went through; where another row stands in its way, nothing happened."""
    try:
        with session.begin_nested():
            session.execute(statement)
    except IntegrityError:
        return False
    return True


def _put_back_removed(session: Session, changes: list[snapshots.RowChange], done: Undone) -> None:
    removed = [one for one in changes if one.after is None]
    look = _look(session, removed)
    for one in _in_order(removed):
        table = snapshots.table_named(one.table)
        if _now(look, one) is None and _tried(
            session, insert(table).values(snapshots.as_bound(table, one.before or {}))
        ):
            done.put_back += 1
        else:
            done.left.append(f"{_title(one.table)} {_number(one)}: another stands in its place")


def _put_back_changed(session: Session, changes: list[snapshots.RowChange], done: Undone) -> None:
    changed = [one for one in changes if one.before and one.after]
    look = _look(session, changed)
    for one in _in_order(changed):
        now = _now(look, one)
        reason = _reason_to_leave(one, now)
        before = {
            name: value
            for name, value in (one.before or {}).items()
            if now is not None and now[name] == (one.after or {})[name]
        }
        if not reason and len(before) < len(one.before or {}):
            reason = "changed again since"
        table = snapshots.table_named(one.table)
        is_left = one.table == "review" and bool(reason)
        if before and not is_left:
            values = snapshots.as_bound(table, before)
            statement = update(table).where(snapshots.at_key(table, one.key)).values(values)
            if _tried(session, statement):
                done.put_back += 1
            else:
                reason = "another stands in its place"
        if reason:
            done.left.append(f"{_title(one.table)} {_number(one)}: {reason}")


def _reason_to_leave(one: snapshots.RowChange, now: dict[str, Any] | None) -> str:
    if now is None:
        return "is gone since"
    is_confirmed = one.table == "review" and now["confirmed_at"] is not None
    is_ours = "confirmed_at" in (one.before or {})
    return "was confirmed as held since" if is_confirmed and not is_ours else ""


def _take_out_added(session: Session, changes: list[snapshots.RowChange], done: Undone) -> None:
    added = [one for one in changes if one.before is None]
    look = _look(session, added)
    wanted: set[Row] = set()
    reasons: dict[Row, str] = {}
    for one in added:
        now = _now(look, one)
        if now is None:
            continue
        row = (one.table, tuple(one.key))
        wanted.add(row)
        if snapshots.digest(now) != one.digest and one.table != "contributor":
            reasons[row] = "changed since"
    resting = find_resting(session, wanted, reasons)
    for name, keys in resting.removable():
        table = snapshots.table_named(name)
        session.execute(delete(table).where(snapshots.at_keys(table, keys)))
        done.put_back += sum((name, key) in wanted for key in keys)
    done.left += resting.left(session)


def _title(table: str) -> str:
    return table.replace("_", " ").capitalize()


def _number(one: snapshots.RowChange) -> str:
    return ", ".join(str(part) for part in one.key)
