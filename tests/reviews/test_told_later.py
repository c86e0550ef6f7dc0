"""What is told of later is judged anew, and what is not known is not claimed."""

from datetime import UTC, date, datetime

import pytest
from sqlmodel import Session, select

from backend.core import clock
from backend.core.access.permissions import Role
from backend.history.models import ReturnChild, ReturnEpisode, ReturnReview
from backend.people.models import Person
from backend.reviews import queries, service
from backend.reviews.jobs import DAILY
from backend.reviews.limits import adult_on
from backend.reviews.models import Review, ReviewChange
from backend.reviews.service import ReviewRefused
from tests.factories import make_person, make_staff
from tests.oracles import reg33


def the_day(session: Session) -> None:
    for duty in DAILY:
        duty(session)
    session.flush()


def tell(session: Session, person: Person, held: list[date], *, years: list[int]) -> list[Review]:
    """Bring in returns that tell of these reviews, as an import of them does."""
    child = ReturnChild(child=person.child_id, person_id=person.id)
    session.add(child)
    session.flush()
    for number, year in enumerate(years):
        session.add(
            ReturnEpisode(
                return_child_id=child.id or 0,
                started_on=date(year - 1, 4, 1 + number),
                year_end=date(year, 3, 31),
            )
        )
    for day in held:
        session.add(ReturnReview(return_child_id=child.id or 0, reviewed_on=day, code="PN1"))
    session.flush()
    return [record(session, person, day) for day in held]


def record(session: Session, person: Person, day: date) -> Review:
    return service.record_held(
        session, person.id or 0, kind="review", held_on=day, participation_code="PN1"
    )


def confirm(session: Session, review: Review, held_on: date) -> None:
    service.confirm(
        session,
        make_staff(session, Role.IRO),
        review,
        held_on=held_on,
        participation_code="PN1",
        private_talk="done",
    )


def open_review(session: Session, person: Person) -> Review:
    found = queries.next_review(session, person.id or 0)
    assert found is not None
    return found


def test_reviews_of_a_return_are_each_judged_by_the_one_before(
    session: Session, noon: datetime
) -> None:
    began = date(2024, 4, 15)
    held = [date(2024, 5, 10), date(2024, 8, 1), date(2025, 3, 3), date(2025, 8, 20)]
    person = make_person(session, became_looked_after_on=began)
    rows = tell(session, person, held, years=[2025, 2026])
    assert [row.latest_on for row in rows] == reg33.last_days(began, held)[:4]
    late = [
        max(0, (day - (row.latest_on or day)).days) for row, day in zip(rows, held, strict=True)
    ]
    assert late == reg33.late_by(began, held) == [0, 0, 30, 0]


@pytest.mark.parametrize(("years", "is_known"), [([2025], True), ([2026], False), ([], False)])
def test_a_late_first_review_is_called_late_only_where_the_returns_tell_all(
    years: list[int], *, is_known: bool, session: Session, noon: datetime
) -> None:
    began, held = date(2024, 6, 3), date(2024, 10, 7)
    person = make_person(session, became_looked_after_on=began)
    row = record(session, person, held)
    assert row.rule is None
    child = ReturnChild(child=person.child_id, person_id=person.id)
    session.add(child)
    session.flush()
    for year in years:
        session.add(
            ReturnEpisode(
                return_child_id=child.id or 0, started_on=began, year_end=date(year, 3, 31)
            )
        )
    session.flush()
    record(session, person, held)
    assert row.rule == ("first" if is_known else None)
    following = record(session, person, date(2025, 1, 6))
    assert following.rule == ("second" if is_known else "later")


def test_a_review_that_is_told_of_later_ends_the_wait_of_the_one_after_it(
    session: Session, noon: datetime
) -> None:
    person = make_person(session)
    rows = tell(session, person, [date(2025, 5, 6), date(2026, 2, 3)], years=[2026])
    assert rows[1].latest_on == date(2025, 11, 6)
    record(session, person, date(2025, 10, 1))
    assert (rows[1].counted_from, rows[1].latest_on) == (date(2025, 10, 1), date(2026, 4, 1))


def test_the_same_review_under_two_days_is_not_taken_for_two(
    session: Session, noon: datetime
) -> None:
    began = date(2026, 2, 2)
    person = make_person(session, became_looked_after_on=began)
    record(session, person, date(2026, 2, 24))
    child = ReturnChild(child=person.child_id, person_id=person.id)
    session.add(child)
    session.flush()
    session.add(
        ReturnReview(return_child_id=child.id or 0, reviewed_on=date(2026, 2, 26), code="PN1")
    )
    second = record(session, person, date(2026, 5, 20))
    assert (second.rule, second.counted_from) == ("second", date(2026, 2, 24))


def test_a_wait_that_ran_out_before_heard_was_there_is_not_called_late(session: Session) -> None:
    with clock.set_to(datetime(2026, 11, 23, 12, tzinfo=UTC)):
        person = make_person(session, became_looked_after_on=date(2021, 5, 4))
        record(session, person, date(2026, 1, 12))
        service.set_next_review(session, person.id or 0, kind="review", due_on=date(2026, 12, 8))
        review = open_review(session, person)
        assert (review.latest_on, review.rule) == (None, None)
        confirm_on = date(2026, 12, 7)
    with clock.set_to(datetime(2026, 12, 7, 18, tzinfo=UTC)):
        confirm(session, review, confirm_on)
        assert queries.judge(review) == "on_time"  # by the day that the case system gave
        assert open_review(session, person).latest_on == date(2027, 6, 7)
    with clock.set_to(datetime(2027, 11, 23, 12, tzinfo=UTC)):
        the_day(session)
        late = open_review(session, person)
        assert (late.latest_on, late.rule) == (date(2027, 6, 7), "later")


def test_a_due_day_by_the_rule_goes_with_what_becomes_known_of_care(
    session: Session, noon: datetime
) -> None:
    person = make_person(session)
    the_day(session)
    review = open_review(session, person)
    assert review.due_on == clock.add_working_days(clock.today(), 20)
    person.became_looked_after_on = date(2026, 11, 9)
    the_day(session)
    assert review.due_on == review.latest_on == date(2026, 12, 7)
    change = session.exec(select(ReviewChange).order_by(ReviewChange.id.desc())).first()  # type: ignore[union-attr]
    assert change is not None
    assert (change.what, change.after_on) == ("reckoned_anew", date(2026, 12, 7))


def test_a_day_that_somebody_decided_does_not_go_with_the_rule(
    session: Session, noon: datetime
) -> None:
    person, iro = make_person(session), make_staff(session, Role.IRO)
    the_day(session)
    review = open_review(session, person)
    service.move(session, iro, review, to=date(2026, 12, 2), reason="The school asked.")
    person.became_looked_after_on = date(2026, 11, 9)
    the_day(session)
    assert (review.due_on, review.latest_on) == (date(2026, 12, 2), date(2026, 12, 7))


def test_a_corrected_day_moves_the_next_reviews_last_day_and_due_day(
    session: Session, noon: datetime
) -> None:
    person = make_person(session)
    service.set_next_review(session, person.id or 0, kind="review", due_on=date(2026, 11, 20))
    review = open_review(session, person)
    confirm(session, review, date(2026, 11, 20))
    assert open_review(session, person).due_on == date(2027, 5, 20)
    confirm(session, review, date(2026, 11, 2))
    following = open_review(session, person)
    assert following.due_on == following.latest_on == date(2027, 5, 2)


@pytest.mark.parametrize("is_cancelled", [False, True])
def test_a_first_review_that_is_months_overdue_is_not_forgotten(
    session: Session, *, is_cancelled: bool
) -> None:
    began = date(2026, 3, 2)
    with clock.set_to(datetime(2026, 3, 3, 9, tzinfo=UTC)):
        person = make_person(session, became_looked_after_on=began)
        the_day(session)
    with clock.set_to(datetime(2026, 9, 1, 9, tzinfo=UTC)):
        service.set_next_review(session, person.id or 0, kind="review", due_on=date(2026, 9, 9))
        review = open_review(session, person)
        if is_cancelled:
            iro = make_staff(session, Role.IRO)
            review = service.cancel(session, iro, review, reason="Nobody could come.")
        assert review.held_on is None
        assert (review.rule, review.latest_on) == ("first", reg33.within_working_days(began, 20))


def test_somebody_born_on_29_february_is_an_adult_on_1_march(
    session: Session, noon: datetime
) -> None:
    assert adult_on(make_person(session, date_of_birth=date(2008, 2, 29))) == date(2026, 3, 1)
    assert adult_on(make_person(session, date_of_birth=date(2008, 2, 28))) == date(2026, 2, 28)


def test_a_day_that_cannot_be_the_reviews_is_refused(session: Session, noon: datetime) -> None:
    person, iro = make_person(session), make_staff(session, Role.IRO)
    service.set_next_review(session, person.id or 0, kind="review", due_on=date(2026, 11, 3))
    confirm(session, open_review(session, person), date(2026, 11, 3))
    review = open_review(session, person)
    for day, words in ((date(2026, 11, 2), "3 November"), (date(2006, 11, 20), "Check the year")):
        with pytest.raises(ReviewRefused, match=words):
            confirm(session, review, day)
    with pytest.raises(service.DatesRefused, match="counted from 3 November 2026"):
        service.adjourn(session, iro, review, on=date(2026, 10, 1), reason="No report.")
    service.adjourn(session, iro, review, on=date(2026, 11, 19), reason="No report.")
    with pytest.raises(ReviewRefused, match="adjourned after that"):
        confirm(session, review, date(2026, 11, 18))
    confirm(session, review, date(2026, 11, 20))
    assert queries.counted_on(review) == date(2026, 11, 19)


def test_a_child_who_comes_back_into_care_begins_again_with_twenty_working_days(
    session: Session,
) -> None:
    with clock.set_to(datetime(2026, 1, 12, 9, tzinfo=UTC)):
        person = make_person(session, became_looked_after_on=date(2026, 1, 8))
        the_day(session)
    with clock.set_to(datetime(2026, 1, 30, 18, tzinfo=UTC)):
        confirm(session, open_review(session, person), date(2026, 1, 30))
        review = open_review(session, person)
        assert (review.rule, review.latest_on) == ("second", date(2026, 4, 30))
        person.left_on = date(2026, 3, 2)
    with clock.set_to(datetime(2026, 9, 3, 9, tzinfo=UTC)):
        person.left_on, person.became_looked_after_on = None, date(2026, 9, 1)
        the_day(session)
        assert open_review(session, person).id == review.id
        assert (review.rule, review.counted_from) == ("first", date(2026, 9, 1))
        first = reg33.within_working_days(date(2026, 9, 1), 20)
        assert review.due_on == review.latest_on == first
        held = session.exec(select(Review).where(Review.held_on == date(2026, 1, 30))).one()
        assert (held.rule, held.counted_from) == ("first", date(2026, 1, 8))


def test_another_legal_status_begins_nothing_anew_unless_it_ends_short_breaks(
    session: Session,
) -> None:
    began = date(2026, 1, 8)
    with clock.set_to(datetime(2026, 1, 12, 9, tzinfo=UTC)):
        person = make_person(session, became_looked_after_on=began, legal_status="V2")
        breaks = make_person(session, became_looked_after_on=began, legal_status="V4")
        the_day(session)
        assert open_review(session, breaks).latest_on == date(2026, 4, 8)
    with clock.set_to(datetime(2026, 1, 20, 9, tzinfo=UTC)):
        person.legal_status = breaks.legal_status = "C2"
        the_day(session)
        for one in (person, breaks):
            review = open_review(session, one)
            assert (review.rule, review.counted_from) == ("first", began)
            assert review.due_on == reg33.within_working_days(began, 20)
