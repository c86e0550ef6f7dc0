"""Audit: exact keys, insert-only on both engines, and a chain that shows tampering."""

import pytest
from sqlalchemy import Engine, event, text
from sqlalchemy.exc import DatabaseError
from sqlmodel import Session, select

from backend.core import audit
from backend.core.audit import AuditEvent, AuditSeal
from backend.core.database import unit_of_work

TOLD = audit.declare("test.told", "number")


def record_three(engine: Engine) -> None:
    with unit_of_work(engine) as session:
        for number in range(3):
            audit.record(session, TOLD, actor="staff:1", number=number)
    with unit_of_work(engine) as session:
        assert audit.seal(session) == 3


def test_an_event_carries_exactly_its_own_keys(session: Session) -> None:
    with pytest.raises(KeyError):
        audit.record(session, TOLD, actor="staff:1")
    with pytest.raises(KeyError):
        audit.record(session, TOLD, actor="staff:1", number=1, words="no")
    with pytest.raises(KeyError):
        audit.record(session, "test.never_declared", actor="staff:1")


@pytest.mark.parametrize(
    "statement", ["UPDATE audit_event SET actor='x'", "DELETE FROM audit_seal"]
)
def test_the_database_itself_refuses_to_change_or_remove_a_row(
    engine: Engine, statement: str
) -> None:
    record_three(engine)
    with pytest.raises(DatabaseError, match="insert-only"), unit_of_work(engine) as session:
        session.execute(text(statement))
    with Session(engine) as session:
        assert len(session.exec(select(AuditEvent)).all()) == 3


def test_sealing_goes_on_where_it_stopped(engine: Engine) -> None:
    record_three(engine)
    record_three(engine)
    with Session(engine) as session:
        assert audit.seal(session) == 0
        assert audit.find_break(session) is None


def test_sealing_reads_the_newest_seal_alone_however_long_the_chain_is(engine: Engine) -> None:
    for _ in range(4):
        record_three(engine)
    loaded: list[object] = []
    with unit_of_work(engine) as session:
        audit.record(session, TOLD, actor="staff:1", number=1)
        event.listen(AuditSeal, "load", hear := lambda seal, _: loaded.append(seal))
        assert audit.seal(session) == 1
        event.remove(AuditSeal, "load", hear)
    assert len(loaded) == 1


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE audit_event SET actor = 'staff:2' WHERE id = 2",
        "DELETE FROM audit_event WHERE id = 1",
    ],
)
def test_a_changed_or_missing_event_breaks_the_chain(sqlite_engine: Engine, tampering: str) -> None:
    record_three(sqlite_engine)
    with unit_of_work(sqlite_engine) as session:
        session.execute(text("DROP TRIGGER audit_event_no_update"))
        session.execute(text("DROP TRIGGER audit_event_no_delete"))
        session.execute(text("PRAGMA defer_foreign_keys = ON"))
        if tampering.startswith("DELETE"):
            session.execute(text("DROP TRIGGER audit_seal_no_delete"))
            session.execute(text("DELETE FROM audit_seal WHERE event_id = 1"))
        session.execute(text(tampering))
    with Session(sqlite_engine) as session:
        assert audit.find_break(session) is not None
