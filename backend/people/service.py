"""Writes of people: whom the extract names, the adults around them, and who can answer."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlmodel import Session, col, select

from backend.core import audit, clock
from backend.core.access.identity import StaffIdentity
from backend.core.access.permissions import Kind
from backend.core.encryption import keyring
from backend.people.invites import DecisionRefused, decide_invite, invite_now
from backend.people.models import Contact, Contributor, Person

__all__ = [
    "CONTACT_KIND", "ContactValues", "DecisionRefused", "GROUP_KIND", "add_other", "correct_birth",
    "decide_invite", "end_other", "end_people", "ensure_contact_contributor",
    "ensure_own_contributor", "ensure_staff_contributor", "keep_contacts", "keep_person",
    "name_index", "renumber",
]  # fmt: skip

GROUP_KIND = {"care_leaver": Kind.CARE_LEAVER}
CONTACT_KIND = {
    "carer": Kind.CARER,
    "provider_staff": Kind.PROVIDER_STAFF,
    "parent": Kind.PARENT,
}
CHANGED = audit.declare("person.changed", "fields")
LEFT = audit.declare("person.left", "left_on")
OTHER_ADDED = audit.declare("person.other_added", "contributor_id")
OTHER_ENDED = audit.declare("person.other_ended", "contributor_id")


@dataclass(frozen=True, slots=True)
class ContactValues:
    """One adult around a person, as an extract gives them."""

    kind: str
    name: str
    channel: str
    address: str
    invite: str


def ensure_own_contributor(session: Session, person: Person) -> Contributor:
    """The person as a contributor; who turned care leaver stays the same contributor."""
    kind = GROUP_KIND.get(person.group, Kind.CHILD)
    row = session.exec(select(Contributor).where(Contributor.person_id == person.id)).first()
    if row is None:
        row = Contributor(kind=kind, person_id=person.id)
        session.add(row)
        session.flush()
    row.kind = kind
    return row


def ensure_contact_contributor(session: Session, contact: Contact) -> Contributor | None:
    """A contact as a contributor; None for kinds that have no form of their own."""
    kind = CONTACT_KIND.get(contact.kind)
    if kind is None:
        return None
    row = session.exec(select(Contributor).where(Contributor.contact_id == contact.id)).first()
    if row is None:
        row = Contributor(kind=kind, contact_id=contact.id)
        session.add(row)
        session.flush()
    return row


def add_other(
    session: Session,
    viewer: StaffIdentity,
    person_id: int,
    *,
    name: str,
    part: str,
    email: str = "",
) -> Contributor:
    """Somebody from school, health or elsewhere whom a member of staff asks before reviews, by
    e-mail where an address is given; the same one again when they were added before. The caller
    has checked that the viewer may."""
    index = name_index(name)
    contact = session.exec(
        select(Contact).where(
            Contact.person_id == person_id,
            Contact.kind == Kind.OTHER.value,
            Contact.name_index == index,
            col(Contact.added_by).is_not(None),
        )
    ).first() or Contact(
        person_id=person_id, kind=Kind.OTHER, name_index=index, name=name, channel="in_person"
    )
    contact.part, contact.added_by, contact.ended_on = part, viewer.staff_id, None
    if email:
        contact.channel, contact.address = "email", email
    session.add(contact)
    session.flush()
    row = session.exec(select(Contributor).where(Contributor.contact_id == contact.id)).first()
    row = row or Contributor(kind=Kind.OTHER, contact_id=contact.id)
    session.add(row)
    session.flush()
    audit.record(
        session, OTHER_ADDED, actor=viewer.actor, person_id=person_id, contributor_id=row.id
    )
    return row


def end_other(session: Session, viewer: StaffIdentity, contributor_id: int) -> None:
    """Ask somebody no longer who was added by hand; what they sent is kept. LookupError for any
    other contributor, whom only the extract ends."""
    row = session.get(Contributor, contributor_id)
    contact = session.get(Contact, row.contact_id) if row and row.contact_id else None
    if contact is None or contact.added_by is None:
        raise LookupError(contributor_id)
    contact.ended_on = clock.today()
    session.add(contact)
    audit.record(
        session,
        OTHER_ENDED,
        actor=viewer.actor,
        person_id=contact.person_id,
        contributor_id=contributor_id,
    )


def ensure_staff_contributor(session: Session, staff_id: int) -> Contributor:
    """A worker as a contributor, the same one by whichever door they come."""
    row = session.exec(select(Contributor).where(Contributor.staff_id == staff_id)).first()
    if row is None:
        row = Contributor(kind=Kind.SOCIAL_WORKER, staff_id=staff_id)
        session.add(row)
        session.flush()
    return row


def keep_person(
    session: Session, actor: str, child_id: str, *, values: Mapping[str, Any]
) -> tuple[int, str]:
    """The person with this id of the case system, made or changed where need be.

    `values` holds those columns that the extract has. Who works with a person is a column of
    theirs, so whoever the extract names has access from here on, and nobody else. Returns the
    person's id, and added, changed or unchanged.
    """
    row = session.exec(select(Person).where(Person.child_id == child_id)).first()
    if row is None:
        row = Person.model_validate({**values, "child_id": child_id})
        session.add(row)
        session.flush()
        ensure_own_contributor(session, row)
        return row.id or 0, "added"
    changes = {key: value for key, value in values.items() if getattr(row, key) != value}
    if not changes:
        return row.id or 0, "unchanged"
    for key, value in changes.items():
        setattr(row, key, value)
    if "group" in changes:
        ensure_own_contributor(session, row)
    session.add(row)
    audit.record(session, CHANGED, actor=actor, person_id=row.id, fields=sorted(changes))
    return row.id or 0, "changed"


def complete_person(
    session: Session,
    actor: str,
    row: Person,
    *,
    values: Mapping[str, Any],
    is_filling: bool = False,
) -> str:
    """Take what another source than the extract says of somebody; what was done (changed or
    unchanged). `is_filling`: only where nothing stands yet."""
    changes = {
        key: value
        for key, value in values.items()
        if getattr(row, key) != value and not (is_filling and getattr(row, key) not in (None, ""))
    }
    if not changes:
        return "unchanged"
    for key, value in changes.items():
        setattr(row, key, value)
    session.add(row)
    audit.record(session, CHANGED, actor=actor, person_id=row.id, fields=sorted(changes))
    return "changed"


def correct_birth(session: Session, actor: str, *, person_id: int, date_of_birth: date) -> None:
    """Take another date of birth for a person, because somebody confirmed it."""
    row = session.get_one(Person, person_id)
    row.date_of_birth = date_of_birth
    session.add(row)
    audit.record(session, CHANGED, actor=actor, person_id=person_id, fields=["date_of_birth"])


def renumber(session: Session, actor: str, *, person_id: int, child_id: str) -> None:
    """Take another id of the case system for a person, because somebody confirmed it."""
    row = session.get_one(Person, person_id)
    row.child_id = child_id
    session.add(row)
    audit.record(session, CHANGED, actor=actor, person_id=person_id, fields=["child_id"])


def keep_contacts(
    session: Session,
    person_id: int,
    wanted: Iterable[ContactValues],
    *,
    as_at: date,
    is_whole: bool = True,
) -> dict[str, int]:
    """Make a person's contacts those of the extract: who is not in it any more has ended.

    Nobody ends where the list is not whole, because a row of it could not be read. Contacts are
    known by kind and name; one who comes back is the same contributor as before.
    Returns how many were added, changed, unchanged and ended.
    """
    rows = session.exec(
        select(Contact).where(Contact.person_id == person_id, col(Contact.added_by).is_(None))
    ).all()
    known = {(row.kind, row.name_index): row for row in rows}
    counts = {"added": 0, "changed": 0, "unchanged": 0, "ended": 0}
    for values in wanted:
        row = known.pop((values.kind, name_index(values.name)), None)
        counts[_keep_contact(session, person_id, row, values)] += 1
    for row in known.values():
        if row.ended_on is None and is_whole:
            row.ended_on = as_at
            counts["ended"] += 1
    return counts


def name_index(name: str) -> str:
    """The index under which a contact's name is looked up, whatever its case and spaces."""
    return keyring().index(f"contact:{' '.join(name.split())}")


def _keep_contact(
    session: Session, person_id: int, row: Contact | None, values: ContactValues
) -> str:
    wanted = {
        "channel": values.channel,
        "address": values.address or None,
        "invite": values.invite,
        "ended_on": None,
    }
    if row is not None:
        wanted["invite"] = invite_now(session, row, values.invite)
        changes = {key: value for key, value in wanted.items() if getattr(row, key) != value}
        for key, value in changes.items():
            setattr(row, key, value)
        return "changed" if changes else "unchanged"
    row = Contact.model_validate(
        {
            **wanted,
            "person_id": person_id,
            "kind": values.kind,
            "name": values.name,
            "name_index": name_index(values.name),
        }
    )
    session.add(row)
    session.flush()
    ensure_contact_contributor(session, row)
    return "added"


def end_carers(session: Session, person_id: int, *, on: date) -> int:
    """End the carers and staff of a home that a person has left; how many. Their door stays open
    for six weeks for how it ended, and for nothing about the new home."""
    rows = session.exec(
        select(Contact).where(
            Contact.person_id == person_id,
            col(Contact.kind).in_((Kind.CARER.value, Kind.PROVIDER_STAFF.value)),
            col(Contact.added_by).is_(None),
            col(Contact.ended_on).is_(None),
        )
    ).all()
    for row in rows:
        row.ended_on = on
    return len(rows)


def end_people(session: Session, actor: str, staying: Collection[str], *, as_at: date) -> list[int]:
    """Note since when an extract has named somebody no longer; they are kept. Their ids."""
    gone = []
    for row in session.exec(select(Person).where(col(Person.left_on).is_(None))):
        if row.child_id not in staying:
            row.left_on = as_at
            gone.append(row.id or 0)
            audit.record(session, LEFT, actor=actor, person_id=row.id, left_on=as_at.isoformat())
    return gone
