"""What every channel over a network does: send one message, and say what became of it."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from backend.messaging.texts import Printed


class Result(StrEnum):
    """What is known after asking a provider."""

    ACCEPTED = "accepted"  # it has the message and will try
    DELIVERED = "delivered"
    POSTED = "posted"  # a letter left; nobody can say that it came
    BOUNCED = "bounced"  # this address takes no message of ours
    REFUSED = "refused"  # it will never take this message, whatever the address
    NOT_TAKEN = "not_taken"  # surely not taken now; may be tried again
    UNKNOWN = "unknown"  # it may have gone, or not
    NOT_FOUND = "not_found"  # it was looked up, and the provider never had it


@dataclass(frozen=True)
class Outcome:
    """A result, the provider's own id where there is one, and one word on why; `said` is what the
    provider itself said, for whoever sets it up, and is kept nowhere."""

    result: Result
    provider_id: str | None = None
    fault: str = ""
    said: str = ""


@dataclass(frozen=True)
class Outgoing:
    """One message as it leaves; `reference` is ours and the same at every look-up. A letter's
    `address` has a line for each line, without the name."""

    channel: str
    address: str
    words: str
    reference: str
    subject: str = ""
    letter: Printed | None = None


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


NOTIFY_KEY = re.compile(r".*[0-9a-f-]{36}-[0-9a-f-]{36}")


def is_notify_key(key: str) -> bool:
    """Whether a text has the shape of a key of GOV.UK Notify: a name, then two ids."""
    return NOTIFY_KEY.fullmatch(key) is not None
