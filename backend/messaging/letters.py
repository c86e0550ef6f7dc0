"""Letters with a QR code, one to a page: who it is from, that a page is ready, and the way in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session

from backend.core import audit
from backend.core.access.identity import StaffIdentity
from backend.core.access.permissions import Permission
from backend.core.access.policy import YOUNG_PEOPLE
from backend.core.access.requires import check
from backend.core.languages import language
from backend.entry import service as entry
from backend.messaging import settling, ways
from backend.messaging.models import Message
from backend.messaging.texts import Printed, letter_for
from backend.paper import service as paper
from backend.people import queries as people
from backend.preferences import queries as preferences

PRINTED = audit.declare("messaging.letters_printed", "contributor_ids")
PILE, POSTED = "letter.typ", "posted.typ"


@dataclass(frozen=True)
class LetterLine:
    """One letter in the queue: for whom, and how to find their address in the case system."""

    message_id: int
    name: str
    kind: str
    about: str
    child_id: str
    made_at: datetime


def lines(session: Session, viewer: StaffIdentity, state: str) -> list[LetterLine]:
    """The letters in a state, the oldest first."""
    check(viewer, Permission.SETTLE_OUTBOX)
    found = []
    for row in settling.letters(session, state):
        contributor = people.contributor(session, row.contributor_id or 0)
        person = people.subject_of(session, contributor) if contributor else None
        if contributor is not None and person is not None:
            found.append(
                LetterLine(
                    message_id=row.id or 0,
                    name=_name(session, row),
                    kind=contributor.kind,
                    about=person.known_as,
                    child_id=person.child_id,
                    made_at=row.made_at,
                )
            )
    return found


def pile(session: Session, viewer: StaffIdentity) -> list[Printed]:
    """Every letter of the pile to print; audited, because it holds ways in."""
    check(viewer, Permission.SETTLE_OUTBOX)
    rows = settling.letters(session, "printed")
    if rows:
        ids = [row.contributor_id for row in rows]
        audit.record(session, PRINTED, actor=viewer.actor, contributor_ids=ids)
    return [printed(session, row) for row in rows]


def printed(session: Session, row: Message) -> Printed:
    """A letter's words with its reader's own way in, as they are now."""
    contributor_id = row.contributor_id or 0
    way = ways.way_to(session, contributor_id)
    contributor = people.contributor(session, contributor_id)
    is_young = contributor is not None and contributor.kind in YOUNG_PEOPLE
    spoken = preferences.preferences_of(session, contributor_id).speaks
    door = entry.ensure_pass(session, contributor_id)
    return Printed(
        letter=letter_for(
            row.occasion,
            sender=way.sender if is_young else "",
            words=way.words if is_young else "",
            language=spoken,
        ),
        name=_name(session, row),
        code=door.code,
        link=door.link_url,
        way_in=entry.own_address("/me/"),
    )


def _name(session: Session, row: Message) -> str:
    contributor = people.contributor(session, row.contributor_id or 0)
    if contributor is None:
        return ""
    contact = people.contact_of(session, contributor)
    person = people.subject_of(session, contributor)
    return contact.name if contact else person.known_as if person else ""


def print_pile(found: list[Printed]) -> Any:
    """The pile as PDF/UA-1, a page each; a first page says which number is whose."""

    def values_of(refused: Any) -> dict[str, Any]:
        return {
            "title": "Letters",
            "list_title": "Which letter is whose",
            "list_words": "This page stays in the office. The number is at the foot of a letter.",
            "fonts": list(paper.FAMILIES),
            "letters": [_values(one, refused) for one in found],
        }

    return paper.typeset(PILE, values_of)


def posted(letter: Printed, address: Sequence[str]) -> bytes:
    """One letter as GOV.UK Notify prints and posts it: the name and address stand in the window of
    the envelope, and no name below it."""

    def values_of(refused: Any) -> dict[str, Any]:
        above = [paper.runs_of(line, but=refused) for line in (letter.name, *address)]
        return {
            "fonts": list(paper.FAMILIES),
            "address": above,
            "letter": _values(letter, refused),
        }

    found: bytes = paper.typeset(POSTED, values_of)
    return found


def _values(one: Printed, refused: Any) -> dict[str, Any]:
    def runs(text: str) -> list[dict[str, str]]:
        return paper.runs_of(text, but=refused)

    return {
        "lang": one.letter.language,
        "is_rtl": language(one.letter.language).direction == "rtl",
        "greeting": runs(one.letter.greeting),
        "said": runs(one.letter.said),
        "steps": [runs(step) for step in one.letter.steps],
        "way_in": one.way_in,
        "code": one.code,
        "qr": paper.qr_code(one.link),
        "qr_words": one.letter.qr_words,
        "name": runs(one.name),
    }
