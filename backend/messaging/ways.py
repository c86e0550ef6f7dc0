"""How each contributor is reached today: as they chose, else as the extract says."""

import re
from dataclasses import dataclass, replace

from sqlmodel import Session, select

from backend.core.encryption import keyring
from backend.messaging.models import AddressStopped, Message, WayChosen
from backend.people import queries as people

TEXT, EMAIL, LETTER, CARD, IN_PERSON, NONE = (
    "text", "email", "letter", "card", "in_person", "none",
)  # fmt: skip
CHANNELS = (TEXT, EMAIL, LETTER, CARD, IN_PERSON, NONE)
NEEDS_ADDRESS = (TEXT, EMAIL)
BY_WORKER = (CARD, IN_PERSON)
NUMBER = re.compile(r"\+?[0-9]{10,15}")
BETWEEN_DIGITS = re.compile(r"[\s()-]")
# No blanks, commas or brackets: what stands beside an address in an extract is none of it.
EMAIL_SHAPE = re.compile(r"[^\s@,;:<>()\[\]\"\\]+@[\w-]+(\.[\w-]+)+")
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
    if way.channel == LETTER and not way.address:
        # Where somebody lives is the case system's to know, whoever chose that a letter comes.
        way = replace(way, address=_as_extract_says(session, contributor_id).address)
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


def is_address(channel: str, address: str) -> bool:
    """Whether a text has the shape of a number to text, or of an e-mail address."""
    if channel == TEXT:
        return NUMBER.fullmatch(BETWEEN_DIGITS.sub("", address)) is not None
    return channel == EMAIL and EMAIL_SHAPE.fullmatch(address) is not None


def is_by_hand(message: Message) -> bool:
    """Whether a person takes a message on: a card, a telling, a letter that no provider posts."""
    is_for_office = message.channel == LETTER and not message.address
    return is_for_office or message.channel in BY_WORKER


def is_same(one: str | None, other: str | None) -> bool:
    """Whether two addresses are one, however they are spaced."""
    return "".join((one or "").split()).casefold() == "".join((other or "").split()).casefold()


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
