"""Small makers of people to write to, and the worker that sends."""

from datetime import datetime, timedelta

from sqlalchemy import Engine
from sqlmodel import Session, select

from backend.core import clock, jobs
from backend.core.database import unit_of_work
from backend.messaging import service
from backend.messaging.jobs import HANDLERS
from backend.messaging.models import Message
from backend.people import queries as people
from tests.factories import make_person

PHONE = "07700 900123"


def written(
    engine: Engine, key: str = "one", *, channel: str = "text", address: str = PHONE
) -> int:
    """A message to a child of their own, as any feature writes it; its id."""
    with unit_of_work(engine) as session:
        person = make_person(session, channel=channel, address=address)
        own = people.contributor_of_person(session, person.id or 0)
        assert own is not None
        made = service.write(session, key=key, occasion="answer", contributor_id=own.id)
        assert made is not None
        session.flush()
        return made.id or 0


def work(engine: Engine) -> int:
    """Everything that is due now, as a worker does it; how much that was."""
    return jobs.run_all_due(engine, dict(HANDLERS), most=200)


def work_until(engine: Engine, first: datetime, last: datetime, *, step: timedelta) -> None:
    """A worker over a stretch of time."""
    moment = first
    while moment <= last:
        with clock.set_to(moment):
            work(engine)
        moment += step


def state_of(engine: Engine, message_id: int) -> tuple[str, str]:
    """Where a message stands, and why."""
    with Session(engine) as session:
        row = session.exec(select(Message).where(Message.id == message_id)).one()
        return row.state, row.fault
