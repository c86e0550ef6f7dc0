"""Says of the demo borough's past that it was read and coded then, in one go instead of by job."""

from datetime import datetime

from sqlmodel import Session, col, select

from backend.coding import service as coding
from backend.core.jobs import Job
from backend.safeguarding import service as safeguarding
from backend.surveys import queries as surveys
from backend.surveys.sending import TOPIC_SENT_JOB


def read_the_past(session: Session, *, sent_before: datetime) -> None:
    """Code and read everything sent before a moment; what came later waits for its readers."""
    past = [topic for topic in surveys.sent_topics(session) if topic.sent_at < sent_before]
    coding.code_topics(session, past)
    safeguarding.record_past_reading(session, sent_before=sent_before)
    done = {topic.topic_row_id: topic.sent_at for topic in past}
    waiting = select(Job).where(Job.kind == TOPIC_SENT_JOB, col(Job.done_at).is_(None))
    for job in session.exec(waiting):
        job.done_at = done.get(job.details["topic_row_id"])
        session.add(job)
