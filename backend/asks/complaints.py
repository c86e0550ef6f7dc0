"""The complaints manager's clock: acknowledged, advocate offered, stage 1 in ten working days.

The Children Act 1989 Representations Procedure (England) Regulations 2006, regulation 14: stage 1
within ten working days, ten more where it is complex or an advocate is waited for; an advocate is
offered (section 26A of the Act). Stages 2 (regulation 17) and 3 (regulations 18 to 20) are kept as
dates, because an investigation's file is elsewhere.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlmodel import Session, col, select

from backend.accounts import queries as accounts
from backend.asks.answers import owned_ask
from backend.asks.kinds import OWNERS, TERMS, AskKind, Owner
from backend.asks.lines import AskLine, asks_for
from backend.asks.making import AskRefused
from backend.asks.models import Ask, ComplaintStep
from backend.core import audit, clock
from backend.core.access.identity import StaffIdentity

STEPPED = audit.declare("complaint.step", "ask_id", "what")
MORE_TIME_DAYS = 20  # working days from the complaint, where it is complex


class Step(StrEnum):
    """What can be recorded about a complaint, on its day."""

    ACKNOWLEDGED = "acknowledged"
    ADVOCATE_OFFERED = "advocate_offered"
    MORE_TIME = "more_time"
    STAGE_2_ASKED = "stage_2_asked"
    STAGE_2_ANSWERED = "stage_2_answered"
    STAGE_3_ASKED = "stage_3_asked"
    STAGE_3_HELD = "stage_3_held"
    STAGE_3_ANSWERED = "stage_3_answered"
    WITHDRAWN = "withdrawn"


STEPS: dict[Step, str] = {
    Step.ACKNOWLEDGED: "Acknowledged to the young person",
    Step.ADVOCATE_OFFERED: "Advocate offered",
    Step.MORE_TIME: "More time for stage 1 (20 working days in all)",
    Step.STAGE_2_ASKED: "Stage 2 asked for",
    Step.STAGE_2_ANSWERED: "Stage 2 answered",
    Step.STAGE_3_ASKED: "Stage 3 asked for",
    Step.STAGE_3_HELD: "Stage 3 panel held",
    Step.STAGE_3_ANSWERED: "Stage 3 answered",
    Step.WITHDRAWN: "Withdrawn by the young person",
}
NEEDS_REASON = (Step.MORE_TIME, Step.WITHDRAWN)


@dataclass(frozen=True)
class StepLine:
    """One recorded thing, with the name of who recorded it."""

    what: Step
    label: str
    on: date
    note: str
    by: str


@dataclass(frozen=True)
class About:
    """Of the ask that a complaint is about, what is no secret: never its words."""

    label: str
    asked_on: date
    owner: str
    due_on: date
    outcome: str | None
    has_happened: str | None


@dataclass(frozen=True)
class ComplaintLine:
    """One complaint with its clock: `day` of `days` working days."""

    line: AskLine
    steps: tuple[StepLine, ...]
    day: int
    days: int
    about: About | None

    @property
    def first(self) -> dict[str, StepLine]:
        """The first recorded step of each kind."""
        return {step.what.value: step for step in reversed(self.steps)}

    @property
    def is_open(self) -> bool:
        """Whether stage 1 still waits for its answer; one withdrawn is owed a last line too."""
        return self.line.answered_at is None


def working_days_since(day: date) -> int:
    """Working days after `day` up to and with today."""
    count, at = 0, day
    while at < clock.today():
        at = clock.add_working_days(at, 1)
        count += at <= clock.today()
    return count


def complaints_for(session: Session, viewer: StaffIdentity) -> list[ComplaintLine]:
    """The complaints that are this viewer's to answer, with their clocks; the next due first."""
    lines = [one for one in asks_for(session, viewer) if one.kind is AskKind.COMPLAINT]
    return [_complaint(session, line) for line in lines]


def complaint_of(session: Session, line: AskLine) -> ComplaintLine | None:
    """The clock of one complaint that its reader sees as an ask; None for every other ask."""
    return _complaint(session, line) if line.kind is AskKind.COMPLAINT else None


def _complaint(session: Session, line: AskLine) -> ComplaintLine:
    rows = session.exec(
        select(ComplaintStep)
        .where(ComplaintStep.ask_id == line.ask_id)
        .order_by(col(ComplaintStep.on), col(ComplaintStep.id))
    ).all()
    names = accounts.names_of(session, {row.by for row in rows})
    asked_on = clock.in_london(line.asked_at).date()
    has_more = any(row.what == Step.MORE_TIME for row in rows)
    ended = line.answered_at is not None or any(row.what == Step.WITHDRAWN for row in rows)
    return ComplaintLine(
        line=line,
        steps=tuple(_steps(rows, names)),
        day=0 if ended else working_days_since(asked_on),
        days=MORE_TIME_DAYS if has_more else TERMS[AskKind.COMPLAINT].days,
        about=_about(session, line.ask_id),
    )


def _steps(rows: Iterable[ComplaintStep], names: dict[int, str]) -> Iterable[StepLine]:
    for row in rows:
        what = Step(row.what)
        yield StepLine(what, STEPS[what], row.on, row.note, names.get(row.by, ""))


def _about(session: Session, ask_id: int) -> About | None:
    complaint = session.get_one(Ask, ask_id)
    ask = session.get(Ask, complaint.follows_id) if complaint.follows_id else None
    if ask is None:
        return None
    return About(
        label=TERMS[AskKind(ask.kind)].label,
        asked_on=clock.in_london(ask.asked_at).date(),
        owner=OWNERS[Owner(ask.owner_role)],
        due_on=ask.first_due_on or ask.due_on,
        outcome=ask.outcome if ask.released_at else None,
        has_happened=ask.has_happened,
    )


def record_step(
    session: Session, viewer: StaffIdentity, ask_id: int, *, what: str, on: date, note: str
) -> ComplaintStep:
    """Record one thing about a complaint that is one's own to answer. More time is given once, with
    a reason, and moves stage 1's day to twenty working days from the complaint."""
    ask, _ = owned_ask(session, viewer, ask_id)
    if AskKind(ask.kind) is not AskKind.COMPLAINT:
        raise AskRefused("This is not a complaint. Nothing was changed.", field="what")
    if what not in set(Step):
        raise AskRefused("Choose what happened.", field="what")
    asked_on = clock.in_london(ask.asked_at).date()
    if not asked_on <= on <= clock.today():
        raise AskRefused("Enter a day from the complaint up to today.", field="on")
    step = Step(what)
    if step in NEEDS_REASON and not note.strip():
        raise AskRefused("Say why.", field="note")
    if step is Step.MORE_TIME:
        _give_more_time(session, ask, asked_on)
    row = ComplaintStep(ask_id=ask_id, what=what, on=on, by=viewer.staff_id, note=note.strip())
    session.add_all((row, ask))
    audit.record(
        session, STEPPED, actor=viewer.actor, person_id=ask.person_id, ask_id=ask_id, what=what
    )
    session.flush()
    return row


def _give_more_time(session: Session, ask: Ask, asked_on: date) -> None:
    given = session.exec(
        select(ComplaintStep.id).where(
            ComplaintStep.ask_id == ask.id, ComplaintStep.what == Step.MORE_TIME.value
        )
    ).first()
    if given is not None:
        raise AskRefused("More time was given already; it is given once.", field="what")
    if ask.answered_at is not None:
        raise AskRefused("Stage 1 is answered; it needs no more time.", field="what")
    ask.due_on = clock.add_working_days(asked_on, MORE_TIME_DAYS)
