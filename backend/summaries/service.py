"""Audits the reading of a summary, and marks what it shows as read."""

from typing import TYPE_CHECKING

from sqlmodel import Session

from backend.core import audit
from backend.core.access.identity import StaffIdentity
from backend.safeguarding import service as safeguarding

if TYPE_CHECKING:
    from backend.reviews.models import Review
    from backend.summaries.queries import Summary

READ = audit.declare("summary.read", "review_id", "answers")


def record_reading(session: Session, viewer: StaffIdentity, found: "Summary") -> None:
    """Audit that the page was opened, with how many of the young person's answers it showed."""
    said = sum(len(section.said) for section in found.page.sections)
    answers = said + len(found.page.wanted) + len(found.page.taking_part) + len(found.page.not_said)
    audit.record(
        session,
        READ,
        actor=viewer.actor,
        person_id=found.person.id,
        review_id=found.review.id,
        answers=answers,
    )


def record_words_shown(
    session: Session, viewer: StaffIdentity, review: "Review", *, answers: int
) -> None:
    """Audit that the answers of one review were shown on a page of their own."""
    audit.record(
        session,
        READ,
        actor=viewer.actor,
        person_id=review.person_id,
        review_id=review.id,
        answers=answers,
    )


def mark_all_read(session: Session, viewer: StaffIdentity, found: "Summary") -> None:
    """Mark everything on the page that this reader had not read as read."""
    for topic_row_id in found.unread:
        safeguarding.mark_read(session, viewer, topic_row_id)
