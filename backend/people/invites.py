"""Whether a parent is invited: by us, by the worker's own hand, or not at all, and who said so."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel import Session, col, select

from backend.core import audit, clock
from backend.core.access.identity import StaffIdentity
from backend.core.access.permissions import Kind
from backend.people.models import Contact, Contributor, InviteDecision, Person

DECIDED = audit.declare("person.invite_decided", "contributor_id", "invite")
YES, THROUGH_WORKER, NO = "yes", "through_worker", "no"
# The stricter of two stands: neither an extract nor a decision opens what the other shut.
STRICTNESS = (YES, THROUGH_WORKER, NO)
# A decision is looked at with each review at the latest, and those are six months apart.
LOOKED_AT_WITHIN = timedelta(days=183)


class DecisionRefused(Exception):
    """What was entered about inviting a parent cannot be; `errors` says why, by field."""

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__(errors)
        self.errors = errors


@dataclass(frozen=True)
class ParentLine:
    """One parent of one person, and whether they are invited; the other parent stands nowhere."""

    contributor_id: int
    contact_id: int
    person_id: int
    kind: Kind
    name: str
    invite: str
    in_extract: str
    decided: str  # empty: nobody decided here
    decision_id: int
    reason: str
    decided_by: int | None
    decided_at: datetime | None
    look_again_on: date | None

    @property
    def is_to_look_at(self) -> bool:
        """Whether the day has come on which the decision is looked at again."""
        return self.look_again_on is not None and self.look_again_on <= clock.today()

    @property
    def is_held_by_extract(self) -> bool:
        """Whether the case system is stricter than what anybody chose here."""
        return bool(self.decided) and self.invite != self.decided


def stricter(one: str, other: str) -> str:
    """The stricter of two ways to invite; a word that nobody knows counts as not at all."""
    return max(one, other, key=lambda way: STRICTNESS.index(way) if way in STRICTNESS else 9)


def invite_now(session: Session, contact: Contact, in_extract: str) -> str:
    """Whether a contact is invited, when the extract says so and with what was decided here."""
    if contact.invite_in_extract is None:
        return in_extract
    contact.invite_in_extract = in_extract
    newest = newest_decisions(session, [contact.id or 0]).get(contact.id or 0)
    return stricter(in_extract, newest.invite) if newest else in_extract


def newest_decisions(session: Session, contact_ids: Collection[int]) -> dict[int, InviteDecision]:
    """The decision that stands, by the contact's id."""
    rows = session.exec(
        select(InviteDecision)
        .where(col(InviteDecision.contact_id).in_(contact_ids))
        .order_by(col(InviteDecision.id))
    ).all()
    return {row.contact_id: row for row in rows}


def parents_of(session: Session, person_ids: Collection[int]) -> list[ParentLine]:
    """The present parents of these people, each by themselves; and any other adult around them to
    whom the case system says that nothing is sent."""
    rows = session.exec(
        select(Contributor, Contact)
        .join(Contact, col(Contact.id) == col(Contributor.contact_id))
        .join(Person, col(Person.id) == col(Contact.person_id))
        .where(
            col(Contact.person_id).in_(person_ids),
            (col(Contact.kind) == Kind.PARENT.value) | (col(Contact.invite) != YES),
            col(Contact.kind) != Kind.OTHER.value,
            col(Contact.ended_on).is_(None),
            col(Person.left_on).is_(None),
        )
        .order_by(col(Contributor.id))
    ).all()
    decided = newest_decisions(session, {contact.id or 0 for _, contact in rows})
    return [_line(row, contact, decided.get(contact.id or 0)) for row, contact in rows]


def _line(row: Contributor, contact: Contact, decision: InviteDecision | None) -> ParentLine:
    return ParentLine(
        contributor_id=row.id or 0,
        contact_id=contact.id or 0,
        person_id=contact.person_id,
        kind=Kind(row.kind),
        name=contact.name,
        invite=contact.invite,
        in_extract=contact.invite_in_extract or contact.invite,
        decided=decision.invite if decision else "",
        decision_id=(decision.id or 0) if decision else 0,
        reason=decision.reason if decision else "",
        decided_by=decision.decided_by if decision else None,
        decided_at=decision.decided_at if decision else None,
        look_again_on=decision.look_again_on if decision else None,
    )


def decide_invite(
    session: Session,
    viewer: StaffIdentity,
    line: ParentLine,
    *,
    invite: str,
    reason: str,
    look_again_on: date | None,
) -> None:
    """Decide whether one parent is invited. The caller has checked that the viewer may.

    Raises DecisionRefused. A decision never ends by itself.
    """
    today = clock.today()
    errors = {}
    if invite not in STRICTNESS:
        errors["invite"] = "Choose whether this parent is invited."
    if not reason.strip():
        errors["reason"] = "Enter the reason."
    if invite != YES and look_again_on is None:
        errors["look_again_on"] = "Enter the day on which to look at this again."
    elif look_again_on is not None and not today < look_again_on <= today + LOOKED_AT_WITHIN:
        errors["look_again_on"] = "Enter a day after today, and at most six months from now."
    if errors:
        raise DecisionRefused(errors)
    contact = session.get_one(Contact, line.contact_id)
    contact.invite_in_extract = contact.invite_in_extract or contact.invite
    session.add(
        InviteDecision(
            contact_id=line.contact_id,
            invite=invite,
            reason=reason.strip(),
            decided_by=viewer.staff_id,
            decided_at=clock.now(),
            look_again_on=look_again_on,
        )
    )
    contact.invite = stricter(contact.invite_in_extract, invite)
    session.flush()
    audit.record(
        session,
        DECIDED,
        actor=viewer.actor,
        person_id=line.person_id,
        contributor_id=line.contributor_id,
        invite=invite,
    )
