"""A word in place of a birthday that means nothing: same tries, same gentle answer, no more."""

from datetime import date

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text
from sqlmodel import Session

from backend.core.access.permissions import Role
from backend.core.access.requires import Denied
from backend.entry import service
from backend.entry.models import OtherCheck
from backend.entry.queries import PassLine
from tests.entry.doors import BIRTHDAY, make_young_person, path_of
from tests.factories import make_staff, sign_in
from tests.safeguarding.cases import stored

JANUARY = {"birthday_day": "1", "birthday_month": "1"}
NOBODYS = "CDFG-3467"


def make_arrival(session: Session, word: str = "Blue Mango 7") -> PassLine:
    """A young person with a recorded 1 January birthday and a word of their own."""
    worker = make_staff(session, Role.SOCIAL_WORKER)
    person, _, line = make_young_person(
        session, worker_id=worker.staff_id, date_of_birth=date(2010, 1, 1)
    )
    service.set_other_check(session, worker, person.id or 0, word=word)
    session.commit()
    return line


def type_word(client: TestClient, code: str, word: str) -> object:
    client.post("/me/", data={"code": code})
    return client.post("/me/word", data={"word": word})


@pytest.mark.parametrize("typed", ["Blue Mango 7", "blue mango7", "BLUE-MANGO-7", " bluemango７ "])
def test_the_word_opens_however_it_is_typed(
    client: TestClient, app_session: Session, typed: str
) -> None:
    line = make_arrival(app_session)
    answer = type_word(client, line.code, typed)
    assert answer.headers["location"] == "/me/secret"  # type: ignore[attr-defined]


def test_a_word_in_another_script_opens(client: TestClient, app_session: Session) -> None:
    line = make_arrival(app_session, "ሰማያዊ ማንጎ")
    answer = type_word(client, line.code, "ሰማያዊ ማንጎ")
    assert answer.status_code == 303  # type: ignore[attr-defined]


def test_the_birthday_opens_no_more(client: TestClient, app_session: Session) -> None:
    line = make_arrival(app_session)
    client.post("/me/", data={"code": line.code})
    assert client.post("/me/birthday", data=JANUARY).status_code == 422
    assert client.post(path_of(line.link_url), data=JANUARY).status_code == 422


def test_the_link_asks_for_the_word_at_once(client: TestClient, app_session: Session) -> None:
    line = make_arrival(app_session)
    page = client.get(path_of(line.link_url)).text
    assert "Type your word" in page
    assert "birthday" not in page.casefold()
    opened = client.post(path_of(line.link_url), data={"word": "blue mango 7"})
    assert opened.headers["location"] == "/me/secret"


def test_a_code_tells_nobody_whether_it_goes_with_a_word(
    client: TestClient, app_session: Session
) -> None:
    arrival = make_arrival(app_session)
    *_, other = make_young_person(app_session)
    app_session.commit()
    pages = set()
    for code in (arrival.code, other.code, NOBODYS):
        client.cookies.clear()
        client.post("/me/", data={"code": code})
        wrong = client.post("/me/word", data={"word": "not that"})
        asked = (client.get("/me/birthday").text, client.get("/me/word").text)
        pages.add((*asked, wrong.status_code, wrong.text))
    assert len(pages) == 1


def test_a_word_opens_nobody_who_has_none(client: TestClient, app_session: Session) -> None:
    *_, line = make_young_person(app_session)
    app_session.commit()
    for word in ("nobody has this word", "9 3", ""):
        answer = type_word(client, line.code, word)
        assert answer.status_code == 422  # type: ignore[attr-defined]
    client.post("/me/", data={"code": line.code})
    assert client.post("/me/birthday", data=BIRTHDAY).status_code == 303


def test_five_wrong_words_pause_even_the_right_one(
    client: TestClient, app_session: Session
) -> None:
    line = make_arrival(app_session)
    client.post("/me/", data={"code": line.code})
    for _ in range(5):
        assert client.post("/me/word", data={"word": "guess"}).status_code == 422
    assert client.post("/me/word", data={"word": "Blue Mango 7"}).status_code == 429
    assert client.post("/me/birthday", data=JANUARY).status_code == 429


def test_a_wrong_word_is_not_shown_again(client: TestClient, app_session: Session) -> None:
    line = make_arrival(app_session)
    answer = type_word(client, line.code, "zqmangoes")
    assert "We could not match that code and word" in answer.text  # type: ignore[attr-defined]
    assert "zqmangoes" not in answer.text  # type: ignore[attr-defined]


def test_the_table_holds_a_hash_and_no_word(app_session: Session) -> None:
    make_arrival(app_session)
    row = app_session.connection().execute(text("SELECT * FROM entry_other_check")).one()
    assert "$argon2id$" in str(row)
    assert "mango" not in str(row).casefold()


@pytest.mark.parametrize("word", ["", "abc", "x" * 41, "2010", "01012010", "1.1", "Zephyr"])
def test_a_word_that_is_short_or_known_around_them_is_refused(session: Session, word: str) -> None:
    worker = make_staff(session, Role.SOCIAL_WORKER)
    person, *_ = make_young_person(
        session,
        worker_id=worker.staff_id,
        date_of_birth=date(2010, 1, 1),
        known_as="Zephyr",
    )
    with pytest.raises(service.CheckRefused):
        service.set_other_check(session, worker, person.id or 0, word=word)


def test_nobody_but_those_around_them_sets_or_removes_it(session: Session) -> None:
    person, *_ = make_young_person(session)
    for role in (Role.SOCIAL_WORKER, Role.IRO, Role.MANAGER, Role.ADMINISTRATOR):
        stranger = make_staff(session, role)
        with pytest.raises(Denied):
            service.set_other_check(session, stranger, person.id or 0, word="blue mango")
        with pytest.raises(Denied):
            service.remove_other_check(session, stranger, person.id or 0)


def test_the_worker_is_told_of_a_first_of_january_and_sets_a_word_on_the_page(
    client: TestClient, app_session: Session
) -> None:
    worker = make_staff(app_session, Role.SOCIAL_WORKER)
    person, own, _ = make_young_person(
        app_session, worker_id=worker.staff_id, date_of_birth=date(2010, 1, 1)
    )
    sign_in(client, app_session, worker)
    here = f"/staff/people/{person.id}/door"
    assert "That is often a day that somebody filled in" in client.get(here).text
    refused = client.post(f"{here}/word", data={"word": "zq"})
    assert refused.status_code == 422
    assert 'value="zq"' not in refused.text
    assert client.post(f"{here}/word", data={"word": "blue mango"}).status_code == 303
    page = client.get(here).text
    assert "types a word in place of the birthday" in page
    assert "mango" not in page
    assert "type the word that you chose" in client.get(f"{here}/{own.id}/card").text
    assert client.post(f"{here}/birthday").status_code == 303
    assert stored(app_session, OtherCheck) == []


def test_an_ordinary_birthday_is_no_flag(client: TestClient, app_session: Session) -> None:
    worker = make_staff(app_session, Role.SOCIAL_WORKER)
    person, own, _ = make_young_person(app_session, worker_id=worker.staff_id)
    sign_in(client, app_session, worker)
    assert "somebody filled in" not in client.get(f"/staff/people/{person.id}/door").text
    card = client.get(f"/staff/people/{person.id}/door/{own.id}/card").text
    assert "the day and the month of your birthday" in card
