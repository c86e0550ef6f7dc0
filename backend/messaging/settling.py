"""What a person says became of a message: it arrived, it was handed over, posted, or let be."""

from sqlmodel import Session, col, select

from backend.core import audit, clock
from backend.core.access.identity import StaffIdentity
from backend.core.access.permissions import Permission
from backend.core.access.requires import Denied, check
from backend.messaging import postal, useful, ways, writing
from backend.messaging.models import Message
from backend.messaging.queries import FOR_A_PERSON
from backend.people import queries as people

SETTLED = audit.declare("messaging.settled", "message_id", "how")
ARRIVED, AGAIN, LEFT, PRINT, HANDED_OVER, PRINTED, POSTED = (
    "arrived", "again", "left", "print", "handed_over", "printed", "posted",
)  # fmt: skip


def settle(session: Session, viewer: StaffIdentity, message_id: int, *, how: str) -> None:
    """Say what became of a message whose outcome is not known, or that did not arrive: it
    `arrived`, send it `again`, `print` a provider's letter in the office, or it is `left`. A second
    tap changes nothing.

    Raises LookupError for a message that there is not.
    """
    check(viewer, Permission.SETTLE_OUTBOX)
    message = _open(session, message_id)
    if message is None:
        return
    if how in (AGAIN, PRINT) and not _goes_again(session, message):
        message.state, message.fault = "stopped", "no_longer_useful"
    elif how == AGAIN:
        writing.send_anew(session, message)
    elif how == PRINT and message.channel == ways.LETTER:
        writing.send_anew(session, message, provider=postal.OFFICE)
    elif how == ARRIVED and message.state == "unknown":
        message.state, message.fault = "delivered", ""
    if message.state != "waiting":
        _sign(message, viewer)
    _note(session, viewer, message, how)


def hand_over(session: Session, viewer: StaffIdentity, message_id: int) -> None:
    """The worker gave the card, or told them; raises Denied unless they stand around the person
    and the message waits for them."""
    message = session.exec(
        select(Message).where(Message.id == message_id).with_for_update()
    ).first()
    contributor = people.contributor(session, message.contributor_id or 0) if message else None
    subject = people.subject_of(session, contributor) if contributor else None
    if message is None or subject is None:
        raise Denied(viewer, Permission.CHOOSE_WAY)
    check(viewer, Permission.CHOOSE_WAY, people.case_of(subject))
    if message.state == "waiting" and message.channel in (ways.CARD, ways.IN_PERSON):
        message.state, message.sent_at = "handed_over", clock.now()
        _sign(message, viewer)
        _note(session, viewer, message, HANDED_OVER)


def print_letters(session: Session, viewer: StaffIdentity) -> int:
    """Take every letter that waits into the pile to print; how many there are."""
    check(viewer, Permission.SETTLE_OUTBOX)
    rows = letters(session, "waiting")
    for row in rows:
        row.state = "printed"
        _note(session, viewer, row, PRINTED)
    return len(rows)


def post_letters(session: Session, viewer: StaffIdentity, message_ids: set[int]) -> int:
    """Mark the letters of a pile as posted; how many were."""
    check(viewer, Permission.SETTLE_OUTBOX)
    rows = [row for row in letters(session, "printed") if row.id in message_ids]
    for row in rows:
        row.state, row.sent_at = "handed_over", clock.now()
        _sign(row, viewer)
        _note(session, viewer, row, POSTED)
    return len(rows)


def letters(session: Session, state: str) -> list[Message]:
    """The office's letters in a state that are still worth sending, the oldest first; without
    those that wait for a provider to post them."""
    rows = session.exec(
        select(Message)
        .where(Message.channel == ways.LETTER, Message.state == state)
        .order_by(col(Message.made_at), col(Message.id))
    ).all()
    return [row for row in rows if ways.is_by_hand(row) and not useful.why_not(session, row)]


def _goes_again(session: Session, message: Message) -> bool:
    return not useful.why_not(session, message) and writing.address(session, message)


def _open(session: Session, message_id: int) -> Message | None:
    message = session.exec(
        select(Message).where(Message.id == message_id).with_for_update()
    ).first()
    if message is None:
        raise LookupError(message_id)
    is_open = message.state in FOR_A_PERSON and message.settled_at is None
    return message if is_open else None


def _sign(message: Message, viewer: StaffIdentity) -> None:
    message.settled_at, message.settled_by = clock.now(), viewer.staff_id


def _note(session: Session, viewer: StaffIdentity, message: Message, how: str) -> None:
    audit.record(session, SETTLED, actor=viewer.actor, message_id=message.id, how=how)
