"""Which keys phones seal to, and whether each of them still opens."""

from datetime import datetime
from pathlib import Path

from sqlmodel import Session, col, select

from backend.core import clock
from backend.offline.keys import KEY_FILE, Unreadable, keys_in
from backend.offline.models import GivenKey
from backend.offline.tickets import LASTS

__all__ = ["KEY_FILE", "Unreadable", "count_keys", "missing_keys"]


def missing_keys(session: Session, folder: Path) -> list[tuple[str, datetime]]:
    """Names of the keys that words may wait for on a phone now and that this installation does not
    hold, each with when it was given out last: a key that was lost, another machine's or edited.

    Raises Unreadable.
    """
    held = {(key.kid, key.public) for key in keys_in(folder)}
    rows = session.exec(
        select(GivenKey)
        .where(col(GivenKey.last_given_at) > clock.now() - LASTS)
        .order_by(col(GivenKey.last_given_at))
    )
    return [(row.kid, row.last_given_at) for row in rows if (row.kid, row.public) not in held]


def count_keys(folder: Path) -> int:
    """How many keys the file holds; raises Unreadable."""
    return len(keys_in(folder))
