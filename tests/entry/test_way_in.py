"""Coming in by code, link and birthday: forgiving of typing, silent about what exists."""

import re
from datetime import date, datetime, timedelta

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session, select

from backend.core import clock
from backend.core.tokens import LETTERS
from backend.entry import service, tries
from backend.entry.models import ContributorSession, EntryAttempt, Pass
from tests.entry.doors import BIRTHDAY, OTHER_DAY, come_in, make_young_person, path_of
from tests.factories import make_contact, make_person

UNKNOWN = "CCCC-CCCC"


def count_rows(session: Session) -> tuple[int, int]:
    opened = len(session.exec(select(ContributorSession)).all())
    counted = opened, len(session.exec(select(EntryAttempt)).all())
    session.rollback()  # or this read would hold the writers of the pages up
    return counted


@pytest.mark.parametrize("change", [str, str.lower, lambda code: f"  {code[:2]} {code[2:]}. "])
def test_a_code_is_taken_however_it_is_typed(
    client: TestClient, app_session: Session, change: type[str]
) -> None:
    *_, line = make_young_person(app_session)
    app_session.commit()
    client.post("/me/", data={"code": change(line.code)})
    answer = client.post("/me/birthday", data=BIRTHDAY)
    assert (answer.status_code, answer.headers["location"]) == (303, "/me/secret")


def test_a_link_asks_the_birthday_and_opens_as_often_as_one_likes(
    client: TestClient, app_session: Session
) -> None:
    *_, line = make_young_person(app_session)
    app_session.commit()
    for _ in range(3):
        client.cookies.clear()
        assert "birthday" in client.get(path_of(line.link_url)).text
        answer = client.post(path_of(line.link_url), data=BIRTHDAY)
        assert answer.headers["location"] == "/me/secret"


def test_a_wrong_code_and_a_wrong_birthday_get_the_same_answer_at_every_step(
    client: TestClient, app_session: Session
) -> None:
    *_, line = make_young_person(app_session)
    app_session.commit()
    answers = []
    for code in (line.code, UNKNOWN):
        client.cookies.clear()
        typed = client.post("/me/", data={"code": code})
        asked = client.get("/me/birthday")
        answer = client.post("/me/birthday", data=OTHER_DAY)
        answers.append(
            (typed.status_code, typed.headers["location"], len(typed.headers["set-cookie"]))
            + (asked.text, answer.status_code, answer.text)
        )
    assert answers[0] == answers[1]
    assert answers[0][4] == 422
    assert "could not match" in answers[0][5]


@pytest.mark.parametrize("code", ["the right code", UNKNOWN])
def test_five_wrong_tries_pause_a_code_alike_whether_it_exists_or_not(
    client: TestClient, app_session: Session, noon: datetime, code: str
) -> None:
    *_, line = make_young_person(app_session)
    app_session.commit()
    typed = line.code if code == "the right code" else code
    client.post("/me/", data={"code": typed})
    for _ in range(5):
        assert client.post("/me/birthday", data=OTHER_DAY).status_code == 422
    paused = client.post("/me/birthday", data=BIRTHDAY)
    assert paused.status_code == 429
    assert "12:15 in the afternoon" in paused.text
    assert "Ask your worker or your IRO" in paused.text


def test_after_the_pause_the_right_birthday_opens(
    client: TestClient, app_session: Session, noon: datetime
) -> None:
    *_, line = make_young_person(app_session)
    app_session.commit()
    client.post("/me/", data={"code": line.code})
    for _ in range(6):
        client.post("/me/birthday", data=OTHER_DAY)
    with clock.set_to(noon + timedelta(minutes=15, seconds=1)):
        assert come_in(client, line).headers["location"] == "/me/secret"


def test_many_wrong_codes_from_one_address_pause_that_address(
    client: TestClient, app_session: Session, noon: datetime
) -> None:
    *_, line = make_young_person(app_session)
    app_session.commit()
    for first in LETTERS[: tries.MOST_BIRTHDAYS]:
        client.post("/me/", data={"code": first + "C" * 7})
        assert client.post("/me/birthday", data=BIRTHDAY).status_code == 422
    assert client.post("/me/", data={"code": line.code}).status_code == 429
    assert client.post(path_of(line.link_url), data=BIRTHDAY).status_code == 429


def test_right_codes_are_never_too_many_for_one_address(
    client: TestClient, app_session: Session, noon: datetime
) -> None:
    *_, line = make_young_person(app_session)
    app_session.commit()
    for _ in range(tries.MOST_CODES + 5):
        assert client.post("/me/", data={"code": line.code}).status_code == 303
        assert client.post("/me/birthday", data=BIRTHDAY).status_code == 303
        client.cookies.clear()


def test_a_wrong_birthday_keeps_what_was_typed_and_an_empty_one_costs_no_try(
    client: TestClient, app_session: Session
) -> None:
    *_, line = make_young_person(app_session)
    app_session.commit()
    client.post("/me/", data={"code": line.code})
    before = count_rows(app_session)
    for typed in ({}, {"birthday_day": "x", "birthday_month": "3"}, {"birthday_day": "40"}):
        answer = client.post("/me/birthday", data=typed)
        assert answer.status_code == 422
        assert "Type the day and the month" in answer.text
    assert count_rows(app_session) == before
    assert 'value="10"' in client.post("/me/birthday", data=OTHER_DAY).text


@pytest.mark.parametrize(
    "code", ["", "   ", "\x00\x07", "\u202e\u202d", "🐙" * 3, "x" * 100_000, "<script>alert(1)"]
)
def test_a_strange_code_gets_a_kind_answer(client: TestClient, code: str) -> None:
    answer = client.post("/me/", data={"code": code})
    assert answer.status_code in (303, 422)
    page = answer if answer.status_code == 422 else client.post("/me/birthday", data=BIRTHDAY)
    assert page.status_code == 422
    assert "<script>alert" not in page.text


def test_the_birthday_page_without_a_code_leads_back_to_the_code(client: TestClient) -> None:
    assert client.get("/me/birthday").headers["location"] == "/me/"
    client.cookies.set("heard_me", "made-up", path="/me")
    assert client.post("/me/birthday", data=BIRTHDAY).headers["location"] == "/me/"


def test_a_carried_code_is_forgotten_after_a_quarter_of_an_hour(
    client: TestClient, app_session: Session, noon: datetime
) -> None:
    *_, line = make_young_person(app_session)
    app_session.commit()
    client.post("/me/", data={"code": line.code})
    with clock.set_to(noon + timedelta(minutes=16)):
        assert client.get("/me/birthday").headers["location"] == "/me/"


def test_the_cookie_carries_the_code_sealed(client: TestClient, app_session: Session) -> None:
    *_, line = make_young_person(app_session)
    app_session.commit()
    cookie = client.post("/me/", data={"code": line.code}).headers["set-cookie"]
    assert line.code.replace("-", "") not in cookie
    assert "Path=/me;" in cookie
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie


def test_a_robot_that_follows_links_opens_nothing_and_uses_nothing_up(
    client: TestClient, app_session: Session
) -> None:
    person, _, line = make_young_person(app_session)
    carer = make_contact(app_session, person, "carer")

    other = service.ensure_pass(app_session, carer.id or 0)
    app_session.commit()
    before = count_rows(app_session)
    for url in (path_of(line.link_url), path_of(other.link_url), f"/me/?code={other.code}"):
        assert "set-cookie" not in client.get(url).headers
    assert count_rows(app_session) == before


@pytest.mark.parametrize("kind", ["carer", "provider_staff", "parent"])
def test_an_adult_needs_the_link_or_the_code_alone(
    client: TestClient, app_session: Session, kind: str
) -> None:

    adult = make_contact(app_session, make_person(app_session), kind)
    line = service.ensure_pass(app_session, adult.id or 0)
    app_session.commit()
    assert client.post("/me/", data={"code": line.code}).headers["location"] == "/me/home"
    client.cookies.clear()
    assert client.post(path_of(line.link_url)).headers["location"] == "/me/home"
    assert client.get("/me/").headers["location"] == "/me/home"


def change_pass(session: Session, line_code: str, **values: object) -> None:
    for row in session.exec(select(Pass)):
        if row.code == line_code:
            for name, value in values.items():
                setattr(row, name, value)
    session.commit()


def test_an_expired_link_says_what_to_do_and_leads_to_whom_to_ring(
    client: TestClient, app_session: Session, noon: datetime
) -> None:
    *_, line = make_young_person(app_session)
    change_pass(app_session, line.code, expires_on=date(2026, 11, 22))
    for answer in (
        client.get(path_of(line.link_url)),
        client.post(path_of(line.link_url), data=BIRTHDAY),
    ):
        assert answer.status_code == 410
        assert "too old now" in answer.text
        assert 'href="/me/another-way"' in answer.text
        assert "set-cookie" not in answer.headers


def test_an_expired_code_says_whom_to_ring(
    client: TestClient, app_session: Session, noon: datetime
) -> None:
    *_, line = make_young_person(app_session)
    change_pass(app_session, line.code, expires_on=date(2026, 11, 22))
    answer = come_in(client, line)
    assert answer.status_code == 410
    assert "Ask your worker for a new link or code." in answer.text
    assert "020 7946 0100" in answer.text


def test_a_revoked_link_says_that_there_is_a_newer_one(
    client: TestClient, app_session: Session, noon: datetime
) -> None:
    *_, line = make_young_person(app_session)
    change_pass(app_session, line.code, revoked_at=noon)
    answer = client.get(path_of(line.link_url))
    assert answer.status_code == 410
    assert "newer letter" in answer.text
    assert come_in(client, line).status_code == 410


def test_the_link_of_an_adult_who_is_no_longer_around_is_switched_off(
    client: TestClient, app_session: Session, noon: datetime
) -> None:

    carer = make_contact(app_session, make_person(app_session), "carer", ended_on=noon.date())
    line = service.ensure_pass(app_session, carer.id or 0)
    app_session.commit()
    assert client.get(path_of(line.link_url)).status_code == 410
    assert client.post("/me/", data={"code": line.code}).status_code == 410


def test_a_link_that_never_was_is_kindly_refused(client: TestClient) -> None:
    for answer in (client.get("/me/o/abc"), client.post("/me/o/abc", data=BIRTHDAY)):
        assert answer.status_code == 404
        assert "could not open this link" in answer.text


def test_a_title_says_nothing_of_the_page(client: TestClient, app_session: Session) -> None:
    *_, line = make_young_person(app_session)
    app_session.commit()
    pages = ["/me/", path_of(line.link_url), "/me/help", "/me/another-way", "/me/nothing"]
    for page in pages:
        assert re.findall("<title>(.*?)</title>", client.get(page).text) == ["Heard"]


def test_a_child_born_on_the_29th_of_february_comes_in(
    client: TestClient, app_session: Session
) -> None:
    *_, line = make_young_person(app_session, date_of_birth=date(2012, 2, 29))
    app_session.commit()
    client.post("/me/", data={"code": line.code})
    typed = {"birthday_day": "29", "birthday_month": "Feb"}
    assert client.post("/me/birthday", data=typed).headers["location"] == "/me/secret"
