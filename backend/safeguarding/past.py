"""Records that what was laid down as the past was read then, by the people whose it was."""

from datetime import datetime

from sqlmodel import Session, col, select

from backend.people import queries as people
from backend.safeguarding.models import Reading, ReadingOpened
from backend.surveys import queries as surveys


def record_past_reading(session: Session, *, sent_before: datetime) -> int:
    """Say of everything sent before a moment that its IRO (or PA) and worker read it in time;
    what nobody is named for stays unread. Returns how many topics that was."""
    waiting = {
        row.topic_row_id: row
        for row in session.exec(select(Reading).where(col(Reading.read_at).is_(None)))
    }
    topics = surveys.sent_topics(session, topic_row_ids=list(waiting)) if waiting else []
    cases = people.cases(session, {topic.person_id for topic in topics})
    read = 0
    for topic in topics:
        case = cases[topic.person_id]
        lead = case.personal_adviser_id if case.is_care_leaver else case.iro_id
        if topic.sent_at >= sent_before or lead is None:
            continue
        reading = waiting[topic.topic_row_id]
        reading.read_at, reading.read_by = reading.due_at, lead
        answer_ids = [answer.answer_id for answer in topic.answers]
        for staff_id in {lead, *([case.worker_id] if case.worker_id else [])}:
            session.add(
                ReadingOpened(
                    topic_row_id=topic.topic_row_id,
                    staff_id=staff_id,
                    at=reading.due_at,
                    answer_ids=answer_ids,
                    marked_at=reading.due_at,
                )
            )
        read += 1
    session.flush()
    return read
