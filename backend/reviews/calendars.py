"""An IRO's reviews as a calendar feed: an address of their own, told once, that can be revoked."""

import hashlib
from datetime import datetime, timedelta

from icalendar import Calendar, Event
from sqlmodel import Session, col, select

from backend.accounts import service as accounts
from backend.core import audit, clock, tokens
from backend.core.access.identity import StaffIdentity
from backend.core.access.permissions import Permission
from backend.core.access.policy import may
from backend.people import queries as people
from backend.reviews import queries
from backend.reviews.models import CalendarFeed, Review
from backend.settings import Settings

MADE = audit.declare("calendar.made", "feed_id")
REVOKED = audit.declare("calendar.revoked", "feed_id")
MEETING_LASTS = timedelta(hours=1)
# Whole minutes: a calendar that asks every minute must not write every time.
NOTED_EVERY = timedelta(minutes=5)


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
    """The open reviews of an IRO, and of those they stand in for, as an iCalendar file (RFC 5545).

    It lies on servers that are not the council's, so it names nobody: a review is its own number.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//Heard//Reviews//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", "Reviews")
    children = {person.id or 0: person.known_as for person in people.people_led_by(session, owner)}
    found = sorted(queries.next_reviews(session, children).items(), key=lambda pair: pair[1].due_on)
    for person_id, review in found:
        calendar.add_component(_event(review, children[person_id], settings=settings))
    return bytes(calendar.to_ical())


def _event(review: Review, name: str, *, settings: Settings) -> Event:
    event = Event()
    event.add("uid", f"review-{review.id}@heard")
    event.add("dtstamp", review.confirmed_at or clock.now())
    known = f"{name[:1]}." if settings.heard_calendar_shows == "initials" else f"{review.id}"
    event.add("summary", f"Review {known}")
    event.add("url", f"{settings.heard_base_url}/staff/reviews/{review.id}")
    event.add("class", "PRIVATE")
    if review.meeting_at is None:
        day = queries.expected_on(review)
        event.add("dtstart", day)
        event.add("dtend", day + timedelta(days=1))
        event.add("transp", "TRANSPARENT")
        return event
    begins: datetime = review.meeting_at
    event.add("dtstart", begins)
    event.add("dtend", begins + MEETING_LASTS)
    if settings.heard_calendar_shows_place and review.meeting_place:
        event.add("location", review.meeting_place)
    return event
