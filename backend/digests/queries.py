"""Reads of digests: a colleague's own, as they were sent."""

from sqlmodel import Session, col, select

from backend.core.access.identity import StaffIdentity
from backend.digests.lines import Line, by_heading, lines_for
from backend.digests.models import Digest

__all__ = ["Line", "by_heading", "last_digests", "lines_for"]

SHOWN = 4


def last_digests(session: Session, viewer: StaffIdentity) -> list[Digest]:
    """One's own digests of the last weeks, the newest first; nobody else's."""
    return list(
        session.exec(
            select(Digest)
            .where(Digest.staff_id == viewer.staff_id, col(Digest.id).is_not(None))
            .order_by(col(Digest.week_of).desc())
            .limit(SHOWN)
        ).all()
    )
