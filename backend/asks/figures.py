"""What came of asks, in figures: each a count out of a count, with both said in words.

What goes past the lead is counted nowhere here: a figure of one would tell the IRO of a complaint.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, col, select

from backend.asks.kinds import TERMS, AskKind, Happened
from backend.asks.models import Ask, Dispute
from backend.core import clock
from backend.people import queries as people

IN_TIME = "asks in the child's own words whose day fell in the period, answered by that day"
HAPPENED = "asks answered in the period of which the child said what came of it, that happened"
CONTACT = (
    "asks to see or hear from somebody whose working day fell in the period, first contact by then"
)
COMPLAINTS = "complaints whose ten working days ended in the period, answered by then"


@dataclass(frozen=True)
class Share:
    """A count out of a count; `means` says in words what each counts."""

    count: int
    of: int
    means: str

    @property
    def percent(self) -> int | None:
        """The share in whole percent; None where there is nothing to have a share of."""
        return round(100 * self.count / self.of) if self.of else None


@dataclass(frozen=True)
class AskFigures:
    """The headline figures of asks over some people and a period, both days included."""

    in_time: Share
    happened: Share
    first_contact: Share
    asked: int
    silent: int  # answered in the period, and the child said nothing of it yet
    refused: int
    advocates_asked: int
    advocates_reached: int  # of these, those of whom somebody got in touch about it
    disputes_informal: int
    disputes_formal: int


def figures(
    session: Session,
    *,
    first: date,
    last: date,
    person_ids: Collection[int] | None = None,
    team: str | None = None,
) -> AskFigures:
    """The figures for these people, or for everybody in a team, or for all."""
    chosen = _chosen(session, person_ids, team)
    asks = [one for one in _asks(session, chosen) if not TERMS[AskKind(one.kind)].goes_past_lead]
    answered = [
        one for one in asks if one.released_at and _is_in(_day(one.released_at), first, last)
    ]
    said = [one for one in answered if one.has_happened is not None]
    disputes = [one for one in session.exec(select(Dispute)).all() if _of(one.person_id, chosen)]
    made = [one for one in asks if _is_in(_day(one.asked_at), first, last)]
    advocates = [one for one in made if one.kind == AskKind.ADVOCATE]
    return AskFigures(
        in_time=_in_time(asks, first, last),
        happened=Share(sum(one.has_happened == Happened.YES for one in said), len(said), HAPPENED),
        first_contact=_contacts(asks, first, last),
        asked=len(made),
        silent=len(answered) - len(said),
        refused=sum(one.outcome == "no" for one in answered),
        advocates_asked=len(advocates),
        advocates_reached=sum(one.first_contact_at is not None for one in advocates),
        disputes_informal=sum(_is_in(one.opened_on, first, last) for one in disputes),
        disputes_formal=sum(_is_in(one.formal_from, first, last) for one in disputes),
    )


def complaint_figures(session: Session, *, first: date, last: date) -> Share:
    """Of all complaints; for the complaints manager's page alone. More time counts as late: the
    regulations' first measure is ten working days."""
    asks = session.exec(select(Ask).where(Ask.kind == AskKind.COMPLAINT.value)).all()
    due = [one for one in asks if _is_due(one, _first_due(one), first, last)]
    return Share(sum(_is_by(one, _first_due(one)) for one in due), len(due), COMPLAINTS)


def _chosen(
    session: Session, person_ids: Collection[int] | None, team: str | None
) -> set[int] | None:
    if person_ids is not None:
        return set(person_ids)
    if team is None:
        return None
    return {row.id or 0 for row in people.living(session) if row.team == team}


def _asks(session: Session, chosen: set[int] | None) -> Sequence[Ask]:
    statement = select(Ask)
    if chosen is not None:
        statement = statement.where(col(Ask.person_id).in_(chosen))
    return session.exec(statement).all()


def _in_time(asks: Sequence[Ask], first: date, last: date) -> Share:
    own = [one for one in asks if not TERMS[AskKind(one.kind)].wants_contact]
    due = [one for one in own if _is_due(one, _first_due(one), first, last)]
    return Share(sum(_is_by(one, _first_due(one)) for one in due), len(due), IN_TIME)


def _contacts(asks: Sequence[Ask], first: date, last: date) -> Share:
    wanted = [one for one in asks if TERMS[AskKind(one.kind)].wants_contact]
    due = [
        one
        for one in wanted
        if _is_in(_first_due(one), first, last)
        and (one.first_contact_at is not None or _first_due(one) < clock.today())
    ]
    kept = [
        one for one in due if one.first_contact_at and _day(one.first_contact_at) <= _first_due(one)
    ]
    return Share(len(kept), len(due), CONTACT)


def _first_due(ask: Ask) -> date:
    """The day as it stood when it was asked: neither escalating nor more time makes an answer
    early."""
    return ask.first_due_on or ask.due_on


def _is_due(ask: Ask, due_on: date, first: date, last: date) -> bool:
    # Before its day an ask counts only when it is answered: else it would be late before it is.
    return _is_in(due_on, first, last) and (ask.answered_at is not None or due_on < clock.today())


def _is_by(ask: Ask, due_on: date) -> bool:
    return ask.answered_at is not None and _day(ask.answered_at) <= due_on


def _of(person_id: int, chosen: set[int] | None) -> bool:
    return chosen is None or person_id in chosen


def _day(moment: datetime) -> date:
    return clock.in_london(moment).date()


def _is_in(day: date | None, first: date, last: date) -> bool:
    return day is not None and first <= day <= last
