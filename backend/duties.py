"""Every feature's later work in one place, for the worker loop."""

from collections.abc import Callable

from sqlmodel import Session

from backend.core.jobs import Handler
from backend.safeguarding import jobs as safeguarding
from backend.surveys import jobs as surveys

HANDLERS: dict[str, Handler] = {**surveys.HANDLERS, **safeguarding.HANDLERS}
DAILY: tuple[Callable[[Session], None], ...] = (*surveys.DAILY, *safeguarding.DAILY)
