"""Passes an ask on to another owner, with a reason, and records the first contact."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from backend.accounts import queries as accounts
from backend.asks.answers import owned_ask, seen_ask
from backend.asks.kinds import OWNERS, TERMS, AskKind, ContactHow, Owner, part_of
from backend.asks.lines import source_of
from backend.asks.making import AskRefused
from backend.asks.models import Ask, OwnerChange
from backend.asks.owners import Owners
from backend.asks.sight import Source
from backend.core import audit, clock
from backend.core.access.identity import StaffIdentity
from backend.core.access.permissions import Permission
from backend.core.access.predicates import Case, Reach, is_lead, is_team_manager
from backend.core.access.requires import Denied
from backend.people import queries as people

MOVED = audit.declare("ask.owner_changed", "ask_id", "from_role", "to_role")
CONTACTED = audit.declare("ask.first_contact", "ask_id", "how", "in_time")
ANSWER_DAYS = 5  # working days to an answer, once somebody got in touch
# What may be about the IRO or the worker moves only among those who stand apart from the case.
APART = (Owner.COMPLAINTS, Owner.MANAGER, Owner.DUTY)


def possible_moves(session: Session, ask: Ask, case: Case) -> dict[Owner, str]:
    """Who else could own an ask, with their part in words; never somebody whom its words were
    hidden from, and nobody but the lead for what was for the lead alone."""
    source, finder = source_of(session, ask), Owners(session)
    kinds = APART if TERMS[AskKind(ask.kind)].goes_past_lead else tuple(OWNERS)
    own = part_of(Owner(ask.owner_role), is_care_leaver=case.is_care_leaver)
    found: dict[Owner, str] = {}
    for owner in kinds:
        holders = finder.of(owner, case)
        words = part_of(owner, is_care_leaver=case.is_care_leaver)
        # A care leaver's PA is worker and lead in one: between these nothing is passed on.
        if words in (own, *found.values()):
            continue
        if owner != ask.owner_role and holders and _may_know(source, owner, holders):
            found[owner] = words
    return found


def _may_know(source: Source | None, owner: Owner, holders: list[int]) -> bool:
    if source is None:
        return True
    if source.reach is Reach.ONLY_IRO and owner is not Owner.LEAD:
        return False
    return not set(holders) & source.hidden_from


def may_move(viewer: StaffIdentity, ask: Ask, case: Case, owners: list[int]) -> bool:
    """Whether this viewer may pass an ask on: its owner, the lead, or the team's manager."""
    if any(viewer.is_or_stands_in_for(owner) for owner in owners):
        return True
    is_around = is_lead(viewer, case) or is_team_manager(viewer, case)
    return is_around and not TERMS[AskKind(ask.kind)].goes_past_lead


def moves_of(session: Session, viewer: StaffIdentity, ask_id: int) -> dict[Owner, str]:
    """To whom this viewer could pass an ask on; empty where it is not theirs to pass."""
    ask, case, owners = seen_ask(session, viewer, ask_id)
    if ask.answered_at is not None or not may_move(viewer, ask, case, owners):
        return {}
    return possible_moves(session, ask, case)


@dataclass(frozen=True)
class OwnerChangeLine:
    """One time that an ask was passed on."""

    at: datetime
    by: str
    from_words: str
    to_words: str
    why: str


def owner_changes_of(session: Session, ask_id: int) -> list[OwnerChangeLine]:
    """Through whose hands an ask went, in order; the caller may see the ask."""
    rows = session.exec(
        select(OwnerChange).where(OwnerChange.ask_id == ask_id).order_by(col(OwnerChange.id))
    ).all()
    if not rows:
        return []
    names = accounts.names_of(session, {row.by for row in rows})
    person_id = session.get_one(Ask, ask_id).person_id
    is_leaver = people.cases(session, [person_id])[person_id].is_care_leaver
    return [
        OwnerChangeLine(
            row.at,
            names.get(row.by, ""),
            part_of(Owner(row.from_role), is_care_leaver=is_leaver),
            part_of(Owner(row.to_role), is_care_leaver=is_leaver),
            row.why,
        )
        for row in rows
    ]


def change_owner(session: Session, viewer: StaffIdentity, ask_id: int, *, to: str, why: str) -> Ask:
    """Pass an ask on to who can do it. Its day stays: passing on gives nobody more time."""
    ask, case, owners = seen_ask(session, viewer, ask_id)
    if not may_move(viewer, ask, case, owners):
        raise Denied(viewer, Permission.ANSWER_ASK)
    if ask.answered_at is not None:
        raise AskRefused("This was answered already. Nothing was changed.", field="to")
    if to not in possible_moves(session, ask, case):
        raise AskRefused("Choose who is to answer it.", field="to")
    if not why.strip():
        raise AskRefused("Say why it is theirs to answer.", field="move_why")
    session.add(
        OwnerChange(
            ask_id=ask_id,
            at=clock.now(),
            by=viewer.staff_id,
            from_role=ask.owner_role,
            to_role=to,
            why=why.strip(),
        )
    )
    audit.record(
        session,
        MOVED,
        actor=viewer.actor,
        person_id=ask.person_id,
        ask_id=ask_id,
        from_role=ask.owner_role,
        to_role=to,
    )
    ask.owner_role = to
    session.add(ask)
    session.flush()
    return ask


def record_first_contact(session: Session, viewer: StaffIdentity, ask_id: int, *, how: str) -> Ask:
    """Record that one got in touch, in one tap. The clock stops with the contact and not with
    opening the ask; from here the answer has five working days."""
    ask, _ = owned_ask(session, viewer, ask_id)
    if not TERMS[AskKind(ask.kind)].wants_contact:
        raise AskRefused("This ask waits for an answer alone. Nothing was changed.")
    if ask.first_contact_at is not None:
        raise AskRefused("The first contact was recorded already. Nothing was changed.")
    if how not in set(ContactHow):
        raise AskRefused("Choose how you got in touch.", field="how")
    ask.first_contact_at, ask.first_contact_how = clock.now(), how
    ask.first_contact_by = viewer.staff_id
    in_time = clock.today() <= (ask.contact_due_on or ask.due_on)
    ask.due_on = max(ask.due_on, clock.add_working_days(clock.today(), ANSWER_DAYS))
    session.add(ask)
    audit.record(
        session,
        CONTACTED,
        actor=viewer.actor,
        person_id=ask.person_id,
        ask_id=ask_id,
        how=how,
        in_time=in_time,
    )
    session.flush()
    return ask
