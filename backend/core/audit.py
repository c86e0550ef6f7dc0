"""What was done and read, by whom and when: insert-only, each event with exactly its own keys."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import JSON, Column
from sqlmodel import Field, Session, SQLModel, col, select

from backend.core import clock
from backend.core.columns import Moment

EVENTS: dict[str, frozenset[str]] = {}
GENESIS = "0" * 64
MARKS_FILE = "audit.marks"


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
    newest = select(AuditSeal).order_by(col(AuditSeal.event_id).desc()).limit(1)
    return session.exec(newest).first()


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


@dataclass(frozen=True)
class Mark:
    """How far the chain went once: its last event, and the hash over all up to it."""

    event_id: int
    chain: str

    def __str__(self) -> str:
        return f"{self.event_id}:{self.chain}"


def mark(session: Session) -> Mark | None:
    """How far the chain goes now; None before anything was sealed."""
    last = _last_seal(session)
    return Mark(last.event_id, last.chain) if last else None


def read_mark(text: str) -> Mark | None:
    """A mark as it was written down, or None where this is none."""
    number, _, chain = text.strip().partition(":")
    is_mark = number.isascii() and number.isdigit() and len(chain) == len(GENESIS)
    return Mark(int(number), chain) if is_mark else None


def keep_mark(session: Session, folder: Path) -> Mark | None:
    """Write down outside the database how far the chain goes: a cut tail leaves a whole chain, and
    whoever can cut it there cannot always reach this file. One line is added, none taken away."""
    now = mark(session)
    if now is not None and (not (marks := kept_marks(folder)) or marks[-1] != now):
        with (folder / MARKS_FILE).open("a", encoding="ascii") as file:
            file.write(f"{now}\n")
    return now


def kept_marks(folder: Path) -> list[Mark]:
    """The marks that were written down, the oldest first."""
    path = folder / MARKS_FILE
    lines = path.read_text(encoding="ascii", errors="replace").splitlines() if path.exists() else []
    return [found for line in lines if (found := read_mark(line))]


def find_missing(session: Session, marks: Iterable[Mark]) -> Mark | None:
    """The first mark that the chain does not bear out: events up to it were cut off or made anew;
    None when every one does."""
    for one in sorted(marks, key=lambda mark: mark.event_id):
        row = session.get(AuditSeal, one.event_id)
        if row is None or row.chain != one.chain:
            return one
    return None


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
