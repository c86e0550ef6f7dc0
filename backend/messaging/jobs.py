"""What messaging does later and once a day: send, ask what became of it, forget nothing."""

from sqlmodel import Session, col, select

from backend.core.jobs import Handler
from backend.messaging import deliveries, sending, service, useful, writing
from backend.messaging.models import Message

HANDLERS: dict[str, Handler] = {
    writing.SEND: sending.HANDLER,
    deliveries.KIND: deliveries.HANDLER,
}


def invite(session: Session) -> None:
    """Write the day's invitations."""
    service.invite(session)


def look_after_waiting(session: Session) -> None:
    """Stop what waits by hand for a reason that is gone, and leave the sending of everything else
    that waits once more: whatever became of its job, nothing is forgotten."""
    rows = session.exec(select(Message).where(col(Message.state).in_(("waiting", "sending")))).all()
    for row in rows:
        reason = useful.why_not(session, row) if row.state == "waiting" else ""
        if reason:
            row.state, row.fault, row.next_at = "stopped", reason, None
        else:
            writing.leave_again(session, row)


DAILY = (look_after_waiting,)
