"""The first pages of staff: by urgency and by the week, quick however many children there are."""

import re
import time
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, event
from sqlmodel import Session

from backend.asks import service as asks
from backend.core import clock
from backend.core.access.identity import ContributorIdentity
from backend.core.access.permissions import Kind, Role
from backend.desk import queries
from backend.desk.weeks import week_of
from backend.people import queries as people
from backend.people import service as people_service
from backend.reviews.models import Review
from tests.factories import make_contact, make_person, make_staff, sign_in
from tests.safeguarding.cases import Around, make_case, send
from tests.summaries.told import round_of, tell

pytestmark = pytest.mark.usefixtures("noon")
MONDAY = date(2026, 11, 23)


def line_of(session: Session, case: Around) -> queries.Line:
    """The line of a case on its IRO's desk."""
    [line] = queries.review_lines(session, case.iro)
    return line


def test_the_week_has_its_days_by_the_hour(client: TestClient, app_session: Session) -> None:
    case = make_case(app_session)
    case.review.due_on = date(2026, 11, 30)
    case.review.meeting_at = datetime(2026, 11, 25, 15, 30, tzinfo=UTC)
    sign_in(client, app_session, case.iro)
    html = client.get(f"/staff/reviews?week={MONDAY}").text
    wednesday = html.index('id="day-2026-11-25"')
    assert wednesday < html.index("15:30") < html.index('id="day-2026-11-26"')
    assert f"/staff/reviews/{case.review.id}" in html
    assert 'rel="prev" accesskey="p" href="/staff/reviews?week=2026-11-16"' in html
    assert 'rel="next" accesskey="n" href="/staff/reviews?week=2026-11-30"' in html
    assert "No review lies in this week" in client.get("/staff/reviews?week=2026-12-09").text


@pytest.mark.parametrize("week", ["zq", "2026-13-45", "0001-01-01", "9999-12-31", "2026-11-25"])
def test_any_address_of_a_week_shows_one(
    client: TestClient, app_session: Session, week: str
) -> None:
    sign_in(client, app_session, make_case(app_session).iro)
    answer = client.get("/staff/reviews", params={"week": week})
    assert answer.status_code == 200
    assert "Week of 23 Nov 2026" in answer.text


def test_what_is_not_confirmed_stands_before_this_week_and_in_no_other(session: Session) -> None:
    case = make_case(session)
    case.review.due_on = MONDAY - timedelta(days=4)
    lines = [line_of(session, case)]
    assert [one.person_id for one in week_of(lines, MONDAY).overdue] == [case.person_id]
    assert week_of(lines, MONDAY + timedelta(days=7)).overdue == ()
    last = week_of(lines, MONDAY - timedelta(days=7))
    assert (last.count, last.overdue) == (1, ())


def test_a_weekend_day_stands_only_where_something_lies_on_it(session: Session) -> None:
    case = make_case(session)
    assert len(week_of([line_of(session, case)], MONDAY).days) == 5
    case.review.due_on = date(2026, 11, 29)
    days = week_of([line_of(session, case)], MONDAY).days
    assert [day.on for day in days][-1] == date(2026, 11, 29)
    assert len(days) == 6


def test_who_is_silent_is_who_was_there_to_ask_once_the_round_is_open(session: Session) -> None:
    case = make_case(session)
    carer = make_contact(session, case.person, "carer")
    make_contact(session, case.person, "parent", invite="no")
    assert line_of(session, case).silent == ("young_person", "carer", "worker")
    send(session, case, "hi")
    tell(session, carer, round_of(session, case), {"bc.wanted.words": "well"})
    assert line_of(session, case).silent == ("worker",)
    case.review.due_on = clock.today() + timedelta(days=40)
    assert line_of(session, case).silent == ()


def test_a_baby_is_not_silent(session: Session) -> None:
    case = make_case(session)
    case.person.date_of_birth = clock.today() - timedelta(days=400)
    assert line_of(session, case).silent == ("worker",)


def test_an_adviser_is_not_silent_about_a_care_leavers_own_place(session: Session) -> None:
    case = make_case(session, is_leaver=True)
    case.review.kind = "pathway"
    [line] = queries.caseload_lines(session, case.adviser)
    assert line.silent == ("young_person",)
    assert "worker" not in line.asked


def test_a_decision_about_a_parent_comes_back_on_its_day(
    client: TestClient, app_session: Session, noon: datetime
) -> None:
    case = make_case(app_session)
    make_contact(app_session, case.person, "parent")
    [parent] = people.parents_of(app_session, [case.person_id])
    people_service.decide_invite(
        app_session,
        case.iro,
        parent,
        invite="no",
        reason="zqreason",
        look_again_on=clock.today() + timedelta(days=10),
    )
    assert line_of(app_session, case).decisions_to_look_at == 0
    sign_in(client, app_session, case.iro)
    with clock.set_to(noon + timedelta(days=10)):
        sign_in(client, app_session, case.iro)
        html = client.get("/staff/reviews").text
    assert "Look again: who is invited" in html
    assert "zqreason" not in html


def make_caseload(session: Session, count: int) -> Any:
    """An IRO with many children: each with a review, a carer, a parent and two asks."""
    iro = make_staff(session, Role.IRO)
    worker = make_staff(session, Role.SOCIAL_WORKER, team="North")
    for number in range(count):
        person = make_person(session, iro_id=iro.staff_id, worker_id=worker.staff_id, team="North")
        due_on = clock.today() + timedelta(days=number - 10)
        session.add(Review(person_id=person.id or 0, due_on=due_on))
        for kind in ("carer", "parent"):
            make_contact(session, person, kind)
        own = people.contributor_of_person(session, person.id or 0)
        me = identity(own)
        for ask in ("see_worker", "advocate"):
            asks.make_ask(session, me, kind=ask)
    session.flush()
    return iro, worker


def identity(own: Any) -> Any:
    """A young person who is in with their own secret."""
    return ContributorIdentity(
        contributor_id=own.id,
        kind=Kind(own.kind),
        person_id=own.person_id,
        is_known=True,
        session_id=1,
    )


def count_questions(session: Session, engine: Engine, look: Any) -> int:
    """How many questions a page asks the database."""
    asked: list[str] = []

    def note(_c: Any, _x: Any, statement: str, *_: Any) -> None:
        asked.append(statement)

    session.expire_all()
    event.listen(engine, "before_cursor_execute", note)
    try:
        look()
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return len(asked)


def test_twice_the_children_ask_the_database_no_more(
    app_session: Session, sqlite_engine: Engine
) -> None:
    few, _ = make_caseload(app_session, 4)
    many, _ = make_caseload(app_session, 12)
    counts = [
        count_questions(
            app_session, sqlite_engine, lambda iro=iro: queries.review_lines(app_session, iro)
        )
        for iro in (few, many)
    ]
    assert counts[1] <= counts[0] + 2, counts
    assert counts[1] < 40


def test_sixty_five_children_stand_on_the_page_within_a_third_of_a_second(
    client: TestClient, app_session: Session
) -> None:
    iro, worker = make_caseload(app_session, 65)
    for viewer, page in ((iro, "reviews"), (worker, "caseload"), (iro, "reviews?week=2026-11-23")):
        client.cookies.clear()
        sign_in(client, app_session, viewer)
        client.get(f"/staff/{page}")
        took = []
        for _ in range(3):
            began = time.process_time()
            html = client.get(f"/staff/{page}").text
            took.append(time.process_time() - began)
        assert len(re.findall(r"Sunny\d+", html)) >= 5
        assert min(took) < 0.3, (page, took)
