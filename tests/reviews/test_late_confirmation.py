"""A review confirmed late, after an extract had named the next: both keep their own days."""

from datetime import date, datetime, timedelta

from sqlmodel import Session, select

from backend.core import clock
from backend.core.access.permissions import Role
from backend.reviews import queries, service
from backend.reviews.models import Review
from backend.surveys import rounds
from backend.surveys import service as surveys
from backend.surveys.models import Consultation
from tests.factories import make_person, make_staff

FIRST, NEXT = date(2026, 11, 16), date(2027, 5, 10)


def test_the_day_that_the_extract_named_for_the_next_review_is_not_lost(
    session: Session, noon: datetime
) -> None:
    iro = make_staff(session, Role.IRO)
    person = make_person(session, iro_id=iro.staff_id)
    with clock.set_to(noon - timedelta(days=20)):
        service.set_next_review(session, person.id or 0, kind="review", due_on=FIRST)
    # It was held on the 16th; the next extract comes before its IRO confirmed that.
    service.set_next_review(session, person.id or 0, kind="review", due_on=NEXT)
    with clock.set_to(noon + timedelta(days=2)):
        review = queries.next_review(session, person.id or 0)
        assert review is not None
        service.confirm(
            session, iro, review, held_on=FIRST, participation_code="PN1", private_talk="done"
        )
        coming = queries.next_review(session, person.id or 0)
    assert (review.due_on, review.held_on) == (FIRST, FIRST)
    assert coming is not None
    assert coming.id != review.id
    assert coming.due_on == NEXT
    assert len(session.exec(select(Review)).all()) == 2


def test_a_day_that_was_known_before_the_meeting_stays_this_reviews_own(
    session: Session, noon: datetime
) -> None:
    iro = make_staff(session, Role.IRO)
    person = make_person(session, iro_id=iro.staff_id)
    with clock.set_to(noon - timedelta(days=20)):
        service.set_next_review(session, person.id or 0, kind="review", due_on=FIRST)
    with clock.set_to(noon - timedelta(days=10)):
        later = FIRST + timedelta(days=9)
        service.set_next_review(session, person.id or 0, kind="review", due_on=later)
    review = queries.next_review(session, person.id or 0)
    assert review is not None
    service.confirm(
        session, iro, review, held_on=FIRST, participation_code="PN1", private_talk="done"
    )
    assert review.due_on == later
    coming = queries.next_review(session, person.id or 0)
    assert coming is not None
    assert coming.due_on == date(2027, 5, 16)


def test_the_round_of_the_review_that_was_held_does_not_wait_for_the_next_ones_day(
    session: Session, noon: datetime
) -> None:
    iro = make_staff(session, Role.IRO)
    person = make_person(session, iro_id=iro.staff_id)
    with clock.set_to(noon - timedelta(days=20)):
        service.set_next_review(session, person.id or 0, kind="review", due_on=FIRST)
    with clock.set_to(noon - timedelta(days=10)):
        surveys.open_rounds(session)
    service.set_next_review(session, person.id or 0, kind="review", due_on=NEXT)
    surveys.open_rounds(session)
    round_ = session.exec(select(Consultation).where(Consultation.moment == "before_review")).one()
    assert round_.closes_on == NEXT
    with clock.set_to(noon + timedelta(days=2)):
        review = queries.next_review(session, person.id or 0)
        assert review is not None
        service.confirm(
            session, iro, review, held_on=FIRST, participation_code="PN1", private_talk="done"
        )
        for _ in range(2):
            surveys.open_rounds(session)
        assert round_.closes_on == clock.today() + timedelta(days=14)
        assert [one for one in rounds.invitable(session) if one.moment == "before_review"] == []
    with clock.set_to(noon + timedelta(days=5)):
        surveys.open_rounds(session)
    assert round_.closes_on == (noon + timedelta(days=16)).date()
