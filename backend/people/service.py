"""Writes of people: who can answer."""

from sqlmodel import Session, select

from backend.core.access.permissions import Kind
from backend.people.models import Contact, Contributor, Person

GROUP_KIND = {"care_leaver": Kind.CARE_LEAVER}
CONTACT_KIND = {
    "carer": Kind.CARER,
    "provider_staff": Kind.PROVIDER_STAFF,
    "parent": Kind.PARENT,
}


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


def ensure_staff_contributor(session: Session, staff_id: int) -> Contributor:
    """A worker as a contributor, the same one by whichever door they come."""
    row = session.exec(select(Contributor).where(Contributor.staff_id == staff_id)).first()
    if row is None:
        row = Contributor(kind=Kind.SOCIAL_WORKER, staff_id=staff_id)
        session.add(row)
        session.flush()
    return row
