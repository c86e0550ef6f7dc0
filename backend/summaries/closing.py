"""Closes a review after its meeting: what the page offers, prefilled, and what it must hold."""

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from sqlmodel import Session

from backend.accounts import queries as accounts
from backend.core import clock
from backend.core.access.identity import StaffIdentity
from backend.core.forms import FieldErrors
from backend.people import queries as people
from backend.placements import queries as placements
from backend.reviews import queries as reviews
from backend.reviews import service as reviews_service
from backend.summaries import after_meeting
from backend.summaries.after_meeting import PRIVATE_TALKS, YOUNG_PERSON, Notes, SavedNotes
from backend.summaries.neighbours import day_of
from backend.summaries.suggestions import (
    Suggestion,
    how_own_was_given,
    suggest_code,
    why_code_cannot_be,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from backend.people.models import Person
    from backend.reviews.models import Review
    from backend.surveys.queries import SentTopic


@dataclass(frozen=True)
class Closing:
    """The page "After the meeting", with every field as it would be confirmed now."""

    person: "Person"
    review: "Review"
    has_code: bool  # a care leaver's pathway-plan review has no participation code
    saved: SavedNotes
    notes: Notes
    suggestion: Suggestion
    codes: tuple[tuple[str, str], ...]
    around: tuple[tuple[str, str], ...]
    days_late: int
    late_reasons: tuple[tuple[str, str], ...]
    next_on: date | None


def closing(
    session: Session, person: "Person", review: "Review", own: "Iterable[SentTopic]"
) -> Closing:
    """What the lead sees after the meeting; `own` are the young person's topics of this review."""
    saved = after_meeting.newest(session, review.id or 0)
    sent = list(own)
    is_leaver = person.group == people.CARE_LEAVER
    day = saved.notes.day or review.held_on or min(day_of(review), clock.today())
    suggestion = suggest_code(
        date_of_birth=person.date_of_birth,
        due_on=day,
        has_sent=bool(sent),
        how_given=how_own_was_given(sent),
        has_come=(YOUNG_PERSON in saved.notes.came) if saved.notes.came else None,
    )
    notes = _prefilled(saved.notes, review, day, Suggestion("", "") if is_leaver else suggestion)
    why = notes.private_talk_why or after_meeting.private_talk_why(session, review)
    coming = reviews.next_review(session, review.person_id)
    return Closing(
        person=person,
        review=review,
        has_code=not is_leaver,
        saved=saved,
        notes=replace(notes, private_talk_why=why),
        suggestion=suggestion,
        codes=tuple(placements.participation_codes(day)),
        around=tuple(_around(session, person)),
        days_late=days_late(review, day),
        late_reasons=tuple(reviews_service.LATE_REASONS.items()),
        next_on=coming.due_on if review.held_on and coming and coming.id != review.id else None,
    )


def days_late(review: "Review", day: date) -> int:
    """How many days after the last one that the rule allows; 0 for a review in time."""
    return max(0, (day - (review.latest_on or review.due_on)).days)


def _prefilled(notes: Notes, review: "Review", day: date, suggestion: Suggestion) -> Notes:
    """What was saved, else what was confirmed, else what is suggested."""
    return replace(
        notes,
        held_on=notes.held_on or day.isoformat(),
        private_talk=notes.private_talk or review.private_talk or "",
        participation_code=notes.participation_code or review.participation_code or suggestion.code,
        late_reason=notes.late_reason or review.late_reason or "",
        late_note=notes.late_note or review.late_note or "",
    )


def _around(session: Session, person: "Person") -> "list[tuple[str, str]]":
    """Everybody who may have come, by key and name: the young person first."""
    is_leaver = person.group == people.CARE_LEAVER
    worker_id = person.personal_adviser_id if is_leaver else person.worker_id
    names = accounts.names_of(session, {worker_id} if worker_id else set())
    found = [(YOUNG_PERSON, person.known_as)]
    if worker_id in names:
        found.append(("worker", f"{names[worker_id or 0]}, {'PA' if is_leaver else 'worker'}"))
    for line in people.contributors_around(session, person.id or 0):
        if line.name != person.known_as or line.contributor_id != _own_id(session, person):
            found.append((str(line.contributor_id), f"{line.name}, {_part(line.kind.value)}"))
    return found


def _own_id(session: Session, person: "Person") -> int | None:
    own = people.contributor_of_person(session, person.id or 0)
    return own.id if own else None


def _part(kind: str) -> str:
    return {"provider_staff": "staff", "other": "asked by you"}.get(kind, kind.replace("_", " "))


def check_notes(person: "Person", review: "Review", notes: Notes) -> None:
    """Raise FieldErrors for what is missing or cannot be before a review can be closed."""
    errors: dict[str, str] = {}
    is_leaver = person.group == people.CARE_LEAVER
    if notes.day is None:
        errors["held_on"] = "Enter the day on which it was held, such as 27 3 2026."
    elif notes.day > clock.today():
        errors["held_on"] = "That day is still to come. Enter a day up to today."
    if notes.private_talk not in PRIVATE_TALKS:
        errors["private_talk"] = "Choose what happened about talking in private."
    if notes.private_talk == reviews.NOT_APPROPRIATE and not notes.private_talk_why:
        errors["private_talk_why"] = "Write why it was not appropriate."
    if not is_leaver and not notes.participation_code:
        errors["participation_code"] = "Choose how they took part."
    if notes.participation_code and notes.day:
        why = why_code_cannot_be(
            notes.participation_code, date_of_birth=person.date_of_birth, held_on=notes.day
        )
        if why:
            errors["participation_code"] = why
    if notes.day and days_late(review, notes.day) and not notes.late_reason:
        errors["late_reason"] = "Choose why it was late."
    if errors:
        raise FieldErrors(errors)


def close(
    session: Session, viewer: StaffIdentity, person: "Person", review: "Review", notes: Notes
) -> None:
    """Confirm the review as held. Raises FieldErrors."""
    check_notes(person, review, notes)
    if notes.day is None:
        raise FieldErrors({"held_on": "Enter the day on which it was held."})
    try:
        reviews_service.confirm(
            session,
            viewer,
            review,
            held_on=notes.day,
            participation_code=notes.participation_code,
            private_talk=notes.private_talk,
            private_talk_why=notes.private_talk_why,
        )
        if notes.late_reason and days_late(review, notes.day):
            reviews_service.explain_late(
                session, viewer, review, reason=notes.late_reason, note=notes.late_note
            )
    except reviews_service.ReviewRefused as refused:
        raise FieldErrors({"held_on": str(refused)}) from refused
    except reviews_service.DatesRefused as refused:
        raise FieldErrors(refused.errors) from refused
