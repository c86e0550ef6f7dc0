"""Takes in what a phone queued: opened, put where its ticket says, once."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session
from starlette.datastructures import FormData, UploadFile

from backend.core import audit, clock
from backend.core.access.identity import ContributorIdentity
from backend.core.encryption import fingerprint
from backend.core.forms import MOST_FIELDS, Fields
from backend.entry import service as entry
from backend.offline.keys import SealingKey, Unreadable, opening_key, sealing_key
from backend.offline.models import GivenKey, OfflineItem
from backend.offline.sealing import Broken, Sealed, open_sealed
from backend.offline.tickets import NoTicket, Ticket, make_ticket, read_ticket

__all__ = [
    "TAKES", "Held", "Outcome", "Refused", "Sealed", "Ticket", "Unreadable", "give_key",
    "make_ticket", "sealing_key", "take",
]  # fmt: skip

ARRIVED = audit.declare("offline.arrived", "kind", "outcome")
SHORTEST_KEY, LONGEST_KEY = 20, 64
LAST_MOMENT = 10**14  # milliseconds; the year 5138
NOTED_EVERY = timedelta(hours=1)


class Outcome(StrEnum):
    """What became of an item, as the phone is told. None of it says what the words were."""

    KEPT = "kept"  # an answer stands in its draft
    APART = "apart"  # it differs from an answer given elsewhere: both are kept, and shown
    NOTHING = "nothing"  # nothing to keep, or it stood already
    SENT = "sent"  # a topic was sent
    SAID = "said"  # "this is not safe" was said
    ASKED = "asked"  # somebody was asked for


class Refused(ValueError):
    """An item that can never be taken: edited, not for us, too late, or its door was closed."""


class Held(Exception):
    """An item that is ours by its ticket, sealed to a key that is not here now: lost, or not yet
    brought back. The phone keeps it until its day is over."""


Take = Callable[[Session, ContributorIdentity, Ticket, Fields], Outcome]
# Each kind of item, taken by the feature that it belongs to; contributor_app.py fills it.
TAKES: dict[str, Take] = {}


def take(session: Session, sealed: Sealed, *, folder: Path) -> Outcome:
    """Take in one item. The same item again changes nothing and gets the same answer.

    Raises Refused, and Held.
    """
    if not SHORTEST_KEY <= len(sealed.key) <= LONGEST_KEY:
        raise Refused
    # What arrived is answered as before, however late the answer is asked for again.
    key_hash = fingerprint(sealed.key)
    arrived = session.get(OfflineItem, key_hash)
    if arrived is not None:
        return Outcome(arrived.outcome)
    ticket, identity = whose(session, sealed)
    try:
        key = opening_key(folder, sealed.kid)
    except Unreadable as fault:
        raise Held from fault
    if key is None:
        raise Held
    try:
        kind, fields, said_at = read_body(open_sealed(key, sealed))
    except Broken as fault:
        raise Refused from fault
    ticket = replace(ticket, said_at=said_at)
    return take_once(session, key_hash, identity=identity, ticket=ticket, kind=kind, fields=fields)


def whose(session: Session, sealed: Sealed) -> tuple[Ticket, ContributorIdentity]:
    """The visit that an item's ticket was made in; raises Refused."""
    try:
        ticket = read_ticket(sealed.ticket)
    except NoTicket as fault:
        raise Refused from fault
    identity = entry.identity_of_visit(session, ticket.session_id)
    if identity is None or identity.contributor_id != ticket.contributor_id:
        raise Refused
    return ticket, identity


def take_once(
    session: Session,
    key_hash: str,
    *,
    identity: ContributorIdentity,
    ticket: Ticket,
    kind: str,
    fields: Fields,
) -> Outcome:
    """Claim the item's key, then act; of two that come side by side, the second waits here."""
    row = OfflineItem(
        key_hash=key_hash,
        contributor_id=identity.contributor_id,
        kind=kind,
        outcome=Outcome.NOTHING,
        arrived_at=clock.now(),
    )
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:
        return Outcome(session.get_one(OfflineItem, key_hash).outcome)
    outcome = TAKES[kind](session, identity, ticket, fields)
    row.outcome = outcome.value
    audit.record(
        session,
        ARRIVED,
        actor=identity.actor,
        person_id=identity.person_id,
        kind=kind,
        outcome=outcome.value,
    )
    session.flush()
    return outcome


def read_body(body: bytes) -> tuple[str, Fields, datetime | None]:
    """The kind of an opened item, the fields of the form that was queued, and when it was said;
    raises Broken."""
    try:
        parts = json.loads(body)
        kind = parts["kind"]
        pairs: list[tuple[str, str | UploadFile]] = [
            (str(name), str(value)) for name, value in parts["fields"]
        ]
        said_at = read_moment(parts.get("said"))
    except (AttributeError, ValueError, TypeError, KeyError) as fault:
        raise Broken from fault
    if kind not in TAKES or len(pairs) > MOST_FIELDS:
        raise Broken
    return kind, Fields(FormData(pairs)), said_at


def read_moment(milliseconds: Any) -> datetime | None:
    """A moment from its milliseconds by our clock, never one to come; None for no number."""
    if type(milliseconds) is not int or not 0 <= milliseconds < LAST_MOMENT:
        return None
    return min(clock.now(), datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=milliseconds))


def give_key(session: Session, folder: Path) -> SealingKey:
    """The key that a phone is to seal with; remembers that it was given, for `heard doctor`."""
    key, now = sealing_key(folder), clock.now()
    row = session.get(GivenKey, key.kid)
    if row is None:
        try:
            with session.begin_nested():
                session.add(GivenKey(kid=key.kid, public=key.public, last_given_at=now))
        except IntegrityError:
            return key
    elif row.last_given_at + NOTED_EVERY < now:
        row.last_given_at = now
        session.add(row)
    return key
