"""Forgets, once a day, what the way in no longer needs to know."""

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import delete
from sqlmodel import Session, col

from backend.core import clock
from backend.core.jobs import Handler
from backend.entry.models import ContributorSession, EntryAttempt, OpeningLink

KEEP_TRIES = timedelta(days=1)
KEEP_SESSIONS = timedelta(days=30)


def forget_old_tries_and_pages(session: Session) -> None:
    """Delete tries after a day, ended pages and opening links after thirty.

    Tries at a secret stay: five in all lock it, however slowly they come.
    """
    now = clock.now()
    session.execute(
        delete(EntryAttempt).where(
            col(EntryAttempt.at) < now - KEEP_TRIES,
            col(EntryAttempt.subject).not_like("secret:%"),
        )
    )
    session.execute(
        delete(ContributorSession).where(col(ContributorSession.seen_at) < now - KEEP_SESSIONS)
    )
    session.execute(delete(OpeningLink).where(col(OpeningLink.made_at) < now - KEEP_SESSIONS))


HANDLERS: dict[str, Handler] = {}
DAILY: tuple[Callable[[Session], None], ...] = (forget_old_tries_and_pages,)
