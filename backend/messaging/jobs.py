"""What messaging does later and once a day: send, ask what became of it, forget nothing."""

from sqlalchemy import update
from sqlmodel import Session, col, select

from backend.core import jobs
from backend.core.columns import closed
from backend.core.jobs import Handler
from backend.messaging import deliveries, sending, service, useful, ways, writing
from backend.messaging.models import Message

HANDLERS: dict[str, Handler] = {
    writing.SEND: sending.HANDLER,
    deliveries.KIND: deliveries.HANDLER,
}


def call(session: Session) -> None:
    """Write the invitations that are due, then the reminders: each once, however often it runs."""
    service.invite(session)
    service.remind(session)


def send_to_new_addresses(session: Session) -> None:
    """Send once more what did not arrive and nobody settled, where the address is another by now:
    a new number in the extract mends as much as one that is typed in here."""
    rows = session.exec(
        select(Message).where(
            Message.state == "bounced",
            col(Message.settled_at).is_(None),
            col(Message.contributor_id).is_not(None),
            col(Message.channel).in_(ways.NEEDS_ADDRESS),
        )
    ).all()
    for row in rows:
        way = ways.way_to(session, row.contributor_id or 0)
        is_other = way.channel != row.channel or not ways.is_same(way.address, row.address)
        may_go = is_other and not way.is_stopped and not useful.why_not(session, row)
        if may_go and writing.address(session, row):
            writing.send_anew(session, row)


def carry_on_first_states(session: Session) -> None:
    """The first version knew one state alone: written, and shown in the outbox on screen."""
    session.execute(
        update(Message)
        .where(col(Message.state) == "in_outbox")
        .values(state="shown", sent_at=col(Message.made_at))
    )


def look_after_waiting(session: Session) -> None:
    """Stop what waits by hand for a reason that is gone, and leave the sending of everything else
    that waits once more: whatever became of its job, nothing is forgotten."""
    rows = session.exec(
        select(Message)
        .options(*closed(Message, "address"))
        .where(col(Message.state).in_(("waiting", "sending")))
    ).all()
    usefulness, left = useful.Usefulness(session, rows), jobs.all_left(session, writing.SEND)
    known = {details.get("message_id") for details in left}
    for row in rows:
        reason = usefulness.why_not(row) if row.state == "waiting" else ""
        if reason:
            row.state, row.fault, row.next_at = "stopped", reason, None
        elif row.id not in known:
            writing.leave_again(session, row)


DAILY = (carry_on_first_states, send_to_new_addresses, look_after_waiting)
