"""The adults around people as extracts name them, and each of these as a contributor."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select

from backend.core.access.permissions import Kind
from backend.core.columns import closed
from backend.core.encryption import keyring
from backend.people.invites import invite_now
from backend.people.models import Contact, Contributor

CONTACT_KIND = {
    "carer": Kind.CARER,
    "provider_staff": Kind.PROVIDER_STAFF,
    "parent": Kind.PARENT,
}


@dataclass(frozen=True, slots=True)
class ContactValues:
    """One adult around a person, as an extract gives them."""

    kind: str
    name: str
    channel: str
    address: str
    invite: str


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


def keep_contacts(
    session: Session,
    person_id: int,
    wanted: Iterable[ContactValues],
    *,
    as_at: date,
    is_whole: bool = True,
    rows: Iterable[Contact] | None = None,
) -> dict[str, int]:
    """Make a person's contacts those of the extract: who is not in it any more has ended.

    Nobody ends where the list is not whole, because a row of it could not be read. Contacts are
    known by kind and name; one who comes back is the same contributor as before. `rows`: theirs of
    `extract_contacts`, where the caller has them. Returns how many were added, changed, unchanged
    and ended.
    """
    if rows is None:
        rows = extract_contacts(session, person_id).get(person_id, ())
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


def extract_contacts(session: Session, *person_ids: int) -> dict[int, list[Contact]]:
    """The adults whom extracts named around these people, else around everybody, by person."""
    statement = select(Contact).options(*closed(Contact, "address"))
    if person_ids:
        statement = statement.where(col(Contact.person_id).in_(person_ids))
    found: dict[int, list[Contact]] = {}
    for row in session.exec(statement.where(col(Contact.added_by).is_(None))):
        found.setdefault(row.person_id, []).append(row)
    return found


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
