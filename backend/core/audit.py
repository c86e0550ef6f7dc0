"""What was done and read, by whom and when: insert-only, each event with exactly its own keys."""

import hashlib
import json
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column
from sqlmodel import Field, Session, SQLModel, col, select

from backend.core import clock
from backend.core.columns import Moment

EVENTS: dict[str, frozenset[str]] = {}
GENESIS = "0" * 64


class AuditEvent(SQLModel, table=True):
    """One thing that happened. Holds references and counts, never anybody's words."""

    __tablename__ = "audit_event"
    id: int | None = Field(default=None, primary_key=True)
    at: datetime = Field(sa_column=Column(Moment, nullable=False))
    event: str = Field(index=True)
    actor: str = Field(index=True)
    person_id: int | None = Field(default=None, index=True)
    details: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))


class AuditSeal(SQLModel, table=True):
    """The hash that chains one event to all before it; written by the sealing job alone."""

    __tablename__ = "audit_seal"
    event_id: int = Field(primary_key=True, foreign_key="audit_event.id")
    chain: str


def declare(event: str, *keys: str) -> str:
    """Name an event and the exact keys it carries; a feature does this once, at import."""
    EVENTS[event] = frozenset(keys)
    return event


DENIED = declare("access.denied", "permission", "path")


def record(
    session: Session, event: str, *, actor: str, person_id: int | None = None, **details: Any
) -> None:
    """Write one event in the caller's transaction; raises KeyError for undeclared keys."""
    if EVENTS[event] != frozenset(details):
        raise KeyError(f"{event} carries {sorted(EVENTS[event])}, not {sorted(details)}")
    session.add(
        AuditEvent(at=clock.now(), event=event, actor=actor, person_id=person_id, details=details)
    )


def _link(previous: str, event: AuditEvent) -> str:
    body = json.dumps(
        [event.id, event.at.isoformat(), event.event, event.actor, event.person_id, event.details],
        sort_keys=True,
    )
    return hashlib.sha256((previous + body).encode()).hexdigest()


def _last_seal(session: Session) -> AuditSeal | None:
    return session.exec(select(AuditSeal).order_by(col(AuditSeal.event_id).desc())).first()


def seal(session: Session) -> int:
    """Chain every event that is not yet chained, in order; returns how many."""
    last = _last_seal(session)
    chain, after = (last.chain, last.event_id) if last else (GENESIS, 0)
    events = session.exec(
        select(AuditEvent).where(col(AuditEvent.id) > after).order_by(col(AuditEvent.id))
    ).all()
    for event in events:
        chain = _link(chain, event)
        session.add(AuditSeal(event_id=event.id or 0, chain=chain))
    return len(events)


def find_break(session: Session) -> int | None:
    """The id of the first event whose chain does not hold, or None when all is whole."""
    chain = GENESIS
    seals = {row.event_id: row.chain for row in session.exec(select(AuditSeal))}
    if not seals:
        return None
    last = max(seals)
    events = session.exec(
        select(AuditEvent).where(col(AuditEvent.id) <= last).order_by(col(AuditEvent.id))
    ).all()
    for event in events:
        chain = _link(chain, event)
        if seals.pop(event.id or 0, None) != chain:
            return event.id
    return min(seals) if seals else None
