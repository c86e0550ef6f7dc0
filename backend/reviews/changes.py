"""What people do to a review's dates, each kept with who did it and why."""

from datetime import date, datetime, time, timedelta

from sqlmodel import Session

from backend.core import clock
from backend.core.access.identity import StaffIdentity
from backend.reviews import timescales
from backend.reviews.models import Review
from backend.reviews.openings import ensure_next_review, is_taken, note_change
from backend.reviews.timescales import Basis

# Regulation 33(3), and what IROs meet besides: why a review is held before its time.
GROUNDS = {
    "iro": "The IRO asks for it",
    "asked": "The child or young person asks for it",
    "change": "A big change to the care or pathway plan",
    "welfare": "A visitor finds that welfare is not safeguarded",
    "custody": "Remand or custody is about to end",
    "ends": "Care under section 20 is about to end",
    "other": "Another reason",
}
LATE_REASONS = {
    "child": "The child was missing, ill or not ready",
    "family": "The family or the carers could not come",
    "worker": "The social worker or the report was not ready",
    "iro": "No IRO was free",
    "told_late": "The IRO service was told late",
    "authority": "Held by another authority",
    "other": "Another reason",
}
ENOUGH = "Write down why, so that whoever reads it later knows."


class DatesRefused(Exception):
    """What was entered about a review's dates cannot be; `errors` says why, by field."""

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__(errors)
        self.errors = errors


def meeting_moment(day: date, at: time) -> datetime:
    """A day and a time on London's clock as a moment; raises DatesRefused for a time that the night
    of the clocks leaves out. Of one that it has twice, the first is meant."""
    moment = datetime.combine(day, at, clock.LONDON)
    there_and_back = clock.in_london(datetime.fromtimestamp(moment.timestamp(), clock.LONDON))
    if there_and_back.time() != at:
        raise DatesRefused({"meeting_time": "The clocks go forward then. Enter another time."})
    return moment


def set_meeting(
    session: Session,
    viewer: StaffIdentity,
    review: Review,
    *,
    day: date | None,
    at: time | None,
    place: str = "",
) -> None:
    """Say when and where the review meeting is; without a day, that this review has none.

    A meeting that was adjourned is taken up again by this, within 20 working days. Raises
    DatesRefused.
    """
    _check_open(review)
    before = meeting_day(review)
    if day is None:
        if review.adjourned_on is not None:
            raise DatesRefused({"meeting_on": "It was adjourned: enter the day it goes on."})
        review.has_meeting, review.meeting_at, review.meeting_place = False, None, None
        _note(session, viewer, review, "meeting_set", before, None)
        return
    _check_meeting_day(review, day)
    if at is None:
        raise DatesRefused({"meeting_time": "Enter when it begins, such as 16:30."})
    review.has_meeting, review.meeting_at = True, meeting_moment(day, at)
    review.meeting_place = place.strip() or None
    what = "resumed" if review.adjourned_on is not None else "meeting_set"
    _note(session, viewer, review, what, before, day)


def _check_meeting_day(review: Review, day: date) -> None:
    if day < clock.today():
        raise DatesRefused({"meeting_on": "That day has passed. Enter today or a later day."})
    if review.resume_by is not None and day > review.resume_by:
        last = f"{review.resume_by.day} {review.resume_by:%B %Y}"
        words = f"An adjourned meeting goes on within 20 working days: by {last} (regulation 36)."
        raise DatesRefused({"meeting_on": words})


def meeting_day(review: Review) -> date | None:
    """London's day of the meeting, where one is set."""
    return clock.in_london(review.meeting_at).date() if review.meeting_at else None


def move(session: Session, viewer: StaffIdentity, review: Review, *, to: date, reason: str) -> None:
    """Give a review another due day; raises DatesRefused."""
    _check_new_day(session, review, "moved_to", to)
    if not reason.strip():
        raise DatesRefused({"moved_reason": ENOUGH})
    before, review.due_on, review.basis = review.due_on, to, Basis.MOVED
    _note(session, viewer, review, "moved", before, to, reason=reason)


def bring_forward(
    session: Session,
    viewer: StaffIdentity,
    review: Review,
    *,
    to: date,
    ground: str,
    reason: str = "",
) -> None:
    """Hold a review before its time (regulation 33(3)); the next then counts from it.

    Raises DatesRefused.
    """
    _check_new_day(session, review, "forward_to", to)
    if to >= review.due_on:
        raise DatesRefused({"forward_to": "That is not before the day it is due. Move it instead."})
    if ground not in GROUNDS:
        raise DatesRefused({"ground": "Choose why it is brought forward."})
    if ground == "other" and not reason.strip():
        raise DatesRefused({"forward_reason": ENOUGH})
    words = f"{GROUNDS[ground]}. {reason.strip()}".strip()
    before, review.due_on, review.basis = review.due_on, to, Basis.BROUGHT_FORWARD
    _note(session, viewer, review, "brought_forward", before, to, reason=words)


def _check_new_day(session: Session, review: Review, field: str, day: date) -> None:
    _check_open(review)
    if day < clock.today():
        raise DatesRefused({field: "That day has passed. Enter today or a later day."})
    if day > clock.today() + timedelta(days=366):
        raise DatesRefused({field: "That is more than a year away. Check the year."})
    if day == review.due_on:
        raise DatesRefused({field: "It is due on that day already."})
    if is_taken(session, review.person_id, review.kind, day):
        raise DatesRefused({field: "Another review stands on that day. Enter another day."})


def cancel(session: Session, viewer: StaffIdentity, review: Review, *, reason: str) -> Review:
    """Cancel a review; the next that the law wants is opened at once, and returned.

    Raises DatesRefused.
    """
    _check_open(review)
    if not reason.strip():
        raise DatesRefused({"cancel_reason": ENOUGH})
    review.cancelled_on, review.cancelled_reason = clock.today(), reason.strip()
    _note(session, viewer, review, "cancelled", review.due_on, None, reason=reason)
    return ensure_next_review(session, review.person_id) or review


def adjourn(
    session: Session, viewer: StaffIdentity, review: Review, *, on: date, reason: str
) -> None:
    """Say that the meeting began and was adjourned; once, for 20 working days at most.

    Raises DatesRefused. Source: regulation 36(2).
    """
    _check_open(review)
    if review.adjourned_on is not None:
        words = "It was adjourned once, and regulation 36 allows that once: hold it, or move it."
        raise DatesRefused({"adjourned_on": words})
    if on > clock.today():
        raise DatesRefused({"adjourned_on": "That day is still to come. To change it, move it."})
    if review.counted_from is not None and on < review.counted_from:
        last = f"{review.counted_from.day} {review.counted_from:%B %Y}"
        words = f"This review is counted from {last}. Enter a later day."
        raise DatesRefused({"adjourned_on": words})
    if not reason.strip():
        raise DatesRefused({"adjourn_reason": ENOUGH})
    review.adjourned_on, review.resume_by = on, timescales.resume_by(on)
    review.meeting_at = None
    _note(session, viewer, review, "adjourned", on, review.resume_by, reason=reason)


def explain_late(
    session: Session, viewer: StaffIdentity, review: Review, *, reason: str, note: str = ""
) -> None:
    """Say why a review was held too late, or will be; raises DatesRefused."""
    if review.cancelled_on is not None:
        raise DatesRefused({"late_reason": "This review was cancelled."})
    if reason not in LATE_REASONS:
        raise DatesRefused({"late_reason": "Choose why it was late."})
    review.late_reason, review.late_note = reason, note.strip() or None
    words = f"{LATE_REASONS[reason]}. {note.strip()}".strip()
    _note(session, viewer, review, "late_explained", None, None, reason=words)


def _check_open(review: Review) -> None:
    if review.held_on is not None:
        raise DatesRefused({"dates": "This review was held. Its dates are the next one's now."})
    if review.cancelled_on is not None:
        raise DatesRefused({"dates": "Somebody cancelled this review. Open the next one."})


def _note(
    session: Session,
    viewer: StaffIdentity,
    review: Review,
    what: str,
    before_on: date | None,
    after_on: date | None,
    *,
    reason: str | None = None,
) -> None:
    session.add(review)
    note_change(
        session,
        review,
        what,
        actor=viewer.actor,
        by=viewer.staff_id,
        before_on=before_on,
        after_on=after_on,
        reason=(reason or "").strip() or None,
    )
    session.flush()
