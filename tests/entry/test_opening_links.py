"""An opening link: once, within ten minutes, made by who stands around the young person alone."""

from datetime import datetime, timedelta

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session, select

from backend.core import clock
from backend.core.access.identity import StaffIdentity
from backend.core.access.permissions import Role
from backend.core.access.requires import Denied
from backend.core.audit import AuditEvent
from backend.core.tokens import LETTERS
from backend.entry import opening_links, service, tries
from backend.entry.models import OpeningLink
from tests.entry.doors import PICTURES, come_in, make_young_person, path_of
from tests.factories import make_person, make_staff


@pytest.fixture
def iro_and_child(app_session: Session) -> tuple[StaffIdentity, int]:
    iro = make_staff(app_session, Role.IRO)
    person = make_person(app_session, iro_id=iro.staff_id)
    app_session.commit()
    return iro, person.id or 0


def test_looking_at_an_opening_link_never_uses_it_up(
    client: TestClient, app_session: Session, iro_and_child: tuple[StaffIdentity, int]
) -> None:
    link = service.make_opening_link(app_session, *iro_and_child)
    app_session.commit()
    for _ in range(3):
        page = client.get(path_of(link.url))
        assert page.status_code == 200
        assert 'type="submit">Open</button>' in page.text
        assert "set-cookie" not in page.headers
    used = client.post(path_of(link.url))
    assert used.headers["location"] == "/me/secret/new"
    assert "Not now" in client.get("/me/secret/new").text


def test_an_opening_link_opens_once(
    client: TestClient, app_session: Session, iro_and_child: tuple[StaffIdentity, int]
) -> None:
    link = service.make_opening_link(app_session, *iro_and_child)
    app_session.commit()
    client.post(path_of(link.url))
    for answer in (client.get(path_of(link.url)), client.post(path_of(link.url))):
        assert answer.status_code == 410
        assert "used up" in answer.text
        assert 'href="/me/another-way"' in answer.text


def test_an_opening_link_is_over_after_ten_minutes(
    client: TestClient,
    app_session: Session,
    noon: datetime,
    iro_and_child: tuple[StaffIdentity, int],
) -> None:
    link = service.make_opening_link(app_session, *iro_and_child)
    app_session.commit()
    with clock.set_to(noon + timedelta(minutes=9, seconds=59)):
        assert client.get(path_of(link.url)).status_code == 200
    with clock.set_to(noon + timedelta(minutes=10)):
        assert client.get(path_of(link.url)).status_code == 410
        assert client.post(path_of(link.url)).status_code == 410
        typed = client.post("/me/", data={"code": link.code})
        assert typed.headers["location"] == "/me/birthday"


def test_its_short_code_opens_once_and_even_during_a_pause(
    client: TestClient, app_session: Session, iro_and_child: tuple[StaffIdentity, int]
) -> None:
    for first in LETTERS[: tries.MOST_BIRTHDAYS]:
        client.post("/me/", data={"code": first + "C" * 7})
        client.post("/me/birthday", data={"birthday_day": "1", "birthday_month": "1"})
    assert client.post("/me/", data={"code": "CCCCCCCC"}).status_code == 429
    link = service.make_opening_link(app_session, *iro_and_child)
    app_session.commit()
    opened = client.post("/me/", data={"code": link.code.lower()})
    assert opened.headers["location"] == "/me/secret/new"
    client.cookies.clear()
    assert client.post("/me/", data={"code": link.code}).status_code == 429


def test_two_taps_at_once_open_one_page(session: Session) -> None:
    iro = make_staff(session, Role.IRO)
    person = make_person(session, iro_id=iro.staff_id)
    link = service.make_opening_link(session, iro, person.id or 0)
    session.flush()
    row = session.exec(select(OpeningLink)).one()
    assert opening_links._use(session, row) is not None
    assert opening_links._use(session, row) is None
    assert opening_links.use_opening_code(session, link.code) is None


@pytest.mark.parametrize("role", list(Role))
def test_only_who_stands_around_the_young_person_makes_one(session: Session, role: Role) -> None:
    person = make_person(session, iro_id=make_staff(session, Role.IRO).staff_id)
    with pytest.raises(Denied):
        service.make_opening_link(session, make_staff(session, role), person.id or 0)
    with pytest.raises(Denied):
        service.make_opening_link(session, make_staff(session, role), 999_999)


def test_making_and_using_one_is_audited_without_token_or_code(session: Session) -> None:
    iro = make_staff(session, Role.IRO)
    person = make_person(session, iro_id=iro.staff_id)
    link = service.make_opening_link(session, iro, person.id or 0)
    session.flush()
    opening_links.use_opening_code(session, link.code)
    session.flush()
    events = session.exec(select(AuditEvent).where(AuditEvent.person_id == person.id)).all()
    assert [event.event for event in events] == ["entry.opening_link_made", "entry.opened"]
    told = str([event.details for event in events])
    assert link.code not in told
    assert link.url.rsplit("/", 1)[1] not in told


def test_a_page_opened_by_it_is_known_at_once(
    client: TestClient, app_session: Session, iro_and_child: tuple[StaffIdentity, int]
) -> None:
    link = service.make_opening_link(app_session, *iro_and_child)
    app_session.commit()
    client.post(path_of(link.url))
    assert client.get("/me/").headers["location"] == "/me/home"
    assert client.get("/me/secret").headers["location"] == "/me/home"


def test_after_it_a_new_secret_opens_with_code_and_birthday(
    client: TestClient, app_session: Session
) -> None:
    iro = make_staff(app_session, Role.IRO)
    person, _, line = make_young_person(app_session, iro_id=iro.staff_id)
    link = service.make_opening_link(app_session, iro, person.id or 0)
    app_session.commit()
    client.post(path_of(link.url))
    client.post("/me/secret/new", data=PICTURES)
    client.post("/me/lock")
    come_in(client, line)
    assert client.post("/me/secret", data=PICTURES).headers["location"] == "/me/home"
    identity = service.identify(app_session, client.cookies["heard_me"])
    app_session.rollback()
    assert identity is not None
    assert identity.reads_from is None
