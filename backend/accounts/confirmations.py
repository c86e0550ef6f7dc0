"""Holds back what would let somebody read words until a second person has said yes to it.

An administrator makes accounts and names deputies, and must never read a word: docs/decisions/0018.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, col, select

from backend.accounts import queries
from backend.accounts.models import Deputy, Staff
from backend.accounts.sign_ins import is_second_step_set_up
from backend.core import audit, clock
from backend.core.access.identity import StaffIdentity
from backend.core.encryption import fingerprint
from backend.core.tokens import make_code, plain_code

BY_COMMAND = "command"  # on the server itself, where everything can be read anyway

CONFIRMED = audit.declare("staff.confirmed", "staff_id", "what")
DECLINED = audit.declare("staff.declined", "staff_id", "what")
DEPUTY_DECIDED = audit.declare("staff.deputy_decided", "staff_id", "deputy_id", "decision")


class NotTheirs(Exception):
    """Nobody says yes to their own wish, or to what is not waiting."""


@dataclass(frozen=True)
class Standing:
    """A colleague who stands in, or is to, and whether it waits for a yes."""

    row_id: int
    name: str
    deputy: str
    first_day: date
    last_day: date
    asked_by: str
    waits_since: datetime | None


@dataclass(frozen=True)
class WaitingAccount:
    """An account that somebody asked for."""

    line: queries.StaffLine
    asked_by: str
    waits_since: datetime


def ask_to_confirm(staff: Staff, by: str) -> None:
    """Shut an account until a second person has confirmed whose it is."""
    if by == BY_COMMAND:
        return
    staff.asked_by, staff.waits_since, staff.setup_code_hash = by, clock.now(), None


def waiting_accounts(session: Session, viewer: StaffIdentity) -> list[WaitingAccount]:
    """The accounts that wait for somebody like this viewer, the oldest wish first."""
    rows = session.exec(
        select(Staff).where(col(Staff.waits_since).is_not(None), col(Staff.disabled_at).is_(None))
    ).all()
    lines = {line.staff_id: line for line in queries.staff_lines(session)}
    names = actors(session, rows)
    found = [
        WaitingAccount(lines[row.id or 0], names[row.asked_by or ""], row.waits_since)
        for row in rows
        if row.waits_since and may_confirm(viewer, row)
    ]
    return sorted(found, key=lambda one: one.waits_since)


def may_confirm(viewer: StaffIdentity, row: Staff | Deputy) -> bool:
    """Whether this viewer is somebody else than those who asked and those who would gain."""
    gains = row.deputy_id if isinstance(row, Deputy) else row.id
    return row.waits_since is not None and viewer.actor != row.asked_by and viewer.staff_id != gains


def decide_account(
    session: Session, viewer: StaffIdentity, staff_id: int, *, is_right: bool
) -> str | None:
    """Say yes or no to an account. After a yes, the code that its owner needs besides the first
    password, so that neither of the two who made it can use it; None where they need none.

    Raises NotTheirs.
    """
    staff = session.get(Staff, staff_id, with_for_update=True)
    if staff is None or not may_confirm(viewer, staff):
        raise NotTheirs
    what = f"asked by {staff.asked_by}"
    if not is_right:
        staff.disabled_at = clock.now()
        audit.record(session, DECLINED, actor=viewer.actor, staff_id=staff_id, what=what)
        return None
    staff.waits_since, code = None, None
    if staff.is_totp_needed and not is_second_step_set_up(staff):
        code = make_code()
        staff.setup_code_hash = fingerprint(plain_code(code))
    audit.record(session, CONFIRMED, actor=viewer.actor, staff_id=staff_id, what=what)
    return code


def decide_deputy(
    session: Session, viewer: StaffIdentity, row_id: int, *, decision: str, is_any: bool
) -> None:
    """Say "yes" or "no" to a deputy, or "end" one: by who is away, or by a second person
    (`is_any`) where it waits. Raises NotTheirs."""
    row = session.get(Deputy, row_id, with_for_update=True)
    if row is None or row.ended_at is not None:
        raise NotTheirs
    is_own = row.staff_id == viewer.staff_id
    can_say_yes = may_confirm(viewer, row) and (is_own or is_any)
    if not can_say_yes and not (is_own and decision != "yes"):
        raise NotTheirs
    if decision == "yes":
        row.waits_since = None
    else:
        row.ended_at = clock.now()
    audit.record(
        session,
        DEPUTY_DECIDED,
        actor=viewer.actor,
        staff_id=row.staff_id,
        deputy_id=row.deputy_id,
        decision=decision if decision in ("yes", "no") else "end",
    )


def waiting_deputies(session: Session, viewer: StaffIdentity) -> list[Standing]:
    """The deputies that wait for somebody like this viewer."""
    return _standing(session, [row for row in _live(session) if may_confirm(viewer, row)])


def standing_in_for(session: Session, staff_id: int) -> list[Standing]:
    """Who stands in for this colleague, today or later, and who would."""
    return _standing(session, [row for row in _live(session) if row.staff_id == staff_id])


def is_stood_in_for(session: Session, staff_id: int) -> bool:
    """Whether somebody else arranged, or asks, that another reads in this colleague's place."""
    return any(row.staff_id == staff_id and row.asked_by for row in _live(session))


def _live(session: Session) -> list[Deputy]:
    return list(
        session.exec(
            select(Deputy)
            .where(col(Deputy.last_day) >= clock.today(), col(Deputy.ended_at).is_(None))
            .order_by(col(Deputy.first_day))
        )
    )


def _standing(session: Session, rows: list[Deputy]) -> list[Standing]:
    ids = {row.staff_id for row in rows} | {row.deputy_id for row in rows}
    names, asked = queries.names_of(session, ids), actors(session, rows)
    return [
        Standing(
            row_id=row.id or 0,
            name=names[row.staff_id],
            deputy=names[row.deputy_id],
            first_day=row.first_day,
            last_day=row.last_day,
            asked_by=asked[row.asked_by or ""],
            waits_since=row.waits_since,
        )
        for row in rows
    ]


def actors(session: Session, rows: Sequence[Staff | Deputy]) -> dict[str, str]:
    """The names of those who asked."""
    given = {row.asked_by or "" for row in rows}
    ids = {int(one.split(":")[1]) for one in given if one.startswith("staff:")}
    names = queries.names_of(session, ids)
    return {
        one: names.get(int(one.split(":")[1]), one) if one.startswith("staff:") else one
        for one in given
    }
