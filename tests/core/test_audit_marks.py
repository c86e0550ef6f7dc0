"""A cut end of the audit chain is noticed by what was written down outside the database."""

from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from backend.core import audit
from backend.core.database import unit_of_work
from backend.worker import Worker

pytestmark = pytest.mark.usefixtures("noon")


def lay(engine: Engine, number: int) -> None:
    with unit_of_work(engine) as session:
        for _ in range(number):
            audit.record(session, audit.DENIED, actor="staff:1", permission="x", path="/")
        session.flush()
        audit.seal(session)


def cut_tail(session: Session, after: int) -> None:
    """What somebody with the database's own password can do."""
    connection = session.connection()
    on = {one: "" if connection.dialect.name == "sqlite" else f" ON {one}"
          for one in ("audit_event", "audit_seal")}  # fmt: skip
    for table in on:
        connection.execute(text(f"DROP TRIGGER {table}_no_delete{on[table]}"))
    connection.execute(text(f"DELETE FROM audit_seal WHERE event_id > {after}"))
    connection.execute(text(f"DELETE FROM audit_event WHERE id > {after}"))
    session.expire_all()


def test_a_cut_end_leaves_a_whole_chain_and_is_found_by_its_mark(
    engine: Engine, session: Session, tmp_path: Path
) -> None:
    lay(engine, 5)
    audit.keep_mark(session, tmp_path)
    assert audit.find_missing(session, audit.kept_marks(tmp_path)) is None
    marked = audit.mark(session)
    session.rollback()
    cut_tail(session, after=3)
    assert audit.find_break(session) is None
    assert audit.find_missing(session, audit.kept_marks(tmp_path)) == marked


def test_a_chain_made_anew_up_to_the_same_number_is_found_too(
    engine: Engine, session: Session, tmp_path: Path
) -> None:
    lay(engine, 3)
    audit.keep_mark(session, tmp_path)
    session.rollback()
    other = audit.read_mark(f"3:{'0' * 64}")
    assert other is not None
    assert audit.find_missing(session, [other]) == other


def test_the_worker_writes_one_mark_a_day_and_takes_none_away(
    engine: Engine, noon: datetime, tmp_path: Path
) -> None:
    lay(engine, 2)
    for _ in range(2):
        Worker(engine, marks_in=tmp_path).step()
    lines = (tmp_path / audit.MARKS_FILE).read_text().splitlines()
    assert len(lines) == len(set(lines)) >= 1


@pytest.mark.parametrize("line", ["", "5", "x:y", "5:abc", f"-1:{'0' * 64}", f"٣:{'0' * 64}"])
def test_a_line_that_is_no_mark_is_none(line: str) -> None:
    assert audit.read_mark(line) is None


@pytest.mark.parametrize("table", ["audit_event", "audit_seal"])
def test_postgresql_refuses_to_truncate_audit(postgres_engine: Engine, table: str) -> None:
    lay(postgres_engine, 2)
    with Session(postgres_engine) as session:
        with pytest.raises(DBAPIError, match="insert-only"):
            session.connection().execute(text(f"TRUNCATE {table} CASCADE"))
        session.rollback()
        assert audit.find_break(session) is None
        assert audit.mark(session) is not None
