"""Posts from other websites, and cookies that were planted, changed or carried over."""

from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine
from sqlmodel import Session

from backend.accounts import totp
from backend.accounts.models import Staff
from backend.app import create_app
from backend.contributor_app import COOKIE as CONTRIBUTORS
from backend.core.access.permissions import Role
from backend.forum.models import Post, Vote
from backend.forum.service import add_post, moderate
from backend.safeguarding.models import Concern
from backend.settings import Settings
from backend.staff_app import COOKIE as STAFF
from tests.attack.towns import identity_of
from tests.entry.doors import BIRTHDAY, make_young_person
from tests.factories import PASSWORD, make_staff, sign_in
from tests.safeguarding.cases import enter, make_case, stored

pytestmark = pytest.mark.usefixtures("noon")
HOST = "testserver.local"  # as the cookie jar of the test browser calls it
FOREIGN: tuple[dict[str, str], ...] = (
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Origin": "http://testserver.evil.example"},
    {"Origin": "http://testserver:81"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "cross-site", "Origin": "http://testserver"},
    {"Sec-Fetch-Site": ""},
)
OURS: tuple[dict[str, str], ...] = (
    {},
    {"Origin": "http://testserver"},
    {"Sec-Fetch-Site": "same-origin", "Origin": "http://testserver"},
    {"Sec-Fetch-Site": "none"},
)


@pytest.mark.parametrize("headers", FOREIGN)
def test_a_post_from_another_website_changes_nothing_in_either_application(
    client: TestClient, app_session: Session, headers: dict[str, str]
) -> None:
    case = make_case(app_session)
    enter(client, app_session, case)
    for address in ("/me/not-safe", "/me/forum", "/me/lock", "/me/nowhere"):
        answer = client.post(address, data={"words": "zq", "kind": "idea"}, headers=headers)
        assert answer.status_code == 403
        assert "another website" in answer.text
    sign_in(client, app_session, make_staff(app_session, Role.ADMINISTRATOR))
    for method in ("post", "put", "delete", "patch"):
        answer = getattr(client, method)("/staff/sign-out", headers=headers)
        assert answer.status_code == 403, method
    assert client.get("/staff/account").status_code == 200
    assert stored(app_session, Concern) == []
    assert stored(app_session, Post) == []


@pytest.mark.parametrize("headers", OURS)
def test_our_own_forms_work_over_plain_http_and_without_the_newer_header(
    client: TestClient, app_session: Session, headers: dict[str, str]
) -> None:
    enter(client, app_session, make_case(app_session))
    assert client.post("/me/not-safe", headers=headers).status_code == 303
    assert len(stored(app_session, Concern)) == 1


def cookie_of(answer: Any) -> str:
    found: str = answer.headers["set-cookie"].casefold()
    return found


@pytest.mark.parametrize("is_secure", [True, False])
def test_both_cookies_are_closed_to_scripts_and_to_other_paths(
    sqlite_engine: Engine, app_session: Session, settings: Settings, is_secure: bool
) -> None:
    staff = make_staff(app_session, Role.IRO)
    *_, line = make_young_person(app_session)
    app_session.commit()
    told = settings.model_copy(update={"heard_secure_cookies": is_secure})
    host = "https://testserver" if is_secure else "http://testserver"
    with TestClient(
        create_app(sqlite_engine, told), base_url=host, follow_redirects=False
    ) as client:
        email = app_session.get_one(Staff, staff.staff_id).email
        app_session.commit()
        cookies = {
            "/staff": client.post("/staff/sign-in", data={"email": email, "password": PASSWORD}),
            "/me": client.post("/me/", data={"code": line.code}),
        }
        opened = client.post("/me/birthday", data=BIRTHDAY)
    for path, answer in [*cookies.items(), ("/me", opened)]:
        cookie = cookie_of(answer)
        assert f"path={path};" in f"{cookie};"
        assert "httponly" in cookie
        assert "samesite=lax" in cookie
        assert "domain" not in cookie
        assert "max-age" not in cookie
        assert ("; secure" in cookie) is is_secure


def test_a_cookie_that_was_planted_is_not_the_page_that_opens(
    client: TestClient, app_session: Session
) -> None:
    *_, line = make_young_person(app_session)
    staff = make_staff(app_session, Role.IRO)
    app_session.commit()
    client.cookies.set(CONTRIBUTORS, "planted", domain=HOST, path="/me")
    client.post("/me/", data={"code": line.code})
    carried = client.cookies[CONTRIBUTORS]
    client.post("/me/birthday", data=BIRTHDAY)
    opened = client.cookies[CONTRIBUTORS]
    client.post("/me/secret/new", data={"kind": "digits", "secret": "8261"})
    known = client.cookies[CONTRIBUTORS]
    assert len({"planted", carried, opened, known}) == 4
    for old in ("planted", carried, opened):
        client.cookies.clear()
        client.cookies.set(CONTRIBUTORS, old, path="/me")
        assert client.get("/me/home").headers["location"] == "/me/"
    client.cookies.clear()
    client.cookies.set(STAFF, "planted", domain=HOST, path="/staff")
    sign_in(client, app_session, staff)
    assert client.cookies[STAFF] != "planted"


def test_a_staff_cookie_from_before_the_second_step_opens_nothing_after_it(
    client: TestClient, app_session: Session, noon: Any
) -> None:
    staff = make_staff(app_session, Role.IRO)
    row = app_session.get_one(Staff, staff.staff_id)
    row.is_totp_needed, row.totp_secret = True, totp.make_secret()
    secret = row.totp_secret or ""
    sign_in(client, app_session, identity_of(app_session, staff))
    before = client.cookies[STAFF]
    for address in ("/staff/account", "/staff/reviews"):
        assert client.get(address).headers["location"] == "/staff/sign-in"
    code = totp.code_at(secret, int(noon.timestamp()) // 30)
    assert client.post("/staff/code", data={"code": code}).status_code == 303
    assert client.get("/staff/reviews").status_code == 200
    client.cookies.clear()
    client.cookies.set(STAFF, before, path="/staff")
    assert client.get("/staff/reviews").headers["location"] == "/staff/sign-in"


@pytest.mark.parametrize("change", ["x{}", "{}x", "", "\x7f", "é", "' OR 1=1 --", "A" * 5000])
def test_a_changed_cookie_is_nobodys(client: TestClient, app_session: Session, change: str) -> None:
    case = make_case(app_session)
    enter(client, app_session, case)
    sign_in(client, app_session, case.iro)
    tokens = {name: client.cookies[name] for name in (CONTRIBUTORS, STAFF)}
    client.cookies.clear()
    for (name, token), page in zip(tokens.items(), ("/me/home", "/staff/reviews"), strict=True):
        raw = f"{name}={change.format(token)}".encode("latin-1")
        answer = client.get(page, headers={b"Cookie": raw})
        assert (answer.status_code, answer.text) == (303, "")


def test_the_forum_of_another_age_is_out_of_reach(client: TestClient, app_session: Session) -> None:
    child, leaver = make_case(app_session), make_case(app_session, is_leaver=True)
    officer = make_staff(app_session, Role.PARTICIPATION_OFFICER)
    ids = [
        add_post(app_session, who.identity(), kind="idea", words=words).id or 0
        for who, words in ((leaver, "zqadult"), (child, "zqshown"), (child, "zqwaiting"))
    ]
    moderate(app_session, officer, ids[1], is_shown=True)
    for who, hidden, others in ((child, "zqadult", ids[0]), (leaver, "zqshown", ids[1])):
        client.cookies.clear()
        enter(client, app_session, who)
        assert hidden not in client.get("/me/forum").text
        answers = [client.post(f"/me/forum/{one}/vote") for one in (others, ids[2], 4711)]
        assert [one.status_code for one in answers[::2]] == [422, 422]
        assert all(hidden not in one.text for one in answers)
        assert answers[0].text == answers[2].text
    assert stored(app_session, Vote) == []
    client.cookies.clear()
    enter(client, app_session, make_case(app_session), is_known=False)
    assert client.get("/me/forum").headers["location"] == "/me/secret"
    assert client.post(f"/me/forum/{ids[1]}/vote").status_code == 404
