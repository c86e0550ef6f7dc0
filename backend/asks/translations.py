"""What a person made in the child's language of a line that a lead wrote to them."""

from dataclasses import dataclass

from sqlmodel import Session

from backend.asks.models import Ask, AskLetter
from backend.core import languages
from backend.preferences import queries as preferences


@dataclass(frozen=True)
class Translation:
    """A line in another language (its code) by a person, who is named; the English stays beside."""

    words: str
    language: str
    by: str


def of_added(ask: Ask) -> Translation | None:
    """What stands beside the line that the lead added to an answer."""
    return _made(ask.added_translation, ask.added_translated_into, ask.added_translated_by)


def of_opening(letter: AskLetter | None) -> Translation | None:
    """What stands beside the line that opens a letter."""
    if letter is None:
        return None
    return _made(letter.translation, letter.translated_into, letter.translated_by)


def _made(words: str | None, language: str | None, by: str | None) -> Translation | None:
    return Translation(words, language, by or "") if words and language else None


def added_awaited(session: Session, ask: Ask) -> str:
    """The language (its code) into which a person has still to put the lead's own line; "" for
    none: there is no line, the child reads English, it was done, or the lead said why not."""
    if not ask.iro_added or ask.added_translation or ask.why_untranslated is not None:
        return ""
    return _other_than_english(preferences.preferences_of(session, ask.contributor_id).speaks)


def opening_awaited(letter: AskLetter | None, *, speaks: str) -> str:
    """The same of the line that opens a letter, for a child who reads `speaks`."""
    is_done = letter is None or letter.translation is not None
    return "" if is_done else _other_than_english(speaks)


def _other_than_english(spoken: str) -> str:
    return "" if spoken == languages.SOURCE else spoken
