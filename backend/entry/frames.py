"""What stands around every contributor's page: its character, the way out, who reads this."""

from typing import TYPE_CHECKING, Any

from fastapi import Request
from sqlmodel import Session

from backend.accounts import queries as accounts
from backend.core import clock
from backend.core.access.identity import ContributorIdentity
from backend.core.access.permissions import Kind
from backend.core.translations import date_words, phrase, safe_phrase
from backend.entry.help_numbers import next_reading_words, numbers_at_door, numbers_now
from backend.people import queries as people

if TYPE_CHECKING:
    from backend.people.models import Person
    from backend.settings import Settings

OLDER_FROM = 12
NOT_AT_NIGHT = safe_phrase("Nobody reads at night or at weekends.")


def page_frame(request: Request, identity: ContributorIdentity | None) -> dict[str, Any]:
    """Every value that base.html asks for; a page may give its own in place of any."""
    session = _session_of(request)
    person = None
    if session and identity and identity.person_id is not None:
        person = people.person(session, identity.person_id)
    reads = None
    if session and identity and person:
        days = request.app.state.settings.heard_read_within_days
        reads = who_reads(session, identity, person, within_days=days)
    return {
        "character": character_of(identity, person),
        "back_url": "",
        "leave_url": "/me/leave",
        "help_url": "/me/help",
        "not_safe_url": "/me/not-safe" if identity and identity.is_young_person else "",
        "ask_url": "/me/ask" if identity and identity.is_young_person else "",
        "who_reads": reads,
        # The same on every screen, whoever is there and whatever was written.
        "help_card": {
            "next": next_reading_words(clock.now()),
            "numbers": numbers_now(clock.now(), request.app.state.settings),
        },
    }


def door_card(settings: "Settings") -> dict[str, Any]:
    """What stands beside a page behind a link, which may lie on a stranger's telephone: a number
    for danger, and nothing of a council, of care or of whose link it is (decision 0036)."""
    return {"help_card": {"next": "", "numbers": numbers_at_door(settings)}}


def _session_of(request: Request) -> Session | None:
    # After a fault the request's session is closed; asking it again would open a transaction
    # that nobody ends, and every other writer would wait for it.
    session: Session | None = getattr(request.state, "session", None)
    return session if session is not None and session.in_transaction() else None


def character_of(identity: ContributorIdentity | None, person: "Person | None") -> str:
    """The look of the pages: younger, older or adult."""
    if identity is None:
        return "older"
    if identity.kind is not Kind.CHILD:
        return "adult"
    if person is None:
        return "older"
    is_older = people.age_on(person.date_of_birth, clock.today()) >= OLDER_FROM
    return "older" if is_older else "younger"


def who_reads(
    session: Session, identity: ContributorIdentity, person: "Person", *, within_days: int
) -> dict[str, str]:
    """Who reads what this contributor sends, by which working day, and never at night."""
    case = people.case_of(person)
    if not identity.is_young_person:
        reader = case.worker_id or case.personal_adviser_id or case.iro_id
    else:
        reader = case.personal_adviser_id if case.is_care_leaver else case.iro_id
    name = accounts.names_of(session, {reader} if reader else set()).get(reader or 0, "")
    by = clock.add_working_days(clock.today(), within_days)
    return {
        "name": _with_part(name, identity, is_leaver=case.is_care_leaver),
        "when": phrase("by %(day)s", day=date_words(by)),
        "text": NOT_AT_NIGHT,
    }


def _with_part(name: str, identity: ContributorIdentity, *, is_leaver: bool) -> str:
    if not name:
        return phrase("Somebody on the duty team")
    if not identity.is_young_person:
        return name
    if is_leaver:
        return phrase("%(name)s (your PA)", name=name)
    return phrase("%(name)s (your IRO)", name=name)
