"""E-mail by the council's own server: at most once, and what is not known goes to a person."""

import smtplib
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine

from backend.core import clock
from backend.settings import get_settings
from tests.messaging.letters import state_of, work, written
from tests.messaging.mail_stand_in import MailBox

ADDRESS = "sunny@post.example"


def mailed(engine: Engine) -> int:
    return written(engine, channel="email", address=ADDRESS)


def test_an_e_mail_goes_once(engine: Engine, noon: datetime, mail: MailBox) -> None:
    one = mailed(engine)
    work(engine)
    work(engine)
    assert state_of(engine, one) == ("sent", "")
    [came] = mail.came
    assert "Subject: There is news for you on your page" in came
    assert "https://heard.example/me/o/" in came.replace("=\r\n", "")


def test_a_refused_address_is_shown_at_once(
    sqlite_engine: Engine, noon: datetime, mail: MailBox
) -> None:
    mail.refused.add(ADDRESS)
    one = mailed(sqlite_engine)
    work(sqlite_engine)
    assert state_of(sqlite_engine, one) == ("bounced", "no_such_address")


@pytest.mark.parametrize(
    ("answer", "state"), [("451 later", "waiting"), ("554 no", "failed"), ("250 kept", "sent")]
)
def test_only_the_servers_answer_counts(
    sqlite_engine: Engine, noon: datetime, mail: MailBox, answer: str, state: str
) -> None:
    mail.data_answer = answer
    one = mailed(sqlite_engine)
    work(sqlite_engine)
    assert state_of(sqlite_engine, one)[0] == state


def test_a_server_that_is_away_is_asked_again_because_nothing_left(
    sqlite_engine: Engine,
    noon: datetime,
    mail: MailBox,
    own_settings: pytest.MonkeyPatch,
) -> None:
    own_settings.setenv("HEARD_SMTP_PORT", "9")
    get_settings.cache_clear()
    one = mailed(sqlite_engine)
    work(sqlite_engine)
    assert state_of(sqlite_engine, one) == ("waiting", "no_answer")
    own_settings.setenv("HEARD_SMTP_PORT", str(mail.port))
    get_settings.cache_clear()
    with clock.set_to(noon + timedelta(hours=1)):
        work(sqlite_engine)
    assert state_of(sqlite_engine, one)[0] == "sent"
    assert len(mail.came) == 1


def test_a_server_without_starttls_gets_nothing_where_it_is_asked_for(
    sqlite_engine: Engine, noon: datetime, mail: MailBox, own_settings: pytest.MonkeyPatch
) -> None:
    own_settings.setenv("HEARD_SMTP_STARTTLS", "yes")
    get_settings.cache_clear()
    one = mailed(sqlite_engine)
    work(sqlite_engine)
    assert state_of(sqlite_engine, one) == ("waiting", "not_safe_to_send")
    assert mail.came == []


def test_an_answer_that_is_lost_goes_to_a_person_and_is_not_sent_again(
    sqlite_engine: Engine, noon: datetime, mail: MailBox, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = smtplib.SMTP.data

    def lose(self: smtplib.SMTP, message: bytes) -> tuple[int, bytes]:
        real(self, message)
        raise smtplib.SMTPServerDisconnected("gone")

    monkeypatch.setattr(smtplib.SMTP, "data", lose)
    one = mailed(sqlite_engine)
    work(sqlite_engine)
    assert state_of(sqlite_engine, one) == ("unknown", "no_answer")
    with clock.set_to(noon + timedelta(days=2)):
        work(sqlite_engine)
    assert len(mail.came) == 1
