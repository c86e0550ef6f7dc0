"""Reads of what waits for whom to be read, worrying first, filtered by who may read it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlmodel import Session, col, or_, select

from backend.accounts import queries as accounts
from backend.core import clock
from backend.core.access.identity import StaffIdentity
from backend.core.access.permissions import Kind, Role
from backend.core.access.predicates import Case, is_lead, is_worker
from backend.people import queries as people
from backend.safeguarding.concern_lines import (
    ConcernLine,
    DutyList,
    UnreadLine,
    concern_line,
    duty_list,
    may_handle,
    notes_of,
    open_concerns,
    readers_of,
    unread_lines,
)
from backend.safeguarding.models import Concern, Reading, ReadingOpened
from backend.safeguarding.words import raised_topics, readable_answers, words_of
from backend.surveys import queries as surveys
from backend.surveys.queries import SentAnswer, SentTopic

if TYPE_CHECKING:
    from backend.people.models import Person

__all__ = [
    "ConcernLine", "DutyList", "ReadingLine", "ReadingPage", "SentTopic", "UnreadLine",
    "concern_line", "duty_list", "may_handle", "not_opened", "notes_of", "open_concerns",
    "raised_topics", "readable_answers", "readers_of", "reading_list", "reading_page",
    "unread_lines", "words_of", "writer_of",
]  # fmt: skip

LOOKS_BACK = timedelta(days=60)  # how long what others have read stays on one's own list
ORDER = {"now": 0, "soon": 1}
KINDS = {
    Kind.CHILD: "Child",
    Kind.CARE_LEAVER: "Care leaver",
    Kind.CARER: "Foster carer",
    Kind.PROVIDER_STAFF: "Provider's staff",
    Kind.PARENT: "Parent",
    Kind.SOCIAL_WORKER: "Social worker",
    Kind.OTHER: "School, health or other",
}


@dataclass(frozen=True)
class ReadingLine:
    """One submission that waits for this viewer's own reading; no words, only what matched."""

    topic_row_id: int
    person_id: int
    person_name: str
    title: str
    writer: str
    sent_at: datetime
    due_at: datetime
    is_late: bool
    urgency: str | None
    matched: tuple[str, ...]
    is_opened: bool
    is_read: bool
    taken_back: bool


@dataclass(frozen=True)
class ReadingPage:
    """One submission as far as this viewer may read it."""

    line: ReadingLine
    topic: SentTopic
    answers: tuple[SentAnswer, ...]
    held_back: int  # answers that this viewer may not read
    hidden_names: dict[int, tuple[str, ...]]  # from whom each answer is hidden
    read_by: str
    read_at: datetime | None
    is_young_person: bool
    is_mine_to_mark: bool


def writer_of(session: Session, topic: SentTopic) -> str:
    """Who wrote it, as staff say it: their part, and their name unless it is the child."""
    kind, row = KINDS[topic.kind], people.contributor(session, topic.contributor_id)
    if row is None or row.person_id is not None:
        return kind
    contact = people.contact_of(session, row)
    names = accounts.names_of(session, {row.staff_id}) if row.staff_id else {}
    name = contact.name if contact else names.get(row.staff_id or 0, "")
    return f"{kind} {name}".strip()


def reading_list(session: Session, viewer: StaffIdentity) -> list[ReadingLine]:
    """What waits for this viewer's own reading: worrying first, then the oldest."""
    readings = _readings_near(session, viewer)
    topics = surveys.sent_topics(session, topic_row_ids=list(readings))
    readable = readable_answers(session, viewer, topics)
    opened = _opened_by(session, viewer, list(readable))
    cases = people.cases(session, {topic.person_id for topic in topics})
    names = people.people(session, set(cases))
    lines = []
    for topic in topics:
        row_id, mine = topic.topic_row_id, opened.get(topic.topic_row_id)
        if row_id in readable and _is_waiting(
            viewer, cases[topic.person_id], readings[row_id], mine
        ):
            name = names[topic.person_id].known_as
            lines.append(_line(session, topic, readings[row_id], name, mine, readable[row_id]))
    return sorted(lines, key=lambda line: (ORDER.get(line.urgency or "", 2), line.sent_at))


def _readings_near(session: Session, viewer: StaffIdentity) -> dict[int, Reading]:
    near = {
        person.id or 0
        for found in (
            people.people_led_by(session, viewer),
            people.people_worked_by(session, viewer),
            _people_of_team(session, viewer),
        )
        for person in found
    }
    raised = {
        row_id
        for row_id, answers in raised_topics(session).items()
        # Managers may do the duty in the place of duty readers from whom it is hidden.
        if viewer.roles & {Role.DUTY_READER, Role.MANAGER}
        or any(viewer.staff_id in readers for readers in answers.values())
    }
    waits = or_(col(Reading.read_at).is_(None), col(Reading.read_at) > clock.now() - LOOKS_BACK)
    is_near = or_(col(Reading.person_id).in_(near), col(Reading.topic_row_id).in_(raised))
    rows = session.exec(select(Reading).where(waits, is_near))
    return {row.topic_row_id: row for row in rows}


def _people_of_team(session: Session, viewer: StaffIdentity) -> list["Person"]:
    if Role.MANAGER not in viewer.roles or not viewer.team:
        return []
    return [person for person in people.living(session) if person.team == viewer.team]


def _opened_by(
    session: Session, viewer: StaffIdentity, topic_row_ids: list[int]
) -> dict[int, ReadingOpened]:
    rows = session.exec(
        select(ReadingOpened).where(
            ReadingOpened.staff_id == viewer.staff_id,
            col(ReadingOpened.topic_row_id).in_(topic_row_ids),
        )
    )
    return {row.topic_row_id: row for row in rows}


def _is_waiting(
    viewer: StaffIdentity, case: Case, reading: Reading, opened: ReadingOpened | None
) -> bool:
    if reading.read_at is None:
        return opened is None or opened.marked_at is None
    # What a colleague has read still waits for the child's own IRO and worker to open it.
    return opened is None and (is_lead(viewer, case) or is_worker(viewer, case))


def _line(
    session: Session,
    topic: SentTopic,
    reading: Reading,
    name: str,
    opened: ReadingOpened | None,
    answers: tuple[SentAnswer, ...],
) -> ReadingLine:
    is_whole = len(answers) == len(topic.answers)
    matched = _matched_in(reading, answers)
    # A suggestion that rests on words which the viewer may not read would tell of them.
    urgency = reading.urgency if is_whole or matched or reading.urgency == "unread" else None
    return ReadingLine(
        topic_row_id=topic.topic_row_id,
        person_id=topic.person_id,
        person_name=name,
        title=topic.topic_title,
        writer=writer_of(session, topic),
        sent_at=topic.sent_at,
        due_at=reading.due_at,
        is_late=reading.read_at is None and reading.due_at < clock.now(),
        urgency=urgency,
        matched=matched,
        is_opened=opened is not None,
        is_read=reading.read_at is not None,
        taken_back=topic.taken_back,
    )


def _matched_in(reading: Reading, answers: tuple[SentAnswer, ...]) -> tuple[str, ...]:
    texts = [answer.display.casefold() for answer in answers]
    matched = (reading.matched or "").split("\n")
    return tuple(word for word in matched if word and any(word.casefold() in one for one in texts))


def not_opened(session: Session, viewer: StaffIdentity, topics: Iterable[SentTopic]) -> list[int]:
    """Of these, the topics that wait to be read and that this viewer has not marked as read."""
    row_ids = [topic.topic_row_id for topic in topics]
    waiting = session.exec(
        select(Reading.topic_row_id).where(col(Reading.topic_row_id).in_(row_ids))
    ).all()
    opened = _opened_by(session, viewer, row_ids)
    marked = {row_id for row_id, row in opened.items() if row.marked_at is not None}
    return [row_id for row_id in row_ids if row_id in set(waiting) - marked]


def reading_page(session: Session, viewer: StaffIdentity, topic_row_id: int) -> ReadingPage | None:
    """One submission with every answer that this viewer may read; None where that is none."""
    topic = surveys.sent_topic(session, topic_row_id)
    reading = session.exec(select(Reading).where(Reading.topic_row_id == topic_row_id)).first()
    if topic is None or reading is None:
        return None
    answers = readable_answers(session, viewer, [topic]).get(topic_row_id)
    if answers is None:
        return None
    child = people.person(session, topic.person_id)
    opened = _opened_by(session, viewer, [topic_row_id]).get(topic_row_id)
    hidden = {key for answer in answers for key in answer.hidden_from}
    names = accounts.names_of(session, hidden | ({reading.read_by} if reading.read_by else set()))
    return ReadingPage(
        line=_line(session, topic, reading, child.known_as if child else "", opened, answers),
        topic=topic,
        answers=answers,
        held_back=len(topic.answers) - len(answers),
        hidden_names={answer.answer_id: _hidden_names(answer, names) for answer in answers},
        read_by=names.get(reading.read_by or 0, ""),
        read_at=reading.read_at,
        is_young_person=topic.kind in (Kind.CHILD, Kind.CARE_LEAVER),
        is_mine_to_mark=opened is None or opened.marked_at is None,
    )


def _hidden_names(answer: SentAnswer, names: dict[int, str]) -> tuple[str, ...]:
    staff = [names[key] for key in sorted(answer.hidden_from) if key in names]
    carers = ["the people they live with"] if answer.hidden_from_carers else []
    others = [answer.hidden_from_words] if answer.hidden_from_words else []
    return (*staff, *carers, *others)


def waits_unseen(session: Session, source: str) -> bool:
    """Whether any concern of this source is open that nobody has looked at."""
    statement = select(Concern.id).where(
        Concern.source == source,
        col(Concern.seen_at).is_(None),
        col(Concern.closed_at).is_(None),
    )
    return session.exec(statement).first() is not None
