"""Reads of preferences: the look and language of a contributor's pages, and their own words."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from backend.core import languages
from backend.core.access.identity import ContributorIdentity
from backend.core.access.policy import YOUNG_PEOPLE
from backend.people import queries as people
from backend.preferences.models import OwnWord, Preference

AUTO, NORMAL = "auto", "normal"


@dataclass(frozen=True)
class Preferences:
    """How pages look and speak. `language` is what was chosen, "" for none; `speaks` the language
    that pages use: the chosen one, else what the extract says of a young person, else English."""

    language: str = ""
    speaks: str = languages.SOURCE
    easy_read: bool = False
    theme: str = AUTO
    contrast: str = NORMAL
    text_size: str = NORMAL
    character: str = ""
    colour: str = ""

    @property
    def looks(self) -> tuple[str, ...]:
        """The classes of a page that looks other than usual; none where nothing was chosen."""
        return tuple(self._looks())

    def _looks(self) -> Iterator[str]:
        if self.easy_read:
            yield "easy"
        if self.theme != AUTO:
            yield self.theme
        if self.contrast != NORMAL:
            yield "contrast"
        if self.text_size != NORMAL:
            yield self.text_size
        if self.colour:
            yield self.colour


@dataclass(frozen=True)
class OwnWords:
    """A young person's own words; empty where there are none, or where this page may not see them.

    `was_asked` is true once they were written or passed over, by whomever.
    """

    home: str = ""
    carers: str = ""
    people: tuple[str, ...] = ()
    was_asked: bool = False


def preferences_of(session: Session, contributor_id: int) -> Preferences:
    """A contributor's preferences; the usual ones where nothing was chosen."""
    row = session.get(Preference, contributor_id)
    if row is None:
        return Preferences(speaks=extract_language(session, contributor_id) or languages.SOURCE)
    chosen = row.language if languages.is_offered(row.language) else ""
    return Preferences(
        language=chosen,
        speaks=chosen or extract_language(session, contributor_id) or languages.SOURCE,
        easy_read=row.easy_read,
        theme=row.theme,
        contrast=row.contrast,
        text_size=row.text_size,
        character=row.character,
        colour=row.colour,
    )


def extract_language(session: Session, contributor_id: int) -> str:
    """The code of the language that the extract gives a young person; "" where Heard has none.

    It is the young person's own: nothing is known of the languages of the adults around them.
    """
    contributor = people.contributor(session, contributor_id)
    if contributor is None or contributor.kind not in YOUNG_PEOPLE:
        return ""
    person = people.subject_of(session, contributor)
    return languages.code_called(person.language) if person else ""


def own_words(session: Session, identity: ContributorIdentity) -> OwnWords:
    """The own words that this page may show: with the secret, and none from before `reads_from`.

    The people a child lives with know the birthday, and may be among the words.
    """
    row = session.get(OwnWord, identity.contributor_id)
    if row is None:
        return OwnWords()
    if not _may_see(identity, row):
        return OwnWords(was_asked=True)
    return OwnWords(row.home or "", row.carers or "", tuple(row.people or ()), was_asked=True)


def _may_see(identity: ContributorIdentity, row: OwnWord) -> bool:
    if not identity.is_young_person or not identity.is_known:
        return False
    since = identity.reads_from
    return since is None or row.written_at >= datetime.fromisoformat(since)
