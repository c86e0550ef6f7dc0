"""What digests and messages pull from asks: what is due, late, to look at, answered, chased."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel import Session, col, select

from backend.accounts import queries as accounts_queries
from backend.accounts import service as accounts
from backend.asks.kinds import Owner
from backend.asks.lines import AskLine, lines_of
from backend.asks.midpoints import chased
from backend.asks.models import Ask
from backend.asks.owners import Owners
from backend.asks.states import is_overdue, state_of
from backend.core import clock
from backend.core.columns import closed
from backend.people import queries as people

CHASED_FOR = timedelta(days=7)  # from one Monday's digest to the next
TOLD_WITHIN = timedelta(days=7)  # an older answer is found on the page; a message would be late


@dataclass(frozen=True)
class DueAsk:
    """One ask in a digest: never its words, and of the child's name the first letter alone."""

    ask_id: int
    person_id: int
    initial: str
    label: str
    due_on: date
    is_overdue: bool
    is_mine: bool
    waits_for_contact: bool


@dataclass(frozen=True)
class Answered:
    """One answer that a young person can now see."""

    ask_id: int
    person_id: int
    contributor_id: int
    released_at: datetime


@dataclass(frozen=True)
class ToTell:
    """One young person to tell once that an answer is there; `key` is the same however often it is
    asked, and one for all answers of a day."""

    key: str
    contributor_id: int
    person_id: int
    on: date


def due_soon(session: Session, staff_id: int, days: int = 1) -> list[DueAsk]:
    """Asks of this owner that are due within so many working days, and not yet late."""
    last = clock.add_working_days(clock.today(), days)
    lines = _open_lines(session, staff_id, lambda row: not is_overdue(row) and _is_due(row, last))
    return _as_due([one for one in lines if one.is_mine and one.clock_on <= last])


def overdue(session: Session, staff_id: int) -> list[DueAsk]:
    """Late asks for their owner, the team's manager and the lead, as far as each may know."""
    return _as_due(_open_lines(session, staff_id, is_overdue))


def waiting_for_lead(session: Session, staff_id: int) -> list[DueAsk]:
    """Answers that this IRO (or PA) has not looked at, before the child sees them."""
    lines = _open_lines(session, staff_id, lambda row: state_of(row) == "with_lead")
    return _as_due([one for one in lines if one.is_led and not one.is_let_go])


def chased_lately(session: Session, staff_id: int) -> list[DueAsk]:
    """Asks of this owner that a lead chased at the midpoint within the last week."""
    viewer = accounts.identity_by_id(session, staff_id)
    ids = chased(session, staff_id, clock.now() - CHASED_FOR)
    if viewer is None or not ids:
        return []
    rows = session.exec(select(Ask).where(col(Ask.id).in_(ids))).all()
    return _as_due(lines_of(session, viewer, rows))


def newly_answered(session: Session, since: datetime) -> list[Answered]:
    """Answers that became visible to young people since a moment, the oldest first."""
    rows = session.exec(
        select(Ask)
        .where(col(Ask.released_at).is_not(None), col(Ask.released_at) >= since)
        .order_by(col(Ask.released_at), col(Ask.id))
    ).all()
    return [
        Answered(row.id or 0, row.person_id, row.contributor_id, row.released_at)
        for row in rows
        if row.released_at is not None
    ]


def to_tell(session: Session) -> list[ToTell]:
    """Whom to tell that an answer came: once for all that came on one day. The message holds no
    words, and says nothing of what was asked."""
    found: dict[str, ToTell] = {}
    for one in newly_answered(session, clock.now() - TOLD_WITHIN):
        day = clock.in_london(one.released_at).date()
        key = f"answer:{one.contributor_id}:{day.isoformat()}"
        found[key] = ToTell(key, one.contributor_id, one.person_id, day)
    return list(found.values())


def pressing(session: Session, days: int = 1) -> set[int]:
    """Whom it is worth asking about: the staff who own an ask that is due within so many working
    days, or lead one whose answer waits for their look, and who stands in for them."""
    last = clock.add_working_days(clock.today(), days)
    rows = [row for row in _open_rows(session) if row.answered_at is not None or _is_due(row, last)]
    cases, finder = people.cases(session, {row.person_id for row in rows}), Owners(session)
    staff = {
        staff_id
        for row in rows
        for owner in (row.owner_role, Owner.LEAD)
        for staff_id in finder.of(owner, cases[row.person_id])
    }
    return staff | accounts_queries.deputies_of(session, staff)


def _open_rows(session: Session) -> Sequence[Ask]:
    """Every ask that waits for something, its words closed."""
    return session.exec(
        select(Ask)
        .options(*closed(Ask))
        .where(
            col(Ask.released_at).is_(None)
            | (col(Ask.contact_due_on).is_not(None) & col(Ask.first_contact_at).is_(None))
        )
    ).all()


def _is_due(row: Ask, last: date) -> bool:
    """Whether an answer, or a first contact, may be due by a day."""
    return min(row.due_on, row.contact_due_on or row.due_on) <= last


def _open_lines(session: Session, staff_id: int, is_wanted: Callable[[Ask], bool]) -> list[AskLine]:
    wanted = [row.id for row in _open_rows(session) if is_wanted(row)]
    rows = session.exec(select(Ask).where(col(Ask.id).in_(wanted))).all() if wanted else []
    viewer = accounts.identity_by_id(session, staff_id) if rows else None
    return lines_of(session, viewer, rows) if viewer is not None else []


def _as_due(lines: list[AskLine]) -> list[DueAsk]:
    found = [
        DueAsk(
            ask_id=line.ask_id,
            person_id=line.person_id,
            initial=line.person_name[:1],
            label=line.label,
            due_on=line.clock_on,
            is_overdue=line.is_overdue,
            is_mine=line.is_mine,
            waits_for_contact=line.waits_for_contact,
        )
        for line in lines
    ]
    return sorted(found, key=lambda one: (one.due_on, one.ask_id))
