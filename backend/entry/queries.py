"""Reads of who can come in how: live links and codes, and how a secret stands."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, col, select

from backend.accounts import queries as accounts
from backend.core import audit, clock
from backend.core.access.identity import ContributorIdentity, StaffIdentity
from backend.core.access.permissions import Kind, Permission
from backend.core.access.requires import Denied, check
from backend.core.encryption import fingerprint
from backend.entry.models import OpeningLink, OtherCheck, Pass, Secret
from backend.people import queries as people
from backend.settings import get_settings

SEEN = audit.declare("entry.door_seen", "contributor_ids")


@dataclass(frozen=True)
class PassLine:
    """A live link and code, as a letter or message shows them."""

    code: str
    link_url: str
    expires_on: date


@dataclass(frozen=True)
class DoorLine:
    """One contributor around a person and how they come in."""

    contributor_id: int
    kind: Kind
    name: str
    door: PassLine | None


@dataclass(frozen=True)
class SecretLine:
    """How a young person's own secret stands; never the secret."""

    kind: str
    set_at: datetime
    reads_from: datetime | None
    is_locked: bool


@dataclass(frozen=True)
class LetIn:
    """Who made the opening link that was last used, and when somebody came in by it."""

    name: str
    at: datetime


@dataclass(frozen=True)
class Door:
    """Everybody around one person who comes in by link or code, the person first."""

    person_id: int
    known_as: str
    lines: tuple[DoorLine, ...]
    secret: SecretLine | None
    is_born_on_first_of_january: bool = False  # often a day that somebody filled in
    word_set_at: datetime | None = None  # since when a word is asked in place of the birthday


def own_address(path: str) -> str:
    """The whole address of one of our own paths, for letters and QR codes."""
    return get_settings().heard_base_url.rstrip("/") + path


def pass_line(row: Pass) -> PassLine:
    """A pass as others see it."""
    return PassLine(row.code, own_address(f"/me/o/{row.link}"), row.expires_on)


def live_pass(session: Session, contributor_id: int) -> Pass | None:
    """The newest pass that opens today, or None."""
    return session.exec(
        select(Pass)
        .where(
            Pass.contributor_id == contributor_id,
            col(Pass.revoked_at).is_(None),
            col(Pass.expires_on) >= clock.today(),
        )
        .order_by(col(Pass.expires_on).desc(), col(Pass.id).desc())
    ).first()


def owner_of_link(session: Session, link: str) -> int | None:
    """The contributor whose link this is or was; looking opens and uses up nothing."""
    return session.exec(
        select(Pass.contributor_id).where(Pass.link_hash == fingerprint(link))
    ).first()


def pass_of(session: Session, contributor_id: int) -> PassLine | None:
    """The contributor's live link and code, or None."""
    row = live_pass(session, contributor_id)
    return pass_line(row) if row else None


def secret_of(session: Session, contributor_id: int) -> SecretLine | None:
    """How a young person's secret stands, or None where none was chosen."""
    row = session.get(Secret, contributor_id)
    return SecretLine(row.kind, row.set_at, row.reads_from, row.is_locked) if row else None


def let_in(session: Session, identity: ContributorIdentity) -> LetIn | None:
    """By whose opening link somebody last came in as this young person, told to them alone and
    only while the links are kept, so that nobody opens their page unseen."""
    if not (identity.is_young_person and identity.is_known):
        return None
    row = session.exec(
        select(OpeningLink)
        .where(OpeningLink.contributor_id == identity.contributor_id)
        .where(col(OpeningLink.used_at).is_not(None))
        .order_by(col(OpeningLink.used_at).desc())
    ).first()
    if row is None or row.used_at is None:
        return None
    return LetIn(accounts.names_of(session, {row.made_by}).get(row.made_by, ""), row.used_at)


def check_door_of(session: Session, viewer: StaffIdentity, contributor_id: int) -> int:
    """The id of the person whom a contributor is, or is around; raises Denied unless the viewer
    stands around that person too."""
    contributor = people.contributor(session, contributor_id)
    subject = people.subject_of(session, contributor) if contributor else None
    if subject is None:
        raise Denied(viewer, Permission.OPEN_DOOR)
    check(viewer, Permission.OPEN_DOOR, people.case_of(subject))
    return subject.id or 0


def door_of(session: Session, viewer: StaffIdentity, person_id: int) -> Door:
    """How everybody around a person comes in; audited, because codes are shown.

    Raises Denied unless the viewer stands around the person, or when there is none.
    """
    person = people.person(session, person_id)
    if person is None:
        raise Denied(viewer, Permission.OPEN_DOOR)
    check(viewer, Permission.OPEN_DOOR, people.case_of(person))
    lines = tuple(
        DoorLine(line.contributor_id, line.kind, line.name, pass_of(session, line.contributor_id))
        for line in people.contributors_around(session, person_id)
    )
    own = people.contributor_of_person(session, person_id)
    shown = [line.contributor_id for line in lines if line.door]
    audit.record(session, SEEN, actor=viewer.actor, person_id=person_id, contributor_ids=shown)
    secret = secret_of(session, own.id or 0) if own else None
    born = person.date_of_birth
    check_row = session.get(OtherCheck, own.id) if own else None
    return Door(
        person_id,
        person.known_as,
        lines,
        secret,
        is_born_on_first_of_january=(born.month, born.day) == (1, 1),
        word_set_at=check_row.set_at if check_row else None,
    )
