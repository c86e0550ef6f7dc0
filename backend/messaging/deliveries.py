"""What becomes of a message after a provider took it: asked for at growing pauses."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine
from sqlmodel import Session, select

from backend.core import clock, jobs
from backend.core.database import unit_of_work
from backend.messaging.channels import Outcome, Result
from backend.messaging.models import Message
from backend.messaging.providers import channel_for
from backend.settings import get_settings

KIND = "messaging.delivery"
FIRST = timedelta(minutes=5)
# A text to a phone that is off is tried for three days; Notify itself forgets after seven.
ASK_FOR = timedelta(days=6)
STATES = {
    Result.ACCEPTED: "sent",
    Result.DELIVERED: "delivered",
    Result.POSTED: "handed_over",
    Result.BOUNCED: "bounced",
    Result.REFUSED: "failed",
}


def settle(message: Message, outcome: Outcome) -> None:
    """Write down where a message that a provider has, or refused, stands."""
    message.state = STATES[outcome.result]
    message.fault, message.next_at = outcome.fault, None
    if message.state in ("sent", "delivered", "handed_over") and message.sent_at is None:
        message.sent_at = clock.now()


def leave(session: Session, message: Message) -> None:
    """Leave the asking for later, where the provider can be asked at all."""
    if message.provider_id and message.reference:
        jobs.enqueue(
            session,
            KIND,
            due_at=clock.now() + FIRST,
            key=f"delivery:{message.reference}",
            message_id=message.id,
        )


def ask(engine: Engine, details: dict[str, Any]) -> datetime | None:
    """Ask once what became of a message; when to ask again, or None when that is known."""
    with unit_of_work(engine) as session:
        message = session.get(Message, details["message_id"])
    if message is None or message.state != "sent" or message.reference is None:
        return None
    channel = channel_for(get_settings(), message.channel)
    if channel is None or channel.name != message.provider:
        return None
    outcome = channel.look_up(message.reference)
    with unit_of_work(engine) as session:
        row = session.exec(select(Message).where(Message.id == message.id).with_for_update()).one()
        if row.state != "sent":
            return None
        if outcome.result in STATES and outcome.result is not Result.ACCEPTED:
            settle(row, outcome)
            return None
        since = clock.now() - (row.sent_at or clock.now())
    return clock.now() + max(FIRST, min(since, timedelta(hours=12))) if since < ASK_FOR else None


HANDLER = jobs.Apart(ask)
