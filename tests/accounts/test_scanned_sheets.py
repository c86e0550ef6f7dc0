"""A sheet's square code, scanned by somebody not signed in, opens that sheet after sign-in."""

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session

from backend.accounts.models import Staff
from backend.core.access.permissions import Role
from tests.factories import PASSWORD, make_staff

SCANNED = "/staff/paper?code=ABCD-2345"
CARRIED = "/staff/sign-in?to=%2Fstaff%2Fpaper%3Fcode%3DABCD-2345"


@pytest.fixture
def account(app_session: Session) -> dict[str, str]:
    """Email address and password of a participation officer."""
    officer = make_staff(app_session, Role.PARTICIPATION_OFFICER)
    email = app_session.get_one(Staff, officer.staff_id).email
    app_session.commit()
    return {"email": email, "password": PASSWORD}


def test_the_code_is_carried_through_sign_in(client: TestClient, account: dict[str, str]) -> None:
    assert client.get(SCANNED).headers["location"] == CARRIED
    assert f'action="{CARRIED}"' in client.get(CARRIED).text
    answer = client.post(CARRIED, data=account)
    assert answer.headers["location"] == SCANNED


def test_a_wrong_password_does_not_lose_it(client: TestClient, account: dict[str, str]) -> None:
    answer = client.post(CARRIED, data=account | {"password": "wrong"})
    assert answer.status_code == 422
    assert f'action="{CARRIED}"' in answer.text


@pytest.mark.parametrize(
    "elsewhere",
    ["https://else.example/", "//else.example", "/staff//else.example", "/me/", "/staff/../me/",
     "/staff/paper?code=%0d%0aA:b", "/\\\\else.example", "/staff/" + "a" * 300],
)  # fmt: skip
def test_sign_in_leads_to_no_other_place(
    client: TestClient, account: dict[str, str], elsewhere: str
) -> None:
    answer = client.post("/staff/sign-in", params={"to": elsewhere}, data=account)
    assert answer.headers["location"] == "/staff/"
