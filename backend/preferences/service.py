"""Writes of preferences: each choice is one of a few, and own words are short."""

from collections.abc import Iterable, Mapping

from sqlmodel import Session

from backend.core import clock, languages
from backend.core.access.identity import ContributorIdentity
from backend.preferences.models import OwnWord, Preference

THEMES = ("auto", "light", "dark")
CONTRASTS = ("normal", "high")
TEXT_SIZES = ("normal", "large", "largest")
CHARACTERS = ("", "younger", "older")
COLOURS = ("", "plum", "sea", "leaf", "sun")
CHOICES: Mapping[str, tuple[str, ...]] = {
    "theme": THEMES,
    "contrast": CONTRASTS,
    "text_size": TEXT_SIZES,
    "character": CHARACTERS,
    "colour": COLOURS,
}
LONGEST_WORD = 60
MOST_PEOPLE = 8


class WordTooLong(Exception):
    """A word for a home, carers or a person is longer than a line; `field` says which."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


def choose_look(
    session: Session, identity: ContributorIdentity, choices: Mapping[str, str], *, easy_read: bool
) -> None:
    """Take a contributor's choices by their names; what is not offered changes nothing."""
    row = _row(session, identity.contributor_id)
    row.easy_read = easy_read
    for name, value in choices.items():
        if value in CHOICES.get(name, ()):
            setattr(row, name, value)
    session.flush()


def choose_language(session: Session, contributor_id: int, code: str) -> None:
    """Speak this language from now on; a code that is not offered changes nothing."""
    if languages.is_offered(code):
        _row(session, contributor_id).language = code
        session.flush()


def _row(session: Session, contributor_id: int) -> Preference:
    row = session.get(Preference, contributor_id)
    if row is None:
        row = Preference(contributor_id=contributor_id)
        session.add(row)
    return row


def keep_own_words(
    session: Session,
    identity: ContributorIdentity,
    *,
    home: str = "",
    carers: str = "",
    people: Iterable[str] = (),
) -> None:
    """Keep a young person's own words, in place of those before; with none, they passed it over.

    Raises WordTooLong.
    """
    names = [name for name in (" ".join(one.split()) for one in people) if name]
    for field, words in (("home", [home]), ("carers", [carers]), ("people", names)):
        if any(len(word.strip()) > LONGEST_WORD for word in words):
            raise WordTooLong(field)
    row = session.get(OwnWord, identity.contributor_id)
    if row is None:
        row = OwnWord(contributor_id=identity.contributor_id, written_at=clock.now())
    row.home, row.carers = " ".join(home.split()) or None, " ".join(carers.split()) or None
    row.people = list(dict.fromkeys(names))[:MOST_PEOPLE] or None
    row.written_at = clock.now()
    session.add(row)
    session.flush()


def pass_over_words(session: Session, identity: ContributorIdentity) -> None:
    """Never ask again; words that stand are left alone."""
    if session.get(OwnWord, identity.contributor_id) is None:
        keep_own_words(session, identity)
