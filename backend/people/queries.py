"""Reads of people, the adults around them, and who each contributor is."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from sqlmodel import Session, col, or_, select
from sqlmodel.sql.expression import SelectOfScalar

from backend.core.access.identity import StaffIdentity
from backend.core.access.permissions import Kind
from backend.core.access.predicates import Case
from backend.core.columns import closed
from backend.people.invites import ParentLine, parents_of
from backend.people.models import Contact, Contributor, Person

__all__ = [
    "ADULT_AT", "CARERS", "CARE_LEAVER", "ContributorLine", "OtherLine", "ParentLine",
    "SAY_HOW_IT_ENDED", "age_on", "audience_of", "carers_until_lately", "case_of", "cases",
    "contact_of", "contributor", "contributor_of_person", "contributor_of_staff",
    "contributors_around", "ever_named", "is_past", "living", "living_ids",
    "may_say_how_it_ended", "others_around", "parents_of", "people", "people_led_by",
    "people_worked_by", "person", "subject_of",
]  # fmt: skip

CARE_LEAVER = "care_leaver"
ADULT_AT = 18
# Whoever cared for a child until they moved is asked for six weeks how it ended.
SAY_HOW_IT_ENDED = timedelta(days=42)
CARERS = (Kind.CARER.value, Kind.PROVIDER_STAFF.value)


@dataclass(frozen=True)
class ContributorLine:
    """One contributor around a person, with the name that staff know."""

    contributor_id: int
    kind: Kind
    name: str
    person_id: int
    invite: str = "yes"


def age_on(date_of_birth: date, day: date) -> int:
    """Age in whole years on a day; somebody born on 29 February turns on 1 March."""
    had_birthday = (day.month, day.day) >= (date_of_birth.month, date_of_birth.day)
    return day.year - date_of_birth.year - (not had_birthday)


def audience_of(kind: Kind, age: int | None = None) -> str:
    """The audience that a comment is coded under: a child's from the age when it was written."""
    if kind is not Kind.CHILD:
        return kind.value
    return "child_5_10" if age is not None and age <= 10 else "child_11_17"


def case_of(person: Person) -> Case:
    """Who stands around this person today, for the policy table.

    Around somebody whom the extract no longer names stands nobody: access ends with the case, and
    what is still unread goes to the duty desk.
    """
    if person.left_on is not None:
        return Case(person_id=person.id or 0, is_care_leaver=person.group == CARE_LEAVER)
    return Case(
        person_id=person.id or 0,
        is_care_leaver=person.group == CARE_LEAVER,
        iro_id=person.iro_id,
        worker_id=person.worker_id,
        personal_adviser_id=person.personal_adviser_id,
        team=person.team,
    )


def person(session: Session, person_id: int) -> Person | None:
    """One person, or None."""
    return session.get(Person, person_id)


def people(
    session: Session, person_ids: Iterable[int], *, are_named: bool = True
) -> dict[int, Person]:
    """People by id; `are_named` as in `living`."""
    wanted = set(person_ids)
    if not wanted:
        return {}
    rows = session.exec(_select(are_named=are_named).where(col(Person.id).in_(wanted)))
    return {row.id or 0: row for row in rows}


def cases(session: Session, person_ids: Iterable[int]) -> dict[int, Case]:
    """Cases by person's id."""
    return {key: case_of(row) for key, row in people(session, person_ids).items()}


def _select(*, are_named: bool) -> SelectOfScalar[Person]:
    return select(Person) if are_named else select(Person).options(*closed(Person))


def living(session: Session, *, are_named: bool = True) -> list[Person]:
    """Everybody whom the newest extract names. What is encrypted of them is read with them where
    `are_named`, else only of whomever it is asked of: to open a thousand names takes its time."""
    rows = session.exec(_select(are_named=are_named).where(col(Person.left_on).is_(None)))
    return list(rows.all())


def living_ids(session: Session) -> list[int]:
    """The ids of everybody whom the newest extract names."""
    rows = session.exec(select(Person.id).where(col(Person.left_on).is_(None)))
    return [key or 0 for key in rows]


def _led_or_worked_by(identity: StaffIdentity) -> set[int]:
    return {identity.staff_id, *identity.stands_in_for}


def people_led_by(session: Session, viewer: StaffIdentity) -> list[Person]:
    """The children whose IRO this is, or stands in for."""
    statement = select(Person).where(
        col(Person.iro_id).in_(_led_or_worked_by(viewer)),
        Person.group != CARE_LEAVER,
        col(Person.left_on).is_(None),
    )
    return list(session.exec(statement).all())


def people_worked_by(session: Session, viewer: StaffIdentity) -> list[Person]:
    """The children and care leavers whose worker or personal adviser this is, or stands in for."""
    staff = _led_or_worked_by(viewer)
    statement = select(Person).where(
        or_(col(Person.worker_id).in_(staff), col(Person.personal_adviser_id).in_(staff)),
        col(Person.left_on).is_(None),
    )
    return list(session.exec(statement).all())


def contributor(session: Session, contributor_id: int) -> Contributor | None:
    """One contributor, or None."""
    return session.get(Contributor, contributor_id)


def contributor_of_person(session: Session, person_id: int) -> Contributor | None:
    """The child or care leaver themselves as a contributor."""
    return session.exec(select(Contributor).where(Contributor.person_id == person_id)).first()


def contributor_of_staff(session: Session, staff_id: int) -> Contributor | None:
    """A worker as a contributor (the eight taps)."""
    return session.exec(select(Contributor).where(Contributor.staff_id == staff_id)).first()


def subject_of(session: Session, row: Contributor) -> Person | None:
    """The person whom a contributor is, or is a contact of; None for a worker."""
    if row.person_id is not None:
        return session.get(Person, row.person_id)
    contact = session.get(Contact, row.contact_id) if row.contact_id is not None else None
    return session.get(Person, contact.person_id) if contact else None


@dataclass(frozen=True)
class Who:
    """One contributor: the person whom they are or belong to, and the contact behind them."""

    row: Contributor
    subject: Person | None
    contact: Contact | None


def who_are(session: Session, contributor_ids: Iterable[int]) -> dict[int, Who]:
    """Contributors with those behind them, names closed, by the contributor's id."""
    rows = session.exec(
        select(Contributor, Contact)
        .join(Contact, col(Contact.id) == col(Contributor.contact_id), isouter=True)
        .options(*closed(Contact))
        .where(col(Contributor.id).in_(set(contributor_ids)))
    ).all()
    subjects = {row.id: contact.person_id if contact else row.person_id for row, contact in rows}
    persons = people(session, {key for key in subjects.values() if key}, are_named=False)
    return {
        row.id or 0: Who(row, persons.get(subjects[row.id] or 0), contact) for row, contact in rows
    }


def contact_of(session: Session, row: Contributor) -> Contact | None:
    """The contact behind a contributor, or None."""
    return session.get(Contact, row.contact_id) if row.contact_id is not None else None


def is_past(contact: Contact, day: date) -> bool:
    """Whether an adult is no longer around the person on a day."""
    return contact.ended_on is not None and contact.ended_on <= day


def may_say_how_it_ended(contact: Contact, day: date) -> bool:
    """Whether an adult who is no longer around the person still has a door of their own: carers
    and staff of the home, for six weeks, to say how it ended and nothing else."""
    ended_on = contact.ended_on
    return (
        ended_on is not None
        and ended_on <= day < ended_on + SAY_HOW_IT_ENDED
        and contact.kind in CARERS
        and contact.invite != "no"
    )


def carers_until_lately(session: Session, person_id: int, day: date) -> list[ContributorLine]:
    """The carers and staff of a home that a person left in the last six weeks."""
    rows = session.exec(
        select(Contributor, Contact)
        .join(Contact, col(Contact.id) == col(Contributor.contact_id))
        .where(Contact.person_id == person_id, col(Contact.ended_on).is_not(None))
    ).all()
    return [
        ContributorLine(row.id or 0, Kind(row.kind), contact.name, person_id, contact.invite)
        for row, contact in rows
        if may_say_how_it_ended(contact, day)
    ]


@dataclass(frozen=True)
class OtherLine:
    """Somebody whom staff asked by hand, and what they are to the child."""

    contributor_id: int
    name: str
    part: str


def others_around(session: Session, person_id: int) -> list[OtherLine]:
    """Those from school, health or elsewhere whom the IRO asks before reviews."""
    rows = session.exec(
        select(Contributor, Contact)
        .join(Contact, col(Contact.id) == col(Contributor.contact_id))
        .where(
            Contact.person_id == person_id,
            Contact.kind == Kind.OTHER.value,
            col(Contact.ended_on).is_(None),
        )
        .order_by(col(Contributor.id))
    ).all()
    return [OtherLine(row.id or 0, contact.name, contact.part or "") for row, contact in rows]


def contributors_around(session: Session, person_id: int) -> list[ContributorLine]:
    """The person and every present contact who can answer about them."""
    lines = []
    own = contributor_of_person(session, person_id)
    subject = session.get(Person, person_id)
    if own and subject:
        lines.append(ContributorLine(own.id or 0, Kind(own.kind), subject.known_as, person_id))
    rows = session.exec(
        select(Contributor, Contact)
        .join(Contact, col(Contact.id) == col(Contributor.contact_id))
        .where(Contact.person_id == person_id, col(Contact.ended_on).is_(None))
    ).all()
    for row, contact in rows:
        lines.append(
            ContributorLine(row.id or 0, Kind(row.kind), contact.name, person_id, contact.invite)
        )
    return lines


def around_each(
    session: Session, person_ids: Iterable[int], *, are_named: bool = True
) -> dict[int, list[ContributorLine]]:
    """As `contributors_around`, for many people at once; without names where nobody is shown."""
    wanted = set(person_ids)
    names = {}
    if are_named:
        names = {key: row.known_as for key, row in people(session, wanted).items()}
    found: dict[int, list[ContributorLine]] = {key: [] for key in wanted}
    for own in session.exec(select(Contributor).where(col(Contributor.person_id).in_(wanted))):
        key = own.person_id or 0
        found[key].append(ContributorLine(own.id or 0, Kind(own.kind), names.get(key, ""), key))
    rows = session.exec(
        select(Contributor, Contact)
        .join(Contact, col(Contact.id) == col(Contributor.contact_id))
        .options(*closed(Contact, *(("name",) if are_named else ())))
        .where(col(Contact.person_id).in_(wanted), col(Contact.ended_on).is_(None))
    ).all()
    for row, contact in rows:
        key, name = contact.person_id, contact.name if are_named else ""
        found[key].append(ContributorLine(row.id or 0, Kind(row.kind), name, key, contact.invite))
    return found


def ever_named(session: Session) -> dict[str, Person]:
    """Everybody whom an extract ever named, those who left included, by child_id."""
    return {row.child_id: row for row in session.exec(select(Person)).all()}


def own_contributors(session: Session, person_ids: Iterable[int]) -> dict[int, int]:
    """The young people themselves as contributors: contributor's id by person's id."""
    rows = session.exec(
        select(Contributor.person_id, Contributor.id).where(
            col(Contributor.person_id).in_(set(person_ids))
        )
    ).all()
    return {person_id or 0: key or 0 for person_id, key in rows}
