"""The kill test: a worker dies before, during and after a provider's answer, and starts again."""

import multiprocessing
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from backend.core import clock, jobs
from tests.messaging import one_worker
from tests.messaging.letters import state_of, work, written
from tests.messaging.mail_stand_in import MailBox
from tests.messaging.notify_stand_in import StandIn

PATIENCE = 120.0  # to start a process on a busy machine; it is told as soon as it stands
# Each worker is a process that is really killed; what it imports is read once for all of them.
PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload([one_worker.__name__])


@contextmanager
def worker(engine: Engine, keys: Path, moment: datetime, place: str) -> Iterator[Path]:
    """A worker in a process of its own; the mark appears when it stands at `place`."""
    mark = keys / "stands"
    address = engine.url.render_as_string(hide_password=False)
    process = PROCESSES.Process(
        target=one_worker.main, args=(address, keys, moment, place, mark, dict(os.environ))
    )
    process.start()
    try:
        yield mark
    finally:
        process.kill()
        process.join(timeout=10)


def wait_for(reached: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE
    while not reached():
        assert time.monotonic() < until, "the worker never came there"
        time.sleep(0.02)


def start_again(engine: Engine, noon: datetime) -> None:
    """A new worker after the dead one's claim ran out, and an hour later once more."""
    for later in (jobs.CLAIM_FOR + timedelta(minutes=1), timedelta(hours=1)):
        with clock.set_to(noon + later):
            work(engine)


@pytest.mark.parametrize("place", ["asking", "answered"])
def test_a_worker_killed_before_it_asks_or_with_the_answer_in_hand_sends_once(
    sqlite_engine: Engine, noon: datetime, notify: StandIn, key_folder: Path, place: str
) -> None:
    one = written(sqlite_engine)
    with worker(sqlite_engine, key_folder, noon, place) as mark:
        wait_for(mark.exists)
    assert state_of(sqlite_engine, one)[0] == "sending"
    start_again(sqlite_engine, noon)
    assert len(notify.notifications) == 1
    assert state_of(sqlite_engine, one) == ("sent", "")


@pytest.mark.parametrize("place", ["before", "after"])
def test_a_worker_killed_while_notify_answers_sends_once(
    sqlite_engine: Engine, noon: datetime, notify: StandIn, key_folder: Path, place: str
) -> None:
    one = written(sqlite_engine)
    notify.hold = place
    with worker(sqlite_engine, key_folder, noon, ""):
        wait_for(notify.is_held.is_set)
    notify.hold = ""
    notify.let_go.set()
    assert len(notify.notifications) == (1 if place == "after" else 0)
    start_again(sqlite_engine, noon)
    assert len(notify.notifications) == 1
    assert state_of(sqlite_engine, one) == ("sent", "")


@pytest.mark.parametrize(("place", "came"), [("asking", 0), ("answered", 1)])
def test_a_worker_killed_around_a_mail_servers_answer_sends_at_most_once_and_forgets_nothing(
    sqlite_engine: Engine,
    noon: datetime,
    mail: MailBox,
    key_folder: Path,
    place: str,
    came: int,
) -> None:
    one = written(sqlite_engine, channel="email", address="sunny@post.example")
    with worker(sqlite_engine, key_folder, noon, place) as mark:
        wait_for(mark.exists)
    start_again(sqlite_engine, noon)
    assert len(mail.came) == came
    assert state_of(sqlite_engine, one) == ("unknown", "lost_answer")


def test_a_worker_killed_while_the_mail_server_answers_sends_once_and_asks_a_person(
    sqlite_engine: Engine, noon: datetime, mail: MailBox, key_folder: Path
) -> None:
    one = written(sqlite_engine, channel="email", address="sunny@post.example")
    mail.holds_answer = True
    with worker(sqlite_engine, key_folder, noon, ""):
        wait_for(mail.is_held.is_set)
    mail.holds_answer = False
    start_again(sqlite_engine, noon)
    assert len(mail.came) == 1
    assert state_of(sqlite_engine, one) == ("unknown", "lost_answer")
