"""Signs staff in and out: password, code, and the session behind the cookie."""

from dataclasses import dataclass, replace
from datetime import timedelta

from sqlmodel import Session, col, select, update

from backend.accounts import totp
from backend.accounts.models import Deputy, SignInAttempt, Staff, StaffRole, StaffSession
from backend.core import audit, clock
from backend.core.access.identity import StaffIdentity
from backend.core.access.permissions import Role
from backend.core.encryption import fingerprint, keyring
from backend.core.passwords import PASSWORDS
from backend.core.tokens import make_token, plain_code

MOST_TRIES = 5
PAUSE = timedelta(minutes=15)
LONGEST_SESSION = timedelta(hours=12)
ALONE = {Role.ADMINISTRATOR}

SIGNED_IN = audit.declare("staff.signed_in")
SIGNED_OUT = audit.declare("staff.signed_out")
FAILED = audit.declare("staff.sign_in_failed", "email_index")


class TooManyTries(Exception):
    """Five failed tries: a pause."""


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


def check_code(session: Session, token: str, code: str, *, setup_code: str = "") -> bool:
    """Check the second step; a code is taken once, and the first one needs the code that whoever
    confirmed the account was given. Raises TooManyTries during a pause."""
    found = pending_staff(session, token)
    if found is None or found[1].waits_since:
        return False
    row, staff = found
    _refuse_after_many_tries(session, staff.email_index)
    step = totp.matching_step(staff.totp_secret or "", code, clock.now())
    is_set_up = staff.setup_code_hash in (None, fingerprint(plain_code(setup_code)))
    if step is None or step <= staff.totp_last_step or not is_set_up:
        _count_try(session, staff.email_index)
        return False
    staff.totp_last_step, staff.setup_code_hash = step, None
    row.is_second_step_done = True
    _forget_tries(session, staff.email_index)
    audit.record(session, SIGNED_IN, actor=f"staff:{staff.id}")
    return True


def renew_token(session: Session, token: str) -> str:
    """A fresh token for the same session, so that a copy of the cookie from before the second
    step stays out; raises LookupError when there is no such session."""
    found = pending_staff(session, token)
    if found is None:
        raise LookupError("no such session")
    fresh = make_token()
    found[0].token_hash = fingerprint(fresh)
    return fresh


def is_second_step_set_up(staff: Staff) -> bool:
    """Whether the account's owner has an authenticator in use, which nobody else has."""
    return bool(staff.totp_secret and staff.totp_last_step)


def start_totp(session: Session, token: str) -> str | None:
    """The secret to set up in an authenticator at first sign-in; None once it is in use."""
    found = pending_staff(session, token)
    if found is None or found[1].waits_since or is_second_step_set_up(found[1]):
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
    if not row.is_second_step_done or row.seen_at + idle < now or staff.waits_since:
        return None
    row.seen_at = now
    return replace(identity_of(session, staff), must_choose_password=staff.must_choose_password)


def identity_of(session: Session, staff: Staff) -> StaffIdentity:
    """An account as an identity, with the colleagues it stands in for today."""
    day = clock.today()
    stands_in_for = session.exec(
        select(Deputy.staff_id).where(
            Deputy.deputy_id == staff.id,
            col(Deputy.waits_since).is_(None),
            col(Deputy.ended_at).is_(None),
            col(Deputy.first_day) <= day,
            col(Deputy.last_day) >= day,
        )
    ).all()
    roles = session.exec(select(StaffRole.role).where(StaffRole.staff_id == staff.id)).all()
    return StaffIdentity(
        staff_id=staff.id or 0,
        name=staff.name,
        # Whoever makes accounts and runs imports reads no words, whatever an extract names them.
        roles=frozenset(Role(role) for role in ALONE & set(roles) or roles),
        team=staff.team,
        stands_in_for=frozenset(stands_in_for),
    )


def identity_by_id(session: Session, staff_id: int) -> StaffIdentity | None:
    """A working account as an identity, for what is done in nobody's request; else None."""
    staff = session.get(Staff, staff_id)
    if staff is None or staff.disabled_at is not None:
        return None
    return identity_of(session, staff)


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
