"""An IRO's calendar feed: who gets it, what it holds, and above all what it does not."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from fastapi.testclient import TestClient
from icalendar import Calendar, Event
from sqlmodel import Session, select

from backend.accounts import service as accounts
from backend.core import clock
from backend.core.access.identity import StaffIdentity
from backend.core.access.permissions import Role
from backend.core.audit import AuditEvent
from backend.reviews import calendars, queries, service
from backend.reviews.models import CalendarFeed, Review
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


def fetched(session: Session, iro: StaffIdentity) -> list[Event]:
    session.flush()
    text = calendars.write_calendar(session, iro, settings=Settings()).decode()
    return list(Calendar.from_ical(text).walk("VEVENT"))


def event_of(session: Session, iro: StaffIdentity, review_id: int | None) -> Event:
    mine = [one for one in fetched(session, iro) if one["uid"] == f"review-{review_id}@heard"]
    assert len(mine) == 1
    return mine[0]


def meeting_of(session: Session) -> Review:
    rows = session.exec(select(Review)).all()
    return next(row for row in rows if row.meeting_at is not None)


def test_a_moved_meeting_is_the_same_event_with_a_higher_sequence(
    app_session: Session, iro: StaffIdentity
) -> None:
    review = meeting_of(app_session)
    first = event_of(app_session, iro, review.id)
    assert first["status"] == "CONFIRMED"
    with clock.set_to(datetime(2026, 11, 24, 9, tzinfo=UTC)):
        service.set_meeting(app_session, iro, review, day=date(2026, 12, 4), at=time(9))
        second = event_of(app_session, iro, review.id)
    assert second["sequence"] > first["sequence"]
    assert second.decoded("dtstamp") > first.decoded("dtstamp")
    assert second.decoded("dtstart").isoformat() == "2026-12-04T09:00:00+00:00"
    assert event_of(app_session, iro, review.id) == second


def test_a_cancelled_review_stays_as_cancelled_for_two_months_beside_the_new_one(
    app_session: Session, iro: StaffIdentity
) -> None:
    review = meeting_of(app_session)
    before = event_of(app_session, iro, review.id)
    new = service.cancel(app_session, iro, review, reason="The school is closed.")
    event = event_of(app_session, iro, review.id)
    assert (event["status"], event["sequence"] > before["sequence"]) == ("CANCELLED", True)
    assert event["summary"].startswith("Cancelled: Review ")
    assert event_of(app_session, iro, new.id)["status"] == "TENTATIVE"
    assert "closed" not in calendars.write_calendar(app_session, iro, settings=Settings()).decode()
    with clock.set_to(datetime(2027, 2, 1, 9, tzinfo=UTC)):
        uids = [one["uid"] for one in fetched(app_session, iro)]
    assert f"review-{review.id}@heard" not in uids


def test_a_review_that_was_held_stays_on_its_day(app_session: Session, iro: StaffIdentity) -> None:
    review = meeting_of(app_session)
    with clock.set_to(datetime(2026, 12, 3, 18, tzinfo=UTC)):
        service.confirm(
            app_session, iro, review, held_on=MEETS, participation_code="PN1", private_talk="done"
        )
        event = event_of(app_session, iro, review.id)
    assert event.decoded("dtstart").date() == MEETS
    assert event["status"] == "CONFIRMED"


@pytest.mark.parametrize("day", [date(2027, 3, 26), date(2027, 3, 29), date(2027, 10, 29)])
def test_half_past_four_is_half_past_four_in_summer_and_in_winter(
    app_session: Session, iro: StaffIdentity, day: date
) -> None:
    review = meeting_of(app_session)
    service.set_meeting(app_session, iro, review, day=day, at=time(16, 30))
    text = calendars.write_calendar(app_session, iro, settings=Settings()).decode()
    assert f"DTSTART;TZID=Europe/London:{day:%Y%m%d}T163000" in text


def test_the_feeds_own_zone_is_londons_at_every_hour_around_the_nights_of_the_clocks() -> None:
    zone = calendars.london().to_tz(lookup_tzid=False)
    for year in (2026, 2027, 2030):
        for month in (1, 3, 10):
            start = datetime(year, month, 24, tzinfo=UTC)
            for hour in range(8 * 24):
                moment = start + timedelta(hours=hour)
                ours = moment.astimezone(zone).replace(tzinfo=None)
                assert ours == clock.in_london(moment).replace(tzinfo=None), moment


def test_the_feed_is_what_common_calendars_take(app_session: Session, iro: StaffIdentity) -> None:
    written = calendars.write_calendar(app_session, iro, settings=Settings())
    lines = written.split(b"\r\n")
    assert written.endswith(b"END:VCALENDAR\r\n")
    assert all(len(line) <= 75 for line in lines)
    calendar = Calendar.from_ical(written)
    assert (calendar["version"], calendar["method"]) == ("2.0", "PUBLISH")
    assert len(calendar.walk("VTIMEZONE")) == 1
    events = calendar.walk("VEVENT")
    for event in events:
        assert {"UID", "DTSTAMP", "DTSTART", "SEQUENCE", "STATUS", "SUMMARY"} <= set(event)
        assert len([key for key in event if key == "DTSTAMP"]) == 1
    assert len({event["uid"] for event in events}) == len(events)
