"""Whether nobody else uses this phone: asked once in a visit; not said means that others may."""

from sqlmodel import Session

from backend.core.access.identity import ContributorIdentity
from backend.core.forms import Fields
from backend.entry import service as entry

OWN = "own"


def said(session: Session, identity: ContributorIdentity) -> bool | None:
    """What was said in this visit; None where nothing was yet."""
    return entry.whose_phone(session, identity.session_id)


def keep_said(session: Session, identity: ContributorIdentity, form: Fields) -> None:
    """Keep what a posted page says of it, if it says anything."""
    if form.word("phone"):
        is_own = form.word("phone") == OWN
        entry.say_whose_phone(session, identity.session_id, is_own=is_own)
