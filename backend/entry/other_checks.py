"""A word or number in place of the birthday, for a young person to whom the recorded day means
nothing. It stands where the birthday stood: it opens new questions, never past words."""

import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING

from sqlmodel import Session

from backend.core import audit, clock
from backend.core.access.permissions import Permission
from backend.core.access.policy import YOUNG_PEOPLE
from backend.core.access.requires import Denied
from backend.core.passwords import PASSWORDS
from backend.entry import queries
from backend.entry.models import OtherCheck, Pass
from backend.people import queries as people

if TYPE_CHECKING:
    from backend.core.access.identity import StaffIdentity

SHORTEST, LONGEST = 4, 40

SET = audit.declare("entry.other_check_set", "contributor_id")
REMOVED = audit.declare("entry.other_check_removed", "contributor_id")


class CheckRefused(Exception):
    """A word that cannot be used; the message says why, for the screen."""


def plain_word(typed: str) -> str:
    """A typed word without case, spaces or dashes, the form in which it is compared."""
    folded = unicodedata.normalize("NFKC", typed).casefold()
    return "".join(letter for letter in folded if letter.isalnum())


def set_other_check(
    session: Session, viewer: "StaffIdentity", person_id: int, *, word: str
) -> None:
    """Ask a young person for this word instead of their birthday from now on; kept as a hash.

    Raises Denied unless the viewer stands around them, and CheckRefused.
    """
    contributor_id = _own(session, viewer, person_id)
    plain = plain_word(word)
    if not SHORTEST <= len(plain) <= LONGEST:
        raise CheckRefused(f"Enter {SHORTEST} to {LONGEST} letters or numbers.")
    if plain in _guesses(session, person_id):
        raise CheckRefused("People around them know that. Choose another word together.")
    row = session.get(OtherCheck, contributor_id) or OtherCheck(
        contributor_id=contributor_id, hash="", set_by=viewer.staff_id, set_at=clock.now()
    )
    row.hash, row.set_by, row.set_at = PASSWORDS.hash(plain), viewer.staff_id, clock.now()
    session.add(row)
    audit.record(
        session, SET, actor=viewer.actor, person_id=person_id, contributor_id=contributor_id
    )
    session.flush()


def remove_other_check(session: Session, viewer: "StaffIdentity", person_id: int) -> None:
    """Ask for the birthday again."""
    contributor_id = _own(session, viewer, person_id)
    row = session.get(OtherCheck, contributor_id)
    if row is not None:
        session.delete(row)
        audit.record(
            session, REMOVED, actor=viewer.actor, person_id=person_id, contributor_id=contributor_id
        )
        session.flush()


def _own(session: Session, viewer: "StaffIdentity", person_id: int) -> int:
    own = people.contributor_of_person(session, person_id)
    if own is None or own.id is None:
        raise Denied(viewer, Permission.OPEN_DOOR)
    queries.check_door_of(session, viewer, own.id)
    return own.id


def _guesses(session: Session, person_id: int) -> set[str]:
    """What is written down about them, so that it would keep nobody out."""
    person = people.person(session, person_id)
    if person is None:
        return set()
    born = person.date_of_birth
    names = {person.known_as, *person.known_as.split()}
    days = {f"{born:%d%m%Y}", f"{born:%d%m%y}", f"{born:%d%m}", f"{born:%Y}", f"{born:%Y%m%d}"}
    return {plain_word(one) for one in names | days}


def asks_for_word(session: Session, row: Pass | None) -> bool:
    """Whether a pass is one of a young person who types a word instead of a birthday."""
    return row is not None and session.get(OtherCheck, row.contributor_id) is not None


def is_word(session: Session, row: Pass | None, typed: str) -> bool:
    """Whether this is the word of the pass's young person. It takes as long for a code that does
    not exist, or has no word, so that nothing can be told from the time."""
    check = session.get(OtherCheck, row.contributor_id) if row else None
    contributor = people.contributor(session, row.contributor_id) if row else None
    is_young = contributor is not None and contributor.kind in YOUNG_PEOPLE
    plain = plain_word(typed[: 4 * LONGEST])
    is_right = PASSWORDS.verify(plain, check.hash if check else _nobodys())
    return is_right and check is not None and is_young


@lru_cache
def _nobodys() -> str:
    return PASSWORDS.hash("nobody has this word")
