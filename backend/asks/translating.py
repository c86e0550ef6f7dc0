"""Puts a person's translation beside what a lead wrote to a child in English."""

from sqlmodel import Session

from backend.asks.answers import TRANSLATED, seen_ask
from backend.asks.kinds import TERMS, AskKind
from backend.asks.letters import letter_of
from backend.asks.making import AskRefused
from backend.asks.models import Ask, AskLetter
from backend.asks.translations import added_awaited, opening_awaited
from backend.core import audit
from backend.core.access.identity import StaffIdentity
from backend.core.access.permissions import Permission
from backend.core.access.predicates import is_lead
from backend.core.access.requires import Denied

OPENING_TRANSLATED = audit.declare("letter.translated", "review_id", "language")
NOT_AWAITED = "No translation is awaited here. Nothing was changed."


def translate_added(
    session: Session, viewer: StaffIdentity, ask_id: int, *, words: str, translator: str
) -> Ask:
    """Put a person's translation beside the line that the lead added to an answer, as the lead or
    as its owner. It holds nothing back: until then the line stands in English alone."""
    ask, case, owners = seen_ask(session, viewer, ask_id)
    is_owner = any(viewer.is_or_stands_in_for(owner) for owner in owners)
    is_led = is_lead(viewer, case) and not TERMS[AskKind(ask.kind)].goes_past_lead
    if not (is_owner or is_led):
        raise Denied(viewer, Permission.ANSWER_ASK)
    language = added_awaited(session, ask)
    _check(language, words, translator, prefix="added_")
    ask.added_translation, ask.added_translated_into = words.strip(), language
    ask.added_translated_by = translator.strip()
    session.add(ask)
    audit.record(
        session,
        TRANSLATED,
        actor=viewer.actor,
        person_id=ask.person_id,
        ask_id=ask.id,
        language=language,
    )
    session.flush()
    return ask


def translate_opening(
    session: Session, viewer: StaffIdentity, review_id: int, *, words: str, translator: str
) -> AskLetter:
    """As the lead, put a person's translation beside the line that opens a review's letter."""
    letter, row = letter_of(session, viewer, review_id), session.get(AskLetter, review_id)
    if letter is None or row is None:
        raise Denied(viewer, Permission.SEE_ASKS)
    language = opening_awaited(row, speaks=letter.speaks)
    _check(language, words, translator, prefix="")
    row.translation, row.translated_into = words.strip(), language
    row.translated_by = translator.strip()
    session.add(row)
    audit.record(
        session,
        OPENING_TRANSLATED,
        actor=viewer.actor,
        person_id=row.person_id,
        review_id=review_id,
        language=language,
    )
    session.flush()
    return row


def _check(language: str, words: str, translator: str, *, prefix: str) -> None:
    if not language:
        raise AskRefused(NOT_AWAITED, field=f"{prefix}translation")
    if not words.strip():
        raise AskRefused("Put in what the person translated.", field=f"{prefix}translation")
    if not translator.strip():
        message = "Say who translated it. It cannot be a machine."
        raise AskRefused(message, field=f"{prefix}translator")
