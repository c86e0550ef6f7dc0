"""Reviews on time, one by one: the page and its file hold all that the two shares rest on."""

import csv
import io
from datetime import date, datetime

from fastapi.testclient import TestClient
from sqlmodel import Session, select

from backend.core.access.identity import StaffIdentity
from backend.core.access.permissions import Role
from backend.core.audit import AuditEvent
from backend.people.models import Person
from backend.reviews import queries as reviews
from backend.reviews import service
from tests.factories import make_person, make_staff, sign_in

LEFT, TODAY = date(2026, 11, 16), date(2026, 11, 23)


def hold(
    session: Session, iro: StaffIdentity, name: str, due_on: date, held_on: date | None
) -> Person:
    """A child of this IRO whose review the case system has due on a day, held on another or not."""
    person = make_person(session, iro_id=iro.staff_id, known_as=name, team="Elm")
    service.set_next_review(session, person.id or 0, kind="review", due_on=due_on)
    row = reviews.next_review(session, person.id or 0)
    assert row is not None
    if held_on is not None:
        service.confirm(
            session, iro, row, held_on=held_on, participation_code="PN1", private_talk="done"
        )
    return person


def rows_of(client: TestClient, query: str = "") -> list[list[str]]:
    answer = client.get(f"/staff/reviews-on-time.csv{query}")
    assert answer.status_code == 200
    return list(csv.reader(io.StringIO(answer.text)))


def test_the_shares_can_be_counted_again_from_the_file(
    client: TestClient, app_session: Session, noon: datetime
) -> None:
    iro = make_staff(app_session, Role.IRO)
    hold(app_session, iro, "Marigold", date(2026, 11, 5), date(2026, 11, 2))
    hold(app_session, iro, "Petunia", date(2026, 11, 2), date(2026, 11, 5))
    hold(app_session, iro, "Daisy", date(2026, 11, 9), None)
    hold(app_session, iro, "=Rose", date(2026, 12, 9), None)
    left = hold(app_session, iro, "Clover", date(2026, 10, 26), None)
    left.left_on = LEFT
    sign_in(client, app_session, iro)
    page = client.get("/staff/reviews-on-time").text
    assert "<strong>50.0% (2 of 4)</strong>" in page
    assert "<strong>25.0% (1 of 4)</strong>" in page
    assert "Median 14" in page
    assert "longest 21" in page
    rows = rows_of(client)
    gap = rows.index([])
    counted = {row[1]: row[3:7] for row in rows[1:gap]}
    assert counted == {
        "Marigold": ["2026-11-05", "2026-11-02", "0", "yes"],
        "Petunia": ["2026-11-02", "2026-11-05", "3", "no"],
        "Daisy": ["2026-11-09", "", "14", "no"],
        f"Child {left.id}": ["2026-10-26", "", "21", "no"],  # left: nobody opens their page here
    }
    states = {row[1]: row[2] for row in rows[gap + 2 :]}
    assert states["Marigold"] == states["'=Rose"] == "Every review on time"
    assert states["Petunia"] == states["Daisy"] == "At least one late"
    assert len(states) == 4
    for name in ("Petunia", "Daisy", f"Child {left.id}"):
        assert name in page
    assert "Marigold" not in page
    assert "Clover" not in page
    events = [row.event for row in app_session.exec(select(AuditEvent))]
    assert events.count("reviews_on_time.listed") == 1


def test_the_late_review_of_a_child_who_left_counts_in_the_year_in_which_they_left_alone(
    client: TestClient, app_session: Session, noon: datetime
) -> None:
    iro = make_staff(app_session, Role.IRO)
    person = hold(app_session, iro, "Clover", date(2026, 3, 2), None)
    person.left_on = date(2026, 3, 20)
    sign_in(client, app_session, iro)
    assert "(0 of 1)" in client.get("/staff/reviews-on-time?year=2025-26").text
    assert "nothing to count yet" in client.get("/staff/reviews-on-time?year=2026-27").text


def test_an_overdue_review_that_the_18th_birthday_ended_still_counts_as_late_and_no_later_one(
    session: Session, noon: datetime
) -> None:
    iro = make_staff(session, Role.IRO)
    for due_on, left_out in ((date(2026, 10, 1), False), (date(2026, 11, 10), True)):
        person = hold(session, iro, "Clover", due_on, None)
        person.date_of_birth = date(2008, 11, 2)
        session.flush()
        found = reviews.measure(
            reviews.children_to_measure(session, TODAY),
            [one for one in reviews.reviews_to_measure(session) if one.person_id == person.id],
            first=date(2026, 4, 1),
            last=TODAY,
        )
        assert (found.children, found.reviews) == (0, 0 if left_out else 1)
        assert found.days_late == (() if left_out else (32,))


def test_whoever_was_looked_after_at_a_past_quarters_end_counts_then_though_they_left_since(
    session: Session, noon: datetime
) -> None:
    iro = make_staff(session, Role.IRO)
    left = hold(session, iro, "Clover", date(2026, 9, 1), date(2026, 9, 1))
    left.left_on = LEFT
    came = hold(session, iro, "Aster", date(2026, 11, 20), None)
    came.became_looked_after_on = date(2026, 10, 26)
    session.flush()
    then = {one.person_id for one in reviews.children_to_measure(session, date(2026, 9, 30))}
    now = {one.person_id for one in reviews.children_to_measure(session, TODAY)}
    assert (then, now) == ({left.id}, {came.id})


def test_a_review_adjourned_in_time_is_not_overdue_until_it_may_no_longer_go_on(
    session: Session, noon: datetime
) -> None:
    iro = make_staff(session, Role.IRO)
    person = hold(session, iro, "Clover", date(2026, 10, 20), None)
    row = reviews.next_review(session, person.id or 0)
    assert row is not None
    service.adjourn(session, iro, row, on=date(2026, 10, 19), reason="A report was missing.")
    assert row.resume_by == date(2026, 11, 16)
    for last, late in ((date(2026, 11, 16), ()), (date(2026, 11, 17), (28,))):
        found = reviews.measure(
            reviews.children_to_measure(session, last),
            reviews.reviews_to_measure(session),
            first=date(2026, 4, 1),
            last=last,
        )
        assert found.days_late == late


def test_the_councils_scope_and_a_worker_get_no_list_of_children(
    client: TestClient, app_session: Session, noon: datetime
) -> None:
    iro = make_staff(app_session, Role.IRO)
    hold(app_session, iro, "Petunia", date(2026, 9, 2), date(2026, 9, 5))
    sign_in(client, app_session, iro)
    assert client.get("/staff/reviews-on-time.csv?of=council").status_code == 404
    assert "Petunia" not in client.get("/staff/reviews-on-time?of=council").text
    client.post("/staff/sign-out")
    sign_in(client, app_session, make_staff(app_session, Role.MANAGER, team="Elm"))
    rows = rows_of(client, "?of=team")
    assert rows[1][1] == f"Child {rows[1][0]}"
    client.post("/staff/sign-out")
    sign_in(client, app_session, make_staff(app_session, Role.SOCIAL_WORKER))
    assert client.get("/staff/reviews-on-time.csv").status_code == 404
