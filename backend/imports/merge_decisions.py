"""Two people make two records of one child one: one asks, another confirms (decision 0038)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlmodel import Session, col, select

from backend.accounts import queries as accounts
from backend.core import audit, clock
from backend.core.access.identity import StaffIdentity
from backend.core.access.permissions import Permission
from backend.core.access.requires import check
from backend.imports.merges import MergeRefused, merge_people
from backend.imports.models import Proposal
from backend.people import queries as people

if TYPE_CHECKING:
    from backend.people.models import Person

MERGE = "merge"
AGREED = audit.declare("proposal.agreed", "proposal_id", "kind")


class NotTheirs(Exception):
    """Nobody confirms their own wish, or a merge that would let them read more."""


@dataclass(frozen=True, slots=True)
class WaitingMerge:
    """A merge that one person asked for, as the second sees it."""

    proposal_id: int
    child_id: str
    gone_child_id: str
    asked_by: str
    asked_at: datetime
    readers: tuple[str, ...]  # who reads the words under the record that stays
    readers_of_gone: tuple[str, ...]


def is_agreed(details: Mapping[str, Any]) -> bool:
    """Whether one person has said yes, and a second is waited for."""
    return "agreed_by" in details


def agree(session: Session, viewer: StaffIdentity, row: Proposal) -> None:
    """The first yes: kept, and nothing is put together yet."""
    row.details = {
        **row.details,
        "agreed_by": viewer.staff_id,
        "agreed_at": clock.now().isoformat(),
    }
    session.add(row)
    audit.record(
        session,
        AGREED,
        actor=viewer.actor,
        person_id=row.details["person_id"],
        proposal_id=row.id,
        kind=row.kind,
    )


def confirm(session: Session, viewer: StaffIdentity, row: Proposal) -> None:
    """The second yes: both records become one. Raises NotTheirs and MergeRefused."""
    if not may_confirm(session, viewer, row.details):
        raise NotTheirs
    kept_id, gone_id = row.details["person_id"], row.details["gone_id"]
    if people.person(session, kept_id) is None or people.person(session, gone_id) is None:
        raise MergeRefused("That child's record is no longer here.")
    run_id = merge_people(session, viewer.actor, kept_id=kept_id, gone_id=gone_id)
    row.details = {**row.details, "run_id": run_id}
    session.add(row)


def may_confirm(session: Session, viewer: StaffIdentity, details: Mapping[str, Any]) -> bool:
    """Whether this viewer is neither who asked nor one of those who would read more."""
    if not is_agreed(details) or details["agreed_by"] == viewer.staff_id:
        return False
    rows = (people.person(session, details[key]) for key in ("person_id", "gone_id"))
    gain = {one for row in rows if row is not None for one in _around(row)}
    return not gain & {viewer.staff_id, *viewer.stands_in_for}


def waiting_merges(session: Session, viewer: StaffIdentity) -> list[WaitingMerge]:
    """The merges that wait for somebody like this viewer, the oldest first."""
    check(viewer, Permission.CONFIRM_ACCESS)
    statement = select(Proposal).where(Proposal.kind == MERGE, col(Proposal.decision).is_(None))
    rows = session.exec(statement.order_by(col(Proposal.id))).all()
    return [
        line
        for row in rows
        if may_confirm(session, viewer, row.details) and (line := _line(session, row))
    ]


def ask_again(session: Session, run_id: int) -> None:
    """A merge was undone: whether the two are one child is open again, from the first yes on."""
    for row in session.exec(select(Proposal).where(Proposal.kind == MERGE)):
        if row.details.get("run_id") == run_id:
            row.details = {key: row.details[key] for key in ("source", "person_id", "gone_id")}
            row.decision = row.decided_by = None
            session.add(row)


def _around(person: "Person") -> set[int]:
    ids = (person.iro_id, person.worker_id, person.personal_adviser_id)
    return {one for one in ids if one is not None}


def _line(session: Session, row: Proposal) -> WaitingMerge | None:
    kept = people.person(session, row.details["person_id"])
    gone = people.person(session, row.details["gone_id"])
    if kept is None or gone is None:
        return None
    names = accounts.names_of(session, {row.details["agreed_by"], *_around(kept), *_around(gone)})
    return WaitingMerge(
        proposal_id=row.id or 0,
        child_id=kept.child_id,
        gone_child_id=gone.child_id,
        asked_by=names.get(row.details["agreed_by"], ""),
        asked_at=datetime.fromisoformat(row.details["agreed_at"]),
        readers=tuple(names[one] for one in sorted(_around(kept)) if one in names),
        readers_of_gone=tuple(names[one] for one in sorted(_around(gone)) if one in names),
    )
