"""What will come: the very text that a choice makes, with its length as phones count it."""

from dataclasses import dataclass

from sqlmodel import Session

from backend.entry import service as entry
from backend.messaging import texts, ways
from backend.preferences import queries as preferences

PREVIEWED = ("invitation", "reminder", "meeting_changed", "answer")
HIDDEN = "…"


@dataclass(frozen=True)
class Preview:
    """One message as it will come. The end of the link stands as three dots: whoever looks on
    must not come in by it; the counts are those of the whole text."""

    text: str
    length: int
    parts: int


def previews(session: Session, contributor_id: int, way: ways.Way) -> list[Preview]:
    """Every text that may come by this choice, each once; none where no text comes."""
    if way.channel == ways.NONE:
        return []
    link = entry.ensure_pass(session, contributor_id).link_url
    spoken = preferences.preferences_of(session, contributor_id).speaks
    found = [
        texts.text_for(occasion, link, sender=way.sender, words=way.words, language=spoken)
        for occasion in PREVIEWED
    ]
    return [
        Preview(text.replace(link.rsplit("/", 1)[1], HIDDEN), *texts.count_parts(text))
        for text in dict.fromkeys(found)
    ]
