"""Which provider carries a channel here, as the settings have it."""

from collections.abc import Iterator
from contextlib import contextmanager

from backend.messaging.channels import Channel
from backend.messaging.notify import Notify
from backend.messaging.smtp import Mail
from backend.settings import Settings

_standing_in: list[Channel] = []


@contextmanager
def standing_in(channel: Channel) -> Iterator[None]:
    """Run a block in which this one carries everything, so that a simulated year reaches nobody."""
    _standing_in.append(channel)
    try:
        yield
    finally:
        _standing_in.pop()


def provider_of(settings: Settings, channel: str) -> str:
    """The name of the provider that carries a channel here; "" for none."""
    found = channel_for(settings, channel)
    return found.name if found else ""


def channel_for(settings: Settings, channel: str) -> Channel | None:
    """The provider that carries texts, e-mails or letters here; None means the outbox on screen,
    and for a letter the office's printer."""
    if _standing_in:
        return _standing_in[-1]
    wanted = {
        "text": settings.heard_notify_text_template,
        "email": settings.heard_notify_email_template,
        "letter": settings.heard_notify_letters,
    }
    if settings.heard_notify_key.get_secret_value() and wanted.get(channel):
        return Notify(settings)
    if channel == "email" and settings.heard_smtp_host:
        return Mail(settings)
    return None
