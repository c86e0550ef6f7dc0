"""Lets the demo borough's staff and contributors in, and lists how."""

from collections.abc import Iterator
from typing import Any

from sqlmodel import Session, col, select

from backend.accounts import service as accounts
from backend.accounts.models import Staff
from backend.core.access.permissions import Kind, Role
from backend.core.passwords import PASSWORDS
from backend.demo.borough.records import Borough
from backend.entry import service as entry
from backend.entry.models import Secret
from backend.people import queries as people
from backend.people import service as people_service
from backend.people.models import Contact, Contributor, Person
from backend.surveys import queries as surveys

SHOWN_EACH = 6


def let_staff_in(session: Session, borough: Borough, password: str) -> None:
    """Give every invented colleague the demo's password, without a second step."""
    hashed = PASSWORDS.hash(password)
    for one in borough.staff:
        staff_id = accounts.ensure_staff(
            session, name=one.name, email=one.email, role=Role(one.role), team=one.team
        )
        staff = session.get_one(Staff, staff_id)
        staff.password_hash, staff.name, staff.team = hashed, one.name, one.team
        staff.is_totp_needed = False


def open_doors(
    session: Session, borough: Borough, memory: dict[str, Any], base_url: str
) -> dict[str, Any]:
    """Who can come in and how: the contract of `heard demo --json`."""
    staff = [
        {
            "role": one.role,
            "name": one.name,
            "email": one.email,
            "password": memory["password"],
            "totp_secret": None,
        }
        for one in borough.staff
    ]
    contributors = [
        _door(session, row, person, secret)
        for row, person, secret in _shown(session, memory["secret"])
    ]
    return {"base_url": base_url, "staff": staff, "contributors": contributors}


def _door(
    session: Session, row: Contributor, person: Person | None, secret: str | None
) -> dict[str, Any]:
    line = entry.ensure_pass(session, row.id or 0)
    is_young = row.kind in (Kind.CHILD, Kind.CARE_LEAVER)
    birthday = f"{person.date_of_birth:%d/%m}" if person and is_young else None
    return {
        "kind": row.kind,
        "link": line.link_url,
        "code": line.code,
        "birthday": birthday,
        "secret": secret if is_young else None,
    }


def _shown(
    session: Session, digits: str
) -> Iterator[tuple[Contributor, Person | None, str | None]]:
    """Some of every kind, with an open form each; every second young person has a secret."""
    for kind in (Kind.CHILD, Kind.CARE_LEAVER):
        for place, (row, person) in enumerate(_with_open_review(session, kind)):
            secret = None if place % 2 else digits
            if secret and session.get(Secret, row.id) is None:
                entry.set_secret(
                    session, row.id or 0, kind="digits", choice=secret, reads_from=None
                )
            yield row, person, secret
    for kind in (Kind.CARER, Kind.PROVIDER_STAFF, Kind.PARENT):
        for row in _with_open_form(session, kind):
            yield row, people.subject_of(session, row), None
    workers = select(Person.worker_id).where(col(Person.worker_id).is_not(None)).distinct()
    for staff_id in sorted(one for one in session.exec(workers) if one)[:SHOWN_EACH]:
        yield people_service.ensure_staff_contributor(session, staff_id), None, None


def _with_open_review(session: Session, kind: Kind) -> list[tuple[Contributor, Person]]:
    """Young people of eight and over whose form is open, those who have not begun it first."""
    rows = session.exec(
        select(Contributor, Person)
        .join(Person, col(Person.id) == col(Contributor.person_id))
        .where(Contributor.kind == kind, col(Person.left_on).is_(None))
        .order_by(col(Contributor.id))
    ).all()
    found = []
    for row, person in rows:
        forms = surveys.open_for(session, row)
        days = [form.closes_on for form in forms if form.moment == "before_review"]
        youngest = people.age_on(person.date_of_birth, min(days)) if days else 0
        if days and youngest >= 8 and person.language == "English":
            is_begun = any(form.state != "new" for form in forms)
            found.append((is_begun, min(days), row.id or 0, row, person))
    found.sort(key=lambda one: one[:3])
    return [(row, person) for _, _, _, row, person in found[:SHOWN_EACH]]


def _with_open_form(session: Session, kind: Kind) -> Iterator[Contributor]:
    rows = session.exec(
        select(Contributor)
        .join(Contact, col(Contact.id) == col(Contributor.contact_id))
        .where(Contributor.kind == kind, Contact.invite == "yes", col(Contact.ended_on).is_(None))
        .order_by(col(Contributor.id))
    ).all()
    given = 0
    for row in rows:
        if given < SHOWN_EACH and surveys.open_for(session, row):
            given += 1
            yield row
