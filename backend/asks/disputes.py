"""Dispute resolution about an ask: informal, then formal up the levels, with every date kept.

The IRO Handbook's chapter 6: an informal stage first; the formal stage ends within twenty working
days; Cafcass may be asked at any time; the child is told of the right to complain and to an
advocate.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlmodel import Session, col, select

from backend.accounts import queries as accounts
from backend.asks.answers import led_ask
from backend.asks.kinds import TERMS, AskKind
from backend.asks.lines import source_of
from backend.asks.making import AskRefused
from backend.asks.models import Ask, Dispute, DisputeStep
from backend.core import audit, clock
from backend.core.access.identity import StaffIdentity
from backend.core.access.permissions import Permission
from backend.core.access.predicates import is_lead, is_team_manager
from backend.core.access.requires import Denied
from backend.people import queries as people

OPENED = audit.declare("dispute.opened", "ask_id")
STEPPED = audit.declare("dispute.step", "ask_id", "level")
TOLD = audit.declare("dispute.child_told", "ask_id")
CLOSED = audit.declare("dispute.closed", "ask_id", "outcome")
FORMAL_DAYS = 20  # working days
INFORMAL, CAFCASS = "informal", "cafcass"


class DisputeOutcome(StrEnum):
    """How a dispute ended."""

    AGREED = "agreed"
    PARTLY = "partly"
    NOT_AGREED = "not_agreed"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class StepLine:
    """One step with the name of who recorded it."""

    on: date
    level: str
    with_whom: str
    note: str
    by: str


@dataclass(frozen=True)
class DisputeLine:
    """One dispute as those who take part see it."""

    ask_id: int
    person_id: int
    person_name: str
    label: str
    opened_on: date
    opened_by: str
    why: str
    stage: str  # informal | formal | closed
    formal_from: date | None
    formal_due_on: date | None
    told_child_on: date | None
    closed_on: date | None
    outcome: str | None
    outcome_words: str | None
    is_led: bool
    steps: tuple[StepLine, ...]
    is_leaver: bool = False  # a care leaver: a PA and no IRO, so no Cafcass either

    @property
    def is_overdue(self) -> bool:
        """Whether the formal stage's twenty working days are over and it is still open."""
        due = self.formal_due_on
        return self.closed_on is None and due is not None and due < clock.today()


def open_dispute(
    session: Session, viewer: StaffIdentity, ask_id: int, *, why: str, with_whom: str = ""
) -> Dispute:
    """As the IRO (or PA), raise what came of an ask, informally first."""
    ask, _ = led_ask(session, viewer, ask_id)
    if dispute_row(session, ask_id):
        raise AskRefused("This was raised already. Nothing was changed.", field="why")
    if not why.strip():
        raise AskRefused("Say what you raise, and what should happen.", field="why")
    row = Dispute(
        ask_id=ask_id,
        person_id=ask.person_id,
        opened_by=viewer.staff_id,
        opened_on=clock.today(),
        why=why.strip(),
    )
    session.add(row)
    session.flush()
    audit.record(session, OPENED, actor=viewer.actor, person_id=ask.person_id, ask_id=ask_id)
    _keep_step(session, viewer, row, level=INFORMAL, on=row.opened_on, with_whom=with_whom, note="")
    return row


def add_step(
    session: Session,
    viewer: StaffIdentity,
    ask_id: int,
    *,
    level: str,
    on: date,
    with_whom: str,
    note: str,
    levels: Sequence[str],
) -> Dispute:
    """Record one step on its day; the first formal one starts the twenty working days. `levels` are
    the council's formal levels in order; a level is named by its place there."""
    row = _open_row(session, viewer, ask_id)
    if level not in (INFORMAL, CAFCASS, *map(str, range(len(levels)))):
        raise AskRefused("Choose the stage.", field="level")
    if not row.opened_on <= on <= clock.today():
        raise AskRefused("Enter a day from when it was raised up to today.", field="on")
    if not with_whom.strip():
        raise AskRefused("Say with whom.", field="with_whom")
    if row.formal_from is None and level not in (INFORMAL, CAFCASS):
        row.formal_from = on
        row.formal_due_on = clock.add_working_days(on, FORMAL_DAYS)
    _keep_step(session, viewer, row, level=level, on=on, with_whom=with_whom, note=note)
    return row


def tell_child(session: Session, viewer: StaffIdentity, ask_id: int) -> Dispute:
    """Record that the child was told today of the right to complain and to an advocate."""
    row = _open_row(session, viewer, ask_id)
    if row.told_child_on is None:
        row.told_child_on = clock.today()
        session.add(row)
        audit.record(session, TOLD, actor=viewer.actor, person_id=row.person_id, ask_id=ask_id)
        session.flush()
    return row


def close_dispute(
    session: Session, viewer: StaffIdentity, ask_id: int, *, outcome: str, words: str
) -> Dispute:
    """Say how it ended; a dispute is not closed before the child was told of their rights."""
    row = _open_row(session, viewer, ask_id)
    if outcome not in set(DisputeOutcome):
        raise AskRefused("Choose how it ended.", field="outcome")
    if not words.strip():
        raise AskRefused("Say in a sentence what was agreed, or why not.", field="outcome_words")
    if row.told_child_on is None:
        raise AskRefused(
            "Record first that the child was told of the right to complain and to an advocate.",
            field="outcome",
        )
    row.closed_on, row.outcome, row.outcome_words = clock.today(), outcome, words.strip()
    session.add(row)
    audit.record(
        session,
        CLOSED,
        actor=viewer.actor,
        person_id=row.person_id,
        ask_id=ask_id,
        outcome=outcome,
    )
    session.flush()
    return row


def _open_row(session: Session, viewer: StaffIdentity, ask_id: int) -> Dispute:
    led_ask(session, viewer, ask_id)
    row = dispute_row(session, ask_id)
    if row is None:
        raise Denied(viewer, Permission.SEE_ASKS)
    if row.closed_on is not None:
        raise AskRefused("This is closed. Nothing was changed.")
    return row


def _keep_step(
    session: Session,
    viewer: StaffIdentity,
    row: Dispute,
    *,
    level: str,
    on: date,
    with_whom: str,
    note: str,
) -> None:
    session.add(row)
    session.add(
        DisputeStep(
            dispute_id=row.id or 0,
            on=on,
            by=viewer.staff_id,
            level=level,
            with_whom=with_whom.strip(),
            note=note.strip(),
        )
    )
    audit.record(
        session,
        STEPPED,
        actor=viewer.actor,
        person_id=row.person_id,
        ask_id=row.ask_id,
        level=level,
    )
    session.flush()


def dispute_row(session: Session, ask_id: int) -> Dispute | None:
    """The dispute about an ask, or None; for this feature alone, which asks who may see it."""
    return session.exec(select(Dispute).where(Dispute.ask_id == ask_id)).first()


def disputes_for(session: Session, viewer: StaffIdentity) -> list[DisputeLine]:
    """The disputes that this viewer takes part in: the open ones first, the oldest first."""
    rows = session.exec(select(Dispute).order_by(col(Dispute.id))).all()
    lines = [_line(session, viewer, row) for row in rows]
    return sorted((one for one in lines if one), key=lambda one: one.closed_on is not None)


def dispute_of(session: Session, viewer: StaffIdentity, ask_id: int) -> DisputeLine | None:
    """The dispute about an ask; None where there is none or it is not this viewer's to see."""
    row = dispute_row(session, ask_id)
    return _line(session, viewer, row) if row else None


def _line(session: Session, viewer: StaffIdentity, row: Dispute) -> DisputeLine | None:
    ask = session.get_one(Ask, row.ask_id)
    case = people.cases(session, [row.person_id])[row.person_id]
    is_led = is_lead(viewer, case)
    # The manager takes part from the formal stage on, unless the child hid the words from them.
    source = source_of(session, ask)
    hidden_from = source.hidden_from if source else frozenset()
    is_asked = row.formal_from is not None and is_team_manager(viewer, case)
    if not is_led and (not is_asked or viewer.staff_id in hidden_from):
        return None
    steps = session.exec(
        select(DisputeStep)
        .where(DisputeStep.dispute_id == row.id)
        .order_by(col(DisputeStep.on), col(DisputeStep.id))
    ).all()
    names = accounts.names_of(session, {row.opened_by, *(step.by for step in steps)})
    child = people.person(session, row.person_id)
    return DisputeLine(
        ask_id=row.ask_id,
        person_id=row.person_id,
        person_name=child.known_as if child else "",
        label=TERMS[AskKind(ask.kind)].label,
        opened_on=row.opened_on,
        opened_by=names.get(row.opened_by, ""),
        why=row.why,
        stage=_stage(row),
        formal_from=row.formal_from,
        formal_due_on=row.formal_due_on,
        told_child_on=row.told_child_on,
        closed_on=row.closed_on,
        outcome=row.outcome,
        outcome_words=row.outcome_words,
        is_led=is_led,
        steps=tuple(
            StepLine(one.on, one.level, one.with_whom, one.note, names.get(one.by, ""))
            for one in steps
        ),
        is_leaver=case.is_care_leaver,
    )


def _stage(row: Dispute) -> str:
    if row.closed_on is not None:
        return "closed"
    return "formal" if row.formal_from is not None else "informal"
