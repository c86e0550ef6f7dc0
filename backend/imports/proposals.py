"""Matches that a person must decide: made once each, and kept with what was decided."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlmodel import Session, select

from backend.core import audit, clock
from backend.core.access.identity import StaffIdentity
from backend.core.encryption import keyring
from backend.history import queries as history_queries
from backend.history import service as history
from backend.imports import merge_decisions
from backend.imports.merge_decisions import MERGE
from backend.imports.merges import MergeRefused
from backend.imports.models import Proposal
from backend.imports.reports import ImportReport
from backend.people import queries as people_queries
from backend.people import service as people
from backend.placements import queries as placements

SAME_PERSON, SAME_HOME = "same_person", "same_home"
ACCEPTED, DECLINED = "accepted", "declined"
DECIDED = audit.declare("proposal.decided", "proposal_id", "kind", "decision")


class ProposalRefused(Exception):
    """A proposal cannot be decided so; the message says why."""


@dataclass(frozen=True, slots=True)
class HomeMatch:
    """A household of returns (agency's URN and postcode) that is likely a home of the extract."""

    urn: str
    postcode: str
    home_id: int


def propose(session: Session, kind: str, key: str, *, details: dict[str, Any]) -> bool:
    """Put a match to a person, unless it was before; True where it is new.

    The key is kept as a fingerprint only, because it is made of identifying values.
    """
    fingerprint = keyring().index(f"{kind}|{key}")
    if session.exec(select(Proposal.id).where(Proposal.key == fingerprint)).first() is not None:
        return False
    session.add(Proposal(kind=kind, key=fingerprint, details=details, made_at=clock.now()))
    session.flush()
    return True


def propose_other_birth(
    session: Session, *, person_id: int, date_of_birth: date, as_at: date
) -> bool:
    """An extract gives a known child_id another date of birth."""
    details = {
        "source": "extract",
        "person_id": person_id,
        "date_of_birth": date_of_birth.isoformat(),
        "as_at": as_at.isoformat(),
    }
    key = f"extract|{person_id}|{date_of_birth}"
    return propose(session, SAME_PERSON, key, details=details)


def propose_renumbered(
    session: Session, *, person_id: int, child_id: str, date_of_birth: date
) -> tuple[bool, str | None]:
    """An extract names a known child of returns by a new child_id, and the old one no longer.

    Whether the proposal is new, and what was decided about it (None: nothing yet).
    """
    details = {
        "source": "renumbered",
        "person_id": person_id,
        "child_id": child_id,
        "date_of_birth": date_of_birth.isoformat(),
    }
    key = f"renumbered|{person_id}|{child_id}"
    is_new = propose(session, SAME_PERSON, key, details=details)
    return is_new, _decision(session, SAME_PERSON, key)


def propose_merge(session: Session, *, kept_id: int, gone_id: int) -> tuple[bool, str | None]:
    """Of two known children who are likely one, an extract names only the first any more.

    Whether the proposal is new, and what was decided about it (None: nothing yet).
    """
    details = {"source": "merge", "person_id": kept_id, "gone_id": gone_id}
    key = f"{kept_id}|{gone_id}"
    is_new = propose(session, MERGE, key, details=details)
    return is_new, _decision(session, MERGE, key)


def _decision(session: Session, kind: str, key: str) -> str | None:
    fingerprint = keyring().index(f"{kind}|{key}")
    row = session.exec(select(Proposal).where(Proposal.key == fingerprint)).first()
    return row.decision if row else None


def propose_other_annex(
    session: Session, person_id: int, child_id: str, date_of_birth: date, *, is_dry: bool = False
) -> tuple[bool, str | None]:
    """Annex A names somebody born on this person's day by an id that is none of ours.

    Whether the proposal is new, and what was decided; `is_dry` asks for the decision alone.
    """
    return _propose_annex(session, person_id, child_id, date_of_birth, "annex_id", is_dry=is_dry)


def propose_other_annex_birth(
    session: Session, person_id: int, child_id: str, date_of_birth: date
) -> tuple[bool, str | None]:
    """Annex A gives an id of ours another date of birth: its rows may be somebody else's."""
    return _propose_annex(session, person_id, child_id, date_of_birth, "annex_birth")


def _propose_annex(
    session: Session,
    person_id: int,
    child_id: str,
    date_of_birth: date,
    source: str,
    *,
    is_dry: bool = False,
) -> tuple[bool, str | None]:
    key = f"annex-a|{person_id}|{child_id}|{date_of_birth}"
    details = {
        "source": source,
        "person_id": person_id,
        "child_id": child_id,
        "date_of_birth": date_of_birth.isoformat(),
    }
    is_new = not is_dry and propose(session, SAME_PERSON, key, details=details)
    return is_new, _decision(session, SAME_PERSON, key)


def link_and_propose(session: Session, report: ImportReport) -> None:
    """Link children of returns to living people; what is only likely becomes a proposal."""
    living = {
        row.id_903: (row.id or 0, row.date_of_birth)
        for row in people_queries.living(session)
        if row.id_903
    }
    linked, doubts = history.link_people(session, living)
    if linked:
        report.count("links to returns", "added", linked)
    new = 0
    for row_id, _, date_of_birth, person_id in doubts:
        details = {
            "source": "return",
            "return_child_id": row_id,
            "person_id": person_id,
            "date_of_birth": date_of_birth.isoformat(),
        }
        new += propose(session, SAME_PERSON, f"return|{row_id}|{person_id}", details=details)
    if new:
        report.proposals.append(
            f"{new} of the return's children have the id of a known person and another birth"
        )
    _propose_homes(session, report)


def _propose_homes(session: Session, report: ImportReport) -> None:
    """A foster home of a return has no number: agency and postcode only make a home likely."""
    matches = _likely_homes(session)
    new = 0
    for match, seen in matches.items():
        details = {
            "urn": match.urn,
            "postcode": match.postcode,
            "home_id": match.home_id,
            "seen": seen,
        }
        key = f"{match.urn}|{match.postcode}|{match.home_id}"
        new += propose(session, SAME_HOME, key, details=details)
    if new:
        report.proposals.append(f"{new} households of returns are likely homes of the extract")


def _likely_homes(session: Session) -> Counter[HomeMatch]:
    """Linked people's foster stays whose agency and start are those of a placement we know."""
    urns: dict[int, str] = {}
    matches: Counter[HomeMatch] = Counter()
    stays = [
        stay
        for stay in history_queries.stays_of_linked(session)
        if stay.place in placements.FOSTERING | placements.KINSHIP and stay.place_postcode
    ]
    known = placements.placements_of_each(session, {stay.person_id for stay in stays})
    starts = {key: {row.started_on: row.home_id for row in rows} for key, rows in known.items()}
    for stay in stays:
        home_id = starts.get(stay.person_id, {}).get(stay.started_on)
        if home_id is None:
            continue
        if home_id not in urns:
            urns[home_id] = _urn_of(session, home_id)
        if urns[home_id] == stay.urn:
            matches[HomeMatch(stay.urn, stay.place_postcode, home_id)] += 1
    return matches


def _urn_of(session: Session, home_id: int) -> str:
    home = placements.home(session, home_id)
    provider = placements.provider_of(session, home) if home else None
    return provider.urn.upper() if provider else "-"


def decide(session: Session, viewer: StaffIdentity, proposal_id: int, *, decision: str) -> None:
    """Accept or decline a proposal, once.

    Accepting an extract's date of birth or new child_id corrects ours, so that the next extract
    matches; accepting a return's child links the two and corrects nothing; an accepted row of
    Annex A is used from the next import on, and corrects nothing; an accepted home is found by
    `queries.home_of_return`. Two records of one child wait for a second yes (`confirm_merge`).
    Raises ProposalRefused for what is unknown or decided.
    """
    row = _undecided(session, proposal_id)
    if decision not in (ACCEPTED, DECLINED):
        raise ProposalRefused("There is no such proposal.")
    if decision == ACCEPTED and row.kind == MERGE:
        if merge_decisions.is_agreed(row.details):
            raise ProposalRefused("One person said yes already. It waits for a second, on Confirm.")
        merge_decisions.agree(session, viewer, row)
        return
    if decision == ACCEPTED and row.kind == SAME_PERSON:
        _accept_same_person(session, viewer, row.details)
    _settle(session, viewer, row, decision=decision)


def confirm_merge(
    session: Session, viewer: StaffIdentity, proposal_id: int, *, is_yes: bool
) -> None:
    """The second person's yes, which puts two records together, or their no.

    Raises NotTheirs for who asked and who would read more by it, and ProposalRefused.
    """
    row = _undecided(session, proposal_id)
    if row.kind != MERGE or not merge_decisions.may_confirm(session, viewer, row.details):
        raise merge_decisions.NotTheirs
    if is_yes:
        try:
            merge_decisions.confirm(session, viewer, row)
        except MergeRefused as refused:
            raise ProposalRefused(str(refused)) from refused
    _settle(session, viewer, row, decision=ACCEPTED if is_yes else DECLINED)


def _undecided(session: Session, proposal_id: int) -> Proposal:
    # Held, because two people may press at once.
    row = session.get(Proposal, proposal_id, with_for_update=True)
    if row is None:
        raise ProposalRefused("There is no such proposal.")
    if row.decision is not None:
        raise ProposalRefused("This was decided already.")
    person_id = row.details.get("person_id")
    if person_id is not None and people_queries.person(session, person_id) is None:
        raise ProposalRefused("That child's record is no longer here.")
    return row


def _settle(session: Session, viewer: StaffIdentity, row: Proposal, *, decision: str) -> None:
    row.decision, row.decided_by = decision, viewer.staff_id
    session.add(row)
    audit.record(
        session,
        DECIDED,
        actor=viewer.actor,
        person_id=row.details.get("person_id"),
        proposal_id=row.id,
        kind=row.kind,
        decision=decision,
    )


def _accept_same_person(
    session: Session, viewer: StaffIdentity, details: Mapping[str, Any]
) -> None:
    person_id = details["person_id"]
    if details["source"] == "extract":
        born = date.fromisoformat(details["date_of_birth"])
        people.correct_birth(session, viewer.actor, person_id=person_id, date_of_birth=born)
    elif details["source"] == "renumbered":
        people.renumber(session, viewer.actor, person_id=person_id, child_id=details["child_id"])
    elif details["source"] == "return":
        history.link_child(session, details["return_child_id"], person_id=person_id)
