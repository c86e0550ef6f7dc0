"""Opens, recognises and ends a contributor's open page."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlmodel import Session, col, select, update

from backend.core import audit, clock
from backend.core.access.identity import ContributorIdentity
from backend.core.access.permissions import Kind
from backend.core.access.policy import YOUNG_PEOPLE
from backend.core.encryption import fingerprint
from backend.core.tokens import make_token
from backend.entry.models import ContributorSession, Pass, Secret
from backend.people import queries as people
from backend.settings import get_settings

if TYPE_CHECKING:
    from backend.people.models import Contributor

LONGEST_SESSION = timedelta(hours=12)
# What was typed is sent as the page goes; a page that locks itself looks every two minutes.
LEAVING_TAKES = timedelta(minutes=3)

OPENED = audit.declare("entry.opened", "how")
LEFT = audit.declare("entry.left", "how")


def open_session(
    session: Session,
    contributor_id: int,
    *,
    how: str,
    pass_id: int | None = None,
    is_known: bool = False,
    let_in_by: int | None = None,
    is_own_phone: bool | None = None,
) -> str:
    """Let a contributor in by `how` (code, link, opening_link); the token for the cookie.

    `let_in_by` is the member of staff who made the opening link.
    """
    token, now = make_token(), clock.now()
    session.add(
        ContributorSession(
            token_hash=fingerprint(token),
            contributor_id=contributor_id,
            pass_id=pass_id,
            is_known=is_known,
            let_in_by=let_in_by,
            is_own_phone=is_own_phone,
            started_at=now,
            seen_at=now,
        )
    )
    contributor = people.contributor(session, contributor_id)
    subject = people.subject_of(session, contributor) if contributor else None
    audit.record(
        session,
        OPENED,
        actor=f"contributor:{contributor_id}",
        person_id=subject.id if subject else None,
        how=how,
    )
    return token


def live_session(session: Session, token: str) -> ContributorSession | None:
    """The open page behind a cookie's token; None when it ended, idled or lasted too long."""
    row = session.exec(
        select(ContributorSession).where(
            ContributorSession.token_hash == fingerprint(token),
            col(ContributorSession.ended_at).is_(None),
        )
    ).first()
    if row is None or row.started_at + LONGEST_SESSION < clock.now():
        return None
    return row if idles_at(row) > clock.now() else None


def idles_at(row: ContributorSession) -> datetime:
    """When this page locks if nothing more is tapped."""
    return row.seen_at + timedelta(minutes=get_settings().heard_contributor_idle_minutes)


def identify(session: Session, token: str) -> ContributorIdentity | None:
    """Who is behind a cookie's token, or None; counts as a tap."""
    row = live_session(session, token)
    contributor = people.contributor(session, row.contributor_id) if row else None
    if row is None or contributor is None:
        return None
    row.seen_at = clock.now()
    return _identity(session, row, contributor)


def identity_of_visit(session: Session, session_id: int) -> ContributorIdentity | None:
    """Who was behind a visit, though it may have ended since: for what was said in it while
    there was no signal. None once the code that it was opened by was switched off."""
    row = session.get(ContributorSession, session_id)
    contributor = people.contributor(session, row.contributor_id) if row else None
    if row is None or contributor is None:
        return None
    opened_by = session.get(Pass, row.pass_id) if row.pass_id else None
    if opened_by is not None and opened_by.revoked_at is not None:
        return None
    return _identity(session, row, contributor)


def just_left(session: Session, token: str) -> ContributorIdentity | None:
    """Who is behind a cookie's token, or was until a moment ago: for what was typed as they left.
    Does not count as a tap."""
    row = session.exec(
        select(ContributorSession).where(ContributorSession.token_hash == fingerprint(token))
    ).first()
    if row is None:
        return None
    ends_at = row.ended_at or min(idles_at(row), row.started_at + LONGEST_SESSION)
    is_known_still = ends_at + LEAVING_TAKES > clock.now()
    return identity_of_visit(session, row.id or 0) if is_known_still else None


def locked_since_idle(session: Session, token: str) -> ContributorIdentity | None:
    """Who is behind a page that locked by itself today, because nothing was tapped for a while:
    for what was typed on it meanwhile. None for a page that its reader ended, and for none."""
    row = session.exec(
        select(ContributorSession).where(
            ContributorSession.token_hash == fingerprint(token),
            col(ContributorSession.ended_at).is_(None),
        )
    ).first()
    if row is None or idles_at(row) > clock.now():
        return None
    is_today = row.started_at + LONGEST_SESSION > clock.now()
    return identity_of_visit(session, row.id or 0) if is_today else None


def whose_phone(session: Session, session_id: int) -> bool | None:
    """Whether the visitor said that nobody else uses this phone; None where they did not say."""
    return session.get_one(ContributorSession, session_id).is_own_phone


def is_own_phone(session: Session, session_id: int) -> bool:
    """Whether something may be left on this phone: only where its user said that it is theirs."""
    return bool(whose_phone(session, session_id))


def say_whose_phone(session: Session, session_id: int, *, is_own: bool) -> None:
    """Keep for this visit whether somebody else uses the phone too."""
    session.get_one(ContributorSession, session_id).is_own_phone = is_own


def _identity(
    session: Session, row: ContributorSession, contributor: "Contributor"
) -> ContributorIdentity:
    subject = people.subject_of(session, contributor)
    secret = session.get(Secret, row.contributor_id)
    return ContributorIdentity(
        contributor_id=row.contributor_id,
        kind=Kind(contributor.kind),
        person_id=subject.id if subject else None,
        is_known=row.is_known,
        session_id=row.id or 0,
        reads_from=_reads_from(row, secret),
        came_by_opening_link=row.let_in_by is not None,
        let_in_by=row.let_in_by or (secret.let_in_by if secret else None),
    )


def _reads_from(row: ContributorSession, secret: Secret | None) -> str | None:
    if row.let_in_by is not None or secret is None or secret.reads_from is None:
        return None
    return secret.reads_from.isoformat()


def first_page(session: Session, identity: ContributorIdentity) -> str:
    """Where somebody who is in goes next: a young person meets their own secret first."""
    row = session.get_one(ContributorSession, identity.session_id)
    is_past_secret = row.is_known or row.has_passed_secret or identity.kind not in YOUNG_PEOPLE
    return "/me/home" if is_past_secret else "/me/secret"


def make_known(session: Session, session_id: int) -> str:
    """Open the past to this page; a fresh token, so that an older copy of the cookie stays out."""
    row, token = session.get_one(ContributorSession, session_id), make_token()
    row.is_known = True
    row.token_hash = fingerprint(token)
    return token


def pass_secret(session: Session, identity: ContributorIdentity) -> None:
    """Go on to new questions only, without the secret."""
    session.get_one(ContributorSession, identity.session_id).has_passed_secret = True


def leave(session: Session, token: str, *, how: str) -> None:
    """End the page behind a token (left or locked); one that is not there is no error."""
    row = live_session(session, token)
    if row:
        row.ended_at = clock.now()
        audit.record(session, LEFT, actor=f"contributor:{row.contributor_id}", how=how)


def end_all_of(session: Session, contributor_id: int, *, but: int | None = None) -> None:
    """End every open page of one contributor, except one if told."""
    session.flush()
    session.execute(
        update(ContributorSession)
        .where(
            col(ContributorSession.contributor_id) == contributor_id,
            col(ContributorSession.ended_at).is_(None),
            col(ContributorSession.id) != (but or 0),
        )
        .values(ended_at=clock.now())
        .execution_options(synchronize_session="fetch")
    )
