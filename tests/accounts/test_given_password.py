"""A password that an administrator gave opens one page: the one that replaces it."""

from fastapi.testclient import TestClient
from sqlmodel import Session

from backend.accounts import service
from backend.accounts.models import Staff
from backend.core.access.permissions import Role
from tests.factories import make_staff


def test_a_given_password_must_be_replaced_before_anything_opens(
    client: TestClient, app_session: Session
) -> None:
    viewer = make_staff(app_session, Role.ADMINISTRATOR)
    password = service.give_password(app_session, "test", viewer.staff_id)
    email = app_session.get_one(Staff, viewer.staff_id).email
    app_session.commit()
    client.post("/staff/sign-in", data={"email": email, "password": password})
    assert client.get("/staff/accounts").headers["location"] == "/staff/account"
    short = client.post("/staff/account", data={"password": "too short"})
    assert short.status_code == 422
    assert client.get("/staff/accounts").status_code == 303
    client.post("/staff/account", data={"password": "three long words"})
    assert client.get("/staff/accounts").status_code == 200
