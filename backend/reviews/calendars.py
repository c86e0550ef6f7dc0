"""An IRO's reviews as a calendar feed: an address of their own, told once, that can be revoked."""

import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from icalendar import Calendar, Event, Timezone, TimezoneDaylight, TimezoneStandard
from sqlmodel import Session, col, select

from backend.accounts import service as accounts
from backend.core import audit, clock, tokens
from backend.core.access.identity import StaffIdentity
from backend.core.access.permissions import Permission
from backend.core.access.policy import may
from backend.people import queries as people
from backend.reviews import queries
from backend.reviews.models import CalendarFeed, Review, ReviewChange
from backend.settings import Settings

MADE = audit.declare("calendar.made", "feed_id")
REVOKED = audit.declare("calendar.revoked", "feed_id")
MEETING_LASTS = timedelta(hours=1)
# Whole minutes: a calendar that asks every minute must not write every time.
NOTED_EVERY = timedelta(minutes=5)
# How long what was held or cancelled stays in it; how often a calendar is asked to fetch it.
SHOWN_AFTER, FETCH_EVERY = timedelta(days=60), timedelta(hours=4)
BEFORE_ALL = datetime(1990, 1, 1, tzinfo=UTC)
# What common calendars read of a feed besides its events.
ABOUT = {
    "prodid": "-//Heard//Reviews//EN",
    "version": "2.0",
    "calscale": "GREGORIAN",
    "method": "PUBLISH",
    "x-wr-calname": "Reviews",
    "x-wr-timezone": "Europe/London",
    "x-published-ttl": "PT4H",
}


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def feed_of(session: Session, staff_id: int) -> CalendarFeed | None:
    """The address that a colleague has now, or None."""
    return session.exec(
        select(CalendarFeed).where(
            CalendarFeed.staff_id == staff_id, col(CalendarFeed.revoked_at).is_(None)
        )
    ).first()


def make_feed(session: Session, viewer: StaffIdentity) -> str:
    """A new address for one's own calendar, told now and never again; an older one ends."""
    revoke_feed(session, viewer)
    token = tokens.make_token()
    feed = CalendarFeed(staff_id=viewer.staff_id, token_hash=_hash(token), made_at=clock.now())
    session.add(feed)
    session.flush()
    audit.record(session, MADE, actor=viewer.actor, feed_id=feed.id)
    return token


def revoke_feed(session: Session, viewer: StaffIdentity) -> None:
    """End one's own address: whoever asks at it finds nothing from now on."""
    feed = feed_of(session, viewer.staff_id)
    if feed is None:
        return
    feed.revoked_at = clock.now()
    session.add(feed)
    session.flush()
    audit.record(session, REVOKED, actor=viewer.actor, feed_id=feed.id)


def fetch(session: Session, token: str, *, settings: Settings) -> bytes | None:
    """The calendar at an address, or None where there is none, it was revoked, or its owner no
    longer chairs reviews; writes down when it was fetched."""
    feed = session.exec(
        select(CalendarFeed).where(
            CalendarFeed.token_hash == _hash(token), col(CalendarFeed.revoked_at).is_(None)
        )
    ).first()
    owner = accounts.identity_by_id(session, feed.staff_id) if feed else None
    if feed is None or owner is None or not may(owner, Permission.KEEP_CALENDAR):
        return None
    now = clock.now()
    if feed.fetched_at is None or now - feed.fetched_at >= NOTED_EVERY:
        feed.fetched_at = now
        session.add(feed)
    return write_calendar(session, owner, settings=settings)


def write_calendar(session: Session, owner: StaffIdentity, *, settings: Settings) -> bytes:
    """The reviews of an IRO, and of those they stand in for, as an iCalendar file (RFC 5545): the
    open ones, and those that were held or cancelled lately, so that a calendar sees it.

    It lies on servers that are not the council's, so it names nobody: a review is its own number.
    """
    calendar = Calendar()
    for name, value in ABOUT.items():
        calendar.add(name, value)
    calendar.add("refresh-interval", FETCH_EVERY, parameters={"value": "DURATION"})
    calendar.add_component(london())
    children = {person.id or 0: person.known_as for person in people.people_led_by(session, owner)}
    found = _shown(session, children)
    changes = _changes_of(session, found)
    for review in found:
        event = _event(review, children[review.person_id], settings=settings)
        _stamp(event, review, changes.get(review.id or 0, []))
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def london() -> Timezone:
    """The zone of every meeting's time, by the rules that calendars know: the last Sundays of March
    and October, at one o'clock in the morning of Greenwich."""
    zone = Timezone()
    zone.add("tzid", "Europe/London")
    summer, winter = timedelta(hours=1), timedelta(0)
    for half, name, begins, before, after in (
        (TimezoneDaylight(), "BST", datetime(1996, 3, 31, 1), winter, summer),  # noqa: DTZ001
        (TimezoneStandard(), "GMT", datetime(1996, 10, 27, 2), summer, winter),  # noqa: DTZ001
    ):
        half.add("tzname", name)
        half.add("dtstart", begins)
        half.add("rrule", {"freq": "yearly", "bymonth": begins.month, "byday": "-1su"})
        half.add("tzoffsetfrom", before)
        half.add("tzoffsetto", after)
        zone.add_component(half)
    return zone


def _shown(session: Session, person_ids: Iterable[int]) -> list[Review]:
    since = clock.today() - SHOWN_AFTER
    rows = session.exec(select(Review).where(col(Review.person_id).in_(set(person_ids)))).all()
    shown = [row for row in rows if (row.held_on or row.cancelled_on or since) >= since]
    return sorted(shown, key=lambda row: (row.due_on, row.id or 0))


def _changes_of(session: Session, found: Iterable[Review]) -> dict[int, list[ReviewChange]]:
    changes: dict[int, list[ReviewChange]] = {}
    for change in queries.changes_since(session, [row.id or 0 for row in found], BEFORE_ALL):
        changes.setdefault(change.review_id, []).append(change)
    return changes


def _stamp(event: Event, review: Review, changes: list[ReviewChange]) -> None:
    """Say how often and when it changed, so that a calendar takes the newer for the older."""
    changed_at = changes[-1].at if changes else review.confirmed_at or clock.now()
    event.add("dtstamp", changed_at)
    event.add("last-modified", changed_at)
    event.add("sequence", max(0, len(changes) - 1))
    if review.cancelled_on is not None:
        event.add("status", "CANCELLED")
    else:
        is_fixed = review.held_on is not None or review.meeting_at is not None
        event.add("status", "CONFIRMED" if is_fixed else "TENTATIVE")


def _event(review: Review, name: str, *, settings: Settings) -> Event:
    event = Event()
    event.add("uid", f"review-{review.id}@heard")
    known = f"{name[:1]}." if settings.heard_calendar_shows == "initials" else f"{review.id}"
    # Some calendars go on showing what has the status CANCELLED.
    event.add("summary", f"{'Cancelled: ' if review.cancelled_on else ''}Review {known}")
    event.add("url", f"{settings.heard_base_url}/staff/reviews/{review.id}")
    event.add("class", "PRIVATE")
    begins = clock.in_london(review.meeting_at) if review.meeting_at else None
    if begins is None or review.held_on not in (None, begins.date()):
        day = review.held_on or queries.expected_on(review)
        event.add("dtstart", day)
        event.add("dtend", day + timedelta(days=1))
        event.add("transp", "TRANSPARENT")
        return event
    event.add("dtstart", begins)
    event.add("dtend", begins + MEETING_LASTS)
    if settings.heard_calendar_shows_place and review.meeting_place:
        event.add("location", review.meeting_place)
    return event
