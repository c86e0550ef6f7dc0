"""Reads of concerns, each with its clock, and of what nobody entitled has read in time."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from backend.accounts import queries as accounts
from backend.core import clock
from backend.core.access.identity import StaffIdentity
from backend.core.access.permissions import Role
from backend.core.access.policy import may_read
from backend.core.access.predicates import Case, Reach, Words
from backend.people import queries as people
from backend.safeguarding.models import Concern, ConcernNote, Reading
from backend.safeguarding.waiting import orphaned, unread_answers
from backend.safeguarding.words import (
    Desk,
    does_duty,
    hidden_from_any,
    may_take_over,
    readable_answers,
    recorded_readers,
)
from backend.surveys import queries as surveys
from backend.surveys.queries import SentTopic

SOURCES = {
    "not_safe": "Said “this is not safe”",
    "detected": "Suggested as urgent, read by nobody yet",
    "reader": "Raised by a reader",
    "unread": "Taken over: nobody entitled had read it in time",
}


@dataclass(frozen=True)
class ConcernLine:
    """One concern as somebody entitled sees it."""

    concern_id: int
    person_id: int
    person_name: str
    topic_row_id: int | None
    source: str
    source_label: str
    why: str | None
    raised_at: datetime
    raised_by: str
    due_at: datetime
    is_late: bool
    reach_by: str | None
    how_to_reach: str | None
    seen_by: str
    seen_at: datetime | None
    lead: str
    may_read_words: bool
    outcome: str | None
    closed_by: str
    closed_at: datetime | None


@dataclass(frozen=True)
class UnreadLine:
    """One submission that nobody entitled has read in time, or that nobody around the child may
    read at all: the fact, never the words."""

    topic_row_id: int
    person_id: int
    person_name: str
    kind: str
    sent_at: datetime
    due_at: datetime
    is_late: bool
    readers: str
    may_take_over: bool


@dataclass(frozen=True)
class DutyList:
    """Both halves of the duty desk."""

    concerns: list[ConcernLine]
    unread: list[UnreadLine]


@dataclass(frozen=True)
class NoteLine:
    """One thing that was done about a concern."""

    at: datetime
    by: str
    words: str


def open_concerns(
    session: Session, viewer: StaffIdentity, person_id: int | None = None
) -> list[ConcernLine]:
    """Open concerns that this viewer may know of, the next due first."""
    statement = select(Concern).where(col(Concern.closed_at).is_(None))
    if person_id is not None:
        statement = statement.where(Concern.person_id == person_id)
    rows = session.exec(statement.order_by(col(Concern.due_at), col(Concern.id))).all()
    return _lines(session, viewer, rows)


def concern_line(session: Session, viewer: StaffIdentity, concern_id: int) -> ConcernLine | None:
    """One concern, open or closed; None where there is none or the viewer may not know of it."""
    row = session.get(Concern, concern_id)
    return next(iter(_lines(session, viewer, [row])), None) if row else None


def _lines(session: Session, viewer: StaffIdentity, rows: Iterable[Concern]) -> list[ConcernLine]:
    found = list(rows)
    cases = people.cases(session, {row.person_id for row in found})
    row_ids = {row.topic_row_id for row in found if row.topic_row_id is not None}
    sent = surveys.sent_topics(session, topic_row_ids=row_ids) if row_ids else []
    topics = {topic.topic_row_id: topic for topic in sent}
    readable = readable_answers(session, viewer, sent)
    recorded = recorded_readers(session, [row.id or 0 for row in found])
    names = _names(session, found, cases)
    children = people.people(session, set(cases))
    desk = Desk(session)
    return [
        _line(
            row,
            names,
            child=children[row.person_id].known_as,
            case=cases[row.person_id],
            may_read_words=row.topic_row_id in readable,
        )
        for row in found
        if may_know(
            viewer,
            row,
            case=cases[row.person_id],
            topic=(topic := topics.get(row.topic_row_id or 0)),
            recorded=recorded.get(row.id or 0, frozenset())
            | (desk.stand_ins(cases[row.person_id], hidden_from_any(topic)) if topic else set()),
            may_read_words=row.topic_row_id in readable,
        )
    ]


def may_know(
    viewer: StaffIdentity,
    concern: Concern,
    *,
    case: Case,
    topic: SentTopic | None,
    recorded: frozenset[int],
    may_read_words: bool,
) -> bool:
    """Whether a viewer may know that there is this concern, and what was written about it.

    Duty, the child's IRO (or PA), who raised it while they may still read the words, and whom
    duty recorded; never anybody from whom the child hid any of the words. A worker is not told:
    the words may be about them.
    """
    if topic is not None and viewer.staff_id in hidden_from_any(topic):
        return False
    words = Words(case, Reach.NOT_SAFE, is_raised=True, recorded_readers=recorded)
    is_raiser = concern.raised_by == viewer.staff_id and may_read_words
    return is_raiser or may_read(viewer, words)


def _names(session: Session, rows: list[Concern], cases: dict[int, Case]) -> dict[int, str]:
    ids = {key for row in rows for key in (row.raised_by, row.seen_by, row.closed_by) if key} | {
        key for case in cases.values() if (key := lead_id(case))
    }
    return accounts.names_of(session, ids)


def lead_id(case: Case) -> int | None:
    """Whom the words go to first: the IRO, or a care leaver's personal adviser."""
    return case.personal_adviser_id if case.is_care_leaver else case.iro_id


def _line(
    row: Concern, names: dict[int, str], *, child: str, case: Case, may_read_words: bool
) -> ConcernLine:
    return ConcernLine(
        concern_id=row.id or 0,
        person_id=row.person_id,
        person_name=child,
        topic_row_id=row.topic_row_id,
        source=row.source,
        source_label=SOURCES[row.source],
        why=row.why,
        raised_at=row.raised_at,
        raised_by=names.get(row.raised_by or 0, ""),
        due_at=row.due_at,
        is_late=row.seen_at is None and row.due_at < clock.now(),
        reach_by=row.reach_by,
        how_to_reach=row.how_to_reach,
        seen_by=names.get(row.seen_by or 0, ""),
        seen_at=row.seen_at,
        lead=names.get(lead_id(case) or 0, ""),
        may_read_words=may_read_words,
        outcome=row.outcome,
        closed_by=names.get(row.closed_by or 0, ""),
        closed_at=row.closed_at,
    )


def notes_of(session: Session, concern_id: int) -> list[NoteLine]:
    """What was done about a concern, in order."""
    rows = session.exec(
        select(ConcernNote)
        .where(ConcernNote.concern_id == concern_id)
        .order_by(col(ConcernNote.id))
    ).all()
    names = accounts.names_of(session, {row.staff_id for row in rows})
    return [NoteLine(row.at, names.get(row.staff_id, ""), row.words) for row in rows]


def readers_of(session: Session, concern_id: int) -> list[str]:
    """Names of those whom the duty reader recorded as readers."""
    ids = recorded_readers(session, [concern_id]).get(concern_id, frozenset())
    return sorted(accounts.names_of(session, set(ids)).values())


def duty_list(session: Session, viewer: StaffIdentity) -> DutyList:
    """Every open concern, and what nobody entitled has read in time; for duty readers alone."""
    if Role.DUTY_READER not in viewer.roles:
        return DutyList([], [])
    return DutyList(open_concerns(session, viewer), unread_lines(session, viewer))


def may_handle(session: Session, viewer: StaffIdentity, line: ConcernLine) -> bool:
    """Whether the duty about this concern is this viewer's."""
    if Role.DUTY_READER in viewer.roles or line.topic_row_id is None:
        return Role.DUTY_READER in viewer.roles
    topic = surveys.sent_topic(session, line.topic_row_id)
    case = people.cases(session, [line.person_id])[line.person_id]
    return topic is not None and does_duty(session, viewer, case, topic)


def unread_lines(session: Session, viewer: StaffIdentity) -> list[UnreadLine]:
    """What nobody entitled has read in time, and at once what nobody around the child may read;
    for those who do the duty for it."""
    waiting = session.exec(select(Reading).where(col(Reading.read_at).is_(None))).all()
    due = {row.topic_row_id: row.due_at for row in waiting}
    topics = surveys.sent_topics(session, topic_row_ids=list(due)) if due else []
    cases = people.cases(session, {topic.person_id for topic in topics})
    children = people.people(session, set(cases))
    taken_over = {
        row.topic_row_id
        for row in session.exec(
            select(Concern).where(col(Concern.source) == "unread", col(Concern.closed_at).is_(None))
        )
    }
    ids = {key for case in cases.values() for key in (lead_id(case), case.worker_id) if key}
    names = accounts.names_of(session, ids)
    now = clock.now()
    return [
        UnreadLine(
            topic_row_id=topic.topic_row_id,
            person_id=topic.person_id,
            person_name=children[topic.person_id].known_as,
            kind=topic.kind.value,
            sent_at=topic.sent_at,
            due_at=due[topic.topic_row_id],
            is_late=due[topic.topic_row_id] < now,
            readers=names.get(lead_id(cases[topic.person_id]) or 0, ""),
            may_take_over=may_take_over(session, viewer, cases[topic.person_id], topic),
        )
        for topic in sorted(topics, key=lambda one: due[one.topic_row_id])
        if topic.topic_row_id not in taken_over
        and (
            due[topic.topic_row_id] < now
            or orphaned(session, cases[topic.person_id], topic) & unread_answers(session, topic)
        )
        and does_duty(session, viewer, cases[topic.person_id], topic)
    ]
