"""Makes, finds and revokes the links and codes that contributors come in by."""

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlmodel import Session, col, select

from backend.core import audit, clock
from backend.core.access.identity import StaffIdentity
from backend.core.encryption import fingerprint, keyring
from backend.core.tokens import make_code, make_token, plain_code
from backend.entry import queries, sessions
from backend.entry.models import OpeningLink, Pass
from backend.people import queries as people
from backend.placements import queries as placements

if TYPE_CHECKING:
    from backend.people.models import Contact

LASTS = timedelta(days=365)
# A letter that goes out today must still open in a month.
RENEW_BEFORE = timedelta(days=30)

MADE = audit.declare("entry.pass_made", "contributor_id", "expires_on")
REVOKED = audit.declare("entry.pass_revoked", "contributor_id")


class PassEnded(Exception):
    """A link or code that opened once and does not any more: `reason` expired or switched_off."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def code_index(typed: str) -> str:
    """Under what a code is looked up, however it was typed."""
    return keyring().index(f"code:{plain_code(typed)}")


def ensure_pass(session: Session, contributor_id: int, *, by: str = "system") -> queries.PassLine:
    """The contributor's live link and code, made where there is none that lasts a month."""
    live = queries.live_pass(session, contributor_id)
    if live is None or live.expires_on - clock.today() < RENEW_BEFORE:
        live = _make_pass(session, contributor_id, by)
    return queries.pass_line(live)


def _make_pass(session: Session, contributor_id: int, by: str) -> Pass:
    code, link = make_code(), make_token()
    row = Pass(
        contributor_id=contributor_id,
        code_index=code_index(code),
        code=code,
        link_hash=fingerprint(link),
        link=link,
        made_on=clock.today(),
        expires_on=clock.today() + LASTS,
    )
    session.add(row)
    session.flush()
    audit.record(
        session,
        MADE,
        actor=by,
        contributor_id=contributor_id,
        expires_on=row.expires_on.isoformat(),
    )
    return row


def pass_by_link(session: Session, link: str) -> Pass | None:
    """The pass of a link's last part, live or ended."""
    return _find(session, Pass.link_hash == fingerprint(link))


def pass_by_code(session: Session, typed: str) -> Pass | None:
    """The pass of a typed code, live or ended."""
    return _find(session, Pass.code_index == code_index(typed))


def _find(session: Session, condition: bool) -> Pass | None:
    # Locked until the transaction ends, so that tries sent side by side are counted one by one.
    return session.exec(select(Pass).where(condition).with_for_update()).first()


def refuse_ended(session: Session, row: Pass) -> None:
    """Raise PassEnded unless this pass opens today."""
    if row.revoked_at is not None:
        raise PassEnded("switched_off")
    if row.expires_on < clock.today():
        raise PassEnded("expired")
    contributor = people.contributor(session, row.contributor_id)
    contact = people.contact_of(session, contributor) if contributor else None
    if contact and people.is_past(contact, clock.today()) and not _has_last_words(session, contact):
        raise PassEnded("switched_off")


def _has_last_words(session: Session, contact: "Contact") -> bool:
    # Who cared for a child until they moved may still say how it ended, and nothing else.
    today = clock.today()
    if not people.may_say_how_it_ended(contact, today):
        return False
    since = today - people.SAY_HOW_IT_ENDED
    return bool(placements.ended_stays(session, [contact.person_id], since=since))


def revoke_pass(session: Session, viewer: StaffIdentity, contributor_id: int) -> None:
    """Switch off a lost phone's or letter's code, end its open pages, and make a new one.

    Raises Denied unless the viewer stands around the person.
    """
    person_id = queries.check_door_of(session, viewer, contributor_id)
    now = clock.now()
    rows = session.exec(
        select(Pass).where(Pass.contributor_id == contributor_id, col(Pass.revoked_at).is_(None))
    ).all()
    for row in rows:
        row.revoked_at = now
    links = session.exec(
        select(OpeningLink).where(
            OpeningLink.contributor_id == contributor_id, col(OpeningLink.used_at).is_(None)
        )
    ).all()
    for link in links:
        link.used_at = now
    sessions.end_all_of(session, contributor_id)
    audit.record(
        session, REVOKED, actor=viewer.actor, person_id=person_id, contributor_id=contributor_id
    )
    session.flush()
    _make_pass(session, contributor_id, viewer.actor)
