"""A worker hands their own phone over: signed out there, and the child's page open."""

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session, select

from backend.accounts import service as accounts
from backend.core.access.permissions import Role
from backend.core.audit import AuditEvent
from backend.entry import service as entry
from backend.entry.models import ContributorSession, OpeningLink
from tests.factories import make_staff, sign_in
from tests.surveys.rounds import Round, alone, choose, enter, open_round

pytestmark = pytest.mark.usefixtures("noon")


@pytest.fixture
def round_(app_session: Session) -> Round:
    return open_round(app_session)


def hand_over(client: TestClient, round_: Round) -> str:
    """The worker presses the button; where the browser goes."""
    answer = client.post(f"/staff/people/{round_.person.id}/door/hand-over")
    assert answer.status_code == 303
    assert answer.headers["clear-site-data"] == '"cache"'
    return str(answer.headers["location"])


def test_the_workers_sign_in_ends_and_the_childs_page_opens(
    client: TestClient, app_session: Session, round_: Round
) -> None:
    sign_in(client, app_session, round_.worker)
    door = f"/staff/people/{round_.person.id}/door"
    assert "Sign me out and hand it over" in client.get(door).text
    before = client.cookies.get(accounts.COOKIE)
    onward = hand_over(client, round_)
    assert onward.startswith("/me/once/")
    assert client.cookies.get(accounts.COOKIE) is None
    # Also an old copy of the cookie opens nothing.
    client.cookies.set(accounts.COOKIE, before or "", path="/staff")
    assert client.get(door).headers["location"] == "/staff/sign-in"
    client.cookies.delete(accounts.COOKIE)
    assert client.get(onward).status_code == 200
    assert client.post(onward).status_code == 303
    assert client.get("/me/home").status_code == 200
    assert client.get(door).headers["location"] == "/staff/sign-in"
    assert round_.worker.name in client.get("/me/home").text


def test_the_phone_counts_as_shared_and_the_opening_is_kept(
    client: TestClient, app_session: Session, round_: Round
) -> None:
    sign_in(client, app_session, round_.worker)
    client.post(hand_over(client, round_))
    app_session.expire_all()
    page = app_session.exec(select(ContributorSession)).one()
    assert page.is_own_phone is False
    assert page.let_in_by == round_.worker.staff_id
    events = app_session.exec(select(AuditEvent.event)).all()
    assert "entry.handed_over" in events
    assert "staff.signed_out" in events


def test_who_helps_is_asked_as_always_after_a_hand_over(
    client: TestClient, app_session: Session, round_: Round
) -> None:
    sign_in(client, app_session, round_.worker)
    client.post(hand_over(client, round_))
    assert "Who is with you?" in client.get(round_.address).text


def test_what_was_hidden_from_the_worker_stays_shut_on_their_phone(
    client: TestClient, app_session: Session, round_: Round
) -> None:
    enter(client, app_session, round_.contributor)
    alone(client, round_)
    first = choose(client, round_)
    hidden = {"most_wanted_0-reach": "hide", "most_wanted_0-reach_from": "worker"}
    client.post(
        first, data={"asked": "r12.wanted.words", "most_wanted_0": "Not for my worker"} | hidden
    )
    topic = first.rsplit("/", 1)[0]
    assert client.post(f"{topic}/end", data={"action": "send"}).status_code == 303
    client.get("/me/leave")
    sign_in(client, app_session, round_.worker)
    client.post(hand_over(client, round_))
    assert client.get(topic).status_code == 404
    assert "Not for my worker" not in client.get("/me/words").text


def test_leaving_closes_the_page_and_shows_the_everyday_one(
    client: TestClient, app_session: Session, round_: Round
) -> None:
    sign_in(client, app_session, round_.worker)
    onward = hand_over(client, round_)
    client.post(onward)
    left = client.get("/me/leave")
    assert left.headers["location"].startswith("https://")
    assert client.get("/me/home").headers["location"] == "/me/"
    assert client.get(onward).status_code == 410


def test_nobody_hands_over_a_phone_for_a_child_who_is_not_theirs(
    client: TestClient, app_session: Session, round_: Round
) -> None:
    for role in (Role.SOCIAL_WORKER, Role.PARTICIPATION_OFFICER, Role.DUTY_READER):
        sign_in(client, app_session, make_staff(app_session, role))
        answer = client.post(f"/staff/people/{round_.person.id}/door/hand-over")
        assert answer.status_code == 404
        assert client.get("/staff/account").status_code == 200
        client.cookies.clear()
    assert app_session.exec(select(OpeningLink)).all() == []
    assert entry.COOKIE not in client.cookies
