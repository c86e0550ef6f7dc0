"""Reviews on time, both ways: what is counted, what is left out, and what a late one does."""

from datetime import date, datetime

from hypothesis import given
from sqlmodel import Session

from backend.core.access.permissions import Role
from backend.reviews import queries, service, timescales
from backend.reviews.measures import Child, Counted, by_iro, measure
from backend.reviews.timescales import Held
from tests.factories import make_person, make_staff
from tests.oracles import reg33
from tests.reviews.test_timescales import ANY_DAY, GAPS, days_from

FIRST, LAST = date(2026, 4, 1), date(2026, 9, 30)


def review(
    number: int, person_id: int, held: date | None, last_day: date | None, **values: object
) -> Counted:
    return Counted(number, person_id, held, last_day, **values)  # type: ignore[arg-type]


def test_one_late_review_makes_its_child_late_once_and_the_others_stay_on_time() -> None:
    children = [Child(1, 10), Child(2, 10), Child(3, 11)]
    reviews = [
        review(1, 1, date(2026, 5, 1), date(2026, 5, 1)),
        review(2, 1, date(2026, 8, 10), date(2026, 8, 1), reason="iro"),
        review(3, 1, date(2026, 9, 20), date(2026, 9, 1), reason="iro"),
        review(4, 2, date(2026, 6, 1), date(2026, 6, 30)),
        review(5, 3, date(2026, 2, 1), date(2026, 2, 28)),  # before the period
        review(6, 3, None, date(2026, 12, 1)),
    ]
    found = measure(children, reviews, first=FIRST, last=LAST)
    assert (found.children, found.children_on_time) == (3, 2)
    assert (found.reviews, found.reviews_on_time, found.reviews_late) == (4, 2, 2)
    assert (found.days_late, found.middle_days, found.longest_days) == ((9, 19), 14, 19)
    assert found.reasons == {"iro": 2}
    assert found.children_without_review == 1


def test_an_overdue_review_is_late_before_it_is_held() -> None:
    found = measure(
        [Child(1, None)], [review(1, 1, None, date(2026, 9, 20))], first=FIRST, last=LAST
    )
    assert (found.reviews, found.reviews_on_time, found.still_to_hold) == (1, 0, 1)
    assert found.days_late == (10,)
    held_later = [review(1, 1, date(2026, 10, 5), date(2026, 9, 20))]
    assert measure([Child(1, None)], held_later, first=FIRST, last=LAST) == found


def test_a_review_due_on_the_very_last_day_is_not_late_yet() -> None:
    found = measure([Child(1, None)], [review(1, 1, None, LAST)], first=FIRST, last=LAST)
    assert (found.children_on_time, found.reviews) == (1, 0)


def test_children_whose_first_review_is_not_yet_due_are_left_out_and_counted() -> None:
    children = [Child(1, None), Child(2, None), Child(3, None)]
    reviews = [
        review(1, 1, None, date(2026, 10, 9), is_first=True),
        review(2, 2, None, date(2026, 9, 9), is_first=True),  # overdue: that is late, not too soon
        review(3, 3, None, None),
    ]
    found = measure(children, reviews, first=FIRST, last=LAST)
    assert (found.first_not_yet_due, found.children_not_judged) == (1, 1)
    assert (found.children, found.children_on_time) == (1, 0)


def test_reviews_of_children_who_left_count_as_reviews_and_not_as_children() -> None:
    found = measure([], [review(1, 9, date(2026, 5, 2), date(2026, 5, 1))], first=FIRST, last=LAST)
    assert (found.children, found.reviews, found.reviews_late) == (0, 1, 1)


def test_each_iros_own_children_add_up_to_all() -> None:
    children = [Child(1, 10), Child(2, 11), Child(3, None)]
    reviews = [review(one, one, date(2026, 5, 1 + one), date(2026, 5, 2)) for one in (1, 2, 3)]
    whole = measure(children, reviews, first=FIRST, last=LAST)
    parts = by_iro(children, reviews, first=FIRST, last=LAST)
    assert set(parts) == {10, 11, None}
    assert sum(one.children_on_time for one in parts.values()) == whole.children_on_time == 1
    assert sum(one.reviews for one in parts.values()) == whole.reviews == 3


@given(began=ANY_DAY, gaps=GAPS)
def test_what_is_late_and_by_how_much_is_the_oracles(began: date, gaps: list[int]) -> None:
    days = days_from(began, gaps)
    counted = []
    for number, day in enumerate(days):
        limit = timescales.next_limit(began, [Held(one) for one in days[:number]], knows_all=True)
        counted.append(review(number, 1, day, limit.latest_on if limit else None))
    found = measure([Child(1, None)], counted, first=began, last=date(2045, 1, 1))
    late = [days for days in reg33.late_by(began, days) if days]
    assert found.days_late == tuple(sorted(late))
    assert found.reviews_on_time == len(days) - len(late)


def test_rows_give_the_measures_with_short_breaks_leavers_and_the_unknown_left_out(
    session: Session, noon: datetime
) -> None:
    iro = make_staff(session, Role.IRO)

    def hold(held_on: date, due_on: date, **values: object) -> None:
        person = make_person(session, iro_id=iro.staff_id, **values)
        service.set_next_review(session, person.id or 0, kind="review", due_on=due_on)
        row = queries.next_review(session, person.id or 0)
        assert row is not None
        service.confirm(
            session, iro, row, held_on=held_on, participation_code="PN1", private_talk="done"
        )

    hold(date(2026, 11, 2), date(2026, 11, 3), became_looked_after_on=date(2026, 10, 12))
    hold(date(2026, 11, 16), date(2026, 11, 16), became_looked_after_on=date(2026, 10, 12))
    hold(date(2026, 11, 2), date(2026, 10, 30), group="short_breaks")
    hold(date(2026, 11, 2), date(2026, 10, 30), legal_status="V4")
    service.record_held(
        session,
        make_person(session).id or 0,
        kind="review",
        held_on=date(2026, 10, 5),
        participation_code="PN6",
    )
    make_person(session, group="care_leaver", date_of_birth=date(2007, 1, 1))
    found = measure(
        queries.children_to_measure(session),
        queries.reviews_to_measure(session),
        first=date(2026, 10, 1),
        last=date(2026, 11, 23),
    )
    assert (found.reviews, found.reviews_on_time, found.reviews_not_judged) == (2, 1, 1)
    # The last of them is open by the extract's or the rule's day: a child to be judged from then.
    assert (found.children, found.children_on_time) == (2, 1)
    assert found.days_late == ((date(2026, 11, 16) - date(2026, 11, 9)).days,)
