"""What digests do each hour: the week's, once it is time, and whatever cannot wait."""

from collections.abc import Callable
from datetime import date

from sqlmodel import Session

from backend.digests import service


def send_digests(session: Session, stale_since: date | None) -> None:
    """The week's digests; says first that the extract is too old, where it is."""
    service.send_digests(session, stale_since=stale_since)


HOURLY: tuple[Callable[[Session], None], ...] = (service.send_urgent,)
