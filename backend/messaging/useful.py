"""Whether a message is still worth sending: after an outage its reason may be gone."""

from datetime import timedelta

from sqlmodel import Session

from backend.core import clock
from backend.messaging.models import Message
from backend.people import queries as people
from backend.reviews import queries as reviews
from backend.surveys import queries as surveys

ABOUT_A_ROUND = ("invitation", "reminder", "meeting_changed")
ASKS = ("invitation", "reminder")
# What is about no round, and waited longer than this, is no news any more: a person is told.
LASTS = timedelta(days=14)


def why_not(session: Session, message: Message) -> str:
    """One word on why a message is not sent any more; "" while it is useful."""
    if message.made_at < clock.now() - LASTS and message.occasion not in ABOUT_A_ROUND:
        return "too_old"
    if message.contributor_id is None:
        return ""
    row = people.contributor(session, message.contributor_id)
    contact = people.contact_of(session, row) if row else None
    subject = people.subject_of(session, row) if row else None
    if row is None or (subject is not None and subject.left_on is not None):
        return "case_ended"
    today = clock.today()
    if contact is not None and (
        contact.invite == "no"
        or (people.is_past(contact, today) and not people.may_say_how_it_ended(contact, today))
    ):
        return "not_to_be_asked"
    return _why_no_round(session, message)


def _why_no_round(session: Session, message: Message) -> str:
    if message.consultation_id is None or message.occasion not in ABOUT_A_ROUND:
        return ""
    if surveys.closed_on(session, message.consultation_id) is not None:
        return "round_closed"
    pair = (message.consultation_id, message.contributor_id)
    _, sent = surveys.wrote_in(session, [message.consultation_id])
    if message.occasion in ASKS and pair in sent:
        return "answered"
    review_id = surveys.review_of(session, message.consultation_id)
    review = reviews.review(session, review_id) if review_id else None
    if review is not None and (review.held_on or review.cancelled_on):
        return "review_over"
    return ""
