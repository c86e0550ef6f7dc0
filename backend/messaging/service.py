"""Writes invitations: one a round and contributor, within the budget of attention."""

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

YOUNG = (Kind.CHILD, Kind.CARE_LEAVER)
REVIEW = "before_review"
INVITATION = "invite:"


def invite(session: Session) -> int:
    """Put an invitation into the outbox for everybody whose round is open and who was not invited.

    What a young person may be asked lies in surveys.budget: a review's invitation always goes,
    any other within the one budget over all forms. Returns how many were written.
    """
    written = 0
    for one in surveys.invitable(session):
        key = f"{INVITATION}{one.consultation_id}:{one.contributor_id}"
        if session.exec(select(Message.id).where(Message.key == key)).first():
            continue
        if one.kind in YOUNG and not _has_budget(session, one):
            continue
        session.add(_message(session, one, key))
        session.flush()
        written += 1
    return written


def _has_budget(session: Session, one: "Invitable") -> bool:
    since = clock.now() - surveys.YEAR
    rows = session.exec(
        select(Message).where(
            Message.contributor_id == one.contributor_id, col(Message.made_at) > since
        )
    ).all()
    known = surveys.moments_of(session, {row.consultation_id for row in rows})
    history = [
        surveys.Heard(
            clock.in_london(row.made_at).date(),
            _occasion(row.key, known.get(row.consultation_id or 0)),
        )
        for row in rows
    ]
    wanted = _occasion(INVITATION, one.moment)
    return surveys.may_invite(wanted, history, clock.today())


def _occasion(key: str, moment: str | None) -> surveys.Occasion:
    """Why a message went, by its key and by the round that it invited to."""
    if not key.startswith(INVITATION):
        return surveys.Occasion.OWN_ASK
    return surveys.Occasion.REVIEW if moment == REVIEW else surveys.Occasion.MOMENT


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
