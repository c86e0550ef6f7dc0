""" "This is not safe", said on a phone that had no signal: raised when it arrives, once."""

from sqlmodel import Session

from backend.core.access.identity import ContributorIdentity
from backend.core.access.permissions import Permission
from backend.core.access.policy import may
from backend.core.forms import Fields
from backend.offline import service as offline
from backend.offline.service import Outcome, Ticket
from backend.safeguarding import service


def take_not_safe(
    session: Session, identity: ContributorIdentity, ticket: Ticket, fields: Fields
) -> Outcome:
    """Raise it as if it were said now: the clock of those who read it can start no earlier."""
    if not may(identity, Permission.SAY_NOT_SAFE):
        raise offline.Refused
    service.say_not_safe(session, identity)
    return Outcome.SAID


TAKES: dict[str, offline.Take] = {"not_safe": take_not_safe}
