"""What digests do each hour, and at once where somebody said that it cannot wait."""

from collections.abc import Callable
from datetime import date
from typing import Any

from sqlmodel import Session

from backend.core import jobs
from backend.core.jobs import Handler
from backend.digests import service


def send_digests(session: Session, stale_since: date | None) -> None:
    """The week's digests; says first that the extract is too old, where it is."""
    service.send_digests(session, stale_since=stale_since)


def send_now(session: Session, _details: dict[str, Any]) -> None:
    """What cannot wait, as soon as it came up; in one go where much did."""
    jobs.leave_none(session, jobs.CANNOT_WAIT)
    service.send_urgent(session)


HANDLERS: dict[str, Handler] = {jobs.CANNOT_WAIT: send_now}
# Once more each hour: a day may have come nearer without anybody doing anything.
HOURLY: tuple[Callable[[Session], None], ...] = (service.send_urgent,)
