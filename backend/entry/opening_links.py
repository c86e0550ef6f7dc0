"""A way in that needs no memory: made by the worker or IRO, valid once, for ten minutes."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, col, select, update

from backend.accounts import service as accounts
from backend.core import audit, clock
from backend.core.access.identity import StaffIdentity
from backend.core.access.permissions import Permission
from backend.core.access.requires import Denied
from backend.core.encryption import fingerprint
from backend.core.tokens import make_code, make_token
from backend.entry import queries, sessions
from backend.entry.models import OpeningLink
from backend.entry.passes import code_index
from backend.people import queries as people

LASTS = timedelta(minutes=10)

MADE = audit.declare("entry.opening_link_made", "contributor_id")


@dataclass(frozen=True)
class OpeningLinkLine:
    """An opening link as it is shown, once, to the member of staff who made it."""

    url: str
    code: str
    until: datetime


def make_opening_link(
    session: Session, viewer: StaffIdentity, person_id: int, *, is_hand_over: bool = False
) -> OpeningLinkLine:
    """Make a link and short code for the young person; raises Denied unless the viewer stands
    around them."""
    own = people.contributor_of_person(session, person_id)
    if own is None or own.id is None:
        raise Denied(viewer, Permission.OPEN_DOOR)
    queries.check_door_of(session, viewer, own.id)
    token, code, now = make_token(), make_code(), clock.now()
    session.add(
        OpeningLink(
            contributor_id=own.id,
            token_hash=fingerprint(token),
            code_index=code_index(code),
            made_by=viewer.staff_id,
            made_at=now,
            is_hand_over=is_hand_over,
        )
    )
    audit.record(session, MADE, actor=viewer.actor, person_id=person_id, contributor_id=own.id)
    return OpeningLinkLine(queries.own_address(f"/me/once/{token}"), code, now + LASTS)


def find_owner(session: Session, token: str) -> int | None:
    """The contributor whom the link would still let in; looking never uses it up."""
    row = _find(session, OpeningLink.token_hash == fingerprint(token))
    return row.contributor_id if row else None


def use_opening_link(session: Session, token: str) -> str | None:
    """Come in by the link; the cookie's token, or None when it was used or its time is over."""
    return _use(session, _find(session, OpeningLink.token_hash == fingerprint(token)))


def use_opening_code(session: Session, typed: str) -> str | None:
    """Come in by the short code of an opening link, typed."""
    return _use(session, _find(session, OpeningLink.code_index == code_index(typed)))


def _find(session: Session, condition: bool) -> OpeningLink | None:
    row = session.exec(
        select(OpeningLink).where(
            condition,
            col(OpeningLink.used_at).is_(None),
            col(OpeningLink.made_at) > clock.now() - LASTS,
        )
    ).first()
    return row if row is not None and _is_still_theirs(session, row) else None


def _is_still_theirs(session: Session, row: OpeningLink) -> bool:
    """Whether whoever made the link still stands around the young person: a case that moved within
    these ten minutes takes its open doors with it."""
    maker = accounts.identity_by_id(session, row.made_by)
    try:
        return maker is not None and bool(queries.check_door_of(session, maker, row.contributor_id))
    except Denied:
        return False


def _use(session: Session, row: OpeningLink | None) -> str | None:
    if row is None:
        return None
    # Two taps at once: the condition lets one of them through.
    used = session.execute(
        update(OpeningLink)
        .where(col(OpeningLink.id) == row.id, col(OpeningLink.used_at).is_(None))
        .values(used_at=clock.now())
    )
    if used.rowcount != 1:  # type: ignore[attr-defined]
        return None
    return sessions.open_session(
        session,
        row.contributor_id,
        how="opening_link",
        is_known=True,
        let_in_by=row.made_by,
        is_own_phone=False if row.is_hand_over else None,
    )
