"""Reads of what may leave the screen from one review, of receipts, and of the restricted place."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from sqlmodel import Session, col, select

from backend.accounts import queries as accounts
from backend.asks import queries as asks
from backend.asks import service as asks_service
from backend.core import clock
from backend.core.access.identity import StaffIdentity
from backend.core.access.permissions import Role
from backend.exports.clearance import YOUNG, Place, only_what_goes
from backend.exports.models import RecordReceipt, RestrictedPlace
from backend.exports.records import Record, facts_of, make_record
from backend.people import queries as people
from backend.placements import queries as placements
from backend.reviews import queries as reviews
from backend.summaries import queries as summaries

if TYPE_CHECKING:
    from backend.people.models import Person
    from backend.reviews.models import Review
    from backend.summaries.queries import Summary
    from backend.surveys.queries import SentTopic

RECORD_PLACES = (Place.RECORD, Place.RESTRICTED)


@dataclass(frozen=True)
class Cleared:
    """A review's page with just what may go to one place."""

    found: "Summary"
    asks: "tuple[asks.AskLine, ...]"
    languages: dict[int, str]
    topics: "tuple[SentTopic, ...]"
    has_sent: bool


@dataclass(frozen=True)
class ReceiptLine:
    """One receipt as the page shows it."""

    receipt_id: int
    place: str
    made_by: str
    made_at: datetime
    answers: int
    asks: int
    text_sha256: str
    pdf_sha256: str
    case_reference: str
    given_to: str
    placed_on: date | None
    placed_by: str
    is_current: bool


@dataclass(frozen=True)
class PlaceLine:
    """A restricted place, or the wish for one."""

    place_id: int
    name: str
    asked_by: str
    asked_at: datetime
    asked_by_id: int
    confirmed_by: str
    confirmed_at: datetime | None


def led(session: Session, viewer: StaffIdentity, review_id: int) -> "tuple[Person, Review] | None":
    """A review with its person; None for no review, Denied for whoever does not lead it."""
    return summaries.led_review(session, viewer, review_id)


def person_of(session: Session, review_id: int) -> int:
    """Whose review it is."""
    row = reviews.review(session, review_id)
    return row.person_id if row else 0


def cleared(
    session: Session, viewer: StaffIdentity, review_id: int, place: Place
) -> Cleared | None:
    """What of a review may go to the meeting's sheet or the lead's paper; None for no review.

    Raises Denied for a reader who does not lead it.
    """
    seen: list[SentTopic] = []
    kept: list[SentTopic] = []

    def choose(topics: "list[SentTopic]") -> "list[SentTopic]":
        seen.extend(topics)
        kept.extend(_of_this_review(only_what_goes(topics, place), review_id, place))
        return kept

    found = summaries.summary(session, viewer, review_id, only=choose)
    if found is None:
        return None
    return Cleared(
        found=found,
        asks=cleared_asks(session, found.asks, review_id, place),
        languages={topic.topic_row_id: topic.language for topic in kept},
        topics=tuple(kept),
        has_sent=any(topic.kind in YOUNG and topic.review_id == review_id for topic in seen),
    )


def _of_this_review(topics: "list[SentTopic]", review_id: int, place: Place) -> "list[SentTopic]":
    """A tick is for one meeting, and a record is of one review: what was said for another stands
    on neither."""
    if place is Place.LEADS_PAPER:
        return topics
    return [topic for topic in topics if topic.kind in YOUNG and topic.review_id == review_id]


def cleared_asks(
    session: Session, lines: "Collection[asks.AskLine]", review_id: int, place: Place
) -> "tuple[asks.AskLine, ...]":
    """The asks that may go there: on the table only what the child ticked, and never a button."""
    if place is Place.RESTRICTED:
        return ()
    leaving = asks_service.leaving(session, [line.ask_id for line in lines])
    may_go = [line for line in lines if not leaving[line.ask_id].is_for_few]
    if place is Place.MEETING:
        return tuple(
            line
            for line in may_go
            if leaving[line.ask_id].may_be_said
            and leaving[line.ask_id].review_id in (None, review_id)
        )
    return tuple(may_go)


def record_of(
    session: Session, viewer: StaffIdentity, review_id: int, place: Place
) -> Record | None:
    """What of a review goes to the child's file, or to the restricted part of it; None where there
    is no such review, or no restricted place. Raises Denied for a reader who does not lead it."""
    found = led(session, viewer, review_id)
    if found is None:
        return None
    person, review = found
    if place is Place.RESTRICTED and not is_restricted_open(session, person):
        return None
    leads = accounts.holders_of(session, Role.IRO)
    readable = summaries.readable_topics(session, viewer, review.person_id)
    topics = _of_this_review(only_what_goes(readable, place, leads=leads), review_id, place)
    since = _previous_held(session, review)
    own = [
        line
        for line in asks.asks_of_person(session, viewer, review.person_id)
        if since is None
        or line.answered_at is None
        or clock.in_london(line.asked_at).date() > since
    ]
    code, on = review.participation_code or "", review.held_on or review.due_on
    return make_record(
        place,
        heading=f"Heard: {person.known_as} ({person.child_id})",
        facts=facts_of(
            kind=review.kind,
            due_on=review.due_on,
            held_on=review.held_on,
            code=code,
            code_label=placements.participation_label(code, on) if code else "",
            private_talk=review.private_talk,
            private_talk_why=summaries.private_talk_why(session, review),
        ),
        topics=topics,
        asks=cleared_asks(session, own, review_id, place),
    )


def _previous_held(session: Session, review: "Review") -> date | None:
    """When the review before this one was held."""
    last = (review.held_on or review.due_on) - timedelta(days=1)
    held = reviews.held_between(session, date.min, last)
    days = [row.held_on for row in held if row.person_id == review.person_id and row.held_on]
    return max(days, default=None)


def restricted_place(session: Session) -> RestrictedPlace | None:
    """The place that was asked for last and not ended, confirmed or not."""
    return session.exec(
        select(RestrictedPlace)
        .where(col(RestrictedPlace.ended_at).is_(None))
        .order_by(col(RestrictedPlace.id).desc())
    ).first()


def is_restricted_open(session: Session, person: "Person") -> bool:
    """Whether "only my IRO" of this person may go to a place that two people confirmed. A care
    leaver has no IRO, so nothing of theirs goes there."""
    row = restricted_place(session)
    is_confirmed = row is not None and row.confirmed_at is not None
    return is_confirmed and person.group != people.CARE_LEAVER


def place_line(session: Session) -> PlaceLine | None:
    """The restricted place, or the wish for one, with who said so."""
    row = restricted_place(session)
    if row is None:
        return None
    names = accounts.names_of(session, {row.asked_by, row.confirmed_by or row.asked_by})
    return PlaceLine(
        place_id=row.id or 0,
        name=row.name,
        asked_by=names.get(row.asked_by, ""),
        asked_at=row.asked_at,
        asked_by_id=row.asked_by,
        confirmed_by=names.get(row.confirmed_by or 0, ""),
        confirmed_at=row.confirmed_at,
    )


def receipts_of(session: Session, review_id: int, current: "Collection[str]") -> list[ReceiptLine]:
    """Every receipt of a review, the newest first; `current` are the hashes of the texts as they
    would go now. The caller knows that the viewer leads it."""
    rows = session.exec(
        select(RecordReceipt)
        .where(RecordReceipt.review_id == review_id)
        .order_by(col(RecordReceipt.id).desc())
    ).all()
    ids = {row.made_by for row in rows} | {row.placed_by for row in rows if row.placed_by}
    return [_receipt_line(row, accounts.names_of(session, ids), current) for row in rows]


def _receipt_line(
    row: RecordReceipt, names: dict[int, str], current: "Collection[str]"
) -> ReceiptLine:
    return ReceiptLine(
        receipt_id=row.id or 0,
        place=row.place,
        made_by=names.get(row.made_by, ""),
        made_at=row.made_at,
        answers=len(row.answer_ids),
        asks=len(row.ask_ids),
        text_sha256=row.text_sha256,
        pdf_sha256=row.pdf_sha256,
        case_reference=row.case_reference or "",
        given_to=row.given_to or "",
        placed_on=row.placed_on,
        placed_by=names.get(row.placed_by or 0, ""),
        is_current=row.text_sha256 in current,
    )


def filed_on(session: Session, person_id: int, topic_row_id: int) -> dict[str, date]:
    """Since when a topic stands in the young person's file, by place; empty while nobody said that
    it does. The caller knows that the topic is the asker's own."""
    rows = session.exec(
        select(RecordReceipt)
        .where(RecordReceipt.person_id == person_id, col(RecordReceipt.placed_on).is_not(None))
        .order_by(col(RecordReceipt.placed_on).desc())
    ).all()
    return {
        row.place: row.placed_on
        for row in rows
        if row.placed_on is not None and topic_row_id in row.topic_row_ids
    }
