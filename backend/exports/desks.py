"""The page from which a record goes to the case system: what goes, what stays, receipts."""

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlmodel import Session

from backend.core.access.identity import StaffIdentity
from backend.exports import queries
from backend.exports.clearance import YOUNG, Place, why_it_stays
from backend.exports.records import Record
from backend.people import queries as people
from backend.summaries import queries as summaries

if TYPE_CHECKING:
    from backend.people.models import Person
    from backend.reviews.models import Review


@dataclass(frozen=True)
class Going:
    """What would go to one place now, as numbers, and what stands there already."""

    place: str
    called: str
    answers: int
    asks: int
    newest: "queries.ReceiptLine | None"  # the newest that was said to stand in the case system

    @property
    def is_changed(self) -> bool:
        """Whether what stands there is older than what would go now."""
        return self.newest is not None and not self.newest.is_current


@dataclass(frozen=True)
class RecordDesk:
    """Everything on the page but the words."""

    person: "Person"
    review: "Review"
    going: tuple[Going, ...]
    staying: tuple[tuple[str, int], ...]
    receipts: "tuple[queries.ReceiptLine, ...]"


def record_desk(session: Session, viewer: StaffIdentity, review_id: int) -> RecordDesk | None:
    """The page of one review, or None; raises Denied for a reader who does not lead it."""
    led = queries.led(session, viewer, review_id)
    if led is None:
        return None
    person, review = led
    records = {
        place: record
        for place in queries.RECORD_PLACES
        if (record := queries.record_of(session, viewer, review_id, place)) is not None
    }
    current = {record.text_sha256 for record in records.values()}
    receipts = queries.receipts_of(session, review_id, current)
    row = queries.restricted_place(session)
    is_leaver = person.group == people.CARE_LEAVER
    file = "Their file" if is_leaver else "The child’s file"
    names = {Place.RECORD: file, Place.RESTRICTED: row.name if row else ""}
    return RecordDesk(
        person=person,
        review=review,
        going=tuple(
            _going(place, record, names[place], receipts) for place, record in records.items()
        ),
        staying=_staying(session, viewer, review),
        receipts=tuple(receipts),
    )


def _going(
    place: Place, record: Record, called: str, receipts: "list[queries.ReceiptLine]"
) -> Going:
    placed = [line for line in receipts if line.place == place.value and line.placed_on]
    return Going(
        place=place.value,
        called=called,
        answers=len(record.entries),
        asks=len(record.asks),
        newest=placed[0] if placed else None,
    )


def _staying(
    session: Session, viewer: StaffIdentity, review: "Review"
) -> tuple[tuple[str, int], ...]:
    topics = summaries.readable_topics(session, viewer, review.person_id)
    own = [topic for topic in topics if topic.kind in YOUNG and topic.review_id == review.id]
    reasons = Counter(why_it_stays(topic, answer) for topic in own for answer in topic.answers)
    return tuple((reason, count) for reason, count in sorted(reasons.items()) if reason)
