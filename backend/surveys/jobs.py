"""What surveys do: open each hour what is due, delete each day drafts kept for two weeks."""

from collections.abc import Callable

from sqlmodel import Session

from backend.core.jobs import Handler
from backend.surveys import service

HANDLERS: dict[str, Handler] = {}


def delete_old_drafts(session: Session) -> None:
    """Drafts that were kept 14 days and never sent."""
    service.delete_old_drafts(session)


DAILY: tuple[Callable[[Session], None], ...] = (delete_old_drafts,)
HOURLY: tuple[Callable[[Session], None], ...] = (service.open_rounds,)
