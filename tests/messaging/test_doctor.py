"""What `heard doctor` says of messages: which channels there are, and what holds them up."""

from datetime import datetime, timedelta

import pytest
from sqlmodel import Session

from backend.commands.message_checks import message_findings
from backend.core import clock
from backend.imports.models import ImportRun
from backend.settings import get_settings
from tests.messaging.letters import written
from tests.messaging.notify_stand_in import StandIn


def said(session: Session) -> list[tuple[bool, str]]:
    return list(message_findings(session, get_settings()))


def test_without_settings_messages_stay_on_screen(
    session: Session, noon: datetime, own_settings: pytest.MonkeyPatch
) -> None:
    found = said(session)
    assert (True, "texts go by nothing: they stay in the outbox on screen") in found
    assert all(is_well for is_well, _ in found)


def test_with_notify_it_is_named_and_nothing_is_asked_of_it(
    session: Session, noon: datetime, notify: StandIn
) -> None:
    assert (True, "e-mails go by GOV.UK Notify") in said(session)
    assert notify.posts == notify.look_ups == 0


def test_a_key_that_is_none_and_a_missing_template_are_found(
    session: Session, noon: datetime, notify: StandIn, own_settings: pytest.MonkeyPatch
) -> None:
    own_settings.setenv("HEARD_NOTIFY_KEY", "tea")
    own_settings.setenv("HEARD_NOTIFY_TEXT_TEMPLATE", "")
    get_settings.cache_clear()
    bad = [text for is_well, text in said(session) if not is_well]
    assert len(bad) == 2
    assert "tea" not in "".join(bad)


def test_an_old_extract_and_messages_for_a_person_are_said(
    session: Session, noon: datetime, own_settings: pytest.MonkeyPatch
) -> None:
    from backend.messaging.models import Message

    one = written(session.get_bind())  # type: ignore[arg-type]
    session.get_one(Message, one).state = "bounced"
    day = clock.today() - timedelta(days=9)
    session.add(ImportRun(kind="people", as_at=day, ran_at=clock.now(), ran_by="x", counts={}))
    session.flush()
    bad = [text for is_well, text in said(session) if not is_well]
    assert bad[0] == "1 messages wait for a person on the outbox page"
    assert "more than 8 days old, so nobody is invited" in bad[1]
