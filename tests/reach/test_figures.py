"""Who was heard: what is counted, what is told once, and what is held back."""

from datetime import date, datetime

import pytest
from sqlmodel import Session, select

from backend.core import clock
from backend.core.access.permissions import Role
from backend.reach import queries, service
from backend.reach.bounds import Bounds
from backend.reach.models import ReachPicture
from backend.reach.tables import Picture, read_body
from tests.factories import make_person, make_staff
from tests.reach.reviews_held import hold_review, make_children

SUMMER = (date(2026, 1, 1), date(2026, 6, 30))


def picture(session: Session) -> Picture:
    body = service.draw(session, *SUMMER)
    assert body is not None
    return read_body(body["looked-after"])


def test_a_review_counts_as_heard_when_its_child_sent_something_before_it(
    session: Session, noon: datetime
) -> None:
    for number, person in enumerate(make_children(session, 30)):
        hold_review(session, person, is_heard=number < 20)
    whole = picture(session).whole()
    assert (whole.reviews.asked, whole.reviews.heard, whole.reviews.share) == (30, 20, 67)


def test_what_was_sent_after_the_review_came_too_late_to_be_heard(
    session: Session, noon: datetime
) -> None:
    for number, person in enumerate(make_children(session, 30)):
        hold_review(session, person, is_heard=True, sent_days_before=4 if number < 12 else -2)
    assert picture(session).whole().reviews.heard == 12


def test_a_child_under_four_is_not_among_those_who_were_asked(
    session: Session, noon: datetime
) -> None:
    for person in make_children(session, 12) + make_children(
        session, 9, date_of_birth=date(2023, 1, 5)
    ):
        hold_review(session, person, is_heard=person.date_of_birth.year < 2020 and person.id % 2)
    assert picture(session).whole().reviews.asked == 12


def test_a_child_with_two_reviews_counts_once_among_children(
    session: Session, noon: datetime
) -> None:
    for number, person in enumerate(make_children(session, 20)):
        hold_review(session, person, is_heard=number < 10, on=date(2026, 2, 3))
        hold_review(session, person, is_heard=5 <= number < 14, on=date(2026, 5, 5))
    whole = picture(session).whole()
    assert whole.children is not None
    assert (whole.reviews.asked, whole.reviews.heard) == (40, 19)
    assert (whole.children.asked, whole.children.heard) == (20, 14)


def test_lines_of_a_table_stand_for_known_groups_and_absent_values_say_so(
    session: Session, noon: datetime
) -> None:
    for number in range(60):
        person = make_person(
            session,
            team="North" if number % 2 else "South",
            gender="female" if number % 3 else "",
            ethnicity="WBRI" if number % 3 else "BCRB",
        )
        hold_review(session, person, is_heard=number % 4 < 2)
    tables = {
        table.trait: [line.title for line in table.lines] for table in picture(session).tables()
    }
    assert tables["team"] == ["North", "South"]
    assert tables["gender"] == ["Female", "Not known"]
    assert tables["ethnicity"] == ["Black", "White"]
    assert "disabled" not in tables  # nobody told us, so there is nothing to set apart


def test_how_it_was_given_is_told_of_what_was_heard(session: Session, noon: datetime) -> None:
    ways = ["alone"] * 14 + ["with_help"] * 8 + ["on_paper"] * 7
    for person, way in zip(make_children(session, 40), ways + [""] * 11, strict=True):
        hold_review(session, person, is_heard=bool(way), how_given=way or "alone")
    assert picture(session).ways() == [
        ("By themselves", 14, 48),
        ("With help", 8, 28),
        ("On paper", 7, 24),
    ]


def test_bounds_are_what_all_the_silent_could_have_said(session: Session, noon: datetime) -> None:
    for number, person in enumerate(make_children(session, 50)):
        scores = {"settled": 5 if number < 20 else 1} if number < 30 else None
        hold_review(session, person, scores=scores)
    told, _ = picture(session).bounds()
    settled = next(one for one in told if one.title == "Feels settled")
    assert settled == Bounds("Feels settled", yes=20, answered=30, entitled=50)
    assert (settled.lowest, settled.share, settled.highest) == (40, 67, 80)


def test_no_bound_is_told_where_fewer_than_six_said_no(session: Session, noon: datetime) -> None:
    for number, person in enumerate(make_children(session, 50)):
        scores = {"settled": 5 if number < 27 else 1} if number < 30 else None
        hold_review(session, person, scores=scores)
    told, quiet = picture(session).bounds()
    assert "Feels settled" in quiet
    assert "Feels settled" not in [one.title for one in told]


def test_a_half_year_is_told_once_and_four_weeks_after_it_ends(
    session: Session, noon: datetime
) -> None:
    for number, person in enumerate(make_children(session, 30)):
        hold_review(session, person, is_heard=number < 20)
    with clock.set_to(datetime(2026, 7, 20, 12, tzinfo=noon.tzinfo)):
        service.freeze_half_years(session)
    assert session.exec(select(ReachPicture)).all() == []
    service.freeze_half_years(session)
    first = session.exec(select(ReachPicture)).one().body
    hold_review(session, make_person(session), is_heard=True)  # confirmed late
    service.freeze_half_years(session)
    assert session.exec(select(ReachPicture)).one().body == first


def test_twelve_months_add_up_only_what_both_half_years_told(
    session: Session, noon: datetime
) -> None:
    officer = make_staff(session, Role.PARTICIPATION_OFFICER)
    for number, person in enumerate(make_children(session, 40, team="North")):
        hold_review(session, person, is_heard=number < 20, on=date(2025, 11, 4))
        hold_review(session, person, is_heard=number < 25, on=date(2026, 4, 28))
    for number, person in enumerate(make_children(session, 20, team="South")):
        hold_review(session, person, is_heard=number < 10, on=date(2025, 11, 4))
        hold_review(session, person, is_heard=number < 3, on=date(2026, 4, 28))
    service.freeze_half_years(session)
    year = queries.told(session, officer, queries.TWELVE_MONTHS)
    assert year is not None
    whole = year.picture.whole().reviews
    teams = next(table for table in year.picture.tables() if table.trait == "team")
    # 38 of 60 would be told in the later half, and with North's 25 the three of South as well.
    halves = [queries.told(session, officer, name) for name in ("2025H2", "2026H1")]
    for line in teams.lines:
        parts = [
            next(
                other.reviews.heard
                for table in half.picture.tables()
                if table.trait == "team"
                for other in table.lines
                if other.title == line.title
            )
            for half in halves
            if half
        ]
        assert line.reviews.heard == (None if None in parts else sum(map(int, parts)))
    assert whole.asked == 120
    assert [half.picture.whole().reviews.heard for half in halves if half].count(None) < 2


@pytest.mark.parametrize("code", ["", "REFU", "NOBT", "XXXX"])
def test_an_ethnicity_that_nobody_told_is_not_guessed(code: str) -> None:
    from backend.reach.cohorts import ethnic_group

    assert ethnic_group(code) == "Not known"
