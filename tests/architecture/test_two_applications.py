"""Two applications, two cookies: neither opens the other, however it is carried over."""

from datetime import timedelta

from fastapi.testclient import TestClient
from sqlmodel import Session

from backend.accounts import service as accounts
from backend.contributor_app import COOKIE as CONTRIBUTORS
from backend.core.access.permissions import Role
from backend.entry import service as entry
from backend.people import queries as people
from backend.staff_app import COOKIE as STAFF
from tests.factories import make_person, make_staff, sign_in

SECRET = {"kind": "digits", "secret": "8261"}


def come_in_as_child(client: TestClient, session: Session) -> str:
    """A child's page, past the secret; the token in its cookie."""
    own = people.contributor_of_person(session, make_person(session).id or 0)
    line = entry.ensure_pass(session, (own.id if own else None) or 0)
    session.commit()
    client.post("/me/", data={"code": line.code})
    client.post("/me/birthday", data={"birthday_day": "9", "birthday_month": "3"})
    assert client.post("/me/secret/new", data=SECRET).status_code == 303
    return client.cookies[CONTRIBUTORS]


def test_each_cookie_is_sent_to_its_own_application_only(
    client: TestClient, app_session: Session
) -> None:
    come_in_as_child(client, app_session)
    sign_in(client, app_session, make_staff(app_session, Role.ADMINISTRATOR))
    paths = {cookie.name: cookie.path for cookie in client.cookies.jar}
    assert paths == {CONTRIBUTORS: "/me", STAFF: "/staff"}


def test_a_contributors_cookie_opens_no_staff_page(
    client: TestClient, app_session: Session
) -> None:
    token = come_in_as_child(client, app_session)
    assert client.get("/me/secret/new").status_code == 200
    for name in (CONTRIBUTORS, STAFF):
        client.cookies.clear()
        client.cookies.set(name, token, path="/")
        for path in ("/staff/account", "/staff/accounts", "/staff/reviews", "/staff/code"):
            answer = client.get(path)
            assert answer.status_code in (303, 404), path
            assert answer.headers.get("location", "/staff/sign-in") == "/staff/sign-in"


def test_a_staff_cookie_opens_no_contributors_page(
    client: TestClient, app_session: Session
) -> None:
    sign_in(client, app_session, make_staff(app_session, *Role))
    assert client.get("/staff/account").status_code == 200
    token = client.cookies[STAFF]
    for name in (CONTRIBUTORS, STAFF):
        client.cookies.clear()
        client.cookies.set(name, token, path="/")
        for path in ("/me/secret", "/me/secret/new", "/me/birthday"):
            assert client.get(path).headers["location"] == "/me/", path
        assert "Type your code" in client.get("/me/").text


def test_the_two_session_tables_know_nothing_of_each_others_tokens(
    client: TestClient, app_session: Session
) -> None:
    childs = come_in_as_child(client, app_session)
    sign_in(client, app_session, make_staff(app_session, Role.IRO))
    staffs = client.cookies[STAFF]
    assert accounts.identify(app_session, childs, idle=timedelta(hours=1)) is None
    assert entry.identify(app_session, staffs) is None
    assert accounts.identify(app_session, staffs, idle=timedelta(hours=1)) is not None
    assert entry.identify(app_session, childs) is not None
    app_session.rollback()


def test_a_page_of_one_application_links_to_no_session_of_the_other(client: TestClient) -> None:
    assert "/staff" not in client.get("/me/").text
    assert client.get("/").headers["location"] == "/me/"
