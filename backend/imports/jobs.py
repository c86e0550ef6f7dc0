"""What imports leave for later: nothing that was uploaded lies here for longer than an hour."""

from collections.abc import Callable
from typing import Any

from sqlmodel import Session

from backend.core.jobs import Handler
from backend.imports import previews, undo


def sweep(session: Session, _details: dict[str, Any]) -> None:
    """Drop previews whose hour is over."""
    previews.sweep(session)


def forget(session: Session) -> None:
    """Drop what was only kept so that it could be undone, and previews that were left behind."""
    previews.sweep(session)
    undo.forget_old(session)


HANDLERS: dict[str, Handler] = {previews.SWEEP: sweep}
DAILY: tuple[Callable[[Session], None], ...] = (forget,)
