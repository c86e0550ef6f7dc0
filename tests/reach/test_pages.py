"""The reach pages: counts for managers and participation officers, names for who may reach out."""

from datetime import date, datetime

from fastapi.testclient import TestClient
from sqlmodel import Session

from backend.core.access.permissions import Role
from backend.reach import service
from tests.factories import make_person, make_staff, sign_in
from tests.reach.reviews_held import hold_review, make_children


def fill(session: Session) -> None:
    """Sixty children of two teams, forty of them heard, and half a dozen of a third."""
    for number, person in enumerate(make_children(session, 40, team="North")):
        scores = {"settled": 5 if number < 20 else 1} if number < 28 else None
        hold_review(session, person, scores=scores)
    for number, person in enumerate(make_children(session, 20, team="South")):
        hold_review(session, person, is_heard=number < 12)
    for number, person in enumerate(make_children(session, 7, team="Harbour")):
        hold_review(session, person, is_heard=number < 2)
    service.freeze_half_years(session)
    session.commit()


def test_the_officer_reads_the_share_in_words_with_its_denominator(
    client: TestClient, app_session: Session, noon: datetime
) -> None:
    fill(app_session)
    sign_in(client, app_session, make_staff(app_session, Role.PARTICIPATION_OFFICER))
    page = client.get("/staff/reach").text
    assert "Of 67 reviews held from 1 Jan 2026 to 30 Jun 2026" in page
    assert "<strong>42</strong> (63%)" in page
    assert "held back" in page
    assert "could have been asked did not answer it" in page


def test_the_csv_holds_what_the_page_holds_and_nothing_more(
    client: TestClient, app_session: Session, noon: datetime
) -> None:
    fill(app_session)
    sign_in(client, app_session, make_staff(app_session, Role.MANAGER))
    answer = client.get("/staff/reach/2026H1/looked-after/tables.csv")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/csv")
    assert answer.headers["cache-control"] == "no-store"
    lines = answer.text.splitlines()
    assert lines[0] == "table,line,counted,asked,heard,percent_heard"
    assert "All,All,reviews,67,42,63" in lines
    harbour = next(line for line in lines if line.startswith("Team,Harbour,reviews"))
    assert harbour.endswith("held back,held back")
    for line in lines[1:]:
        assert all(cell == "held back" or int(cell) >= 6 for cell in line.split(",")[-3:-1])


def test_before_any_half_year_is_told_the_page_says_when_one_will_be(
    client: TestClient, app_session: Session, noon: datetime
) -> None:
    sign_in(client, app_session, make_staff(app_session, Role.PARTICIPATION_OFFICER))
    assert "Nothing is told yet" in client.get("/staff/reach").text
    for address in ("2026H1/looked-after", "12-months/looked-after", "2026H1/everybody", "x/y"):
        assert client.get(f"/staff/reach/{address}").status_code == 404
        assert client.get(f"/staff/reach/{address}/tables.csv").status_code == 404


def test_tables_hold_no_name_and_names_are_for_who_may_reach_out(
    client: TestClient, app_session: Session, noon: datetime
) -> None:
    worker = make_staff(app_session, Role.SOCIAL_WORKER)
    own = make_person(app_session, known_as="Wren", worker_id=worker.staff_id)
    other = make_person(app_session, known_as="Lark")
    for person in (own, other):
        hold_review(app_session, person, on=date(2026, 3, 24))
        hold_review(app_session, person, on=date(2026, 9, 15))
    fill(app_session)
    sign_in(client, app_session, worker)
    assert client.get("/staff/reach").status_code == 404
    page = client.get("/staff/not-heard").text
    assert "Wren" in page
    assert "Lark" not in page
    assert "1 young person sent nothing" in page


def test_an_empty_list_says_that_everybody_was_heard(
    client: TestClient, app_session: Session, noon: datetime
) -> None:
    sign_in(client, app_session, make_staff(app_session, Role.IRO))
    assert "was heard before at least one" in client.get("/staff/not-heard").text


def test_a_complaints_manager_and_an_administrator_see_neither(
    client: TestClient, app_session: Session, noon: datetime
) -> None:
    for role in (Role.COMPLAINTS_MANAGER, Role.ADMINISTRATOR, Role.DUTY_READER):
        sign_in(client, app_session, make_staff(app_session, role))
        assert client.get("/staff/reach").status_code == 404
        assert client.get("/staff/not-heard").status_code == 404
        client.post("/staff/sign-out")
