"""What a stranger learns by trying: the same from what is there and from what is not."""

from datetime import datetime, timedelta

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlmodel import Session, select

from backend.accounts.models import Staff
from backend.core import clock
from backend.core.access.permissions import Role
from backend.entry import service as entry
from backend.entry.models import ContributorSession, Pass
from tests.entry.doors import BIRTHDAY, OTHER_DAY, make_young_person
from tests.factories import PASSWORD, make_staff
from tests.safeguarding.cases import make_case, stored

pytestmark = pytest.mark.usefixtures("noon")


def try_code(client: TestClient, code: str, birthday: dict[str, str]) -> list[Response]:
    """Both answers that somebody gets who types a code and a birthday."""
    client.cookies.clear()
    return [client.post("/me/", data={"code": code}), client.post("/me/birthday", data=birthday)]


def shape(answers: list[Response]) -> list[tuple[int, str | None, str, int]]:
    """All of an answer that a stranger can tell apart; the cookie by its length."""
    return [
        (one.status_code, one.headers.get("location"), one.text,
         len(one.headers.get("set-cookie", "")))
        for one in answers
    ]  # fmt: skip


@pytest.mark.parametrize("ended", ["live", "switched_off", "expired"])
def test_a_wrong_birthday_says_nothing_of_whether_the_code_is_one(
    client: TestClient, app_session: Session, ended: str
) -> None:
    _, own, line = make_young_person(app_session)
    row = app_session.exec(select(Pass).where(Pass.contributor_id == own.id)).one()
    if ended == "switched_off":
        row.revoked_at = clock.now()
    if ended == "expired":
        row.expires_on = clock.today() - timedelta(days=1)
    app_session.commit()
    unknown = "CCCC-CCCC"
    assert shape(try_code(client, line.code, OTHER_DAY)) == shape(
        try_code(client, unknown, OTHER_DAY)
    )
    for _ in range(6):
        real, made_up = (try_code(client, one, OTHER_DAY) for one in (line.code, unknown))
    assert real[1].status_code == 429
    assert shape(real) == shape(made_up)
    assert stored(app_session, ContributorSession) == []


def test_a_code_that_ended_opens_nothing_and_says_what_to_do(
    client: TestClient, app_session: Session
) -> None:
    _, own, line = make_young_person(app_session)
    app_session.exec(
        select(Pass).where(Pass.contributor_id == own.id)
    ).one().revoked_at = clock.now()
    app_session.commit()
    answer = try_code(client, line.code, BIRTHDAY)[1]
    assert answer.status_code == 410
    assert "020 7946 0100" in answer.text
    assert stored(app_session, ContributorSession) == []


def test_a_used_a_late_and_an_unknown_opening_link_look_the_same(
    client: TestClient, app_session: Session, noon: datetime
) -> None:
    case = make_case(app_session)
    links = [entry.make_opening_link(app_session, case.iro, case.person_id) for _ in range(2)]
    app_session.commit()
    used, late = ("/me/once/" + link.url.rsplit("/", 1)[1] for link in links)
    assert client.post(used).status_code == 303
    client.cookies.clear()
    with clock.set_to(noon + timedelta(minutes=11)):
        for method in (client.get, client.post):
            answers = [method(one) for one in (used, late, "/me/once/unknown")]
            assert {(one.status_code, one.text) for one in answers} == {(410, answers[0].text)}
    assert len(stored(app_session, ContributorSession)) == 1


def test_signing_in_says_nothing_of_which_addresses_have_an_account(
    client: TestClient, app_session: Session
) -> None:
    rows = [
        app_session.get_one(Staff, make_staff(app_session, Role.IRO).staff_id) for _ in range(3)
    ]
    rows[1].disabled_at, rows[2].password_hash = clock.now(), None
    emails = [*(row.email for row in rows), "nobody@council.example"]
    app_session.commit()
    for turn in range(7):
        answers = [
            client.post(
                "/staff/sign-in",
                data={"email": email, "password": "wrong password" if email == emails[0]
                      else PASSWORD},
            )
            for email in emails
        ]  # fmt: skip
        told = {
            (one.status_code, one.text.replace(email, ""))
            for one, email in zip(answers, emails, strict=True)
        }
        assert len(told) == 1, turn
        assert not any("set-cookie" in one.headers for one in answers)
    assert told.pop()[0] == 429
