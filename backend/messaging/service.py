"""Writes invitations: one a round and contributor, within the budget of attention."""

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlmodel import Session, col, select

from backend.core import clock
from backend.core.access.permissions import Kind
from backend.entry import service as entry
from backend.messaging.models import Message
from backend.people import queries as people
from backend.surveys import queries as surveys

if TYPE_CHECKING:
    from backend.surveys.queries import Invitable

# The budget of attention (product principle 9): per young person, over all forms.
BETWEEN = timedelta(days=30)
MOST_A_YEAR = 6
YEAR = timedelta(days=365)
YOUNG = (Kind.CHILD, Kind.CARE_LEAVER)
REVIEW = "before_review"


def invite(session: Session) -> int:
    """Put an invitation into the outbox for everybody whose round is open and who was not invited.

    A review's invitation always goes; a home's only where the young person had none for 30 days
    and fewer than six in a year. Returns how many were written.
    """
    written = 0
    for one in surveys.invitable(session):
        key = f"invite:{one.consultation_id}:{one.contributor_id}"
        if session.exec(select(Message.id).where(Message.key == key)).first():
            continue
        if one.kind in YOUNG and one.moment != REVIEW and not _has_budget(session, one):
            continue
        session.add(_message(session, one, key))
        session.flush()
        written += 1
    return written


def _has_budget(session: Session, one: "Invitable") -> bool:
    now = clock.now()
    times = session.exec(
        select(Message.made_at).where(
            Message.contributor_id == one.contributor_id, col(Message.made_at) > now - YEAR
        )
    ).all()
    return len(times) < MOST_A_YEAR and all(moment < now - BETWEEN for moment in times)


def _message(session: Session, one: "Invitable", key: str) -> Message:
    door = entry.ensure_pass(session, one.contributor_id)
    # Whoever looks over a shoulder learns nothing: no name, no care, no department, no subject.
    words = f"Hi. Your page is ready: {door.link_url}"
    channel, address = _reach(session, one.contributor_id)
    return Message(
        contributor_id=one.contributor_id,
        consultation_id=one.consultation_id,
        key=key,
        channel=channel,
        address=address,
        words=words,
        made_at=clock.now(),
    )


def _reach(session: Session, contributor_id: int) -> tuple[str, str | None]:
    row = people.contributor(session, contributor_id)
    contact = people.contact_of(session, row) if row else None
    person = people.person(session, row.person_id) if row and row.person_id else None
    if contact:
        return contact.channel, contact.address
    return (person.channel, person.address) if person else ("in_person", None)
