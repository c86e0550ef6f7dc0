"""Numbers and addresses that are none, and those that come anew with an extract."""

from datetime import datetime, timedelta

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine
from sqlmodel import Session

from backend.core import clock
from backend.core.access.permissions import Role
from backend.core.database import unit_of_work
from backend.messaging import jobs, queries, ways
from backend.messaging.models import Message
from backend.people.models import Contributor, Person
from backend.settings import get_settings
from tests.factories import make_staff, sign_in
from tests.messaging.letters import PHONE, state_of, work, written
from tests.messaging.mail_stand_in import MailBox
from tests.messaging.notify_stand_in import StandIn

RUBBISH = [
    ("text", "ask her mum"),
    ("text", "7.7009E+09"),
    ("text", "07700 900123 (mum)"),
    ("text", "٠٧٧٠٠٩٠٠١٢٣"),
    ("text", "sunny@post.example"),
    ("email", "nobody-has"),
    ("email", "a@b"),
    ("email", "sunny@post.example, jo@post.example"),
    ("email", "sunny@post.example\r\nBcc: jo@post.example"),
    ("email", PHONE),
]


@pytest.mark.parametrize(("channel", "address"), RUBBISH)
def test_what_is_no_address_is_asked_of_no_provider_and_comes_to_the_worker(
    sqlite_engine: Engine, noon: datetime, notify: StandIn, channel: str, address: str
) -> None:
    one = written(sqlite_engine, channel=channel, address=address)
    work(sqlite_engine)
    assert state_of(sqlite_engine, one) == ("bounced", "not_an_address")
    assert notify.posts == 0
    with unit_of_work(sqlite_engine) as session:
        worker = make_staff(session, Role.SOCIAL_WORKER)
        own = session.get_one(Contributor, session.get_one(Message, one).contributor_id)
        person = session.get_one(Person, own.person_id)
        person.worker_id = worker.staff_id
        [lost] = queries.undelivered(session, worker, [own.person_id or 0])[own.person_id or 0]
        assert "the case system holds none that works: ask for a new" in lost.words
        assert address not in lost.words


@pytest.mark.parametrize(
    ("channel", "address"),
    [
        ("text", "07700900123"),
        ("text", "7700900123"),  # a spreadsheet ate its nought
        ("text", "+44 (0)7700 900-123"),
        ("email", "o'brien+home@post.co.example"),
    ],
)
def test_addresses_as_people_write_them_are_taken(channel: str, address: str) -> None:
    assert ways.is_address(channel, address)


def test_rubbish_is_seen_without_a_provider_too_and_on_the_outbox(
    client: TestClient, app_session: Session, noon: datetime
) -> None:
    one = written(app_session.get_bind(), address="ask her mum")  # type: ignore[arg-type]
    work(app_session.get_bind())  # type: ignore[arg-type]
    assert state_of(app_session.get_bind(), one)[0] == "bounced"  # type: ignore[arg-type]
    sign_in(client, app_session, make_staff(app_session, Role.PARTICIPATION_OFFICER))
    page = client.get("/staff/outbox").text
    assert "what the case system holds is no mobile number or e-mail address" in page
    assert "ask her mum" not in page


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("permanent-failure", "there is no such number or address"),
        ("temporary-failure", "the phone was off, or its inbox full, for three days"),
        ("technical-failure", "a fault of GOV.UK Notify"),
    ],
)
def test_every_failure_of_notify_stands_on_the_outbox_with_what_to_do(
    client: TestClient,
    app_session: Session,
    noon: datetime,
    notify: StandIn,
    said: str,
    words: str,
) -> None:
    engine = app_session.get_bind()
    one = written(engine)  # type: ignore[arg-type]
    work(engine)  # type: ignore[arg-type]
    notify.set_state(said)
    with clock.set_to(noon + timedelta(minutes=10)):
        work(engine)  # type: ignore[arg-type]
        sign_in(client, app_session, make_staff(app_session, Role.PARTICIPATION_OFFICER))
        page = client.get("/staff/outbox").text
    waits = page[page.index("Waits for a person") : page.index("All messages")]
    assert words in waits
    assert f'action="/staff/outbox/{one}"' in waits


def give_address(engine: Engine, message_id: int, channel: str, address: str) -> None:
    """What the next extract says of the same child."""
    with unit_of_work(engine) as session:
        own = session.get_one(Contributor, session.get_one(Message, message_id).contributor_id)
        person = session.get_one(Person, own.person_id)
        person.channel, person.address = channel, address


def look_after(engine: Engine) -> None:
    for duty in jobs.DAILY:
        with unit_of_work(engine) as session:
            duty(session)


def test_a_new_number_in_the_extract_sends_what_had_not_arrived(
    sqlite_engine: Engine, noon: datetime, notify: StandIn
) -> None:
    one = written(sqlite_engine, address="ask her mum")
    work(sqlite_engine)
    look_after(sqlite_engine)
    work(sqlite_engine)
    assert state_of(sqlite_engine, one)[0] == "bounced"  # the extract says the same
    give_address(sqlite_engine, one, "text", "07700 900 555")
    for _ in range(2):
        look_after(sqlite_engine)
        work(sqlite_engine)
    assert state_of(sqlite_engine, one) == ("sent", "")
    assert [gone["to"] for gone in notify.notifications] == ["07700 900 555"]


def test_without_any_number_the_worker_tells_them(
    sqlite_engine: Engine, noon: datetime, notify: StandIn
) -> None:
    one = written(sqlite_engine, address="ask her mum")
    work(sqlite_engine)
    give_address(sqlite_engine, one, "text", "")
    look_after(sqlite_engine)
    assert state_of(sqlite_engine, one) == ("waiting", "")
    with Session(sqlite_engine) as session:
        assert session.get_one(Message, one).channel == "in_person"


def test_what_a_person_let_be_is_not_sent_again_by_a_new_number(
    sqlite_engine: Engine, noon: datetime, notify: StandIn
) -> None:
    one = written(sqlite_engine, address="ask her mum")
    work(sqlite_engine)
    with unit_of_work(sqlite_engine) as session:
        session.get_one(Message, one).settled_at = clock.now()
    give_address(sqlite_engine, one, "text", PHONE)
    look_after(sqlite_engine)
    work(sqlite_engine)
    assert notify.posts == 0


def test_a_mail_server_that_takes_no_sign_in_of_ours_is_said_as_that(
    sqlite_engine: Engine, noon: datetime, mail: MailBox, own_settings: pytest.MonkeyPatch
) -> None:
    own_settings.setenv("HEARD_SMTP_USER", "heard")
    own_settings.setenv("HEARD_SMTP_PASSWORD", "wrong")
    get_settings.cache_clear()
    one = written(sqlite_engine, channel="email", address="sunny@post.example")
    work(sqlite_engine)
    assert state_of(sqlite_engine, one) == ("waiting", "key_refused")
    assert mail.came == []
