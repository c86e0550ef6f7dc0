"""Signing in: one answer for every mistake, a pause after five, a code that is taken once."""

from datetime import datetime, timedelta

from fastapi.testclient import TestClient
from sqlmodel import Session

from backend.accounts import service, totp
from backend.accounts.models import Staff
from backend.core import clock
from backend.core.access.permissions import Role
from tests.factories import PASSWORD, make_staff, sign_in


def test_a_password_without_a_second_step_opens_the_first_page(
    client: TestClient, app_session: Session
) -> None:
    sign_in(client, app_session, make_staff(app_session, Role.ADMINISTRATOR))
    page = client.get("/staff/accounts")
    assert page.status_code == 200
    assert "Staff accounts" in page.text


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(
    client: TestClient, app_session: Session
) -> None:
    viewer = make_staff(app_session, Role.IRO)
    email = app_session.get_one(Staff, viewer.staff_id).email
    app_session.commit()
    wrong = client.post("/staff/sign-in", data={"email": email, "password": "wrong"})
    unknown = client.post("/staff/sign-in", data={"email": email[1:], "password": "wrong"})
    assert wrong.status_code == unknown.status_code == 422
    assert wrong.text.replace(email, "") == unknown.text.replace(email[1:], "")


def test_five_wrong_tries_pause_even_the_right_password(session: Session, noon: datetime) -> None:
    viewer = make_staff(session, Role.IRO)
    email = session.get_one(Staff, viewer.staff_id).email
    for _ in range(5):
        assert service.check_password(session, email, "wrong") is None
    try:
        service.check_password(session, email, PASSWORD)
        raise AssertionError("no pause")
    except service.TooManyTries:
        pass
    with clock.set_to(noon + timedelta(minutes=16)):
        assert service.check_password(session, email, PASSWORD) is not None


def test_a_one_time_code_is_taken_once(session: Session, noon: datetime) -> None:
    viewer = make_staff(session, Role.IRO)
    staff = session.get_one(Staff, viewer.staff_id)
    staff.is_totp_needed, staff.totp_secret = True, totp.make_secret()
    code = totp.code_at(staff.totp_secret, int(noon.timestamp()) // 30)
    first = service.check_password(session, staff.email, PASSWORD)
    second = service.check_password(session, staff.email, PASSWORD)
    assert first is not None
    assert second is not None
    assert service.identify(session, first.token, idle=timedelta(hours=1)) is None
    assert service.check_code(session, first.token, code)
    assert not service.check_code(session, second.token, code)
    assert service.identify(session, first.token, idle=timedelta(hours=1)) is not None


def test_a_disabled_account_is_out_at_once(session: Session) -> None:
    boss, viewer = make_staff(session, Role.ADMINISTRATOR), make_staff(session, Role.IRO)
    email = session.get_one(Staff, viewer.staff_id).email
    signed_in = service.check_password(session, email, PASSWORD)
    assert signed_in is not None
    service.disable_staff(session, boss, viewer.staff_id)
    session.flush()
    assert service.identify(session, signed_in.token, idle=timedelta(hours=1)) is None
    assert service.check_password(session, email, PASSWORD) is None
