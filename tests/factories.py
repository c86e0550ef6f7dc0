"""Small makers of invented staff and people for tests."""

from datetime import date
from itertools import count
from typing import Any

from sqlmodel import Session

from backend.accounts import service as accounts
from backend.accounts.models import Staff
from backend.core.access.identity import StaffIdentity
from backend.core.access.permissions import Role
from backend.people import service as people_service
from backend.people.models import Contact, Contributor, Person

PASSWORD = "correct horse battery"
# Hashed once: a slow hash for each colleague of each test would check nothing more.
HASHED = accounts.PASSWORDS.hash(PASSWORD)
_numbers = count(1)


def make_staff(session: Session, *roles: Role, team: str = "") -> StaffIdentity:
    """An invented colleague with these roles, who can sign in with PASSWORD and no code."""
    number = next(_numbers)
    staff_id = 0
    for role in roles:
        staff_id = accounts.ensure_staff(
            session,
            name=f"Robin {role.value.title()} {number}",
            email=f"robin{number}@council.example",
            role=role,
            team=team,
        )
    staff = session.get_one(Staff, staff_id)
    staff.password_hash = HASHED
    staff.is_totp_needed = False
    session.flush()
    return accounts.identity_of(session, staff)


def make_person(session: Session, **values: Any) -> Person:
    """An invented child looked after, twelve years old, unless told otherwise."""
    number = next(_numbers)
    person = Person(
        **{
            "child_id": f"C{number:05}",
            "known_as": f"Sunny{number}",
            "date_of_birth": date(2014, 3, 9),
            "group": "looked_after",
        }
        | values
    )
    session.add(person)
    session.flush()
    people_service.ensure_own_contributor(session, person)
    return person


def make_contact(session: Session, person: Person, kind: str, **values: Any) -> Contributor:
    """An invented carer, provider's worker or parent of a person, as a contributor."""
    name = values.pop("name", f"Pat {kind} {next(_numbers)}")
    contact = Contact(
        person_id=person.id or 0,
        kind=kind,
        name=name,
        name_index=people_service.name_index(name),
        **values,
    )
    session.add(contact)
    session.flush()
    row = people_service.ensure_contact_contributor(session, contact)
    assert row is not None
    return row


def sign_in(client: Any, session: Session, identity: StaffIdentity) -> None:
    """Sign a colleague of `make_staff` in through the real pages."""
    email = session.get_one(Staff, identity.staff_id).email
    session.commit()
    answer = client.post("/staff/sign-in", data={"email": email, "password": PASSWORD})
    assert answer.status_code == 303, answer.text
