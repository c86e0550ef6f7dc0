"""Lets an administrator look after accounts and deputies; signing in stands in sign_ins."""

from typing import TYPE_CHECKING

from sqlmodel import Session, select

from backend.accounts.confirmations import ask_to_confirm, is_stood_in_for
from backend.accounts.models import Deputy, Staff, StaffRole
from backend.accounts.sign_ins import (
    SignedIn,
    TooManyTries,
    check_code,
    check_password,
    email_index,
    end_all_sessions,
    identify,
    identity_by_id,
    identity_of,
    is_second_step_set_up,
    pending_staff,
    renew_token,
    sign_out,
    start_totp,
)
from backend.core import audit, clock
from backend.core.access.identity import StaffIdentity
from backend.core.access.permissions import Role
from backend.core.passwords import PASSWORDS
from backend.core.tokens import make_token

if TYPE_CHECKING:
    from datetime import date

__all__ = [
    "COOKIE",
    "PASSWORDS",
    "AccountRefused",
    "SignedIn",
    "TooManyTries",
    "check_code",
    "check_password",
    "choose_password",
    "create_staff",
    "disable_staff",
    "email_index",
    "enable_staff",
    "ensure_staff",
    "give_password",
    "identify",
    "identity_by_id",
    "identity_of",
    "is_stood_in_for",
    "move_to_team",
    "pending_staff",
    "renew_token",
    "reset_totp",
    "set_deputy",
    "sign_out",
    "start_totp",
]

COOKIE = "heard_staff"
SHORTEST_PASSWORD = 12

CREATED = audit.declare("staff.created", "staff_id", "roles")
CHANGED = audit.declare("staff.changed", "staff_id", "what")
DEPUTY_SET = audit.declare("staff.deputy_set", "staff_id", "deputy_id", "first_day", "last_day")


class AccountRefused(Exception):
    """An account cannot be made or changed so; the message says why, in words for the screen."""


def ensure_staff(session: Session, *, name: str, email: str, role: Role, team: str = "") -> int:
    """The account with this address, made without a password where there is none; its id."""
    index = email_index(email)
    staff = session.exec(select(Staff).where(Staff.email_index == index)).first()
    if staff is None:
        staff = Staff(email_index=index, email=email.strip(), name=name or email, team=team)
        session.add(staff)
        session.flush()
    if session.get(StaffRole, (staff.id, role.value)) is None:
        session.add(StaffRole(staff_id=staff.id or 0, role=role.value))
        session.flush()
    return staff.id or 0


def create_staff(
    session: Session, by: str, *, name: str, email: str, roles: frozenset[Role], team: str
) -> tuple[int, str]:
    """Make an account, or let in one that an extract named; its id and first password."""
    if not name.strip() or "@" not in email:
        raise AccountRefused("Enter a name and an email address, like name@council.example.")
    if not roles:
        raise AccountRefused("Choose at least one role.")
    if Role.ADMINISTRATOR in roles and len(roles) > 1:
        raise AccountRefused(
            "An administrator reads no words, so this role stands alone. Make a second account."
        )
    staff_id = 0
    for role in sorted(roles):
        staff_id = ensure_staff(session, name=name, email=email, role=role, team=team)
    staff = session.get_one(Staff, staff_id)
    if staff.password_hash:
        raise AccountRefused("There is already an account with this email address.")
    staff.name, staff.team = name.strip(), team.strip()
    audit.record(session, CREATED, actor=by, staff_id=staff_id, roles=sorted(roles))
    return staff_id, give_password(session, by, staff_id)


def give_password(session: Session, by: str, staff_id: int) -> str:
    """A one-time first password; using it means choosing one's own. Ends open sessions."""
    staff = session.get_one(Staff, staff_id)
    if staff.is_totp_needed and not is_second_step_set_up(staff):
        # Whoever knows this password could set up the second step as well, and be that person.
        ask_to_confirm(staff, by)
    password = make_token()[:16]
    staff.password_hash = PASSWORDS.hash(password)
    staff.must_choose_password = True
    end_all_sessions(session, staff_id)
    audit.record(session, CHANGED, actor=by, staff_id=staff_id, what="password given")
    return password


def choose_password(session: Session, identity: StaffIdentity, password: str) -> None:
    """Set one's own password; raises AccountRefused when it is too short."""
    if len(password) < SHORTEST_PASSWORD:
        raise AccountRefused(f"Use at least {SHORTEST_PASSWORD} characters. Three words are good.")
    staff = session.get_one(Staff, identity.staff_id)
    staff.password_hash = PASSWORDS.hash(password)
    staff.must_choose_password = False
    audit.record(
        session, CHANGED, actor=identity.actor, staff_id=identity.staff_id, what="password chosen"
    )


def reset_totp(session: Session, by: str, staff_id: int) -> None:
    """Forget a lost authenticator: the next sign-in sets up a new one. Ends open sessions."""
    staff = session.get_one(Staff, staff_id)
    staff.totp_secret, staff.totp_last_step, staff.is_totp_needed = None, 0, True
    ask_to_confirm(staff, by)
    end_all_sessions(session, staff_id)
    audit.record(session, CHANGED, actor=by, staff_id=staff_id, what="second step reset")


def move_to_team(session: Session, by: StaffIdentity, staff_id: int, *, team: str) -> None:
    """Put an account into another team, and shut it until a second person has confirmed it: a
    manager reads of the children of their team. Ends open sessions."""
    if by.staff_id == staff_id:
        raise AccountRefused("You cannot move your own account. Ask another administrator.")
    staff = session.get(Staff, staff_id)
    if staff is None or staff.disabled_at is not None:
        raise AccountRefused("Choose whose team it is.")
    if team.strip() == staff.team:
        raise AccountRefused(f"{staff.name} is in that team already. Enter another one.")
    staff.team = team.strip()
    ask_to_confirm(staff, by.actor)
    end_all_sessions(session, staff_id)
    audit.record(session, CHANGED, actor=by.actor, staff_id=staff_id, what="moved to another team")


def disable_staff(session: Session, by: StaffIdentity, staff_id: int) -> None:
    """Close an account and end its sessions at once; nobody closes their own."""
    if by.staff_id == staff_id:
        raise AccountRefused("You cannot disable your own account. Ask another administrator.")
    session.get_one(Staff, staff_id).disabled_at = clock.now()
    end_all_sessions(session, staff_id)
    audit.record(session, CHANGED, actor=by.actor, staff_id=staff_id, what="disabled")


def enable_staff(session: Session, by: StaffIdentity, staff_id: int) -> None:
    """Open a closed account again, once a second person has confirmed it."""
    staff = session.get_one(Staff, staff_id)
    staff.disabled_at = None
    ask_to_confirm(staff, by.actor)
    audit.record(session, CHANGED, actor=by.actor, staff_id=staff_id, what="enabled")


def set_deputy(
    session: Session,
    by: str,
    *,
    staff_id: int,
    deputy_id: int,
    first_day: "date",
    last_day: "date",
    is_asked: bool = False,
) -> None:
    """Let a colleague of a shared role stand in between two days, both included; `is_asked`: only
    once the one who is away, or a second person, has said yes."""
    roles = {
        owner: set(session.exec(select(StaffRole.role).where(StaffRole.staff_id == owner)).all())
        for owner in (staff_id, deputy_id)
    }
    if staff_id == deputy_id or not roles[staff_id] & roles[deputy_id]:
        raise AccountRefused("A deputy is another person with the same role.")
    if last_day < first_day:
        raise AccountRefused("The last day is before the first day.")
    session.add(
        Deputy(
            staff_id=staff_id,
            deputy_id=deputy_id,
            first_day=first_day,
            last_day=last_day,
            asked_by=by if is_asked else None,
            waits_since=clock.now() if is_asked else None,
        )
    )
    audit.record(
        session,
        DEPUTY_SET,
        actor=by,
        staff_id=staff_id,
        deputy_id=deputy_id,
        first_day=first_day.isoformat(),
        last_day=last_day.isoformat(),
    )
