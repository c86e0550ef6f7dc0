"""The next review: the same date twice changes nothing, a moved one moves, none is doubled."""

from datetime import date, datetime

from sqlmodel import Session

from backend.core.access.permissions import Role
from backend.reviews import queries, service
from tests.factories import make_person, make_staff

DUE, LATER = date(2026, 12, 7), date(2026, 12, 14)


def test_the_same_date_twice_changes_nothing(session: Session, noon: datetime) -> None:
    person = make_person(session).id or 0
    assert service.set_next_review(session, person, kind="review", due_on=DUE)
    assert not service.set_next_review(session, person, kind="review", due_on=DUE)
    found = queries.next_review(session, person)
    assert found is not None
    assert found.due_on == DUE


def test_another_date_moves_the_open_review(session: Session, noon: datetime) -> None:
    person = make_person(session).id or 0
    service.set_next_review(session, person, kind="review", due_on=DUE)
    first = queries.next_review(session, person)
    assert service.set_next_review(session, person, kind="review", due_on=LATER)
    second = queries.next_review(session, person)
    assert first is not None
    assert second is not None
    assert (second.id, second.due_on) == (first.id, LATER)


def test_the_date_of_a_review_already_held_is_an_old_one(session: Session, noon: datetime) -> None:
    person = make_person(session).id or 0
    service.record_held(session, person, kind="review", held_on=DUE, participation_code="PN1")
    assert not service.set_next_review(session, person, kind="review", due_on=DUE)
    assert queries.next_review(session, person) is None


def test_a_care_leaver_keeps_no_open_statutory_review(session: Session, noon: datetime) -> None:
    person = make_person(session).id or 0
    service.set_next_review(session, person, kind="review", due_on=DUE)
    assert service.set_next_review(session, person, kind="pathway", due_on=LATER)
    found = queries.next_review(session, person)
    assert found is not None
    assert (found.kind, found.due_on) == ("pathway", LATER)


def test_a_review_is_confirmed_after_it_was_held_and_not_before(
    session: Session, noon: datetime
) -> None:
    viewer, person = make_staff(session, Role.IRO), make_person(session).id or 0
    service.set_next_review(session, person, kind="review", due_on=DUE)
    review = queries.next_review(session, person)
    assert review is not None
    for held_on, code, talk in (
        (LATER, "PN1", "done"),
        (date(2026, 11, 20), "", "done"),
        (date(2026, 11, 20), "PN1", "perhaps"),
    ):
        try:
            service.confirm(
                session,
                viewer,
                review,
                held_on=held_on,
                participation_code=code,
                private_talk=talk,
            )
            raise AssertionError("taken")
        except service.ReviewRefused:
            assert review.held_on is None
    service.confirm(
        session,
        viewer,
        review,
        held_on=date(2026, 11, 20),
        participation_code="PN1",
        private_talk="done",
    )
    following = queries.next_review(session, person)
    assert following is not None
    assert (following.due_on, following.basis) == (date(2027, 5, 20), "regulation_33")
