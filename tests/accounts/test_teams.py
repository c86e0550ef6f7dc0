"""A manager sees the children of their team, so nobody moves to another by one person's word."""

from datetime import datetime

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session

from backend.core.access.permissions import Role
from tests.factories import make_person, make_staff, sign_in

ADDRESS = "/staff/reviews-on-time"


def test_a_manager_who_moves_sees_nothing_before_a_second_person_said_yes(
    client: TestClient, app_session: Session, noon: datetime
) -> None:
    make_person(app_session, team="Elm 1")
    boss, other = (make_staff(app_session, Role.ADMINISTRATOR) for _ in range(2))
    manager = make_staff(app_session, Role.MANAGER, team="Elm")
    sign_in(client, app_session, manager)
    managers_cookies = dict(client.cookies)
    assert "The extract names nobody of the team “Elm”" in client.get(ADDRESS).text

    client.cookies.clear()
    sign_in(client, app_session, boss)
    page = client.get("/staff/accounts").text
    assert '<option value="Elm 1">' in page
    moved = {"moved_id": str(manager.staff_id), "new_team": "Elm 1"}
    assert client.post("/staff/teams", data=moved).status_code == 303
    assert "Waits for a second person" in client.get("/staff/accounts").text
    no = client.post(f"/staff/confirmations/accounts/{manager.staff_id}", data={"decision": "yes"})
    assert no.status_code == 404

    client.cookies.clear()
    client.cookies.update(managers_cookies)
    assert client.get(ADDRESS).status_code == 303  # the open session has ended

    client.cookies.clear()
    sign_in(client, app_session, other)
    yes = client.post(f"/staff/confirmations/accounts/{manager.staff_id}", data={"decision": "yes"})
    assert yes.status_code in (200, 303)
    client.cookies.clear()
    sign_in(client, app_session, manager)
    assert "names nobody of the team" not in client.get(ADDRESS).text


@pytest.mark.parametrize("team", ["Elm", "own"])
def test_a_move_that_is_none_says_so(
    client: TestClient, app_session: Session, noon: datetime, team: str
) -> None:
    boss = make_staff(app_session, Role.ADMINISTRATOR)
    manager = make_staff(app_session, Role.MANAGER, team="Elm")
    sign_in(client, app_session, boss)
    who = boss if team == "own" else manager
    moved = {"moved_id": str(who.staff_id), "new_team": team}
    assert client.post("/staff/teams", data=moved).status_code == 422
    assert client.post("/staff/teams", data={"new_team": "Oak"}).status_code == 422


def test_a_manager_moves_nobody(client: TestClient, app_session: Session, noon: datetime) -> None:
    manager = make_staff(app_session, Role.MANAGER, team="Elm")
    sign_in(client, app_session, manager)
    moved = {"moved_id": str(manager.staff_id), "new_team": "Oak"}
    assert client.post("/staff/teams", data=moved).status_code == 404
