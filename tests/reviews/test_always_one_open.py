"""Nobody living is without an open review, and the rule that opened it is the law's."""

from datetime import UTC, date, datetime

import pytest
from sqlmodel import Session, select

from backend.core import clock
from backend.core.access.permissions import Role
from backend.people.models import Person
from backend.placements import service as placements
from backend.reviews import queries, service
from backend.reviews.jobs import DAILY
from backend.reviews.models import Review, ReviewChange
from tests.factories import make_person, make_staff
from tests.oracles import reg33

BEGAN = date(2026, 11, 9)


def the_day(session: Session) -> None:
    for duty in DAILY:
        duty(session)
    session.flush()


def open_review(session: Session, person: Person) -> Review:
    found = queries.next_review(session, person.id or 0)
    assert found is not None
    return found


def hold(session: Session, review: Review, held_on: date) -> None:
    service.confirm(
        session,
        make_staff(session, Role.IRO),
        review,
        held_on=held_on,
        participation_code="PN1",
        private_talk="done",
    )


def test_a_child_new_in_care_gets_a_first_review_by_the_rule(
    session: Session, noon: datetime
) -> None:
    person = make_person(session, became_looked_after_on=BEGAN)
    the_day(session)
    review = open_review(session, person)
    assert review.due_on == review.latest_on == reg33.within_working_days(BEGAN, 20)
    assert (review.basis, review.rule, review.counted_from) == ("regulation_33", "first", BEGAN)
    the_day(session)
    assert len(session.exec(select(Review)).all()) == 1


def test_the_cycle_runs_from_each_review_held_to_the_next(session: Session) -> None:
    held = [date(2026, 12, 2), date(2027, 2, 24), date(2027, 8, 31), date(2028, 2, 10)]
    with clock.set_to(datetime(2026, 11, 10, 9, tzinfo=UTC)):
        person = make_person(session, became_looked_after_on=BEGAN)
        the_day(session)
    dues = []
    for day in held:
        with clock.set_to(datetime(day.year, day.month, day.day, 18, tzinfo=UTC)):
            review = open_review(session, person)
            dues.append(review.due_on)
            hold(session, review, day)
    dues.append(open_review(session, person).due_on)
    assert dues == reg33.last_days(BEGAN, held)


def test_an_extracts_date_wins_and_one_that_is_too_late_says_by_how_far(
    session: Session, noon: datetime
) -> None:
    person = make_person(session, became_looked_after_on=BEGAN)
    for due_on, is_late in ((date(2026, 12, 1), False), (date(2026, 12, 21), True)):
        service.set_next_review(session, person.id or 0, kind="review", due_on=due_on)
        the_day(session)
        review = open_review(session, person)
        assert (review.due_on, review.basis) == (due_on, "extract")
        assert review.latest_on == date(2026, 12, 7)
        assert queries.is_later_than_allowed(review) is is_late


def test_a_day_that_the_extract_repeats_does_not_undo_what_was_decided_here(
    session: Session, noon: datetime
) -> None:
    person, iro = make_person(session), make_staff(session, Role.IRO)
    named, wanted = date(2026, 12, 14), date(2026, 12, 1)
    service.set_next_review(session, person.id or 0, kind="review", due_on=named)
    service.bring_forward(session, iro, open_review(session, person), to=wanted, ground="asked")
    assert not service.set_next_review(session, person.id or 0, kind="review", due_on=named)
    assert open_review(session, person).due_on == wanted
    newer = date(2026, 12, 8)
    assert service.set_next_review(session, person.id or 0, kind="review", due_on=newer)
    assert (open_review(session, person).due_on, open_review(session, person).basis) == (
        newer,
        "extract",
    )


def test_an_extract_that_has_not_moved_on_does_not_move_the_next_review_back(
    session: Session, noon: datetime
) -> None:
    person = make_person(session)
    named = date(2026, 11, 25)
    service.set_next_review(session, person.id or 0, kind="review", due_on=named)
    hold(session, open_review(session, person), date(2026, 11, 20))
    following = open_review(session, person)
    assert following.due_on == date(2027, 5, 20)
    for old in (named, date(2026, 11, 20), date(2026, 6, 1)):
        assert not service.set_next_review(session, person.id or 0, kind="review", due_on=old)
    assert open_review(session, person).due_on == date(2027, 5, 20)
    assert service.set_next_review(session, person.id or 0, kind="review", due_on=date(2027, 5, 12))
    assert open_review(session, person).id == following.id


def test_a_child_of_whom_nothing_is_known_gets_a_review_soon_and_nothing_is_claimed(
    session: Session, noon: datetime
) -> None:
    person = make_person(session, became_looked_after_on=date(2019, 5, 1))
    nobody_told = make_person(session)
    the_day(session)
    for one in (person, nobody_told):
        review = open_review(session, one)
        assert review.due_on == clock.add_working_days(clock.today(), 20)
        assert (review.latest_on, review.rule) == (None, None)


def test_a_first_known_stay_stands_for_the_day_of_coming_into_care(
    session: Session, noon: datetime
) -> None:
    person = make_person(session)
    home, _ = placements.keep_home(session, "H-1", values={"name": "Elm", "type_code": "U6"})
    placements.keep_placement(session, person.id or 0, home, started_on=BEGAN, as_at=BEGAN)
    the_day(session)
    assert open_review(session, person).due_on == date(2026, 12, 7)


def test_a_leaver_has_a_pathway_review_until_25_and_then_none(
    session: Session, noon: datetime
) -> None:
    young = make_person(session, group="care_leaver", date_of_birth=date(2008, 9, 1))
    old = make_person(session, group="care_leaver", date_of_birth=date(2001, 9, 1))
    the_day(session)
    review = open_review(session, young)
    assert (review.kind, review.due_on, review.basis) == ("pathway", date(2027, 3, 1), "pathway")
    assert queries.next_review(session, old.id or 0) is None


def test_a_child_who_turns_18_mid_cycle_goes_over_to_a_pathway_review(session: Session) -> None:
    with clock.set_to(datetime(2026, 11, 10, 9, tzinfo=UTC)):
        person = make_person(session, date_of_birth=date(2008, 12, 15))
        service.set_next_review(session, person.id or 0, kind="review", due_on=date(2026, 11, 10))
        hold(session, open_review(session, person), date(2026, 11, 10))
        of_the_child = open_review(session, person)
        assert (of_the_child.kind, of_the_child.due_on) == ("review", date(2027, 5, 10))
    # The case system may say it days later; until then nothing flips to and fro.
    with clock.set_to(datetime(2026, 12, 16, 9, tzinfo=UTC)):
        the_day(session)
        assert open_review(session, person).id == of_the_child.id
        person.group = "care_leaver"
        the_day(session)
        review = open_review(session, person)
        assert (review.kind, review.due_on) == ("pathway", date(2027, 5, 10))
        assert of_the_child.cancelled_on == date(2026, 12, 16)
        assert "care leaver" in (of_the_child.cancelled_reason or "")


def test_a_leaver_who_is_back_in_care_has_a_first_review_by_the_rule(
    session: Session, noon: datetime
) -> None:
    person = make_person(session, date_of_birth=date(2009, 3, 9), group="care_leaver")
    the_day(session)
    pathway = open_review(session, person)
    assert pathway.kind == "pathway"
    person.group, person.became_looked_after_on = "looked_after", date(2026, 11, 19)
    the_day(session)
    review = open_review(session, person)
    assert pathway.cancelled_on == clock.today()
    assert (review.kind, review.rule) == ("review", "first")
    assert review.due_on == reg33.within_working_days(date(2026, 11, 19), 20)


def test_a_group_that_was_wrong_for_a_week_gives_back_the_very_same_review(
    session: Session, noon: datetime
) -> None:
    person = make_person(session, date_of_birth=date(2009, 3, 9))
    due = date(2026, 12, 14)
    service.set_next_review(session, person.id or 0, kind="review", due_on=due)
    first = open_review(session, person)
    person.group = "care_leaver"
    the_day(session)
    person.group = "looked_after"
    service.set_next_review(session, person.id or 0, kind="review", due_on=due)
    assert open_review(session, person).id == first.id
    assert (first.cancelled_on, first.cancelled_reason) == (None, None)


def test_whoever_is_no_longer_in_the_extract_gets_no_new_review(
    session: Session, noon: datetime
) -> None:
    person = make_person(session, left_on=date(2026, 11, 1))
    the_day(session)
    assert queries.next_review(session, person.id or 0) is None


@pytest.mark.parametrize("values", [{"group": "short_breaks"}, {"legal_status": "V4"}])
def test_short_breaks_run_by_their_own_cycle(
    values: dict[str, str], session: Session, noon: datetime
) -> None:
    person = make_person(session, became_looked_after_on=date(2026, 10, 31), **values)
    the_day(session)
    review = open_review(session, person)
    assert (review.due_on, review.basis) == (date(2027, 1, 31), "short_breaks")


def test_on_the_night_of_the_clocks_the_duty_opens_one_review_and_not_two(
    session: Session,
) -> None:
    with clock.set_to(datetime(2026, 10, 24, 23, 30, tzinfo=UTC)):
        person = make_person(session, became_looked_after_on=date(2026, 10, 25))
        the_day(session)
    with clock.set_to(datetime(2026, 10, 25, 0, 30, tzinfo=UTC)):
        the_day(session)
    with clock.set_to(datetime(2026, 10, 25, 1, 30, tzinfo=UTC)):
        the_day(session)
    rows = session.exec(select(Review)).all()
    assert [row.due_on for row in rows] == [reg33.within_working_days(date(2026, 10, 25), 20)]
    assert rows[0].person_id == person.id


def test_every_change_is_kept_with_the_day_before_and_after(
    session: Session, noon: datetime
) -> None:
    person = make_person(session)
    service.set_next_review(session, person.id or 0, kind="review", due_on=date(2026, 12, 14))
    service.set_next_review(session, person.id or 0, kind="review", due_on=date(2026, 12, 15))
    rows = session.exec(select(ReviewChange).order_by(ReviewChange.id)).all()  # type: ignore[arg-type]
    assert [(row.what, row.before_on, row.after_on, row.by) for row in rows] == [
        ("opened", None, date(2026, 12, 14), None),
        ("due_changed", date(2026, 12, 14), date(2026, 12, 15), None),
    ]


def test_the_newest_review_that_the_case_system_tells_of_closes_the_open_one(
    session: Session, noon: datetime
) -> None:
    person = make_person(session)
    service.set_next_review(session, person.id or 0, kind="review", due_on=date(2026, 11, 18))
    first = open_review(session, person)
    service.record_held(
        session,
        person.id or 0,
        kind="review",
        held_on=date(2026, 11, 20),
        participation_code=None,
        closes_open=True,
    )
    assert first.held_on == date(2026, 11, 20)
    assert open_review(session, person).due_on == date(2027, 5, 20)


def test_a_review_that_the_case_system_names_after_another_was_held_is_the_next_one(
    session: Session, noon: datetime
) -> None:
    person = make_person(session)
    service.set_next_review(session, person.id or 0, kind="review", due_on=date(2026, 12, 2))
    service.record_held(
        session,
        person.id or 0,
        kind="review",
        held_on=date(2026, 11, 6),
        participation_code=None,
        closes_open=True,
    )
    assert open_review(session, person).due_on == date(2026, 12, 2)


def test_a_review_that_was_named_before_it_was_held_early_is_the_one_that_was_held(
    session: Session, noon: datetime
) -> None:
    person = make_person(session)
    with clock.set_to(datetime(2026, 11, 2, 12, tzinfo=UTC)):
        service.set_next_review(session, person.id or 0, kind="review", due_on=date(2026, 12, 2))
        named = open_review(session, person)
    service.record_held(
        session,
        person.id or 0,
        kind="review",
        held_on=date(2026, 11, 6),
        participation_code=None,
        closes_open=True,
    )
    assert named.held_on == date(2026, 11, 6)
    assert open_review(session, person).due_on == date(2027, 5, 6)


def test_a_first_known_pathway_review_is_not_called_years_late(
    session: Session, noon: datetime
) -> None:
    person = make_person(session, group="care_leaver", date_of_birth=date(2005, 9, 1))
    rows = [
        service.record_held(
            session, person.id or 0, kind="pathway", held_on=day, participation_code=None
        )
        for day in (date(2026, 2, 2), date(2026, 8, 10))
    ]
    assert [row.latest_on for row in rows] == [None, date(2026, 8, 2)]
    the_day(session)
    assert open_review(session, person).due_on == date(2027, 2, 10)
