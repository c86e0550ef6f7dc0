"""A worker's own phone becomes the young person's, and nothing of the worker's stays on it."""

from urllib.parse import urlsplit

from sqlmodel import Session

from backend.accounts import service as accounts
from backend.core import audit
from backend.core.access.identity import StaffIdentity
from backend.entry import opening_links

HANDED_OVER = audit.declare("entry.handed_over")


def hand_over(session: Session, viewer: StaffIdentity, person_id: int, *, staff_token: str) -> str:
    """End the worker's sign-in in this browser; the address that opens once for the young person.

    It is an opening link like any other: what was hidden from this worker stays shut, the young
    person is told who opened it, and the phone counts as shared. Raises Denied unless the viewer
    stands around the person, and then nobody is signed out.
    """
    link = opening_links.make_opening_link(session, viewer, person_id, is_hand_over=True)
    audit.record(session, HANDED_OVER, actor=viewer.actor, person_id=person_id)
    accounts.sign_out(session, staff_token)
    return urlsplit(link.url).path
