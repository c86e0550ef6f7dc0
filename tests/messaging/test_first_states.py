"""Messages that the first version wrote are carried on into today's states."""

from datetime import datetime

from sqlalchemy import Engine, text
from sqlmodel import Session

from backend.core import database
from backend.core.access.permissions import Role
from backend.core.encryption import keyring
from backend.messaging import jobs, outbox
from backend.messaging.models import Message
from backend.people import queries as people
from tests.factories import make_person, make_staff

FIRST = "0001"
OLD_ROW = """
INSERT INTO message (id, contributor_id, key, channel, address, words, made_at, state)
VALUES (7, :contributor, 'invite:1:1', 'text', :address, :words, :made_at, 'in_outbox')
"""


def test_a_database_of_the_first_version_keeps_its_messages_in_the_outbox_on_screen(
    engine: Engine, noon: datetime
) -> None:
    with database.unit_of_work(engine) as session:
        person = make_person(session, channel="text", address="07700 900123")
        own = people.contributor_of_person(session, person.id or 0)
        assert own is not None
        contributor_id = own.id
    database.migrate(engine, FIRST)
    with engine.begin() as connection:
        values = {
            "contributor": contributor_id,
            "address": keyring().encrypt("07700 900123"),
            "words": keyring().encrypt("Your page is ready"),
            "made_at": noon.replace(tzinfo=None) if engine.dialect.name == "sqlite" else noon,
        }
        connection.execute(text(OLD_ROW), values)
    database.migrate(engine)
    for _ in range(2):
        for duty in jobs.DAILY:
            with database.unit_of_work(engine) as session:
                duty(session)
    with Session(engine) as session:
        row = session.get_one(Message, 7)
        assert (row.state, row.sent_at, row.words) == ("shown", noon, "Your page is ready")
        officer = make_staff(session, Role.PARTICIPATION_OFFICER)
        assert outbox.counts(session, officer) == {"shown": 1}
        [line] = outbox.lines(session, officer, state="shown")
        assert line.state_words == "On screen only"
