"""What cannot wait for Monday: once each, to whoever can act on it, by a key that stays."""

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlmodel import Session

from backend.accounts import queries as accounts
from backend.accounts import service as accounts_service
from backend.asks import reminders as asks
from backend.core import clock
from backend.core.access.identity import StaffIdentity
from backend.core.access.permissions import Permission
from backend.core.access.policy import may
from backend.entry import queries as entry
from backend.messaging import service as messaging
from backend.people import queries as people
from backend.reviews import queries as reviews
from backend.safeguarding import queries as safeguarding
from backend.surveys import queries as surveys

if TYPE_CHECKING:
    from backend.people.models import Person
    from backend.reviews.models import Review

NOT_SAFE = "not_safe"
DUE_WITHIN = 1  # working days
SOON = timedelta(days=3)
# A worker that stood still tells it late, as long as somebody could still come on the wrong day.
LOOKED_BACK = SOON + timedelta(days=1)
MOVES = ("meeting_set", "moved", "brought_forward", "cancelled", "adjourned", "resumed")
DUE = "due_changed"


def send_urgent(session: Session) -> None:
    """Write what cannot wait. Running it again, or beside itself, writes nothing twice."""
    everybody = {key for key, _, _ in accounts.working_roles(session)}
    is_alarm = safeguarding.waits_unseen(session, NOT_SAFE)
    asked = everybody if is_alarm else everybody & asks.pressing(session, DUE_WITHIN)
    for staff_id in sorted(asked):
        viewer = accounts_service.identity_by_id(session, staff_id)
        if viewer is not None:
            tell_not_safe(session, viewer)
            tell_asks(session, viewer)
    for one in asks.to_tell(session):
        messaging.write(session, key=one.key, occasion="answer", contributor_id=one.contributor_id)
    tell_moves(session)


def tell_not_safe(session: Session, viewer: StaffIdentity) -> None:
    """To the duty desk and the lead: that somebody said that it is not safe, and where to look."""
    if not may(viewer, Permission.SEE_DUTY_LIST) and not may(viewer, Permission.SEE_READING_LIST):
        return
    for one in safeguarding.open_concerns(session, viewer):
        if one.source == NOT_SAFE and one.seen_at is None:
            _tell(
                session,
                viewer.staff_id,
                key=f"urgent:concern:{one.concern_id}:{viewer.staff_id}",
                subject="Heard: look now",
                words=f"{one.person_name[:1]}.: look now, before anything else",
                href=f"/staff/concerns/{one.concern_id}",
            )


def tell_asks(session: Session, viewer: StaffIdentity) -> None:
    """Asks of one's own that are due within a working day, and answers that wait for one's look."""
    if not may(viewer, Permission.SEE_ASKS):
        return
    for one in asks.due_soon(session, viewer.staff_id, DUE_WITHIN):
        _tell(
            session,
            viewer.staff_id,
            key=f"urgent:ask:{one.ask_id}:{one.due_on.isoformat()}:{viewer.staff_id}",
            subject="Heard: an ask is due",
            words=f"{one.initial}.: {one.label}. Due {one.due_on:%A} {one.due_on.day} "
            f"{one.due_on:%B}",
            href=f"/staff/asks/{one.ask_id}",
        )
    for one in asks.waiting_for_lead(session, viewer.staff_id):
        _tell(
            session,
            viewer.staff_id,
            key=f"urgent:look:{one.ask_id}:{one.due_on.isoformat()}:{viewer.staff_id}",
            subject="Heard: an answer waits for your look",
            words=f"{one.initial}.: {one.label}. It is answered; look before the child sees it",
            href=f"/staff/asks/{one.ask_id}",
        )


def tell_moves(session: Session) -> None:
    """To everybody called to a round, and to the staff around it: a meeting of the next three days
    is on another day or cancelled, or one is in the next three days that was not. Later ones stand
    on the pages."""
    living = people.living_ids(session)
    found = reviews.reviews(session, surveys.reviews_asked_about(session, living))
    today, since = clock.today(), clock.now() - LOOKED_BACK
    for change in reviews.changes_since(session, found, since):
        review = found[change.review_id]
        days = [day for day in (change.before_on, change.after_on) if day is not None]
        # The first time that a day is set changes nothing that anybody was told; and once there is
        # a meeting, the day by which the law wants the review is nobody's to come on.
        is_news = change.what in MOVES or (change.what == DUE and review.meeting_at is None)
        changed_on = clock.in_london(change.at).date()
        is_soon = any(today <= day <= changed_on + SOON for day in days)
        person = people.person(session, review.person_id)
        if is_news and is_soon and change.before_on is not None and person is not None:
            _tell_move(session, person, review, change_id=change.id or 0)


def _tell_move(session: Session, person: "Person", review: "Review", *, change_id: int) -> None:
    is_off = review.cancelled_on is not None
    for consultation_id, contributor_id in surveys.called_before_review(session, review.id or 0):
        messaging.write(
            session,
            key=f"moved:{change_id}:{contributor_id}",
            occasion="meeting_changed",
            contributor_id=contributor_id,
            # Of a review that is cancelled nobody is asked any more, and everybody is told.
            consultation_id=None if is_off else consultation_id,
        )
    day = reviews.expected_on(review)
    said = "is cancelled" if is_off else f"is now on {day:%A} {day.day} {day:%B}"
    for staff_id in {person.iro_id, person.worker_id, person.personal_adviser_id} - {None}:
        _tell(
            session,
            staff_id or 0,
            key=f"moved:{change_id}:staff:{staff_id}",
            subject="Heard: a meeting has changed",
            words=f"{person.known_as[:1]}.: the meeting {said}",
            href="/staff/digest",
        )


def _tell(
    session: Session, staff_id: int, *, key: str, subject: str, words: str, href: str
) -> None:
    messaging.write(
        session,
        key=key,
        occasion="urgent",
        staff_id=staff_id,
        subject=subject,
        words=f"{words}: {entry.own_address(href)}",
    )
