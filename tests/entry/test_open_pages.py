"""Open pages end: by leaving, locking, idling, a revoked code; help is the same for everyone."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session, select

from backend.core import clock
from backend.core.access.permissions import Role
from backend.entry import frames, help_numbers, service, sessions
from backend.entry.jobs import forget_old_tries_and_pages
from backend.entry.models import ContributorSession, EntryAttempt
from backend.settings import Settings
from tests.entry.doors import come_in, make_young_person
from tests.factories import make_contact, make_person, make_staff


def test_leave_ends_the_page_and_goes_where_nobody_is_surprised(
    client: TestClient, app_session: Session
) -> None:
    *_, line = make_young_person(app_session)
    app_session.commit()
    come_in(client, line)
    token = client.cookies["heard_me"]
    answer = client.get("/me/leave")
    assert (answer.status_code, answer.headers["location"]) == (
        303,
        "https://www.bbc.co.uk/weather",
    )
    assert answer.headers["clear-site-data"] == '"cache"'
    assert "heard_me" not in client.cookies
    client.cookies.set("heard_me", token, path="/me")
    assert client.get("/me/secret").headers["location"] == "/me/"


def test_leave_and_lock_work_for_somebody_who_is_not_in(client: TestClient) -> None:
    assert client.get("/me/leave").status_code == 303
    assert client.post("/me/lock").headers["location"] == "/me/"


def test_a_page_locks_when_idle_and_a_tap_keeps_it_open(session: Session, noon: datetime) -> None:
    _, own, _ = make_young_person(session)
    token = sessions.open_session(session, own.id or 0, how="code")
    session.flush()
    for minutes in (19, 38):
        with clock.set_to(noon + timedelta(minutes=minutes)):
            assert service.identify(session, token) is not None
    with clock.set_to(noon + timedelta(minutes=58)):
        assert service.identify(session, token) is None


def test_a_page_ends_after_half_a_day_however_busy(session: Session, noon: datetime) -> None:
    _, own, _ = make_young_person(session)
    token = sessions.open_session(session, own.id or 0, how="code")
    session.flush()
    for minutes in range(0, 12 * 60, 15):
        with clock.set_to(noon + timedelta(minutes=minutes)):
            assert service.identify(session, token) is not None
    with clock.set_to(noon + timedelta(hours=12, minutes=1)):
        assert service.identify(session, token) is None


def test_asking_how_long_is_left_does_not_keep_the_page_open_but_a_tap_does(
    client: TestClient, app_session: Session, noon: datetime
) -> None:
    *_, line = make_young_person(app_session)
    app_session.commit()
    assert client.get("/me/here").json() == {"seconds_left": 0}
    come_in(client, line)
    with clock.set_to(noon + timedelta(minutes=15)):
        assert client.get("/me/here").json() == {"seconds_left": 300}
        assert client.get("/me/here").json() == {"seconds_left": 300}
        assert client.post("/me/here").json() == {"seconds_left": 1200}


@pytest.mark.parametrize(
    ("group", "name"),
    [("looked_after", "{iro} (your IRO)"), ("care_leaver", "{adviser} (your PA)")],
)
def test_a_young_person_is_told_who_reads_and_by_when(
    session: Session, noon: datetime, group: str, name: str
) -> None:
    iro, adviser = make_staff(session, Role.IRO), make_staff(session, Role.PERSONAL_ADVISER)
    person, own, _ = make_young_person(
        session, group=group, iro_id=iro.staff_id, personal_adviser_id=adviser.staff_id
    )
    token = sessions.open_session(session, own.id or 0, how="code")
    session.flush()
    identity = service.identify(session, token)
    assert identity is not None
    said = frames.who_reads(session, identity, person, within_days=1)
    assert said["name"] == name.format(iro=iro.name, adviser=adviser.name)
    assert said["when"] == "by Tuesday 24 November"
    person.iro_id = person.personal_adviser_id = None
    said = frames.who_reads(session, identity, person, within_days=1)
    assert said["name"] == "Somebody on the duty team"


def test_a_carer_is_told_that_the_childs_worker_reads(session: Session, noon: datetime) -> None:
    worker = make_staff(session, Role.SOCIAL_WORKER)
    person = make_person(session, worker_id=worker.staff_id)
    carer = make_contact(session, person, "carer")
    token = sessions.open_session(session, carer.id or 0, how="link", is_known=True)
    session.flush()
    identity = service.identify(session, token)
    assert identity is not None
    assert frames.who_reads(session, identity, person, within_days=2)["name"] == worker.name


@pytest.mark.parametrize(
    ("kind", "born", "character"),
    [
        ("looked_after", date(2015, 1, 1), "younger"),
        ("looked_after", date(2014, 11, 23), "older"),
        ("care_leaver", date(2006, 1, 1), "adult"),
    ],
)
def test_a_page_has_the_character_of_the_age(
    client: TestClient,
    app_session: Session,
    noon: datetime,
    kind: str,
    born: date,
    character: str,
) -> None:
    *_, line = make_young_person(app_session, group=kind, date_of_birth=born)
    app_session.commit()
    client.post("/me/", data={"code": line.code})
    client.post("/me/birthday", data={"birthday_day": born.day, "birthday_month": born.month})
    page = client.get("/me/secret/new").text
    assert re.findall(r'<html [^>]*class="(\w+)', page) == [character]
    assert 'formaction="/me/not-safe"' in page


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (datetime(2026, 11, 23, 12, tzinfo=UTC), "today, before 5 o’clock"),
        (datetime(2026, 11, 23, 7, tzinfo=UTC), "today, from 9 o’clock"),
        (datetime(2026, 11, 23, 18, tzinfo=UTC), "tomorrow, from 9 o’clock"),
        (datetime(2026, 11, 27, 18, tzinfo=UTC), "on Monday 30 November, from 9 o’clock"),
        (datetime(2026, 12, 24, 20, tzinfo=UTC), "on Tuesday 29 December, from 9 o’clock"),
    ],
)
def test_help_says_when_somebody_reads_next_and_promises_no_night(
    moment: datetime, words: str, client: TestClient
) -> None:
    with clock.set_to(moment):
        assert help_numbers.next_reading_words(moment) == words
        assert words in client.get("/me/help").text


def test_a_child_sees_childs_numbers_and_a_care_leaver_adults_numbers(
    client: TestClient, app_session: Session
) -> None:
    *_, child = make_young_person(app_session)
    *_, leaver = make_young_person(app_session, group="care_leaver")
    app_session.commit()
    come_in(client, child)
    page = client.get("/me/help").text
    assert "0800 1111" in page
    assert "116 123" not in page
    client.post("/me/lock")
    come_in(client, leaver)
    page = client.get("/me/help").text
    assert "0800 1111" not in page
    assert "116 123" in page
    for number in ("999", "020 7946 0100", "020 7946 0199", "85258", "020 7946 0177"):
        assert number in page


def test_every_help_number_has_an_owner_and_was_checked_within_a_year(
    settings: Settings,
) -> None:
    numbers = help_numbers.all_numbers(settings)
    assert len({number.id for number in numbers}) == len(numbers) >= 7
    for number in numbers:
        assert number.owner
        assert clock.today() - number.last_checked < timedelta(days=365), number.id
        assert number.audience in {"everyone", "child", "adult"}
        assert re.fullmatch(r"(tel|sms):\d+", number.address)


def test_nothing_personal_is_kept_by_the_browser(client: TestClient, app_session: Session) -> None:
    *_, line = make_young_person(app_session)
    app_session.commit()
    come_in(client, line)
    answer = client.get("/me/secret/new")
    assert answer.headers["cache-control"] == "no-store"
    assert len(client.cookies) == 1


def test_old_tries_and_ended_pages_are_forgotten(session: Session, noon: datetime) -> None:
    own = make_contact(session, make_person(session), "carer")
    sessions.open_session(session, own.id or 0, how="link")
    session.add(EntryAttempt(subject="code:x", at=noon))
    session.flush()
    with clock.set_to(noon + timedelta(days=31)):
        forget_old_tries_and_pages(session)
    assert session.exec(select(EntryAttempt)).all() == []
    assert session.exec(select(ContributorSession)).all() == []
