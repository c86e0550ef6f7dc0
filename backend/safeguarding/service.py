"""Sees that whatever is sent waits for a named person, and who has read the whole of it."""

from typing import Protocol

from sqlmodel import Session, select

from backend.core import audit, clock
from backend.core.access.identity import StaffIdentity
from backend.core.access.permissions import Permission
from backend.core.access.requires import Denied
from backend.safeguarding.clocks import NextReading, next_reading, read_by
from backend.safeguarding.concerns import (
    WAYS,
    ConcernRefused,
    NothingChosen,
    close_read,
    raise_concern,
    raise_detected,
    raise_unread,
    said_here,
    say_not_safe,
    set_how_to_reach,
)
from backend.safeguarding.handling import (
    OUTCOMES,
    add_reader,
    close_concern,
    mark_seen,
    note_action,
    open_concern,
)
from backend.safeguarding.models import Reading, ReadingOpened
from backend.safeguarding.past import record_past_reading
from backend.safeguarding.queries import ReadingPage, reading_page
from backend.settings import get_settings
from backend.surveys import queries as surveys
from backend.surveys import service as surveys_service

__all__ = [
    "OUTCOMES", "WAYS", "ConcernRefused", "NextReading", "NothingChosen", "Worry", "add_reader",
    "await_reading",
    "close_concern", "mark_read", "mark_seen", "next_reading", "note_action", "open_concern",
    "open_words", "raise_concern", "raise_unread", "record_past_reading",
    "said_here", "say_not_safe", "set_how_to_reach", "suggest",
]  # fmt: skip

WORDS_READ = audit.declare("words.read", "topic_row_id")
MARKED = audit.declare("topic.marked_read", "topic_row_id", "is_whole")
URGENT = ("soon", "now")


class Worry(Protocol):
    """What a machine suggests about one submission: `urgency` none, soon, now or unread."""

    @property
    def urgency(self) -> str: ...

    @property
    def matched(self) -> tuple[str, ...]: ...


def await_reading(session: Session, topic_row_id: int, person_id: int) -> None:
    """Let a sent topic wait for somebody entitled; in the transaction that sends it."""
    known = session.exec(select(Reading).where(Reading.topic_row_id == topic_row_id)).first()
    if known is None:
        due_at = read_by(clock.now(), days=get_settings().heard_read_within_days)
        session.add(Reading(topic_row_id=topic_row_id, person_id=person_id, due_at=due_at))
        session.flush()


surveys_service.ON_SENT.append(await_reading)


def suggest(session: Session, topic_row_id: int, worry: Worry) -> None:
    """Keep what a machine suggests: it reorders the queue, and for "now" sets a clock."""
    reading = session.exec(select(Reading).where(Reading.topic_row_id == topic_row_id)).one()
    reading.urgency = worry.urgency
    reading.is_worrying = worry.urgency in URGENT
    reading.matched = "\n".join(worry.matched) or None
    session.add(reading)
    if worry.urgency == "now":
        raise_detected(session, reading.person_id, topic_row_id)


def open_words(session: Session, viewer: StaffIdentity, topic_row_id: int) -> ReadingPage:
    """Read one submission, as far as one may; audited. Raises Denied when one may read nothing."""
    page = reading_page(session, viewer, topic_row_id)
    if page is None:
        raise Denied(viewer, Permission.READ_SUBMISSION)
    audit.record(
        session,
        WORDS_READ,
        actor=viewer.actor,
        person_id=page.topic.person_id,
        topic_row_id=topic_row_id,
    )
    if session.get(ReadingOpened, (topic_row_id, viewer.staff_id)) is None:
        session.add(
            ReadingOpened(
                topic_row_id=topic_row_id, staff_id=viewer.staff_id, at=clock.now(), answer_ids=[]
            )
        )
    session.flush()
    return page


def mark_read(session: Session, viewer: StaffIdentity, topic_row_id: int) -> bool:
    """Say that one has read what one may read. True when, with that, every answer has a reader;
    until then the topic goes on waiting, because what one may not read nobody has read."""
    page = reading_page(session, viewer, topic_row_id)
    if page is None:
        raise Denied(viewer, Permission.READ_SUBMISSION)
    opened = session.get(ReadingOpened, (topic_row_id, viewer.staff_id)) or ReadingOpened(
        topic_row_id=topic_row_id, staff_id=viewer.staff_id, at=clock.now()
    )
    opened.answer_ids = [answer.answer_id for answer in page.answers]
    opened.marked_at = clock.now()
    session.add(opened)
    session.flush()
    is_whole = _is_read_whole(session, topic_row_id)
    reading = session.exec(select(Reading).where(Reading.topic_row_id == topic_row_id)).one()
    if is_whole and reading.read_at is None:
        reading.read_at, reading.read_by = clock.now(), viewer.staff_id
        session.add(reading)
        close_read(session, viewer, topic_row_id)
    audit.record(
        session,
        MARKED,
        actor=viewer.actor,
        person_id=reading.person_id,
        topic_row_id=topic_row_id,
        is_whole=is_whole,
    )
    return is_whole


def _is_read_whole(session: Session, topic_row_id: int) -> bool:
    topic = surveys.sent_topic(session, topic_row_id)
    rows = session.exec(
        select(ReadingOpened).where(ReadingOpened.topic_row_id == topic_row_id)
    ).all()
    read = {answer_id for row in rows for answer_id in row.answer_ids}
    return topic is not None and {answer.answer_id for answer in topic.answers} <= read
