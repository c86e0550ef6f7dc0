"""Turns one tap into what it must become: a contact noted, a tracked ask, or words to the PA."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlmodel import Session, col, select

from backend.asks import service as asks
from backend.core import audit, clock
from backend.core.access.identity import ContributorIdentity
from backend.core.access.permissions import Permission
from backend.core.access.requires import check
from backend.in_touch.models import Touch
from backend.in_touch.queries import NEEDS_WORDS, own_touch
from backend.surveys import service as surveys

TAPPED = audit.declare("touch.tapped", "tap")
# The same tap twice within minutes is a finger that slipped, and no second contact.
SAME_WITHIN = timedelta(minutes=5)
# Each of these is an ask of the same name, with an owner and a day.
ASKS = ("ring_me", "nobody_called")


class NoSuchTap(ValueError):
    """A tap that the form does not offer."""


class NothingWritten(Exception):
    """A new number or place with nothing in it."""


def tap(session: Session, identity: ContributorIdentity, chosen: str) -> Touch:
    """Note one tap at once, with the ask that it makes. Raises NoSuchTap for one that is none, or
    that says nothing without words."""
    check(identity, Permission.KEEP_IN_TOUCH)
    if chosen not in surveys.taps_of_touch() or chosen in NEEDS_WORDS:
        raise NoSuchTap(chosen)
    before = _just_now(session, identity, chosen)
    if before is not None:
        before.tapped_in = identity.session_id
        return before
    ask_id = None
    if chosen in ASKS:
        ask_id = asks.make_ask(session, identity, kind=chosen).id
    return _note(session, identity, chosen, ask_id=ask_id)


def _just_now(session: Session, identity: ContributorIdentity, chosen: str) -> Touch | None:
    return session.exec(
        select(Touch)
        .where(
            Touch.contributor_id == identity.contributor_id,
            Touch.tap == chosen,
            col(Touch.tapped_at) > clock.now() - SAME_WITHIN,
        )
        .order_by(col(Touch.id).desc())
    ).first()


def _note(
    session: Session,
    identity: ContributorIdentity,
    chosen: str,
    *,
    ask_id: int | None = None,
    topic_row_id: int | None = None,
) -> Touch:
    touch = Touch(
        person_id=identity.person_id or 0,
        contributor_id=identity.contributor_id,
        tap=chosen,
        tapped_at=clock.now(),
        tapped_in=identity.session_id,
        ask_id=ask_id,
        topic_row_id=topic_row_id,
    )
    session.add(touch)
    session.flush()
    audit.record(session, TAPPED, actor=identity.actor, person_id=touch.person_id, tap=chosen)
    return touch


def send_words(
    session: Session, identity: ContributorIdentity, chosen: str, answers: Mapping[str, Any]
) -> Touch:
    """A tap with words (a new number, a new place): one sent topic, which the PA and the PA's
    manager read. Raises NoSuchTap and NothingWritten."""
    check(identity, Permission.KEEP_IN_TOUCH)
    if chosen not in surveys.taps_of_touch():
        raise NoSuchTap(chosen)
    if not answers:
        raise NothingWritten
    topic_row_id = surveys.send_touch(session, identity, chosen, answers)
    return _note(session, identity, chosen, topic_row_id=topic_row_id)


def add_words(
    session: Session, identity: ContributorIdentity, touch_id: int, answers: Mapping[str, Any]
) -> Touch:
    """Words that follow a tap of this very page, such as when to ring. Raises LookupError for any
    other tap, and NothingWritten."""
    check(identity, Permission.KEEP_IN_TOUCH)
    touch = own_touch(session, identity, touch_id)
    if touch is None:
        raise LookupError(touch_id)
    if not answers:
        raise NothingWritten
    touch.topic_row_id = surveys.send_touch(session, identity, touch.tap, answers)
    session.add(touch)
    session.flush()
    return touch
