"""Every feature's later work in one place, for the worker loop."""

from collections.abc import Callable

from sqlmodel import Session

from backend.core.jobs import Handler
from backend.entry import jobs as entry
from backend.imports import queries as imports
from backend.messaging import jobs as messaging
from backend.offline import jobs as offline
from backend.paper import jobs as paper
from backend.safeguarding import jobs as safeguarding
from backend.surveys import jobs as surveys


def invite_unless_stale(session: Session) -> None:
    """Invitations rest on the extract; one more than eight days old invites nobody."""
    if not imports.is_stale(session):
        messaging.invite(session)


HANDLERS: dict[str, Handler] = {
    **entry.HANDLERS,
    **surveys.HANDLERS,
    **safeguarding.HANDLERS,
}
DAILY: tuple[Callable[[Session], None], ...] = (
    *entry.DAILY,
    *offline.DAILY,
    *surveys.DAILY,
    *safeguarding.DAILY,
    *paper.DAILY,
    invite_unless_stale,
)
