"""The restricted place for "only my IRO": one person says that there is one, another confirms."""

from sqlmodel import Session

from backend.core import audit, clock
from backend.core.access.identity import StaffIdentity
from backend.exports.models import RestrictedPlace
from backend.exports.queries import restricted_place

LONGEST_NAME = 200
NAMED = audit.declare("restricted_place.named", "place_id")
DECIDED = audit.declare("restricted_place.decided", "place_id", "decision")


class PlaceRefused(Exception):
    """What was entered about the place cannot be; the message says why."""


class NotTheirs(Exception):
    """Nobody says yes to their own wish, or to what is not waiting."""


def name_place(session: Session, viewer: StaffIdentity, name: str) -> RestrictedPlace:
    """Say where in the case system nobody but a child's IRO and who stands in for them can read.

    Nothing goes there until somebody else has confirmed it. Raises PlaceRefused.
    """
    if not name.strip():
        raise PlaceRefused("Enter what the case system calls the place.")
    if len(name) > LONGEST_NAME:
        raise PlaceRefused(f"Enter at most {LONGEST_NAME} characters.")
    if restricted_place(session) is not None:
        raise PlaceRefused("A place is named already. End it first.")
    row = RestrictedPlace(name=name.strip(), asked_by=viewer.staff_id, asked_at=clock.now())
    session.add(row)
    session.flush()
    audit.record(session, NAMED, actor=viewer.actor, place_id=row.id)
    return row


def decide_place(session: Session, viewer: StaffIdentity, place_id: int, *, decision: str) -> None:
    """Confirm a place that another named ("yes"), or end it: anybody here may, at any time, and
    from then on nothing goes there. Raises NotTheirs."""
    row = session.get(RestrictedPlace, place_id, with_for_update=True)
    if row is None or row.ended_at is not None:
        raise NotTheirs
    if decision == "yes":
        if row.confirmed_at is not None or row.asked_by == viewer.staff_id:
            raise NotTheirs
        row.confirmed_by, row.confirmed_at = viewer.staff_id, clock.now()
    else:
        row.ended_by, row.ended_at = viewer.staff_id, clock.now()
    session.add(row)
    kind = "yes" if decision == "yes" else "end"
    audit.record(session, DECIDED, actor=viewer.actor, place_id=place_id, decision=kind)
