"""Later work of this feature."""

from collections.abc import Callable

from sqlmodel import Session

from backend.core.jobs import Handler

HANDLERS: dict[str, Handler] = {}
DAILY: tuple[Callable[[Session], None], ...] = ()
