"""Reads of the outbox."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from backend.messaging.models import Message
from backend.people import queries as people

MOST_SHOWN = 200


@dataclass(frozen=True)
class MessageLine:
    """One message as the outbox shows it: to whom by kind and person, never the way in itself."""

    kind: str
    person_name: str
    channel: str
    made_at: datetime
    state: str


def outbox(session: Session) -> list[MessageLine]:
    """The newest messages first."""
    rows = session.exec(
        select(Message).order_by(col(Message.made_at).desc(), col(Message.id)).limit(MOST_SHOWN)
    ).all()
    lines = []
    for row in rows:
        contributor = people.contributor(session, row.contributor_id)
        person = people.subject_of(session, contributor) if contributor else None
        lines.append(
            MessageLine(
                kind=contributor.kind if contributor else "",
                person_name=person.known_as if person else "",
                channel=row.channel,
                made_at=row.made_at,
                state=row.state,
            )
        )
    return lines
