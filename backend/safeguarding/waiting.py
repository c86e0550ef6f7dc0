"""What of a sent topic nobody has read, and what nobody around the young person may read."""

from typing import TYPE_CHECKING

from sqlmodel import Session, select

from backend.safeguarding.models import ReadingOpened
from backend.safeguarding.words import Desk

if TYPE_CHECKING:
    from backend.core.access.predicates import Case
    from backend.surveys.queries import SentTopic


def unread_answers(session: Session, topic: "SentTopic") -> frozenset[int]:
    """The answers of a topic that nobody has marked as read."""
    rows = session.exec(
        select(ReadingOpened).where(ReadingOpened.topic_row_id == topic.topic_row_id)
    ).all()
    read = {answer_id for row in rows for answer_id in row.answer_ids}
    return frozenset(answer.answer_id for answer in topic.answers) - read


def orphaned(session: Session, case: "Case", topic: "SentTopic") -> frozenset[int]:
    """The answers that nobody who works here may read: hidden from all around the young person,
    or sent where nobody is named. They wait for no clock."""
    desk = Desk(session)
    return frozenset(one.answer_id for one in topic.answers if not desk.has_reader(case, one))
