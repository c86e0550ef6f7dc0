"""An administrator alone lets nobody read words: not by an account, a password or a deputy."""

import re
from datetime import datetime

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session, select

from backend.accounts import service, totp
from backend.accounts.models import Deputy, Staff
from backend.core import clock
from backend.core.access.identity import StaffIdentity
from backend.core.access.permissions import Role
from tests.factories import make_staff, sign_in
from tests.safeguarding.cases import Around, make_case, send, stored

pytestmark = pytest.mark.usefixtures("noon")
DAYS = {f"{name}_day-{part}": value for name in ("first", "last")
        for part, value in (("day", "23"), ("month", "11"), ("year", "2026"))}  # fmt: skip
ROBIN = {"name": "Robin Two", "email": "robin.two@council.example", "team": "", "roles": "iro"}


@pytest.fixture
def case(app_session: Session, noon: datetime) -> Around:
    return make_case(app_session)


@pytest.fixture
def boss(app_session: Session, case: Around) -> StaffIdentity:
    return make_staff(app_session, Role.ADMINISTRATOR)


def as_(client: TestClient, session: Session, one: StaffIdentity) -> None:
    client.cookies.clear()
    sign_in(client, session, one)


def row_of(session: Session, email: str) -> Staff:
    index = service.email_index(email)
    return next(one for one in stored(session, Staff) if one.email_index == index)


def ask_for_robin(client: TestClient, session: Session, boss: StaffIdentity) -> str:
    """Ask for a second IRO's account; its first password."""
    as_(client, session, boss)
    page = client.post("/staff/accounts", data=ROBIN)
    (password,) = re.findall(r'Robin Two: <strong class="heard-key">([^<]+)<', page.text)
    return str(password)


def first_sign_in(
    client: TestClient, session: Session, password: str, *, setup_code: str = ""
) -> int:
    """Try to sign in for the first time, authenticator and all; the status of what was asked."""
    client.cookies.clear()
    given = {"email": ROBIN["email"], "password": password}
    assert client.post("/staff/sign-in", data=given).headers["location"] == "/staff/code"
    client.get("/staff/code")
    secret = row_of(session, ROBIN["email"]).totp_secret
    step = int(clock.now().timestamp()) // totp.STEP_SECONDS
    code = totp.code_at(secret, step) if secret else "000000"
    answer = client.post("/staff/code", data={"code": code, "setup_code": setup_code})
    return int(answer.status_code)


def test_an_account_opens_nothing_before_a_second_person_said_yes(
    client: TestClient, app_session: Session, boss: StaffIdentity
) -> None:
    password = ask_for_robin(client, app_session, boss)
    assert first_sign_in(client, app_session, password) == 422
    assert "waits until a second person" in client.get("/staff/code").text
    for page in ("reviews", "reading", "account"):
        assert client.get(f"/staff/{page}").headers["location"] == "/staff/sign-in"


def test_who_asked_cannot_say_yes_and_does_not_see_it(
    client: TestClient, app_session: Session, boss: StaffIdentity
) -> None:
    ask_for_robin(client, app_session, boss)
    robin = row_of(app_session, ROBIN["email"]).id
    assert "Robin Two" not in client.get("/staff/confirmations").text
    answer = client.post(f"/staff/confirmations/accounts/{robin}", data={"decision": "yes"})
    assert answer.status_code == 404
    assert row_of(app_session, ROBIN["email"]).waits_since is not None


def test_after_a_yes_neither_of_the_two_who_made_it_can_be_that_person(
    client: TestClient, app_session: Session, boss: StaffIdentity, case: Around
) -> None:
    password = ask_for_robin(client, app_session, boss)
    robin = row_of(app_session, ROBIN["email"]).id
    as_(client, app_session, case.manager)
    assert "robin.two@council.example" in client.get("/staff/confirmations").text
    page = client.post(f"/staff/confirmations/accounts/{robin}", data={"decision": "yes"})
    (code,) = re.findall(r'Robin Two: <strong class="heard-key">([^<]+)<', page.text)
    assert first_sign_in(client, app_session, password) == 422
    assert first_sign_in(client, app_session, password, setup_code="AAAA-AAAA") == 422
    assert first_sign_in(client, app_session, password, setup_code=code.lower()) == 303
    assert client.get("/staff/reviews").headers["location"] == "/staff/account"
    client.post("/staff/account", data={"password": "three long words"})
    assert client.get("/staff/reviews").status_code == 200
    # A yes is given once.
    as_(client, app_session, case.manager)
    again = client.post(f"/staff/confirmations/accounts/{robin}", data={"decision": "yes"})
    assert again.status_code == 404


@pytest.mark.parametrize("change", ["reset-code", "enable", "give-password"])
def test_no_change_to_an_iros_account_lets_the_administrator_in(
    client: TestClient, app_session: Session, boss: StaffIdentity, case: Around, change: str
) -> None:
    staff = app_session.get_one(Staff, case.iro.staff_id)
    staff.is_totp_needed, email = True, staff.email
    as_(client, app_session, boss)
    page = client.post(f"/staff/accounts/{staff.id}/give-password")
    (password,) = re.findall(r'<strong class="heard-key">([^<]+)<', page.text)
    client.post(f"/staff/accounts/{staff.id}/{change}")
    client.cookies.clear()
    client.post("/staff/sign-in", data={"email": email, "password": password})
    assert "Scan this" not in client.get("/staff/code").text
    assert client.get("/staff/reviews").headers["location"] == "/staff/sign-in"
    assert row_of(app_session, email).waits_since is not None


def test_a_new_password_leaves_a_second_step_in_use_as_it_was(
    app_session: Session, boss: StaffIdentity, case: Around
) -> None:
    staff = app_session.get_one(Staff, case.iro.staff_id)
    staff.is_totp_needed, staff.totp_secret, staff.totp_last_step = True, totp.make_secret(), 1
    service.give_password(app_session, boss.actor, case.iro.staff_id)
    assert staff.waits_since is None
    assert staff.totp_last_step == 1


def test_an_administrator_named_by_an_extract_as_iro_is_no_iro(
    client: TestClient, app_session: Session, boss: StaffIdentity, case: Around
) -> None:
    topic = send(app_session, case, "zqmine")
    email = app_session.get_one(Staff, boss.staff_id).email
    case.person.iro_id = service.ensure_staff(app_session, name="X", email=email, role=Role.IRO)
    assert case.person.iro_id == boss.staff_id
    as_(client, app_session, boss)
    for page in (f"reading/{topic}", f"reviews/{case.review.id}", "reading", "reviews"):
        assert client.get(f"/staff/{page}").status_code == 404, page


def test_an_administrators_role_stands_alone(
    client: TestClient, app_session: Session, boss: StaffIdentity
) -> None:
    as_(client, app_session, boss)
    page = client.post("/staff/accounts", data=ROBIN | {"roles": ["iro", "administrator"]})
    assert page.status_code == 422
    assert "this role stands alone" in page.text


def ask_for_deputy(
    client: TestClient, session: Session, boss: StaffIdentity, case: Around
) -> StaffIdentity:
    """An administrator asks for a deputy of the child's IRO, for today."""
    deputy = make_staff(session, Role.IRO)
    as_(client, session, boss)
    ids = {"staff_id": case.iro.staff_id, "deputy_id": deputy.staff_id}
    assert client.post("/staff/deputies", data=DAYS | ids).status_code == 303
    return deputy


def reads(client: TestClient, session: Session, one: StaffIdentity, topic: int) -> bool:
    as_(client, session, one)
    return bool(client.get(f"/staff/reading/{topic}").status_code == 200)


def test_a_deputy_that_an_administrator_names_waits_for_who_is_away_and_is_told(
    client: TestClient, app_session: Session, boss: StaffIdentity, case: Around
) -> None:
    topic = send(app_session, case, "zqmine")
    deputy = ask_for_deputy(client, app_session, boss, case)
    assert not reads(client, app_session, deputy, topic)
    row = stored(app_session, Deputy)[0].id
    own = "account/deputies"
    tries = ((deputy, own), (boss, own), (case.worker, own), (boss, "confirmations/deputies"))
    for someone, page in tries:
        as_(client, app_session, someone)
        answer = client.post(f"/staff/{page}/{row}", data={"decision": "yes"})
        assert answer.status_code == 404, someone
    as_(client, app_session, case.iro)
    assert "Somebody arranged for a colleague" in client.get("/staff/reviews").text
    assert deputy.name in client.get("/staff/account").text
    client.post(f"/staff/account/deputies/{row}", data={"decision": "yes"})
    assert reads(client, app_session, deputy, topic)
    as_(client, app_session, case.iro)
    client.post(f"/staff/account/deputies/{row}", data={"decision": "end"})
    assert not reads(client, app_session, deputy, topic)


def test_a_second_person_can_say_yes_for_an_iro_who_is_ill(
    client: TestClient, app_session: Session, boss: StaffIdentity, case: Around
) -> None:
    topic = send(app_session, case, "zqmine")
    deputy = ask_for_deputy(client, app_session, boss, case)
    as_(client, app_session, case.manager)
    assert deputy.name in client.get("/staff/confirmations").text
    row = app_session.exec(select(Deputy)).one().id
    app_session.commit()
    answer = client.post(f"/staff/confirmations/deputies/{row}", data={"decision": "yes"})
    assert answer.status_code == 303
    assert reads(client, app_session, deputy, topic)


def test_one_names_ones_own_deputy_at_once(
    client: TestClient, app_session: Session, case: Around
) -> None:
    topic = send(app_session, case, "zqmine")
    deputy, stranger = make_staff(app_session, Role.IRO), make_staff(app_session, Role.MANAGER)
    as_(client, app_session, case.iro)
    refused = client.post("/staff/account/deputies", data=DAYS | {"deputy_id": stranger.staff_id})
    assert refused.status_code == 422
    answer = client.post("/staff/account/deputies", data=DAYS | {"deputy_id": deputy.staff_id})
    assert answer.status_code == 303
    assert reads(client, app_session, deputy, topic)
    as_(client, app_session, case.iro)
    assert "Somebody arranged" not in client.get("/staff/reviews").text
