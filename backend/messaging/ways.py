"""How each contributor is reached today: as they chose, else as the extract says."""

from dataclasses import dataclass

from sqlmodel import Session, select

from backend.core.encryption import keyring
from backend.messaging.models import AddressStopped, WayChosen
from backend.people import queries as people

TEXT, EMAIL, LETTER, CARD, IN_PERSON, NONE = (
    "text", "email", "letter", "card", "in_person", "none",
)  # fmt: skip
CHANNELS = (TEXT, EMAIL, LETTER, CARD, IN_PERSON, NONE)
NEEDS_ADDRESS = (TEXT, EMAIL)
BY_HAND = (LETTER, CARD, IN_PERSON)
# How councils' extracts write the same channel.
WRITTEN = {"sms": TEXT, "mobile": TEXT, "e-mail": EMAIL, "post": LETTER, "paper": LETTER}


@dataclass(frozen=True)
class Way:
    """One contributor's channel, its address, who a message says it is from, and its words."""

    channel: str
    address: str | None = None
    sender: str = ""
    words: str = ""
    is_chosen: bool = False
    is_stopped: bool = False  # somebody else has the address: the worker asks for a new one


def way_to(session: Session, contributor_id: int) -> Way:
    """How to reach a contributor; through their worker where no address of theirs holds."""
    chosen = session.get(WayChosen, contributor_id)
    if chosen is not None:
        way = Way(chosen.channel, chosen.address, chosen.sender, chosen.words, is_chosen=True)
    else:
        way = _as_extract_says(session, contributor_id)
    if way.channel in NEEDS_ADDRESS and is_stopped(session, contributor_id, way.address):
        return Way(IN_PERSON, None, way.sender, way.words, way.is_chosen, is_stopped=True)
    if way.channel in NEEDS_ADDRESS and not way.address:
        return Way(IN_PERSON, None, way.sender, way.words, way.is_chosen)
    return way


def _as_extract_says(session: Session, contributor_id: int) -> Way:
    row = people.contributor(session, contributor_id)
    if row is None:
        return Way(NONE)
    source = people.contact_of(session, row) or (
        people.person(session, row.person_id) if row.person_id else None
    )
    written = source.channel.strip().casefold().replace(" ", "_") if source else ""
    channel = WRITTEN.get(written, written)
    address = (source.address or "").strip() or None if source else None
    return Way(channel, address) if channel in CHANNELS else Way(IN_PERSON)


def index_of(address: str) -> str:
    """Under what an address is found again, however it was spaced."""
    return keyring().index("address:" + "".join(address.split()).casefold())


def is_stopped(session: Session, contributor_id: int, address: str | None) -> bool:
    """Whether somebody at this address said that it is not the contributor's."""
    if not address:
        return False
    return (
        session.exec(
            select(AddressStopped.id).where(
                AddressStopped.contributor_id == contributor_id,
                AddressStopped.address_index == index_of(address),
            )
        ).first()
        is not None
    )
