"""Forgets, once a day, which items arrived and which keys phones had, once tickets are over."""

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import delete
from sqlmodel import Session, col

from backend.core import clock
from backend.core.jobs import Handler
from backend.offline.models import GivenKey, OfflineItem

# Longer than any ticket lasts, so that an item whose row is gone is refused for its ticket.
KEEP_ITEMS = timedelta(days=7)


def forget_old_items(session: Session) -> None:
    """Delete the rows of items that arrived a week ago, and of keys given out last before that."""
    session.execute(
        delete(OfflineItem).where(col(OfflineItem.arrived_at) < clock.now() - KEEP_ITEMS)
    )
    session.execute(delete(GivenKey).where(col(GivenKey.last_given_at) < clock.now() - KEEP_ITEMS))


HANDLERS: dict[str, Handler] = {}
DAILY: tuple[Callable[[Session], None], ...] = (forget_old_items,)
