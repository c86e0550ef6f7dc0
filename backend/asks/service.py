"""Takes asks from their owner's answer past the IRO back to the child."""

from sqlmodel import Session, col, select

from backend.asks.kinds import TERMS, AskKind, Happened, Outcome, Owner
from backend.asks.making import (
    AskRefused,
    make_ask,
    make_ask_from_answer,
    possible_owners,
)
from backend.asks.models import Ask, Escalation
from backend.asks.own import is_own
from backend.asks.owners import Owners
from backend.asks.queries import AskLine, sight_for, source_from, source_of
from backend.asks.sight import Sight
from backend.core import audit, clock
from backend.core.access.identity import ContributorIdentity, StaffIdentity
from backend.core.access.permissions import Permission
from backend.core.access.policy import may
from backend.core.access.predicates import Case, is_lead
from backend.core.access.requires import Denied, check
from backend.core.translations import phrase
from backend.people import queries as people

__all__ = [
    "AskRefused", "Owner", "answer_ask", "escalate", "make_ask", "make_ask_from_answer",
    "note_read", "possible_owners", "release", "release_unseen", "say_whether_it_happened",
    "source_from",
]  # fmt: skip

ANSWERED = audit.declare("ask.answered", "ask_id", "outcome")
ESCALATED = audit.declare("ask.escalated", "ask_id")
RELEASED = audit.declare("ask.released", "ask_id", "seen_by_lead")
ASK_READ = audit.declare("ask.read", "ask_id")
SAID = audit.declare("ask.said_what_happened", "ask_id", "happened")
LEAD_SEES_WITHIN = 1  # working days, then the child sees the answer all the same
ESCALATED_DAYS = 5  # working days that a manager has
NIGHTLY = "heard"  # how audit names our own daily work


def note_read(session: Session, viewer: StaffIdentity, line: AskLine) -> None:
    """Audit that somebody opened an ask with the child's own words in it."""
    if line.words is not None:
        audit.record(
            session, ASK_READ, actor=viewer.actor, person_id=line.person_id, ask_id=line.ask_id
        )


def _seen_ask(session: Session, viewer: StaffIdentity, ask_id: int) -> tuple[Ask, Case, list[int]]:
    ask = session.get(Ask, ask_id)
    if ask is None:
        raise Denied(viewer, Permission.SEE_ASKS)
    case = people.cases(session, [ask.person_id])[ask.person_id]
    owners = Owners(session).of(ask.owner_role, case)
    source = source_of(session, ask)
    if sight_for(viewer, ask, case, owners=owners, source=source) is Sight.NOTHING:
        raise Denied(viewer, Permission.SEE_ASKS)
    return ask, case, owners


def answer_ask(
    session: Session, viewer: StaffIdentity, ask_id: int, *, words: str, outcome: str
) -> Ask:
    """Answer an ask that is one's own, in words that the child will read. What the IRO (or PA)
    answers themselves, and what goes past them, reaches the child at once."""
    check(viewer, Permission.ANSWER_ASK)
    ask, case, owners = _seen_ask(session, viewer, ask_id)
    if not any(viewer.is_or_stands_in_for(owner) for owner in owners):
        raise Denied(viewer, Permission.ANSWER_ASK)
    if ask.answered_at is not None:
        raise AskRefused("This was answered already. Nothing was changed.")
    if not words.strip():
        raise AskRefused("Write the answer in words that the child can read.")
    if outcome not in set(Outcome):
        raise AskRefused("Choose yes, partly or no.")
    ask.answer_words, ask.outcome = words, outcome
    ask.answered_by, ask.answered_at = viewer.staff_id, clock.now()
    audit.record(
        session,
        ANSWERED,
        actor=viewer.actor,
        person_id=ask.person_id,
        ask_id=ask.id,
        outcome=outcome,
    )
    if TERMS[AskKind(ask.kind)].goes_past_lead or is_lead(viewer, case):
        _release(session, ask, viewer.actor)
    session.add(ask)
    session.flush()
    return ask


def release(session: Session, viewer: StaffIdentity, ask_id: int, *, added: str = "") -> Ask:
    """As the IRO (or PA), let the child see the answer, with a line of one's own if wanted."""
    ask = _waiting_for_lead(session, viewer, ask_id)
    ask.iro_added, ask.iro_seen_by = added.strip() or None, viewer.staff_id
    _release(session, ask, viewer.actor)
    return ask


def escalate(session: Session, viewer: StaffIdentity, ask_id: int, *, why: str) -> Ask:
    """As the IRO (or PA), send an ask on to the manager: its answer is kept, and is not the
    child's answer. The manager's clock is five working days."""
    ask, case, _ = _seen_ask(session, viewer, ask_id)
    if not is_lead(viewer, case) or TERMS[AskKind(ask.kind)].goes_past_lead:
        raise Denied(viewer, Permission.ANSWER_ASK)
    if ask.released_at is not None and ask.has_happened not in (Happened.NO, Happened.NOT_YET):
        raise AskRefused("The child has this answer already. Nothing was changed.")
    if not why.strip():
        raise AskRefused("Say why the manager should look at it.")
    session.add(
        Escalation(
            ask_id=ask.id or 0,
            at=clock.now(),
            by=viewer.staff_id,
            why=why,
            answer_words=ask.answer_words,
            outcome=ask.outcome,
            answered_by=ask.answered_by,
        )
    )
    ask.answer_words = ask.outcome = ask.answered_by = ask.answered_at = None
    ask.released_at = ask.has_happened = ask.said_happened_at = ask.iro_added = None
    ask.owner_role = Owner.MANAGER
    ask.due_on = clock.add_working_days(clock.today(), ESCALATED_DAYS)
    audit.record(session, ESCALATED, actor=viewer.actor, person_id=ask.person_id, ask_id=ask.id)
    session.flush()
    return ask


def _waiting_for_lead(session: Session, viewer: StaffIdentity, ask_id: int) -> Ask:
    ask, case, _ = _seen_ask(session, viewer, ask_id)
    if not is_lead(viewer, case) or TERMS[AskKind(ask.kind)].goes_past_lead:
        raise Denied(viewer, Permission.ANSWER_ASK)
    if ask.answered_at is None or ask.released_at is not None:
        raise AskRefused("There is no answer here that waits for you. Nothing was changed.")
    return ask


def _release(session: Session, ask: Ask, actor: str) -> None:
    ask.released_at = clock.now()
    session.add(ask)
    audit.record(
        session,
        RELEASED,
        actor=actor,
        person_id=ask.person_id,
        ask_id=ask.id,
        seen_by_lead=actor != NIGHTLY,
    )
    session.flush()


def release_unseen(session: Session) -> None:
    """Daily: an answer that the IRO has not looked at for a working day goes to the child."""
    rows = session.exec(
        select(Ask).where(col(Ask.answered_at).is_not(None), col(Ask.released_at).is_(None))
    ).all()
    for ask in rows:
        answered_on = clock.in_london(ask.answered_at or ask.asked_at).date()
        if clock.today() > clock.add_working_days(answered_on, LEAD_SEES_WITHIN):
            _release(session, ask, NIGHTLY)


def say_whether_it_happened(
    session: Session, identity: ContributorIdentity, ask_id: int, *, happened: str
) -> Ask:
    """Say what came of an answer; it can be said again when that changes."""
    ask = session.get(Ask, ask_id)
    if not (identity.is_young_person and may(identity, Permission.READ_OWN_PAST)):
        raise Denied(identity, Permission.READ_OWN_PAST)
    if ask is None or not is_own(session, identity, ask) or not ask.released_at:
        raise Denied(identity, Permission.READ_OWN_PAST)
    if happened not in set(Happened):
        raise AskRefused(phrase("Pick one of the three."))
    ask.has_happened, ask.said_happened_at = happened, clock.now()
    session.add(ask)
    audit.record(
        session,
        SAID,
        actor=identity.actor,
        person_id=ask.person_id,
        ask_id=ask.id,
        happened=happened,
    )
    return ask
