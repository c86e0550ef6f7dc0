"""Points out, to whoever wants to quote, what in the words may tell who wrote them."""

from typing import TYPE_CHECKING

from sqlmodel import Session

from backend.accounts import queries as accounts
from backend.coding import queries as coding
from backend.coding.queries import Piece
from backend.people import queries as people
from backend.placements import queries as placements

if TYPE_CHECKING:
    from backend.surveys.queries import SentTopic

__all__ = ["Piece", "marked_words"]
NAME, ADDRESS = "name", "address"  # kinds of the analysis package


def marked_words(session: Session, topic: "SentTopic", words: str) -> list[Piece]:
    """The words in pieces, in order; joined they are the words, letter for letter.

    A name is found by how it is written, and more surely where it is one around the writer: those
    who live, work or are in touch with them, and the homes they lived in. Which of these it was is
    not told, so that nobody learns from a mark who is known to the council. Never complete.
    """
    return coding.telling_pieces(words, _names_near(session, topic.person_id))


def _names_near(session: Session, person_id: int) -> dict[str, str]:
    """Names around one person, each with its kind."""
    child = people.person(session, person_id)
    if child is None:
        return {}
    staff = {one for one in (child.worker_id, child.iro_id, child.personal_adviser_id) if one}
    names = set(accounts.names_of(session, staff).values())
    names |= {line.name for line in people.contributors_around(session, person_id)}
    names |= {child.known_as, *_housemates(session, person_id)}
    homes = {
        _home_name(session, stay.home_id) for stay in placements.placements_of(session, person_id)
    }
    return {name: ADDRESS for name in homes if name} | {name: NAME for name in names if name}


def _housemates(session: Session, person_id: int) -> list[str]:
    home = placements.home_of(session, person_id)
    ids = placements.residents(session, home.id or 0) if home else []
    return [one.known_as for one in people.people(session, ids).values()]


def _home_name(session: Session, home_id: int) -> str:
    home = placements.home(session, home_id)
    return home.name if home else ""
