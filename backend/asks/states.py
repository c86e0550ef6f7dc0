"""What an ask waits for: a first contact, an answer, a translation, the child's word on it."""

from datetime import date, timedelta

from sqlmodel import Session

from backend.asks.kinds import TERMS, AskKind, Outcome
from backend.asks.models import Ask
from backend.core import clock, languages
from backend.preferences import queries as preferences

ASKED_AFTER = timedelta(days=14)  # where an answer names no day, the child is asked then


def state_of(ask: Ask) -> str:
    """open, with_lead (answered; the child has not seen it yet) or answered."""
    if ask.released_at is not None:
        return "answered"
    return "with_lead" if ask.answered_at is not None else "open"


def waits_for_contact(ask: Ask) -> bool:
    """Whether somebody asked to see or hear from a person, and nobody got in touch yet."""
    is_wanted = TERMS[AskKind(ask.kind)].wants_contact and ask.contact_due_on is not None
    return is_wanted and ask.first_contact_at is None and ask.outcome != Outcome.NO


def is_overdue(ask: Ask) -> bool:
    """Whether its day has passed: without a first contact where that was asked for, whatever was
    answered; else without an answer."""
    if waits_for_contact(ask):
        return (ask.contact_due_on or ask.due_on) < clock.today()
    return ask.answered_at is None and ask.due_on < clock.today()


def language_awaited(session: Session, ask: Ask) -> str:
    """The language (its code) into which a person has still to translate the answer; "" for none:
    the child reads English, it was done, or the lead said why it goes without."""
    if ask.translation is not None or ask.why_untranslated is not None:
        return ""
    spoken = preferences.preferences_of(session, ask.contributor_id).speaks
    return "" if spoken == languages.SOURCE else spoken


def asks_from(ask: Ask) -> date | None:
    """From which day on the child is asked whether it happened; None before there is an answer."""
    if ask.released_at is None:
        return None
    released_on = clock.in_london(ask.released_at).date()
    return max(released_on, ask.promised_on or released_on + ASKED_AFTER)


def is_broken(ask: Ask) -> bool:
    """Whether the day that an answer named has passed, and the child did not say: it happened."""
    has_passed = ask.promised_on is not None and ask.promised_on < clock.today()
    return ask.released_at is not None and has_passed and ask.has_happened != "yes"
