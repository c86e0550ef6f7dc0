"""One clearly invented message to try a channel with, looked up again; nothing is kept."""

import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field

from backend.core.tokens import make_token
from backend.messaging import postal, ways
from backend.messaging.channels import (
    Channel,
    Outcome,
    Outgoing,
    Result,
    is_notify_key,
)
from backend.messaging.providers import channel_for
from backend.messaging.texts import Letter, Printed
from backend.settings import Settings

CHANNELS = (ways.TEXT, ways.EMAIL, ways.LETTER)
WORDS = "Hi. We are trying out our messages. This one is invented: nobody needs to do anything."
SUBJECT = "We are trying out our messages"
NOTIFY_IDS = {
    ways.TEXT: "heard_notify_text_template",
    ways.EMAIL: "heard_notify_email_template",
}
PAUSE_SECONDS = 1.0
OVER = (Result.DELIVERED, Result.POSTED, Result.BOUNCED, Result.REFUSED)
# A word of ours on why a provider refused, and the settings to look at.
POINTS_AT = {
    ("notify", "key_refused"): "HEARD_NOTIFY_KEY, and whether this machine’s clock is right",
    ("notify", "no_answer"): "HEARD_NOTIFY_URL, and whether this machine reaches it",
    ("notify", "refused"): "what Notify says above: the template’s id, its words, which are"
    " ((message)) alone, or a service that is still in trial mode",
    ("smtp", "key_refused"): "HEARD_SMTP_USER and HEARD_SMTP_PASSWORD",
    ("smtp", "no_answer"): "HEARD_SMTP_HOST and HEARD_SMTP_PORT",
    ("smtp", "not_safe_to_send"): "HEARD_SMTP_STARTTLS, and the server’s certificate",
    ("smtp", "sender_refused"): "HEARD_SMTP_FROM",
}


@dataclass(frozen=True)
class Problem:
    """A setting that is missing or cannot be right, and what to do about it."""

    setting: str
    words: str


@dataclass(frozen=True)
class Trial:
    """What became of one message: as it was taken, and as it was found again. Empty words where
    nothing was sent, because `problems` stood in the way."""

    channel: str
    to: str
    provider: str = ""
    words: str = ""
    reference: str = ""
    problems: list[Problem] = field(default_factory=list)
    sent: Outcome | None = None
    found: Outcome | None = None
    can_look_up: bool = False
    seconds: float = 0.0

    @property
    def look_at(self) -> str:
        """The settings that a refusal is about; "" where it is about none."""
        return POINTS_AT.get((self.provider, self.sent.fault), "") if self.sent else ""

    @property
    def is_well(self) -> bool:
        """Whether the provider took it and, where it can be asked, knows it and did not fail."""
        if self.sent is None or self.sent.result is not Result.ACCEPTED:
            return False
        good = (Result.ACCEPTED, Result.DELIVERED, Result.POSTED)
        return not self.can_look_up or (self.found is not None and self.found.result in good)


def try_channel(settings: Settings, channel: str, to: str, *, wait_seconds: float) -> Trial:
    """Send one invented message by a channel as the settings have it, and look it up until it is
    known what became of it, for `wait_seconds` at most."""
    problems = list(problems_of(settings, channel, to))
    carrier = channel_for(settings, channel) if not problems else None
    if carrier is None:
        return Trial(channel, to, problems=problems)
    outgoing = _outgoing(channel, to)
    sent = carrier.send(outgoing)
    begun = time.monotonic()
    found = None
    if carrier.can_look_up and sent.result in (Result.ACCEPTED, Result.UNKNOWN):
        found = _look_up(carrier, outgoing.reference, until=begun + wait_seconds)
    return Trial(
        channel,
        to,
        provider=carrier.name,
        words=outgoing.words,
        reference=outgoing.reference,
        sent=sent,
        found=found,
        can_look_up=carrier.can_look_up,
        seconds=round(time.monotonic() - begun, 1),
    )


def _look_up(carrier: Channel, reference: str, *, until: float) -> Outcome:
    while True:
        found = carrier.look_up(reference)
        if found.result in OVER or time.monotonic() + PAUSE_SECONDS > until:
            return found
        time.sleep(PAUSE_SECONDS)


def _outgoing(channel: str, to: str) -> Outgoing:
    is_letter = channel == ways.LETTER
    return Outgoing(
        channel=channel,
        address="\n".join(postal.lines_of(to)) if is_letter else to,
        words=WORDS,
        reference=f"heard-trial-{make_token()}",
        subject=SUBJECT,
        letter=_letter() if is_letter else None,
    )


def _letter() -> Printed:
    """A letter with a way in that leads nowhere."""
    greeting, _, said = WORDS.partition(" ")
    steps = ("This square opens nothing.", "This code opens nothing:")
    return Printed(
        letter=Letter("en", greeting, said, steps, "A square that opens nothing"),
        name="A trial",
        code="0000 0000",
        link="https://heard.invalid/",
        way_in="heard.invalid",
    )


def problems_of(settings: Settings, channel: str, to: str) -> Iterator[Problem]:
    """Every setting that a channel lacks, and an address that is none; asks nothing of anybody."""
    if channel not in CHANNELS:
        yield Problem("CHANNEL", f"Choose one of {', '.join(CHANNELS)}.")
        return
    is_mail = channel == ways.EMAIL and settings.heard_smtp_host and not _has_notify(settings)
    yield from _mail_problems(settings) if is_mail else _notify_problems(settings, channel)
    if channel == ways.LETTER and not postal.lines_of(to):
        yield Problem("TO", "A letter goes to two to six lines between commas, the postcode last.")
    elif channel != ways.LETTER and not ways.is_address(channel, to):
        what = "mobile number" if channel == ways.TEXT else "e-mail address"
        yield Problem("TO", f"This is no {what}.")


def _has_notify(settings: Settings) -> bool:
    key = settings.heard_notify_key.get_secret_value()
    return bool(key and settings.heard_notify_email_template)


def _mail_problems(settings: Settings) -> Iterator[Problem]:
    if not ways.is_address(ways.EMAIL, settings.heard_smtp_from.rpartition("<")[2].rstrip("> ")):
        yield Problem("HEARD_SMTP_FROM", "It is no address that e-mails can come from.")
    if settings.heard_smtp_user and not settings.heard_smtp_password.get_secret_value():
        yield Problem("HEARD_SMTP_PASSWORD", "A user is set without a password.")


def _notify_problems(settings: Settings, channel: str) -> Iterator[Problem]:
    key = settings.heard_notify_key.get_secret_value()
    if not key:
        otherwise = ", or HEARD_SMTP_HOST for your own mail server" if channel == ways.EMAIL else ""
        yield Problem("HEARD_NOTIFY_KEY", f"It is empty. Set an API key{otherwise}.")
    elif not is_notify_key(key):
        yield Problem("HEARD_NOTIFY_KEY", "It is no key of Notify: it ends with two ids.")
    if channel == ways.LETTER:
        if not settings.heard_notify_letters:
            words = "It is empty: letters are printed in the office. Set economy, second or first."
            yield Problem("HEARD_NOTIFY_LETTERS", words)
        return
    template = getattr(settings, NOTIFY_IDS[channel])
    if not template:
        yield Problem(
            NOTIFY_IDS[channel].upper(), "It is empty. Copy the template’s id from Notify."
        )
    elif not _is_id(template):
        yield Problem(
            NOTIFY_IDS[channel].upper(), "It is no id of a template: 36 signs with dashes."
        )


def _is_id(text: str) -> bool:
    try:
        return str(uuid.UUID(text)) == text.lower()
    except ValueError:
        return False
