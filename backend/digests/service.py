"""Writes each colleague's digest once a week, and none where there is nothing to say."""

from datetime import date, time, timedelta

from sqlmodel import Session, select

from backend.accounts import queries as accounts
from backend.accounts import service as accounts_service
from backend.core import clock
from backend.core.access.identity import StaffIdentity
from backend.digests import urgent
from backend.digests.lines import Line, by_heading, lines_for, say_day
from backend.digests.models import Digest
from backend.entry import queries as entry
from backend.messaging import service as messaging

__all__ = ["send_digests", "send_urgent", "week_of", "words_of"]

FROM = time(8)  # London
SUBJECT = "Heard: what waits for you this week"
STALE = (
    "The case system’s extract is of {day}. It is too old, so Heard invites nobody until a new one "
    "comes in. Ask your administrator."
)
send_urgent = urgent.send_urgent


def week_of(day: date) -> date:
    """The Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def is_time(day: date) -> bool:
    """Whether the week's digests may go: from eight in the morning of its first working day on, so
    that a week in which nothing ran on that day has its digests when something runs again."""
    first = clock.add_working_days(week_of(day) - timedelta(days=1), 1)
    local = clock.in_london(clock.now())
    return day > first or (day == first and local.time() >= FROM)


def send_digests(session: Session, *, stale_since: date | None = None) -> int:
    """Write the week's digest of every working colleague who has none yet; how many were sent.

    `stale_since`: as at when an extract that is too old to invite from was.
    """
    today = clock.today()
    if not is_time(today) or not clock.is_working_day(today):
        return 0
    monday, sent = week_of(today), 0
    done = set(session.exec(select(Digest.staff_id).where(Digest.week_of == monday)).all())
    for staff_id in sorted({key for key, _, _ in accounts.working_roles(session)} - done):
        viewer = accounts_service.identity_by_id(session, staff_id)
        if viewer is not None:
            sent += _send(session, viewer, monday, stale_since)
    return sent


def _send(session: Session, viewer: StaffIdentity, monday: date, stale_since: date | None) -> bool:
    words = words_of(lines_for(session, viewer), stale_since=stale_since)
    session.add(Digest(staff_id=viewer.staff_id, week_of=monday, made_at=clock.now(), words=words))
    session.flush()
    if not words:
        return False
    made = messaging.write(
        session,
        key=f"digest:{viewer.staff_id}:{monday.isoformat()}",
        occasion="digest",
        staff_id=viewer.staff_id,
        subject=SUBJECT,
        words=words,
    )
    return made is not None


def words_of(lines: list[Line], *, stale_since: date | None = None) -> str:
    """An e-mail's text: of each name the first letter, and the page on which the rest stands."""
    if not lines:
        return ""
    parts = [STALE.format(day=say_day(stale_since))] if stale_since else []
    for heading, group in by_heading(lines):
        said = [f"- {f'{one.initial}: ' if one.who else ''}{one.text}" for one in group]
        parts.append("\n".join([heading, *said]))
    parts.append(f"Open your page: {entry.own_address('/staff/digest')}")
    return "\n\n".join(parts)
