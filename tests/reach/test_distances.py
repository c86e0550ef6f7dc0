"""Reach by distance: near, more than 20 miles away, or not known, on the day of the review."""

from datetime import date, datetime

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session, select

from backend.core.access.permissions import Role
from backend.people.models import Person
from backend.placements.models import Home, Placement
from backend.reach import queries, service
from backend.reach.models import ReachPicture
from backend.reach.tables import Picture, Table, add_up, read_body
from tests.factories import make_staff, sign_in
from tests.reach.reviews_held import MAY, hold_review, make_children

SUMMER = (date(2026, 1, 1), date(2026, 6, 30))
AUTUMN = date(2025, 11, 4)
LONG_AGO = date(2025, 1, 5)


def house(
    session: Session,
    person: Person,
    miles: int | None,
    *,
    since: date = LONG_AGO,
    until: date | None = None,
) -> None:
    """A stay in a home of its own, so far from the young person's own."""
    home = Home(home_ref=f"H{person.id}-{since}", name="A", type_code="U6")
    session.add(home)
    session.flush()
    stay = Placement(person_id=person.id or 0, home_id=home.id or 0, started_on=since)
    stay.ended_on, stay.distance_miles = until, miles
    session.add(stay)
    session.flush()


def fill(session: Session, *, on: date = MAY, has_distances: bool = True) -> None:
    """Twenty near (one at just 20 miles), fourteen far away (one at 21), twelve of whom it is not
    known; of each, six or more were heard and six or more were not."""
    told = [20, *[6] * 19, 21, *[64] * 13, *[None] * 12]
    for number, (person, miles) in enumerate(
        zip(make_children(session, len(told)), told, strict=True)
    ):
        house(session, person, miles if has_distances else None)
        hold_review(session, person, on=on, is_heard=number % 2 == 0)


def distances(picture: Picture) -> Table | None:
    return next((table for table in picture.tables() if table.trait == "distance"), None)


def asked(session: Session) -> dict[str, int | None]:
    body = service.draw(session, *SUMMER)
    assert body is not None
    table = distances(read_body(body["looked-after"]))
    return {line.title: line.reviews.asked for line in table.lines} if table else {}


def test_the_line_between_near_and_far_lies_above_twenty_miles(
    session: Session, noon: datetime
) -> None:
    fill(session)
    counted = asked(session)
    assert counted == {"Within 20 miles": 20, "Over 20 miles": 14, "Not known": 12}
    assert list(counted) == ["Within 20 miles", "Over 20 miles", "Not known"]


def test_the_stay_on_the_day_of_the_review_counts_and_no_later_one(
    session: Session, noon: datetime
) -> None:
    for number, person in enumerate(make_children(session, 30)):
        house(session, person, 40 if number < 12 else 4, until=date(2026, 6, 1))
        house(session, person, 90, since=date(2026, 6, 1))
        hold_review(session, person, is_heard=number % 2 == 0)
    assert asked(session) == {"Within 20 miles": 18, "Over 20 miles": 12}


def test_without_the_column_there_is_no_such_table(session: Session, noon: datetime) -> None:
    fill(session, has_distances=False)
    assert asked(session) == {}


def test_care_leavers_have_no_such_table(session: Session, noon: datetime) -> None:
    for number, person in enumerate(
        make_children(session, 30, group="care_leaver", date_of_birth=date(2006, 3, 9))
    ):
        house(session, person, 40 if number < 12 else 4)
        hold_review(session, person).kind = "pathway"
    hold_review(session, make_children(session, 1)[0], is_heard=True)
    session.flush()
    body = service.draw(session, *SUMMER)
    assert body is not None
    leavers = read_body(body["care-leavers"])
    assert leavers.whole().reviews.asked == 30
    assert not any("|distance|" in name for name in leavers.known("reviews"))


def test_few_are_held_back_and_no_other_line_gives_them_away(
    session: Session, noon: datetime
) -> None:
    for number, person in enumerate(make_children(session, 40)):
        house(session, person, 64 if number < 3 else 4)
        hold_review(session, person, is_heard=number % 2 == 0)
    assert asked(session) == {"Within 20 miles": None, "Over 20 miles": None}


@pytest.mark.parametrize("told_first", [True, False])
def test_twelve_months_leave_it_out_where_one_half_did_not_tell_it(
    session: Session, noon: datetime, told_first: bool
) -> None:
    fill(session, on=AUTUMN, has_distances=told_first)
    fill(session, has_distances=not told_first)
    service.freeze_half_years(session)
    later, earlier = session.exec(
        select(ReachPicture).order_by(ReachPicture.period.desc())  # type: ignore[attr-defined]
    ).all()
    year = add_up(earlier.body["looked-after"], later.body["looked-after"])
    assert distances(year) is None
    halves = [distances(read_body(row.body["looked-after"])) for row in (earlier, later)]
    assert [half is not None for half in halves] == [told_first, not told_first]
    assert year.whole().reviews.asked == 92


def test_twelve_months_add_up_what_both_halves_told(session: Session, noon: datetime) -> None:
    officer = make_staff(session, Role.PARTICIPATION_OFFICER)
    fill(session, on=AUTUMN)
    fill(session)
    service.freeze_half_years(session)
    year = queries.told(session, officer, queries.TWELVE_MONTHS)
    assert year is not None
    table = distances(year.picture)
    assert table is not None
    assert [line.reviews.asked for line in table.lines] == [40, 28, 24]


def test_page_and_csv_have_the_table_and_say_what_distance_is(
    client: TestClient, app_session: Session, noon: datetime
) -> None:
    fill(app_session)
    service.freeze_half_years(app_session)
    app_session.commit()
    sign_in(client, app_session, make_staff(app_session, Role.PARTICIPATION_OFFICER))
    page = client.get("/staff/reach").text
    assert '<h2 class="govuk-heading-m" id="distance">Distance from home</h2>' in page
    assert "within 20 miles includes 20" in page
    lines = client.get("/staff/reach/2026H1/looked-after/tables.csv").text.splitlines()
    assert "Distance from home,Over 20 miles,reviews,14,7,50" in lines
    leavers = client.get("/staff/reach/2026H1/care-leavers").text
    assert "straight line" not in leavers


def test_a_half_year_from_before_the_column_says_why_it_has_no_distances(
    client: TestClient, app_session: Session, noon: datetime
) -> None:
    fill(app_session, has_distances=False)
    service.freeze_half_years(app_session)
    app_session.commit()
    sign_in(client, app_session, make_staff(app_session, Role.PARTICIPATION_OFFICER))
    page = client.get("/staff/reach").text
    assert 'id="distance"' not in page
    assert "Distance from home is not shown where the extract did not give it" in page
