"""Signs staff in and out, and lets an administrator look after accounts and deputies."""

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlmodel import Session, col, select, update

from backend.accounts import totp
from backend.accounts.models import Deputy, SignInAttempt, Staff, StaffRole, StaffSession
from backend.core import audit, clock
from backend.core.access.identity import StaffIdentity
from backend.core.access.permissions import Role
from backend.core.encryption import fingerprint, keyring
from backend.core.passwords import PASSWORDS
from backend.core.tokens import make_token

if TYPE_CHECKING:
    from datetime import date

COOKIE = "heard_staff"
SHORTEST_PASSWORD = 12
MOST_TRIES = 5
PAUSE = timedelta(minutes=15)
LONGEST_SESSION = timedelta(hours=12)

SIGNED_IN = audit.declare("staff.signed_in")
SIGNED_OUT = audit.declare("staff.signed_out")
FAILED = audit.declare("staff.sign_in_failed", "email_index")
CREATED = audit.declare("staff.created", "staff_id", "roles")
CHANGED = audit.declare("staff.changed", "staff_id", "what")
DEPUTY_SET = audit.declare("staff.deputy_set", "staff_id", "deputy_id", "first_day", "last_day")


class TooManyTries(Exception):
    """Five failed tries: a pause."""


class AccountRefused(Exception):
    """An account cannot be made or changed so; the message says why, in words for the screen."""


@dataclass(frozen=True)
class SignedIn:
    """A fresh browser session: the token for the cookie, and whether a code is still needed."""

    token: str
    needs_code: bool
    must_choose_password: bool


def email_index(email: str) -> str:
    """The index under which an address is looked up."""
    return keyring().index(f"email:{email.strip().casefold()}")


def _refuse_after_many_tries(session: Session, subject: str) -> None:
    since = clock.now() - PAUSE
    tries = session.exec(
        select(SignInAttempt).where(SignInAttempt.subject == subject, col(SignInAttempt.at) > since)
    ).all()
    if len(tries) >= MOST_TRIES:
        raise TooManyTries


def _forget_tries(session: Session, subject: str) -> None:
    for attempt in session.exec(select(SignInAttempt).where(SignInAttempt.subject == subject)):
        session.delete(attempt)


def _count_try(session: Session, subject: str) -> None:
    session.add(SignInAttempt(subject=subject, at=clock.now()))
    audit.record(session, FAILED, actor="nobody", email_index=subject)


def check_password(session: Session, email: str, password: str) -> SignedIn | None:
    """Check the first step. None when it fails (the try is counted in this transaction);
    raises TooManyTries during a pause."""
    subject = email_index(email)
    _refuse_after_many_tries(session, subject)
    staff = session.exec(select(Staff).where(Staff.email_index == subject)).first()
    stored = staff.password_hash if staff else None
    # A made-up hash takes the same time, so that a stranger cannot learn which addresses exist.
    is_right = PASSWORDS.verify(password, stored or _DECOY) and stored is not None
    if not is_right or staff is None or staff.disabled_at or staff.id is None:
        _count_try(session, subject)
        return None
    if not staff.is_totp_needed:
        _forget_tries(session, subject)
    return _open_session(session, staff)


def _open_session(session: Session, staff: Staff) -> SignedIn:
    token, now = make_token(), clock.now()
    session.add(
        StaffSession(
            token_hash=fingerprint(token),
            staff_id=staff.id or 0,
            is_second_step_done=not staff.is_totp_needed,
            started_at=now,
            seen_at=now,
        )
    )
    if not staff.is_totp_needed:
        audit.record(session, SIGNED_IN, actor=f"staff:{staff.id}")
    return SignedIn(token, staff.is_totp_needed, staff.must_choose_password)


_DECOY = PASSWORDS.hash(make_token())


def pending_staff(session: Session, token: str) -> tuple[StaffSession, Staff] | None:
    """The live session behind a cookie's token and its account, whatever step it is at."""
    row = session.exec(
        select(StaffSession).where(
            StaffSession.token_hash == fingerprint(token), col(StaffSession.ended_at).is_(None)
        )
    ).first()
    staff = session.get(Staff, row.staff_id) if row else None
    if row is None or staff is None or staff.disabled_at:
        return None
    if row.started_at + LONGEST_SESSION < clock.now():
        return None
    return row, staff


def check_code(session: Session, token: str, code: str) -> bool:
    """Check the second step; a code is taken once. Raises TooManyTries during a pause."""
    found = pending_staff(session, token)
    if found is None:
        return False
    row, staff = found
    _refuse_after_many_tries(session, staff.email_index)
    step = totp.matching_step(staff.totp_secret or "", code, clock.now())
    if step is None or step <= staff.totp_last_step:
        _count_try(session, staff.email_index)
        return False
    staff.totp_last_step = step
    row.is_second_step_done = True
    _forget_tries(session, staff.email_index)
    audit.record(session, SIGNED_IN, actor=f"staff:{staff.id}")
    return True


def start_totp(session: Session, token: str) -> str | None:
    """The secret to set up in an authenticator at first sign-in; None once it is in use."""
    found = pending_staff(session, token)
    if found is None or (found[1].totp_secret and found[1].totp_last_step):
        return None
    staff = found[1]
    if not staff.totp_secret:
        staff.totp_secret = totp.make_secret()
    return staff.totp_secret


def identify(session: Session, token: str, *, idle: timedelta) -> StaffIdentity | None:
    """Who is signed in behind a cookie's token; None when idle too long, ended or disabled."""
    found = pending_staff(session, token)
    if found is None:
        return None
    row, staff = found
    now = clock.now()
    if not row.is_second_step_done or row.seen_at + idle < now:
        return None
    row.seen_at = now
    return identity_of(session, staff)


def identity_of(session: Session, staff: Staff) -> StaffIdentity:
    """An account as an identity, with the colleagues it stands in for today."""
    day = clock.today()
    stands_in_for = session.exec(
        select(Deputy.staff_id).where(
            Deputy.deputy_id == staff.id,
            col(Deputy.first_day) <= day,
            col(Deputy.last_day) >= day,
        )
    ).all()
    roles = session.exec(select(StaffRole.role).where(StaffRole.staff_id == staff.id)).all()
    return StaffIdentity(
        staff_id=staff.id or 0,
        name=staff.name,
        roles=frozenset(Role(role) for role in roles),
        team=staff.team,
        stands_in_for=frozenset(stands_in_for),
    )


def sign_out(session: Session, token: str) -> None:
    """End the session behind a token; one that is not there is no error."""
    found = pending_staff(session, token)
    if found:
        found[0].ended_at = clock.now()
        audit.record(session, SIGNED_OUT, actor=f"staff:{found[1].id}")


def end_all_sessions(session: Session, staff_id: int) -> None:
    """End every open browser of one account."""
    session.execute(
        update(StaffSession)
        .where(col(StaffSession.staff_id) == staff_id, col(StaffSession.ended_at).is_(None))
        .values(ended_at=clock.now())
    )


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
    end_all_sessions(session, staff_id)
    audit.record(session, CHANGED, actor=by, staff_id=staff_id, what="second step reset")


def disable_staff(session: Session, by: StaffIdentity, staff_id: int) -> None:
    """Close an account and end its sessions at once; nobody closes their own."""
    if by.staff_id == staff_id:
        raise AccountRefused("You cannot disable your own account. Ask another administrator.")
    session.get_one(Staff, staff_id).disabled_at = clock.now()
    end_all_sessions(session, staff_id)
    audit.record(session, CHANGED, actor=by.actor, staff_id=staff_id, what="disabled")


def enable_staff(session: Session, by: StaffIdentity, staff_id: int) -> None:
    """Open a closed account again."""
    session.get_one(Staff, staff_id).disabled_at = None
    audit.record(session, CHANGED, actor=by.actor, staff_id=staff_id, what="enabled")


def set_deputy(
    session: Session, by: str, *, staff_id: int, deputy_id: int, first_day: "date", last_day: "date"
) -> None:
    """Let a colleague of a shared role stand in between two days, both included."""
    roles = {
        owner: set(session.exec(select(StaffRole.role).where(StaffRole.staff_id == owner)).all())
        for owner in (staff_id, deputy_id)
    }
    if staff_id == deputy_id or not roles[staff_id] & roles[deputy_id]:
        raise AccountRefused("A deputy is another person with the same role.")
    if last_day < first_day:
        raise AccountRefused("The last day is before the first day.")
    session.add(
        Deputy(staff_id=staff_id, deputy_id=deputy_id, first_day=first_day, last_day=last_day)
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
