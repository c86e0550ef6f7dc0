"""Half-way between two reviews: what did not happen, and what the lead says of each."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from sqlmodel import Session, col, select

from backend.asks.kinds import TERMS, Happened
from backend.asks.lines import AskLine, asks_of_person
from backend.asks.making import AskRefused
from backend.asks.models import Ask, MidpointCheck, MidpointMark
from backend.asks.owners import Owners
from backend.core import audit, clock
from backend.core.access.identity import StaffIdentity
from backend.core.access.permissions import Permission
from backend.core.access.predicates import is_lead
from backend.core.access.requires import Denied
from backend.people import queries as people
from backend.people.queries import case_of
from backend.reviews import queries as reviews

if TYPE_CHECKING:
    from backend.people.models import Person

CHECKED = audit.declare("midpoint.checked", "review_id")
MARKED = audit.declare("midpoint.marked", "review_id", "ask_id", "mark")
SHOWN_BEFORE = timedelta(days=7)
FRESH = timedelta(days=14)  # what was asked this lately is the owner's yet, and not the lead's
USUAL = timedelta(days=91)  # where no next review is known
DONE, NOT_DONE, CHASED, RAISED = "done", "not_done", "chased", "raised"
MARKS = {DONE: "Done", NOT_DONE: "Not done", CHASED: "Chased", RAISED: "Raised"}


@dataclass(frozen=True)
class MidpointLine:
    """One ask that did not happen, why it stands here, and what the lead said of it."""

    line: AskLine
    reason: str
    mark: str


@dataclass(frozen=True)
class Midpoint:
    """One child at the middle of the time between two reviews."""

    person_id: int
    person_name: str
    review_id: int
    held_on: date
    next_due_on: date | None
    on: date
    checked_on: date | None
    lines: tuple[MidpointLine, ...]


def midpoint_on(held_on: date, next_due_on: date | None) -> date:
    """The day half-way to the next review; three months on where none is known."""
    if next_due_on is None or next_due_on <= held_on:
        return held_on + USUAL
    return held_on + (next_due_on - held_on) / 2


def midpoints_due(session: Session, viewer: StaffIdentity) -> list[Midpoint]:
    """The children whom this viewer leads whose midpoint is within a week or past and was not yet
    checked; the earliest first."""
    found = (_midpoint(session, viewer, person.id or 0) for person in _led(session, viewer))
    soon = clock.today() + SHOWN_BEFORE
    due = [one for one in found if one and one.checked_on is None and one.on <= soon]
    return sorted(due, key=lambda one: (one.on, one.person_id))


def _led(session: Session, viewer: StaffIdentity) -> "list[Person]":
    led = people.people_led_by(session, viewer) + people.people_worked_by(session, viewer)
    by_id = {row.id: row for row in led if is_lead(viewer, case_of(row))}
    return list(by_id.values())


def midpoint_of(session: Session, viewer: StaffIdentity, review_id: int) -> Midpoint:
    """The midpoint after one review that was held; raises Denied for whoever does not lead."""
    review = reviews.review(session, review_id)
    if review is None or review.held_on is None:
        raise Denied(viewer, Permission.SEE_ASKS)
    case = people.cases(session, [review.person_id])[review.person_id]
    found = _midpoint(session, viewer, review.person_id) if is_lead(viewer, case) else None
    if found is None or found.review_id != review_id:
        raise Denied(viewer, Permission.SEE_ASKS)
    return found


def _midpoint(session: Session, viewer: StaffIdentity, person_id: int) -> Midpoint | None:
    last, coming = reviews.last_review(session, person_id), reviews.next_review(session, person_id)
    child = people.person(session, person_id)
    if last is None or last.held_on is None or child is None:
        return None
    next_due_on = coming.due_on if coming else None
    check = session.exec(select(MidpointCheck).where(MidpointCheck.review_id == last.id)).first()
    return Midpoint(
        person_id=person_id,
        person_name=child.known_as,
        review_id=last.id or 0,
        held_on=last.held_on,
        next_due_on=next_due_on,
        on=midpoint_on(last.held_on, next_due_on),
        checked_on=check.on if check else None,
        lines=tuple(_lines(session, viewer, person_id, review_id=last.id or 0)),
    )


def _lines(
    session: Session, viewer: StaffIdentity, person_id: int, *, review_id: int
) -> Iterable[MidpointLine]:
    rows = session.exec(select(MidpointMark).where(MidpointMark.review_id == review_id)).all()
    marks = {row.ask_id: row.mark for row in rows}
    for line in asks_of_person(session, viewer, person_id):
        # What goes past the lead is never here, even where the lead is its owner too.
        if not line.is_led or TERMS[line.kind].goes_past_lead:
            continue
        reason = why_not_done(line)
        if reason or line.ask_id in marks:
            yield MidpointLine(line, reason, marks.get(line.ask_id, ""))


def why_not_done(line: AskLine) -> str:
    """Why an ask did not happen, as far as anybody said; "" where it did, or is not yet due."""
    if line.has_happened == Happened.YES:
        return ""
    if line.has_happened == Happened.NO:
        return "The child says it did not happen"
    if line.has_happened == Happened.NOT_YET:
        return "The child says not yet"
    if line.is_overdue:
        return "Nobody got in touch in time" if line.waits_for_contact else "Not answered in time"
    if line.state == "open":
        return "Not answered" if line.asked_at < clock.now() - FRESH else ""
    if line.promised_on is not None and line.promised_on < clock.today():
        return "The promised day has passed"
    return ""


def mark_ask(
    session: Session, viewer: StaffIdentity, review_id: int, *, ask_id: int, mark: str
) -> MidpointMark:
    """As the lead, say of one ask that it is done, not done, chased or raised; the last word said
    stands, and what the child says is left as it is."""
    page = midpoint_of(session, viewer, review_id)
    if ask_id not in {one.line.ask_id for one in page.lines}:
        raise Denied(viewer, Permission.SEE_ASKS)
    if mark not in MARKS:
        raise AskRefused("Choose done, not done, chase or raise.")
    row = session.exec(
        select(MidpointMark).where(
            MidpointMark.review_id == review_id, MidpointMark.ask_id == ask_id
        )
    ).first() or MidpointMark(review_id=review_id, ask_id=ask_id, mark=mark, by=0, at=clock.now())
    row.mark, row.by, row.at = mark, viewer.staff_id, clock.now()
    session.add(row)
    audit.record(
        session,
        MARKED,
        actor=viewer.actor,
        person_id=page.person_id,
        review_id=review_id,
        ask_id=ask_id,
        mark=mark,
    )
    session.flush()
    return row


def finish_check(session: Session, viewer: StaffIdentity, review_id: int) -> None:
    """Record that the lead looked today; refused while something has no word of theirs."""
    page = midpoint_of(session, viewer, review_id)
    unmarked = [one for one in page.lines if one.reason and not one.mark]
    if unmarked:
        raise AskRefused(f"Say of each what became of it: {len(unmarked)} to go.")
    if page.checked_on is None:
        session.add(
            MidpointCheck(
                review_id=review_id,
                person_id=page.person_id,
                by=viewer.staff_id,
                on=clock.today(),
            )
        )
        audit.record(
            session,
            CHECKED,
            actor=viewer.actor,
            person_id=page.person_id,
            review_id=review_id,
        )
        session.flush()


def chased(session: Session, staff_id: int, since: datetime) -> list[int]:
    """Ids of the unanswered or undone asks of this owner that a lead chased since a moment."""
    rows = session.exec(
        select(Ask, MidpointMark)
        .join(MidpointMark, col(MidpointMark.ask_id) == col(Ask.id))
        .where(MidpointMark.mark == CHASED, col(MidpointMark.at) >= since)
    ).all()
    cases, finder = people.cases(session, {ask.person_id for ask, _ in rows}), Owners(session)
    return [
        ask.id or 0
        for ask, _ in rows
        if staff_id in finder.of(ask.owner_role, cases[ask.person_id])
    ]
