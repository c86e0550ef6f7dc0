"""Whether a message is still worth sending: after an outage its reason may be gone."""

from collections.abc import Sequence
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
    return Usefulness(session, [message]).why_not(message)


class Usefulness:
    """What there is to know about many messages at one look: hundreds may wait by hand."""

    def __init__(self, session: Session, messages: Sequence[Message]) -> None:
        about = {row.consultation_id or 0 for row in messages if _is_about_a_round(row)}
        self._around = people.who_are(session, {row.contributor_id or 0 for row in messages})
        self._rounds = surveys.ends_of(session, about)
        _, self._sent = surveys.wrote_in(session, about)
        self._reviews = reviews.reviews(
            session, {review_id for _, review_id in self._rounds.values() if review_id}
        )

    def why_not(self, message: Message) -> str:
        """As the function of this name, for one of these messages."""
        if message.made_at < clock.now() - LASTS and message.occasion not in ABOUT_A_ROUND:
            return "too_old"
        if message.contributor_id is None:
            return ""
        who, today = self._around.get(message.contributor_id), clock.today()
        if who is None or (who.subject is not None and who.subject.left_on is not None):
            return "case_ended"
        contact = who.contact
        if contact is not None and (
            contact.invite == "no"
            or (people.is_past(contact, today) and not people.may_say_how_it_ended(contact, today))
        ):
            return "not_to_be_asked"
        return self._why_no_round(message) if _is_about_a_round(message) else ""

    def _why_no_round(self, message: Message) -> str:
        closes_on, review_id = self._rounds.get(message.consultation_id or 0, (None, None))
        if closes_on is not None and closes_on < clock.today():
            return "round_closed"
        pair = (message.consultation_id, message.contributor_id)
        if message.occasion in ASKS and pair in self._sent:
            return "answered"
        review = self._reviews.get(review_id or 0)
        return "review_over" if review is not None and reviews.is_over(review) else ""


def _is_about_a_round(message: Message) -> bool:
    return message.consultation_id is not None and message.occasion in ABOUT_A_ROUND
