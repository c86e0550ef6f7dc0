"""Every feature's later work in one place, for the worker loop."""

from collections.abc import Callable

from sqlmodel import Session

from backend.coding import jobs as coding
from backend.core.jobs import Handler
from backend.digests import jobs as digests
from backend.entry import jobs as entry
from backend.imports import jobs as import_jobs
from backend.imports import queries as imports
from backend.messaging import jobs as messaging
from backend.offline import jobs as offline
from backend.paper import jobs as paper
from backend.reach import jobs as reach
from backend.reviews import jobs as reviews
from backend.safeguarding import jobs as safeguarding
from backend.surveys import jobs as surveys


def invite_unless_stale(session: Session) -> None:
    """Invitations and reminders rest on the extract; one more than eight days old calls nobody."""
    if not imports.is_stale(session):
        messaging.call(session)


def send_digests(session: Session) -> None:
    """The week's digests, which say so first where the extract is too old."""
    stale_since = imports.as_at(session) if imports.is_stale(session) else None
    digests.send_digests(session, stale_since)


HANDLERS: dict[str, Handler] = {
    **entry.HANDLERS,
    **surveys.HANDLERS,
    **coding.HANDLERS,
    **safeguarding.HANDLERS,
    **messaging.HANDLERS,
    **digests.HANDLERS,
    **import_jobs.HANDLERS,
}
DAILY: tuple[Callable[[Session], None], ...] = (
    *entry.DAILY,
    *offline.DAILY,
    *reviews.DAILY,
    *surveys.DAILY,
    *coding.DAILY,
    *safeguarding.DAILY,
    *paper.DAILY,
    *reach.DAILY,
    *import_jobs.DAILY,
    *messaging.DAILY,
)
# After the day's, and again in the middle of it: an extract may bring a review five days before it.
HOURLY: tuple[Callable[[Session], None], ...] = (
    *surveys.HOURLY,
    invite_unless_stale,
    send_digests,
    *digests.HOURLY,
)
