"""An ask by a button, on a phone that had no signal: made when it arrives, once."""

from sqlmodel import Session

from backend.asks import service
from backend.asks.kinds import buttons_for
from backend.core.access.identity import ContributorIdentity
from backend.core.access.permissions import Kind, Permission
from backend.core.access.policy import may
from backend.core.forms import Fields
from backend.offline import service as offline
from backend.offline.service import Outcome, Ticket


def take_ask(
    session: Session, identity: ContributorIdentity, ticket: Ticket, fields: Fields
) -> Outcome:
    """Make it as if it were asked now: its owner's days can begin no earlier."""
    offered = buttons_for(is_care_leaver=identity.kind is Kind.CARE_LEAVER)
    kind = fields.word("kind")
    if not may(identity, Permission.MAKE_ASK) or kind not in {one.value for one in offered}:
        raise offline.Refused
    service.make_ask(session, identity, kind=kind)
    return Outcome.ASKED


TAKES: dict[str, offline.Take] = {"ask": take_ask}
