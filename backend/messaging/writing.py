"""Writes a message once by its key, and leaves its sending for later."""

from datetime import datetime

from sqlmodel import Session, select

from backend.accounts import queries as accounts
from backend.core import clock, jobs
from backend.core.access.policy import YOUNG_PEOPLE
from backend.core.database import add_once
from backend.entry import service as entry
from backend.messaging import postal, texts, useful, ways
from backend.messaging.models import Message
from backend.people import queries as people
from backend.preferences import queries as preferences
from backend.settings import get_settings

SEND = "messaging.send"
OCCASIONS = ("invitation", "reminder", "meeting_changed", "answer", "digest", "urgent")


def write(
    session: Session,
    *,
    key: str,
    occasion: str,
    contributor_id: int | None = None,
    staff_id: int | None = None,
    consultation_id: int | None = None,
    words: str | None = None,
    subject: str | None = None,
    not_before: datetime | None = None,
) -> Message | None:
    """Write one message and leave its sending in the same transaction; the one that stands when
    its key was written before. None for whoever asked to be sent nothing.

    A contributor's words are made here, from their own choice; `words` and `subject` are for
    colleagues, and hold no child's words or full name. Raises ValueError unless exactly one of
    contributor and colleague is named, and for a colleague without words.
    """
    if (contributor_id is None) == (staff_id is None) or occasion not in OCCASIONS:
        raise ValueError("a message is for one contributor or one colleague, on an occasion")
    standing = by_key(session, key)
    if standing is not None:
        return _taken_up(session, standing)
    made = Message(
        contributor_id=contributor_id,
        staff_id=staff_id,
        consultation_id=consultation_id,
        key=key,
        occasion=occasion,
        channel="",
        words=words or "",
        subject=subject,
        made_at=clock.now(),
        not_before=not_before,
    )
    if not address(session, made):
        return None
    made = add_once(session, made, lambda: by_key(session, key))
    leave(session, made)
    return made


def _taken_up(session: Session, standing: Message) -> Message:
    """What was stopped for a reason that is gone goes out after all; all else stays as it is."""
    if (
        standing.state == "stopped"
        and not useful.why_not(session, standing)
        and address(session, standing)
    ):
        send_anew(session, standing)
    return standing


def by_key(session: Session, key: str) -> Message | None:
    """The message of a key, or None."""
    return session.exec(select(Message).where(Message.key == key)).first()


def leave(session: Session, message: Message) -> None:
    """Leave the sending of a message that waits, once for each time that it was sent anew."""
    jobs.enqueue(
        session,
        SEND,
        due_at=message.not_before,
        key=f"message:{message.id}:{message.attempts}",
        message_id=message.id,
    )


def leave_again(session: Session, message: Message) -> None:
    """Leave the sending of a message that should have one left already; a no-op where it has."""
    if not ways.is_by_hand(message) and not jobs.is_left(session, SEND, message_id=message.id):
        jobs.enqueue(session, SEND, message_id=message.id)


def send_anew(session: Session, message: Message, *, provider: str = "") -> None:
    """Let a message that did not arrive go out once more, as a new one to every provider; with
    `provider` "office", a letter is printed by hand from then on."""
    message.state, message.fault, message.reference = "waiting", "", None
    message.provider, message.provider_id = provider, None
    message.sent_at = message.next_at = None
    if provider == postal.OFFICE:
        message.address = None
    session.flush()
    leave_again(session, message)


def address(session: Session, message: Message) -> bool:
    """Fill in where a message goes and what it says, as of now; False when it may not go."""
    if message.staff_id is not None:
        if not message.words:
            raise ValueError("a colleague's message has its own words")
        colleague = accounts.staff_line(session, message.staff_id)
        if colleague is None or colleague.is_disabled:
            return False
        message.channel, message.address = ways.EMAIL, colleague.email
        return True
    contributor_id = message.contributor_id or 0
    way = ways.way_to(session, contributor_id)
    if way.channel == ways.NONE:
        return False
    message.channel, message.address = way.channel, way.address
    if way.channel == ways.LETTER:
        message.address = _postal_address(message, way)
    message.subject, message.words = words_for(session, contributor_id, message.occasion, way)
    return True


def _postal_address(message: Message, way: ways.Way) -> str | None:
    """Where a provider posts a letter to; None for one that is printed in the office."""
    is_on = postal.is_posted_by_provider(get_settings()) and message.provider != postal.OFFICE
    return "\n".join(postal.lines_of(way.address)) or None if is_on else None


def words_for(
    session: Session, contributor_id: int, occasion: str, way: ways.Way
) -> tuple[str, str]:
    """Subject and text as they will come, with the contributor's own link."""
    link = entry.ensure_pass(session, contributor_id).link_url
    spoken = preferences.preferences_of(session, contributor_id).speaks
    row = people.contributor(session, contributor_id)
    is_young = row is not None and row.kind in YOUNG_PEOPLE
    sender, words = (way.sender, way.words) if is_young else ("", "")
    return (
        texts.subject_for(occasion, words=words, language=spoken),
        texts.text_for(occasion, link, sender=sender, words=words, language=spoken),
    )
