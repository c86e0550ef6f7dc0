"""What messaging does once a day: invite whose round is open."""

from collections.abc import Callable

from sqlmodel import Session

from backend.core.jobs import Handler
from backend.messaging import service

HANDLERS: dict[str, Handler] = {}


def invite(session: Session) -> None:
    """Write the day's invitations."""
    service.invite(session)


DAILY: tuple[Callable[[Session], None], ...] = (invite,)
