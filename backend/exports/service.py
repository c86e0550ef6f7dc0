"""Takes words and figures out of Heard: each time with a receipt, and only where they may go."""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlmodel import Session, col, select

from backend.core import audit, clock
from backend.core.access.identity import StaffIdentity
from backend.exports import queries
from backend.exports.clearance import Place
from backend.exports.left_out import groups_of as groups_of
from backend.exports.models import RecordReceipt
from backend.exports.places import NotTheirs as NotTheirs
from backend.exports.places import PlaceRefused as PlaceRefused
from backend.exports.places import decide_place as decide_place
from backend.exports.places import name_place as name_place
from backend.exports.record_sheets import record_sheet
from backend.exports.records import Record
from backend.exports.return_files import files_of
from backend.exports.return_files import report_of as report_of
from backend.exports.return_rows import ReviewsReturn
from backend.exports.returns import reviews_return as reviews_return
from backend.exports.sheets import Made, leads_page, meeting_sheet
from backend.paper import service as paper
from backend.summaries import queries as summaries

BY_COMMAND = "command"
TEMPLATE = "review.typ"
LONGEST_REFERENCE = 200
PRINTED = audit.declare("review.printed", "review_id", "sheet", "answers", "asks")
TAKEN_OUT = audit.declare("record.taken_out", "receipt_id", "place", "how", "answers", "asks")
PLACED = audit.declare("record.placed", "receipt_id", "placed_on")
RETURN_EXPORTED = audit.declare("return.exported", "year_end", "rows", "left_out", "as_imported")


class PlacedWhere(Exception):
    """What was entered about where a record stands cannot be; the message says why."""


@dataclass(frozen=True)
class TakenOut:
    """A record on its way to the case system, with its receipt."""

    receipt: RecordReceipt
    record: Record
    pdf: bytes


def print_meeting_sheet(
    session: Session, viewer: StaffIdentity, review_id: int, *, as_picture: bool = False
) -> Any:
    """What the young person ticked, with the agenda, as a PDF; None where there is no such review.

    Raises Denied for a reader who does not lead it."""
    found = queries.cleared(session, viewer, review_id, Place.MEETING)
    if found is None:
        return None
    _note_printing(session, viewer, found, Place.MEETING)

    def values(refused: Collection[str]) -> dict[str, Any]:
        return meeting_sheet(
            found.found, found.asks, summaries.AGENDA, refused=refused, languages=found.languages
        )

    return paper.typeset(TEMPLATE, values, as_picture=as_picture)


def print_for_lead(
    session: Session, viewer: StaffIdentity, review_id: int, *, as_picture: bool = False
) -> Any:
    """The page for whoever leads the review alone, marked so on every side, as a PDF; None where
    there is no such review. Raises Denied for a reader who does not lead it."""
    found = queries.cleared(session, viewer, review_id, Place.LEADS_PAPER)
    if found is None:
        return None
    _note_printing(session, viewer, found, Place.LEADS_PAPER)
    made = Made(viewer.name, clock.now())

    def values(refused: Collection[str]) -> dict[str, Any]:
        return leads_page(
            found.found,
            found.asks,
            made,
            refused=refused,
            languages=found.languages,
            has_sent=found.has_sent,
        )

    return paper.typeset(TEMPLATE, values, as_picture=as_picture)


def _note_printing(
    session: Session, viewer: StaffIdentity, found: queries.Cleared, place: Place
) -> None:
    audit.record(
        session,
        PRINTED,
        actor=viewer.actor,
        person_id=found.found.person.id,
        review_id=found.found.review.id,
        sheet=place.value,
        answers=sum(len(topic.answers) for topic in found.topics),
        asks=len(found.asks),
    )


def take_out(
    session: Session, viewer: StaffIdentity, review_id: int, *, place: Place, how: str
) -> TakenOut | None:
    """The record as it is now, with a receipt; `how` is copied, text or pdf. None where there is
    no such review or no restricted place. Raises Denied.

    The same person taking out the same words again has the same receipt, and is audited again.
    """
    record = queries.record_of(session, viewer, review_id, place)
    if record is None:
        return None
    receipt = _same_receipt(session, viewer, review_id, record)
    made_at = receipt.made_at if receipt else clock.now()
    pdf = paper.typeset(
        TEMPLATE, lambda refused: record_sheet(record, refused=refused), made_at=made_at
    )
    if receipt is None:
        person = queries.person_of(session, review_id)
        receipt = RecordReceipt(
            review_id=review_id,
            person_id=person,
            place=place.value,
            made_by=viewer.staff_id,
            made_at=made_at,
            topic_row_ids=sorted({entry.topic_row_id for entry in record.entries}),
            answer_ids=sorted({entry.answer_id for entry in record.entries}),
            ask_ids=sorted({ask.ask_id for ask in record.asks}),
            text_sha256=record.text_sha256,
            pdf_sha256=hashlib.sha256(pdf).hexdigest(),
        )
        session.add(receipt)
        session.flush()
    audit.record(
        session,
        TAKEN_OUT,
        actor=viewer.actor,
        person_id=receipt.person_id,
        receipt_id=receipt.id,
        place=place.value,
        how=how,
        answers=len(receipt.answer_ids),
        asks=len(receipt.ask_ids),
    )
    return TakenOut(receipt, record, pdf)


def _same_receipt(
    session: Session, viewer: StaffIdentity, review_id: int, record: Record
) -> RecordReceipt | None:
    return session.exec(
        select(RecordReceipt)
        .where(
            RecordReceipt.review_id == review_id,
            RecordReceipt.place == record.place.value,
            RecordReceipt.made_by == viewer.staff_id,
            RecordReceipt.text_sha256 == record.text_sha256,
        )
        .order_by(col(RecordReceipt.id).desc())
    ).first()


def note_placed(
    session: Session,
    viewer: StaffIdentity,
    review_id: int,
    receipt_id: int,
    *,
    reference: str,
    given_to: str,
) -> RecordReceipt | None:
    """Say that a record was put into the case system today, under which reference, to whom; None
    where this review has no such receipt. Raises Denied, and PlacedWhere."""
    queries.led(session, viewer, review_id)
    receipt = session.get(RecordReceipt, receipt_id)
    if receipt is None or receipt.review_id != review_id:
        return None
    if not reference.strip():
        raise PlacedWhere("Enter the case system’s reference, so that it can be found again.")
    if max(len(reference), len(given_to)) > LONGEST_REFERENCE:
        raise PlacedWhere(f"Enter at most {LONGEST_REFERENCE} characters.")
    receipt.case_reference, receipt.given_to = reference.strip(), given_to.strip()
    receipt.placed_on, receipt.placed_by = clock.today(), viewer.staff_id
    session.add(receipt)
    audit.record(
        session,
        PLACED,
        actor=viewer.actor,
        person_id=receipt.person_id,
        receipt_id=receipt.id,
        placed_on=receipt.placed_on.isoformat(),
    )
    return receipt


def export_return(
    session: Session, actor: str, *, year: int | None = None, is_as_imported: bool = False
) -> tuple[ReviewsReturn, dict[str, bytes]]:
    """The reviews of a return and its files by name; audited with how many rows went."""
    found = reviews_return(session, year=year, is_as_imported=is_as_imported)
    end: date | None = found.year_end
    audit.record(
        session,
        RETURN_EXPORTED,
        actor=actor,
        year_end=end.isoformat() if end else "",
        rows=len(found.rows),
        left_out=len(found.left_out),
        as_imported=is_as_imported,
    )
    return found, files_of(found)
