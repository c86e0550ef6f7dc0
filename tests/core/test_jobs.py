"""Later work: once each, tried again after a failure, never by two workers at the same time."""

import io
from datetime import datetime, timedelta
from typing import Any

import pytest
import structlog
from sqlalchemy import Engine
from sqlmodel import Session, select

from backend.core import clock, jobs
from backend.core.database import unit_of_work
from backend.core.jobs import Job
from backend.start import log_plainly


def leave(engine: Engine, **values: Any) -> None:
    with unit_of_work(engine) as session:
        jobs.enqueue(session, "test.tell", **values)


def test_a_key_makes_the_second_of_the_same_a_no_op(engine: Engine) -> None:
    leave(engine, key="once", number=1)
    leave(engine, key="once", number=2)
    with Session(engine) as session:
        assert [job.details for job in session.exec(select(Job))] == [{"number": 1}]


def test_work_is_done_once_and_only_when_due(engine: Engine, noon: datetime) -> None:
    told: list[int] = []
    handlers = {"test.tell": lambda _session, details: told.append(details["number"])}
    leave(engine, number=1)
    leave(engine, number=2, due_at=noon + timedelta(hours=1))
    assert jobs.run_all_due(engine, handlers) == 1
    assert jobs.run_all_due(engine, handlers) == 0
    with clock.set_to(noon + timedelta(hours=1)):
        assert jobs.run_all_due(engine, handlers) == 1
    assert told == [1, 2]


def test_what_failed_is_kept_and_tried_again_later(engine: Engine, noon: datetime) -> None:
    tries: list[int] = []

    def fail_first(_session: Session, _details: dict[str, Any]) -> None:
        tries.append(1)
        if len(tries) == 1:
            raise RuntimeError("not today")

    handlers = {"test.tell": fail_first}
    leave(engine)
    assert jobs.run_all_due(engine, handlers) == 1
    with Session(engine) as session:
        job = session.exec(select(Job)).one()
        assert (job.failure, job.done_at) == ("RuntimeError", None)
    assert jobs.run_all_due(engine, handlers) == 0
    with clock.set_to(noon + timedelta(hours=1)):
        assert jobs.run_all_due(engine, handlers) == 1
    assert len(tries) == 2


def test_what_one_worker_holds_no_other_takes_until_its_time_is_over(
    engine: Engine, noon: datetime
) -> None:
    leave(engine)
    assert jobs.claim(engine, "first") is not None
    assert jobs.claim(engine, "second") is None
    with clock.set_to(noon + jobs.CLAIM_FOR + timedelta(seconds=1)):
        assert jobs.claim(engine, "second") is not None


def test_a_handler_that_raises_leaves_nothing_half_written(engine: Engine) -> None:
    def write_and_fail(session: Session, _details: dict[str, Any]) -> None:
        jobs.enqueue(session, "test.other")
        session.flush()
        raise RuntimeError("after writing")

    leave(engine)
    jobs.run_all_due(engine, {"test.tell": write_and_fail})
    with Session(engine) as session:
        assert [job.kind for job in session.exec(select(Job))] == ["test.tell"]


def test_a_failure_is_kept_when_the_standard_error_of_the_start_was_closed(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = io.StringIO(), io.StringIO()
    leave(engine)
    with monkeypatch.context() as patched:
        patched.setattr("sys.stderr", first)
        log_plainly()
        first.close()
        patched.setattr("sys.stderr", second)
        try:
            assert jobs.run_all_due(engine, {}) == 1
        finally:
            structlog.reset_defaults()
    assert "job failed" in second.getvalue()
    with Session(engine) as session:
        assert session.exec(select(Job)).one().failure == "KeyError"


def test_work_apart_holds_no_transaction_while_it_waits(engine: Engine, noon: datetime) -> None:
    wrote: list[str] = []

    def wait(own: Engine, details: dict[str, Any]) -> None:
        # What another writer would do meanwhile; on SQLite it would wait for its turn for ever.
        with unit_of_work(own) as session:
            jobs.enqueue(session, "test.other", key="beside")
        wrote.append("beside")

    leave(engine)
    assert jobs.run_one(engine, {"test.tell": jobs.Apart(wait)}, "one")
    with Session(engine) as session:
        done = {job.kind: job.done_at is not None for job in session.exec(select(Job))}
    assert (wrote, done) == (["beside"], {"test.tell": True, "test.other": False})


def test_work_apart_comes_back_when_it_says_however_often(engine: Engine, noon: datetime) -> None:
    seen: list[datetime] = []

    def come_back(_engine: Engine, _details: dict[str, Any]) -> datetime | None:
        seen.append(clock.now())
        return clock.now() + timedelta(minutes=1) if len(seen) < 20 else None

    leave(engine)
    for minute in range(30):
        with clock.set_to(noon + timedelta(minutes=minute)):
            jobs.run_all_due(engine, {"test.tell": jobs.Apart(come_back)})
    assert len(seen) == 20 > jobs.MOST_ATTEMPTS
    with Session(engine) as session:
        assert session.exec(select(Job)).one().done_at is not None


def test_work_apart_that_fails_is_tried_again(engine: Engine, noon: datetime) -> None:
    def fail(_engine: Engine, _details: dict[str, Any]) -> None:
        raise RuntimeError("not today")

    leave(engine)
    jobs.run_all_due(engine, {"test.tell": jobs.Apart(fail)})
    with Session(engine) as session:
        job = session.exec(select(Job)).one()
        assert (job.failure, job.done_at) == ("RuntimeError", None)
        assert jobs.is_left(session, "test.tell")
        assert not jobs.is_left(session, "test.tell", number=1)
