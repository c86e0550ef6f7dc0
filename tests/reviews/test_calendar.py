"""An IRO's calendar feed: who gets it, what it holds, and above all what it does not."""

from datetime import date, datetime, time

import pytest
from fastapi.testclient import TestClient
from icalendar import Calendar
from sqlmodel import Session, select

from backend.accounts import service as accounts
from backend.core.access.identity import StaffIdentity
from backend.core.access.permissions import Role
from backend.core.audit import AuditEvent
from backend.reviews import calendars, queries, service
from backend.reviews.models import CalendarFeed
from backend.settings import Settings
from tests.factories import make_person, make_staff, sign_in

DUE, MEETS = date(2026, 12, 14), date(2026, 12, 3)


@pytest.fixture
def iro(app_session: Session, noon: datetime) -> StaffIdentity:
    """An IRO with two reviews: Marigold's meets on 3 December, Petunia's is due on the 14th."""
    found = make_staff(app_session, Role.IRO)
    for name, meets in (("Marigold", True), ("Petunia", False)):
        person = make_person(app_session, known_as=name, iro_id=found.staff_id)
        service.set_next_review(app_session, person.id or 0, kind="review", due_on=DUE)
        review = queries.next_review(app_session, person.id or 0)
        assert review is not None
        if meets:
            service.set_meeting(
                app_session, found, review, day=MEETS, at=time(16, 30), place="Elm School"
            )
    other = make_person(app_session, known_as="Somebody", iro_id=None)
    service.set_next_review(app_session, other.id or 0, kind="review", due_on=DUE)
    app_session.commit()
    return found


def make_address(client: TestClient, session: Session, iro: StaffIdentity) -> str:
    """Make the address on its page and sign out again: the feed needs no cookie."""
    sign_in(client, session, iro)
    page = client.post("/staff/calendar").text
    address = page.split("http://testserver")[1].split("<")[0]
    client.post("/staff/sign-out")
    client.cookies.clear()
    return address


def test_the_feed_holds_each_open_review_and_no_name_and_no_place(
    client: TestClient, app_session: Session, iro: StaffIdentity
) -> None:
    answer = client.get(make_address(client, app_session, iro))
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/calendar")
    for secret in ("Marigold", "Petunia", "Somebody", "M.", "P.", "Elm"):
        assert secret not in answer.text
    events = Calendar.from_ical(answer.text).walk("VEVENT")
    starts = [event.decoded("dtstart") for event in events]
    assert len(starts) == 2
    assert DUE in starts
    moment = next(one for one in starts if isinstance(one, datetime))
    assert moment.isoformat() == "2026-12-03T16:30:00+00:00"
    assert all(event["summary"].startswith("Review ") for event in events)


def test_a_wrong_or_revoked_address_is_not_found(
    client: TestClient, app_session: Session, iro: StaffIdentity
) -> None:
    address = make_address(client, app_session, iro)
    assert client.get("/staff/calendar/not-a-token.ics").status_code == 404
    sign_in(client, app_session, iro)
    assert client.post("/staff/calendar/revoke").status_code == 303
    assert client.get(address).status_code == 404


def test_a_new_address_ends_the_old_one_and_only_hashes_are_kept(
    client: TestClient, app_session: Session, iro: StaffIdentity
) -> None:
    first = make_address(client, app_session, iro)
    second = make_address(client, app_session, iro)
    assert (client.get(first).status_code, client.get(second).status_code) == (404, 200)
    app_session.expire_all()
    rows = app_session.exec(select(CalendarFeed)).all()
    assert [row.revoked_at is None for row in rows] == [False, True]
    token = second.rsplit("/", 1)[1].removesuffix(".ics")
    assert all(token not in str(row.model_dump()) for row in rows)
    assert rows[1].fetched_at is not None


def test_making_and_revoking_are_audited(
    client: TestClient, app_session: Session, iro: StaffIdentity
) -> None:
    make_address(client, app_session, iro)
    make_address(client, app_session, iro)
    events = [row.event for row in app_session.exec(select(AuditEvent)) if "calendar" in row.event]
    assert events == ["calendar.made", "calendar.revoked", "calendar.made"]


def test_the_page_says_when_it_was_last_fetched_and_shows_the_address_once(
    client: TestClient, app_session: Session, iro: StaffIdentity
) -> None:
    address = make_address(client, app_session, iro)
    sign_in(client, app_session, iro)
    page = client.get("/staff/calendar").text
    assert "Not fetched yet." in page
    assert address not in page
    client.get(address)
    assert "Last fetched 23 Nov 2026, 12:00." in client.get("/staff/calendar").text


def test_an_account_that_was_closed_has_no_feed_any_more(
    client: TestClient, app_session: Session, iro: StaffIdentity
) -> None:
    address = make_address(client, app_session, iro)
    accounts.disable_staff(app_session, make_staff(app_session, Role.ADMINISTRATOR), iro.staff_id)
    app_session.commit()
    assert client.get(address).status_code == 404


def test_initials_and_place_are_there_only_where_the_settings_say_so(
    app_session: Session, iro: StaffIdentity
) -> None:
    shown = Settings(heard_calendar_shows="initials", heard_calendar_shows_place=True)
    text = calendars.write_calendar(app_session, iro, settings=shown).decode()
    assert "Review M." in text
    assert "Elm School" in text
    assert "Marigold" not in text


def test_a_worker_has_no_calendar_page(
    client: TestClient, app_session: Session, iro: StaffIdentity
) -> None:
    sign_in(client, app_session, make_staff(app_session, Role.SOCIAL_WORKER))
    assert client.get("/staff/calendar").status_code == 404
    assert client.post("/staff/calendar").status_code == 404
