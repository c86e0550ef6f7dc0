"""Later work: a machine reorders what waits to be read, and answers reach the child in time."""

from collections.abc import Callable
from typing import Any

from sqlmodel import Session

from backend.asks import service as asks
from backend.coding import service as coding
from backend.core.jobs import Handler
from backend.safeguarding import service
from backend.surveys import queries as surveys

Coder = Callable[[Session, int], service.Worry]


def code_topic(session: Session, topic_row_id: int) -> service.Worry:
    """What coding suggests about one submission."""
    return coding.code_topic(session, topic_row_id)


def topic_sent(session: Session, details: dict[str, Any], *, code: Coder | None = None) -> None:
    """Let a machine look at what was sent. It waits for a person whether this runs or not."""
    topic = surveys.sent_topic(session, details["topic_row_id"])
    if topic is None:
        return
    service.await_reading(session, topic.topic_row_id, topic.person_id)
    service.suggest(session, topic.topic_row_id, (code or code_topic)(session, topic.topic_row_id))


HANDLERS: dict[str, Handler] = {"safeguarding.topic_sent": topic_sent}
DAILY: tuple[Callable[[Session], None], ...] = (asks.release_unseen,)
