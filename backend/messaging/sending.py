"""Sends one message, so that a worker may be killed at any place: what is about to happen is
written down before it happens, and no transaction is open while a provider is waited for."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Engine
from sqlmodel import Session, col, func, select

from backend.core import clock, jobs
from backend.core.database import unit_of_work
from backend.core.tokens import make_token
from backend.messaging import deliveries, letters, useful, ways, writing
from backend.messaging.channels import Channel, Outcome, Outgoing, Result
from backend.messaging.hours import next_allowed
from backend.messaging.models import Message
from backend.messaging.providers import channel_for
from backend.people import queries as people
from backend.settings import get_settings

# Longer than a provider's call lasts: before, "not found" may mean "still under way".
SETTLES_AFTER = timedelta(minutes=3)
# A provider that cannot be asked for so long leaves the question to a person. Notify forgets
# after seven days, so "not found" would mean nothing later than that.
ASK_FOR = timedelta(days=4)
LONGEST_PAUSE = timedelta(hours=1)
# While a provider answers nobody, one message tries for all: each try holds up the worker.
ONE_TRIES_EACH = timedelta(minutes=5)
NO_ANSWER = "no_answer"


@dataclass(frozen=True)
class Step:
    """What a worker does next about one message, outside every transaction."""

    channel: Channel
    outgoing: Outgoing
    is_look_up: bool


def send(engine: Engine, details: dict[str, Any]) -> datetime | None:
    """Take one message as far as it goes now; when to come back, or None when it is settled."""
    message_id = details["message_id"]
    while True:
        with unit_of_work(engine) as session:
            found = _prepare(session, message_id)
        if not isinstance(found, Step):
            return found
        if found.is_look_up:
            outcome = found.channel.look_up(found.outgoing.reference)
        else:
            outcome = found.channel.send(found.outgoing)
        with unit_of_work(engine) as session:
            again_at = _record(session, message_id, outcome, is_look_up=found.is_look_up)
        if again_at is None or again_at > clock.now():
            return again_at


HANDLER = jobs.Apart(send)


def _prepare(session: Session, message_id: int) -> Step | datetime | None:
    """Decide what to do, and write it down; a moment to come back at, or None when settled."""
    message = _locked(session, message_id)
    if message.state == "sending":
        return _prepare_look_up(session, message)
    if message.state != "waiting":
        return None
    # Held until the message is addressed, so that nobody around it is read twice.
    usefulness = useful.Usefulness(session, [message])
    reason = usefulness.why_not(message)
    if not reason and not writing.address(session, message):
        reason = "asked_for_nothing"
    if reason:
        message.state, message.fault, message.next_at = "stopped", reason, None
        return None
    if ways.is_by_hand(message):
        return None
    if message.channel in ways.NEEDS_ADDRESS and not ways.is_address(
        message.channel, message.address or ""
    ):
        message.state, message.fault, message.next_at = "bounced", "not_an_address", None
        return None
    allowed = _allowed(session, message)
    if allowed > clock.now():
        message.next_at = allowed
        return allowed
    return _prepare_sending(session, message)


def _prepare_sending(session: Session, message: Message) -> Step | datetime | None:
    channel = channel_for(get_settings(), message.channel)
    if channel is None:
        message.state, message.sent_at, message.next_at = "shown", clock.now(), None
        return None
    pause = _pause_for_all(session, channel, message)
    if pause is not None:
        message.next_at = pause
        return pause
    message.provider = channel.name
    _about_to_send(message)
    return Step(channel, _outgoing(session, message), is_look_up=False)


def _about_to_send(message: Message) -> None:
    message.state = "sending"
    message.attempts += 1
    message.attempted_at = clock.now()
    message.reference = message.reference or f"heard-{make_token()}"
    message.next_at = None


def _prepare_look_up(session: Session, message: Message) -> Step | datetime | None:
    """Somebody was about to send it, and nobody wrote down what came of it."""
    channel = channel_for(get_settings(), message.channel)
    begun = message.attempted_at or message.made_at
    is_too_late = clock.now() - begun > ASK_FOR
    if channel is None or channel.name != message.provider or not channel.can_look_up:
        is_too_late = True
    if is_too_late or channel is None:
        message.state, message.fault, message.next_at = "unknown", "lost_answer", None
        return None
    # Another worker's call, or one that a provider still writes down, must be over first.
    settled = begun + SETTLES_AFTER
    pause = _pause_for_all(session, channel, message)
    if settled > clock.now() or pause is not None:
        message.next_at = max(settled, pause or settled)
        return message.next_at
    return Step(channel, _outgoing(session, message), is_look_up=True)


def _record(
    session: Session, message_id: int, outcome: Outcome, *, is_look_up: bool
) -> datetime | None:
    """Write down what a provider said; when to come back, or None when it is settled."""
    message = _locked(session, message_id)
    message.fault = outcome.fault
    if outcome.result is Result.NOT_FOUND:  # surely not sent: go on as if nothing had happened
        message.state = "waiting"
        return clock.now()
    if outcome.result in (Result.UNKNOWN, Result.NOT_TAKEN):
        return _come_back(message, outcome, is_look_up=is_look_up)
    message.provider_id = outcome.provider_id or message.provider_id
    deliveries.settle(message, outcome)
    if message.state == "sent":
        deliveries.leave(session, message)
    return None


def _come_back(message: Message, outcome: Outcome, *, is_look_up: bool) -> datetime | None:
    if outcome.result is Result.NOT_TAKEN:
        message.state = "waiting"
    elif message.provider == "smtp" and not is_look_up:
        message.state = "unknown"
        return None
    # Each try and each look-up that failed makes the next pause longer, up to an hour.
    since = clock.now() - message.made_at
    tried = min(message.attempts + int(since / LONGEST_PAUSE), 6)
    message.next_at = clock.now() + max(
        min(timedelta(minutes=2**tried), LONGEST_PAUSE), SETTLES_AFTER
    )
    return message.next_at


def _pause_for_all(session: Session, channel: Channel, message: Message) -> datetime | None:
    newest = session.exec(
        select(func.max(Message.next_at)).where(
            Message.provider == channel.name,
            Message.fault == NO_ANSWER,
            Message.id != message.id,
            col(Message.next_at) > clock.now(),
            col(Message.state).in_(("waiting", "sending")),
        )
    ).one()
    return min(newest, clock.now() + ONE_TRIES_EACH) if newest else None


def _allowed(session: Session, message: Message) -> datetime:
    """The first moment at which this message may come; a colleague's e-mail at any."""
    moment = max(clock.now(), message.not_before or clock.now())
    if message.contributor_id is None:
        return moment
    settings = get_settings()
    return next_allowed(
        moment,
        first=settings.heard_messages_from,
        last=settings.heard_messages_until,
        birthday=_birthday(session, message.contributor_id),
        occasion=message.occasion,
    )


def _birthday(session: Session, contributor_id: int) -> date | None:
    row = people.contributor(session, contributor_id)
    person = people.person(session, row.person_id) if row and row.person_id else None
    return person.date_of_birth if person else None


def _outgoing(session: Session, message: Message) -> Outgoing:
    is_letter = message.channel == ways.LETTER
    return Outgoing(
        channel=message.channel,
        address=message.address or "",
        words=message.words,
        reference=message.reference or "",
        subject=message.subject or "",
        letter=letters.printed(session, message) if is_letter else None,
    )


def _locked(session: Session, message_id: int) -> Message:
    return session.exec(select(Message).where(Message.id == message_id).with_for_update()).one()
