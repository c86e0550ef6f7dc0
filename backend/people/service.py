"""Writes of people: whom the extract names, the adults around them, and who can answer."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from sqlmodel import Session, col, select

from backend.core import audit, clock
from backend.core.access.identity import StaffIdentity
from backend.core.access.permissions import Kind
from backend.people.contacts import CONTACT_KIND as CONTACT_KIND
from backend.people.contacts import ContactValues as ContactValues
from backend.people.contacts import end_carers as end_carers
from backend.people.contacts import ensure_contact_contributor as ensure_contact_contributor
from backend.people.contacts import extract_contacts as extract_contacts
from backend.people.contacts import keep_contacts as keep_contacts
from backend.people.contacts import name_index as name_index
from backend.people.invites import DecisionRefused, decide_invite
from backend.people.models import Contact, Contributor, Person

__all__ = [
    "CONTACT_KIND", "ContactValues", "DecisionRefused", "GROUP_KIND", "add_other", "correct_birth",
    "decide_invite", "end_other", "end_people", "ensure_contact_contributor",
    "ensure_own_contributor", "ensure_staff_contributor", "keep_contacts", "keep_person",
    "name_index", "renumber",
]  # fmt: skip

GROUP_KIND = {"care_leaver": Kind.CARE_LEAVER}
CHANGED = audit.declare("person.changed", "fields")
LEFT = audit.declare("person.left", "left_on")
OTHER_ADDED = audit.declare("person.other_added", "contributor_id")
OTHER_ENDED = audit.declare("person.other_ended", "contributor_id")


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
    session: Session,
    actor: str,
    child_id: str,
    *,
    values: Mapping[str, Any],
    known: Mapping[str, Person] | None = None,
) -> tuple[int, str]:
    """The person with this id of the case system, made or changed where need be.

    `values` holds those columns that the extract has. Who works with a person is a column of
    theirs, so whoever the extract names has access from here on, and nobody else. `known`:
    everybody who is here already, by that id, where the caller has them. Returns the person's id,
    and added, changed or unchanged.
    """
    if known is None:
        row = session.exec(select(Person).where(Person.child_id == child_id)).first()
    else:
        row = known.get(child_id)
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


def end_people(session: Session, actor: str, staying: Collection[str], *, as_at: date) -> list[int]:
    """Note since when an extract has named somebody no longer; they are kept. Their ids."""
    gone = []
    for row in session.exec(select(Person).where(col(Person.left_on).is_(None))):
        if row.child_id not in staying:
            row.left_on = as_at
            gone.append(row.id or 0)
            audit.record(session, LEFT, actor=actor, person_id=row.id, left_on=as_at.isoformat())
    return gone
