"""How a young person wants to be reached: chosen beside their worker or IRO, or by themselves."""

import re

from sqlmodel import Session, col, select

from backend.core import audit, clock
from backend.core.forms import FieldErrors
from backend.core.translations import phrase
from backend.messaging import revealing, texts, useful, ways, writing
from backend.messaging.models import AddressStopped, Message, WayChosen
from backend.people import queries as people
from backend.settings import get_settings

CHOSEN = audit.declare("messaging.way_chosen", "contributor_id", "channel")
NOT_THEIRS = audit.declare("messaging.address_not_theirs", "contributor_id")
NO_CHANNEL = phrase("Pick one way.")
NO_NUMBER = phrase("Type a mobile number, like 07700 900123.")
NO_EMAIL = phrase("Type an e-mail address, like sam@example.com.")
LONG_WORDS = phrase("Use fewer words: 60 letters at most.")
LONG_NAME = phrase("That name is too long. Use 30 letters at most.")


def choose_way(
    session: Session,
    contributor_id: int,
    typed: ways.Way,
    *,
    actor: str,
    staff_id: int | None = None,
) -> WayChosen:
    """Keep a choice, in place of the one before; what had not arrived goes out again by it.

    Raises FieldErrors. The caller has checked that the actor may choose for this contributor.
    """
    way = checked(session, contributor_id, typed)
    row = session.get(WayChosen, contributor_id)
    if row is None:
        row = WayChosen(contributor_id=contributor_id, channel="", chosen_at=clock.now())
    row.channel, row.address, row.sender, row.words = (
        way.channel, way.address, way.sender, way.words,
    )  # fmt: skip
    row.chosen_at, row.chosen_by = clock.now(), staff_id
    session.add(row)
    _believe(session, contributor_id, way.address)
    audit.record(
        session,
        CHOSEN,
        actor=actor,
        person_id=_person_id(session, contributor_id),
        contributor_id=contributor_id,
        channel=way.channel,
    )
    session.flush()
    _send_again(session, contributor_id)
    return row


def checked(session: Session, contributor_id: int, typed: ways.Way) -> ways.Way:
    """A choice as it would be kept; raises FieldErrors."""
    address = " ".join((typed.address or "").split())
    sender, words = typed.sender.strip(), typed.words.strip()
    errors = _wrong_address(typed.channel, address)
    names = _names(session, contributor_id)
    for field, text, longest, too_long in (
        ("sender", sender, revealing.LONGEST_SENDER, LONG_NAME),
        ("words", words, revealing.LONGEST_WORDS, LONG_WORDS),
    ):
        if text in texts.OFFERED_BY_TEXT:
            continue
        found = revealing.found_in(text, names=names)
        if len(text) > longest:
            errors[field] = too_long
        elif found:
            errors[field] = phrase(
                "Leave out “%(words)s”. Somebody who sees the phone could guess.", words=found
            )
    if errors:
        raise FieldErrors(errors)
    kept = address if typed.channel in ways.NEEDS_ADDRESS else None
    return ways.Way(typed.channel, kept, sender, words, is_chosen=True)


def _wrong_address(channel: str, address: str) -> dict[str, str]:
    if channel not in ways.CHANNELS:
        return {"channel": NO_CHANNEL}
    if channel not in ways.NEEDS_ADDRESS or ways.is_address(channel, address):
        return {}
    return {"address": NO_NUMBER if channel == ways.TEXT else NO_EMAIL}


def _names(session: Session, contributor_id: int) -> frozenset[str]:
    """The child's own name and the council's stand in no message: it may come to anybody."""
    row = people.contributor(session, contributor_id)
    person = people.person(session, row.person_id) if row and row.person_id else None
    council = get_settings().heard_council
    return frozenset(re.findall(r"\w{3,}", f"{person.known_as if person else ''} {council}"))


def say_not_me(session: Session, contributor_id: int) -> None:
    """Somebody else has the address: nothing goes there any more, and the worker is told.

    The address is the one to which the last message went: who has it may say so after another was
    chosen. Nothing of the contributor's is used up or shown.
    """
    way = ways.way_to(session, contributor_id)
    address = _last_went_to(session, contributor_id) or (
        way.address if way.channel in ways.NEEDS_ADDRESS else None
    )
    if not address:
        return
    index = ways.index_of(address)
    session.add(
        AddressStopped(contributor_id=contributor_id, address_index=index, stopped_at=clock.now())
    )
    rows = session.exec(
        select(Message).where(
            Message.contributor_id == contributor_id,
            col(Message.state).in_(("waiting", "sent", "delivered", "shown")),
            col(Message.settled_at).is_(None),
        )
    ).all()
    for row in rows:
        if row.address and ways.index_of(row.address) == index and not useful.why_not(session, row):
            row.state, row.fault, row.next_at = "bounced", "not_me", None
    audit.record(
        session,
        NOT_THEIRS,
        actor="contributor:unknown",
        person_id=_person_id(session, contributor_id),
        contributor_id=contributor_id,
    )


def _last_went_to(session: Session, contributor_id: int) -> str | None:
    rows = session.exec(
        select(Message)
        .where(
            Message.contributor_id == contributor_id,
            col(Message.channel).in_(ways.NEEDS_ADDRESS),
            col(Message.state).in_(("sent", "delivered", "shown")),
        )
        .order_by(col(Message.id).desc())
    )
    return next((row.address for row in rows if row.address), None)


def _believe(session: Session, contributor_id: int, address: str | None) -> None:
    if address is None:
        return
    rows = session.exec(
        select(AddressStopped).where(
            AddressStopped.contributor_id == contributor_id,
            AddressStopped.address_index == ways.index_of(address),
        )
    ).all()
    for row in rows:
        session.delete(row)


def _send_again(session: Session, contributor_id: int) -> None:
    rows = session.exec(
        select(Message).where(
            Message.contributor_id == contributor_id,
            col(Message.state).in_(("bounced", "waiting")),
            col(Message.settled_at).is_(None),
        )
    ).all()
    for row in rows:
        if useful.why_not(session, row) or not writing.address(session, row):
            row.state, row.fault = "stopped", "asked_for_nothing"
        else:
            writing.send_anew(session, row)


def _person_id(session: Session, contributor_id: int) -> int | None:
    row = people.contributor(session, contributor_id)
    subject = people.subject_of(session, row) if row else None
    return subject.id if subject else None
