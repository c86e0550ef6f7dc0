"""What every channel over a network does: send one message, and say what became of it."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from backend.settings import Settings


class Result(StrEnum):
    """What is known after asking a provider."""

    ACCEPTED = "accepted"  # it has the message and will try
    DELIVERED = "delivered"
    BOUNCED = "bounced"  # this address takes no message of ours
    REFUSED = "refused"  # it will never take this message, whatever the address
    NOT_TAKEN = "not_taken"  # surely not taken now; may be tried again
    UNKNOWN = "unknown"  # it may have gone, or not
    NOT_FOUND = "not_found"  # it was looked up, and the provider never had it


@dataclass(frozen=True)
class Outcome:
    """A result, the provider's own id where there is one, and one word on why."""

    result: Result
    provider_id: str | None = None
    fault: str = ""


@dataclass(frozen=True)
class Outgoing:
    """One message as it leaves; `reference` is ours and the same at every look-up."""

    channel: str
    address: str
    words: str
    reference: str
    subject: str = ""


class Channel(Protocol):
    """One provider. Neither call raises: what went wrong is an Outcome."""

    name: str
    can_look_up: bool

    def send(self, message: Outgoing) -> Outcome:
        """Ask the provider to take a message."""
        ...

    def look_up(self, reference: str) -> Outcome:
        """What the provider knows of a message by our reference; UNKNOWN when it does not say."""
        ...


_standing_in: list[Channel] = []


@contextmanager
def standing_in(channel: Channel) -> Iterator[None]:
    """Run a block in which this one carries everything, so that a simulated year reaches nobody."""
    _standing_in.append(channel)
    try:
        yield
    finally:
        _standing_in.pop()


NOTIFY_KEY = re.compile(r".*[0-9a-f-]{36}-[0-9a-f-]{36}")


def is_notify_key(key: str) -> bool:
    """Whether a text has the shape of a key of GOV.UK Notify: a name, then two ids."""
    return NOTIFY_KEY.fullmatch(key) is not None


def provider_of(settings: Settings, channel: str) -> str:
    """The name of the provider that carries a channel here; "" for none."""
    found = channel_for(settings, channel)
    return found.name if found else ""


def channel_for(settings: Settings, channel: str) -> Channel | None:
    """The provider that carries texts or e-mails here; None means the outbox on screen."""
    if _standing_in:
        return _standing_in[-1]
    from backend.messaging.notify import Notify
    from backend.messaging.smtp import Mail

    template = (
        settings.heard_notify_text_template
        if channel == "text"
        else settings.heard_notify_email_template
    )
    if settings.heard_notify_key.get_secret_value() and template:
        return Notify(settings)
    if channel == "email" and settings.heard_smtp_host:
        return Mail(settings)
    return None
