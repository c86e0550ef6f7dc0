"""Tickets: what a page may queue, for whom and where, sealed by us before the signal went.

A ticket is what makes an item belong to one contributor's form, whoever carries it here: the cookie
of the day decides nothing, so a queue goes out before anybody signs in, and never into the form of
somebody else who uses the same phone later.
"""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from cryptography.fernet import InvalidToken

from backend.core import clock
from backend.core.encryption import keyring

# The longest visit is twelve hours; what was said in it may lie on the phone for a day after.
LASTS = timedelta(hours=36)
PURPOSE = "offline"


class NoTicket(ValueError):
    """A ticket that we never made, or that is over."""


@dataclass(frozen=True)
class Ticket:
    """Whose visit it is, and the place in their form, as the feature that made it wrote it down."""

    contributor_id: int
    session_id: int
    place: dict[str, Any]
    until: datetime
    # When the words of the item that came with it were said, by our clock; None where the phone
    # did not say.
    said_at: datetime | None = None


def make_ticket(contributor_id: int, session_id: int, **place: Any) -> str:
    """A ticket for one place of one visit; opaque to everybody but us."""
    until = (clock.now() + LASTS).isoformat()
    return keyring().encrypt(json.dumps([PURPOSE, contributor_id, session_id, place, until]))


def read_ticket(text: str) -> Ticket:
    """The ticket in a text; raises NoTicket."""
    try:
        body = json.loads(keyring().decrypt(text))
        purpose, contributor_id, session_id, place, until = body
    except (InvalidToken, ValueError, TypeError) as fault:
        raise NoTicket from fault
    ticket = Ticket(contributor_id, session_id, place, datetime.fromisoformat(until))
    if purpose != PURPOSE or ticket.until < clock.now():
        raise NoTicket
    return ticket
