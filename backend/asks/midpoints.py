"""Half-way between two reviews: what did not happen, and what the lead says of each."""

from collections.abc import Collection, Iterable
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
    from backend.reviews.models import Review

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

    @property
    def undone(self) -> int:
        """How much did not happen."""
        return sum(bool(one.reason) for one in self.lines)


def midpoint_on(held_on: date, next_due_on: date | None) -> date:
    """The day half-way to the next review; three months on where none is known."""
    if next_due_on is None or next_due_on <= held_on:
        return held_on + USUAL
    return held_on + (next_due_on - held_on) / 2


def midpoints_due(session: Session, viewer: StaffIdentity) -> list[Midpoint]:
    """The children whom this viewer leads whose midpoint is within a week or past and was not yet
    checked; the earliest first."""
    led, soon = [person.id or 0 for person in _led(session, viewer)], clock.today() + SHOWN_BEFORE
    last, coming = reviews.last_reviews(session, led), reviews.next_reviews(session, led)
    checked = _checked_on(session, {row.id or 0 for row in last.values()})
    due = [
        _midpoint(session, viewer, row, coming.get(person_id), None)
        for person_id, row in last.items()
        if row.id not in checked and _on(row, coming.get(person_id)) <= soon
    ]
    return sorted((one for one in due if one), key=lambda one: (one.on, one.person_id))


def _checked_on(session: Session, review_ids: Collection[int]) -> dict[int, date]:
    """When the midpoints after these reviews were looked at, by the review's id."""
    rows = session.exec(
        select(MidpointCheck.review_id, col(MidpointCheck.on)).where(
            col(MidpointCheck.review_id).in_(review_ids)
        )
    ).all()
    return dict(rows)


def _on(last: "Review", coming: "Review | None") -> date:
    return midpoint_on(last.held_on or last.due_on, coming.due_on if coming else None)


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
    last = reviews.last_review(session, review.person_id)
    if last is None or last.id != review_id or not is_lead(viewer, case):
        raise Denied(viewer, Permission.SEE_ASKS)
    coming = reviews.next_review(session, review.person_id)
    checked_on = _checked_on(session, [review_id]).get(review_id)
    found = _midpoint(session, viewer, last, coming, checked_on)
    if found is None:
        raise Denied(viewer, Permission.SEE_ASKS)
    return found


def _midpoint(
    session: Session,
    viewer: StaffIdentity,
    last: "Review",
    coming: "Review | None",
    checked_on: date | None,
) -> Midpoint | None:
    child = people.person(session, last.person_id)
    if child is None or last.held_on is None:
        return None
    return Midpoint(
        person_id=last.person_id,
        person_name=child.known_as,
        review_id=last.id or 0,
        held_on=last.held_on,
        next_due_on=coming.due_on if coming else None,
        on=_on(last, coming),
        checked_on=checked_on,
        lines=tuple(_lines(session, viewer, last.person_id, review_id=last.id or 0)),
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
        return "They say it did not happen"
    if line.has_happened == Happened.NOT_YET:
        return "They say not yet"
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


def finish_clear(session: Session, viewer: StaffIdentity, review_ids: Iterable[int]) -> None:
    """Record that the lead looked today at those of these checks of which nothing is undone; what
    has something undone, is not due or not theirs is left as it is."""
    wanted = set(review_ids)
    for one in midpoints_due(session, viewer):
        if one.review_id in wanted and not one.undone:
            finish_check(session, viewer, one.review_id)


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
