"""What must be done later: rows written with what caused them, claimed by any number of workers."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import JSON, Column, Engine, update
from sqlmodel import Field, Session, SQLModel, col, select

from backend.core import clock
from backend.core.columns import Moment
from backend.core.database import unit_of_work

CLAIM_FOR = timedelta(minutes=10)
MOST_ATTEMPTS = 8
CANNOT_WAIT = "cannot_wait"
log = structlog.get_logger()


class Job(SQLModel, table=True):
    """One piece of later work; `details` holds ids, never anybody's words."""

    id: int | None = Field(default=None, primary_key=True)
    kind: str = Field(index=True)
    key: str | None = Field(default=None, unique=True)
    details: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    due_at: datetime = Field(sa_column=Column(Moment, nullable=False, index=True))
    claimed_by: str | None = None
    claimed_until: datetime | None = Field(default=None, sa_column=Column(Moment))
    attempts: int = 0
    done_at: datetime | None = Field(default=None, sa_column=Column(Moment, index=True))
    failure: str | None = None


@dataclass(frozen=True)
class Apart:
    """A handler that opens transactions of its own and holds none while it waits for a network:
    SQLite has one writer. It returns when its work is to be taken up again, or None when done.

    It may be cut off at any place and started anew, so it must write down what it is about to do
    before it does it.
    """

    run: Callable[[Engine, dict[str, Any]], datetime | None]


Handler = Callable[[Session, dict[str, Any]], None] | Apart


def enqueue(
    session: Session,
    kind: str,
    *,
    due_at: datetime | None = None,
    key: str | None = None,
    **details: Any,
) -> None:
    """Leave work for later in the caller's transaction; a key makes a second one a no-op."""
    if key is not None and session.exec(select(Job.id).where(Job.key == key)).first():
        return
    session.add(Job(kind=kind, key=key, details=details, due_at=due_at or clock.now()))


def hurry(session: Session) -> None:
    """Something came up that cannot wait: whoever tells people of it looks as soon as this
    transaction is done, and not at the next hour."""
    enqueue(session, CANNOT_WAIT)


def leave_none(session: Session, kind: str) -> None:
    """Call all work of a kind done that is due and that nobody has in hand: the caller does it now,
    once, for whatever had been committed."""
    session.execute(
        update(Job)
        .where(col(Job.kind) == kind, col(Job.done_at).is_(None), col(Job.claimed_by).is_(None))
        .where(col(Job.due_at) <= clock.now())
        .values(done_at=clock.now())
    )


def is_left(session: Session, kind: str, **details: Any) -> bool:
    """Whether work of this kind and these details waits and will still be tried."""
    return details in all_left(session, kind)


def all_left(session: Session, kind: str) -> list[dict[str, Any]]:
    """The details of all work of a kind that waits and will still be tried."""
    rows = session.exec(
        select(Job.details).where(
            Job.kind == kind, col(Job.done_at).is_(None), col(Job.attempts) < MOST_ATTEMPTS
        )
    ).all()
    return [dict(details) for details in rows]


def claim(engine: Engine, worker: str) -> Job | None:
    """Take the next due job for this worker, or None. One conditional UPDATE finds it and decides
    who has it."""
    now = clock.now()
    free = col(Job.claimed_until).is_(None) | (col(Job.claimed_until) < now)
    next_due = (
        select(Job.id)
        .where(col(Job.done_at).is_(None), col(Job.due_at) <= now, free)
        .where(col(Job.attempts) < MOST_ATTEMPTS)
        .order_by(col(Job.due_at), col(Job.id))
        .limit(1)
        .with_for_update(skip_locked=True)
        .correlate(None)
    )
    taking = (
        update(Job)
        .where(col(Job.id) == next_due.scalar_subquery(), col(Job.done_at).is_(None), free)
        .values(claimed_by=worker, claimed_until=now + CLAIM_FOR, attempts=col(Job.attempts) + 1)
        .returning(Job)
    )
    with unit_of_work(engine) as session:
        return session.scalars(taking, execution_options={"synchronize_session": False}).first()


def run_one(engine: Engine, handlers: dict[str, Handler], worker: str) -> bool:
    """Run the next due job; False when nothing is due. A failure is kept and tried again later."""
    job = claim(engine, worker)
    if job is None:
        return False
    try:
        _handle(engine, handlers[job.kind], job)
    except Exception as error:
        log.exception("job failed", kind=job.kind, job=job.id)
        with unit_of_work(engine) as session:
            pause = timedelta(minutes=2**job.attempts)
            _finish(session, job.id or 0, failure=type(error).__name__, due_at=clock.now() + pause)
    return True


def _handle(engine: Engine, handler: Handler, job: Job) -> None:
    if not isinstance(handler, Apart):
        with unit_of_work(engine) as session:
            handler(session, job.details)
            _finish(session, job.id or 0, done_at=clock.now())
        return
    again_at = handler.run(engine, job.details)
    with unit_of_work(engine) as session:
        if again_at is None:
            _finish(session, job.id or 0, done_at=clock.now())
        else:  # its own schedule: coming back is no failure, so no tries are counted
            _finish(session, job.id or 0, due_at=again_at, attempts=0, failure=None)


def _finish(session: Session, job_id: int, **values: Any) -> None:
    session.execute(
        update(Job)
        .where(col(Job.id) == job_id)
        .values(claimed_by=None, claimed_until=None, **values)
    )


def run_all_due(engine: Engine, handlers: dict[str, Handler], *, most: int = 10_000) -> int:
    """Run due jobs until none is left; returns how many ran."""
    worker = uuid.uuid4().hex
    ran = 0
    while ran < most and run_one(engine, handlers, worker):
        ran += 1
    return ran
