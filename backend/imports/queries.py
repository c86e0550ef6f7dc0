"""Reads of imports: how fresh the extract is, what the last runs did, what waits for a person."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlmodel import Session, col, select

from backend.accounts import queries as accounts
from backend.core import clock
from backend.core.access.identity import StaffIdentity
from backend.core.access.permissions import Permission, Role
from backend.core.access.requires import check
from backend.imports.models import ImportRun, Proposal
from backend.people import queries as people
from backend.placements import queries as placements

FRESH_FOR = timedelta(days=8)


@dataclass(frozen=True, slots=True)
class ProposalLine:
    """A match to be decided, with what somebody needs to look it up in the case system."""

    proposal_id: int
    kind: str
    source: str
    child_id: str
    new_child_id: str
    id_903: str
    our_birth: date | None
    other_birth: date | None
    home_name: str
    home_ref: str
    urn: str
    postcode: str
    seen: int
    agreed_by: str = ""  # who said the first of two yeses


def as_at(session: Session) -> date | None:
    """The date that our people are as at: that of the last extract that was brought in."""
    statement = select(ImportRun).where(
        ImportRun.kind == "people", col(ImportRun.undone_at).is_(None)
    )
    run = session.exec(statement.order_by(col(ImportRun.id).desc()).limit(1)).first()
    return run.as_at if run else None


def is_stale(session: Session) -> bool:
    """Whether the extract is more than 8 days old: nobody is invited from it any more.

    False where nothing was ever brought in, because then there is nobody to invite.
    """
    day = as_at(session)
    return day is not None and clock.today() - day > FRESH_FOR


def last_runs(session: Session, viewer: StaffIdentity, *, limit: int = 10) -> list[ImportRun]:
    """The last imports that changed something, the newest first."""
    check(viewer, Permission.RUN_IMPORTS)
    statement = select(ImportRun).order_by(col(ImportRun.id).desc()).limit(limit)
    return list(session.exec(statement).all())


def without_lead(session: Session, viewer: StaffIdentity) -> list[str]:
    """The child_ids of those whom the extract names and who have no IRO (or, as care leavers, no
    personal adviser) who works here: nobody leads their reviews."""
    check(viewer, Permission.RUN_IMPORTS)
    leads = {
        is_leaver: set(accounts.holders_of(session, role))
        for is_leaver, role in ((False, Role.IRO), (True, Role.PERSONAL_ADVISER))
    }
    cases = ((row, people.case_of(row)) for row in people.living(session, are_named=False))
    return sorted(
        row.child_id
        for row, case in cases
        if (case.personal_adviser_id if case.is_care_leaver else case.iro_id)
        not in leads[case.is_care_leaver]
    )


def open_proposals(session: Session, viewer: StaffIdentity) -> list[ProposalLine]:
    """The matches that wait for a person."""
    check(viewer, Permission.RUN_IMPORTS)
    statement = select(Proposal).where(col(Proposal.decision).is_(None)).order_by(col(Proposal.id))
    rows = session.exec(statement).all()
    return [_line(session, row.id or 0, row.kind, row.details) for row in rows]


def _line(session: Session, proposal_id: int, kind: str, details: dict[str, Any]) -> ProposalLine:
    person = people.person(session, details.get("person_id") or 0)
    gone = people.person(session, details.get("gone_id") or 0)
    home = placements.home(session, details.get("home_id") or 0)
    other = details.get("date_of_birth")
    return ProposalLine(
        proposal_id=proposal_id,
        kind=kind,
        source=details.get("source", ""),
        child_id=person.child_id if person else "",
        new_child_id=gone.child_id if gone else details.get("child_id", ""),
        id_903=(person.id_903 or "") if person else "",
        our_birth=person.date_of_birth if person else None,
        other_birth=date.fromisoformat(other) if other else None,
        home_name=home.name if home else "",
        home_ref=home.home_ref if home else "",
        urn=details.get("urn", ""),
        postcode=details.get("postcode", ""),
        seen=details.get("seen", 0),
        agreed_by=_name(session, details.get("agreed_by")),
    )


def _name(session: Session, staff_id: int | None) -> str:
    return accounts.names_of(session, {staff_id})[staff_id] if staff_id is not None else ""


def home_of_return(session: Session, *, urn: str, postcode: str) -> int | None:
    """The home that a person confirmed for an agency's URN and a postcode of returns, or None."""
    statement = select(Proposal).where(
        Proposal.kind == "same_home", Proposal.decision == "accepted"
    )
    for row in session.exec(statement):
        if (row.details["urn"], row.details["postcode"]) == (urn.upper(), postcode.upper()):
            home_id: int = row.details["home_id"]
            return home_id
    return None
