"""Says which channels messages go by and what holds them up; sends nothing, asks no provider."""

from collections.abc import Iterator

from sqlmodel import Session

from backend.imports import queries as imports
from backend.messaging import queries as messaging
from backend.messaging import service
from backend.settings import Settings

Finding = tuple[bool, str]


def message_findings(session: Session, settings: Settings) -> Iterator[Finding]:
    """Each channel, what waits for a person, and whether the extract lets anybody be invited."""
    key = settings.heard_notify_key.get_secret_value()
    if key and not service.is_notify_key(key):
        yield False, "HEARD_NOTIFY_KEY is no key of GOV.UK Notify: it ends with two ids of 36 signs"
    for channel, name in (("text", "texts"), ("email", "e-mails")):
        provider = service.provider_of(settings, channel)
        where = {"notify": "GOV.UK Notify", "smtp": f"the mail server {settings.heard_smtp_host}"}
        yield (
            True,
            f"{name} go by {where.get(provider, 'nothing: they stay in the outbox on screen')}",
        )
    yield True, f"letters are {_posting(settings)}"
    if settings.heard_notify_letters and not key:
        yield False, "HEARD_NOTIFY_LETTERS is set without HEARD_NOTIFY_KEY"
    if key and not (settings.heard_notify_text_template and settings.heard_notify_email_template):
        yield False, "HEARD_NOTIFY_KEY is set without the id of the text or the e-mail template"
    if settings.heard_messages_from >= settings.heard_messages_until:
        yield False, "no hour is left for messages: HEARD_MESSAGES_FROM is not before _UNTIL"
    count = messaging.count_for_a_person(session)
    yield count == 0, f"{count} messages wait for a person on the outbox page"
    day = imports.as_at(session)
    if imports.is_stale(session):
        yield False, f"the extract is from {day}: more than 8 days old, so nobody is invited"
    elif day is not None:
        yield True, f"the extract is from {day}: invitations go out"


def _posting(settings: Settings) -> str:
    postage = settings.heard_notify_letters
    where = f"printed and posted by GOV.UK Notify, {postage} class, where an address is known"
    return f"{where}; all others are printed in the office" if postage else "printed in the office"
