"""The pages of look, language and own words, with scripts off, and what they change elsewhere."""

from datetime import datetime

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session, select

from backend.entry import service as entry
from backend.people import queries as people
from backend.preferences.models import OwnWord, Preference
from backend.surveys.models import Topic
from tests.factories import make_contact, make_person
from tests.surveys.rounds import Round, alone, choose, enter, open_round

OWN_NAMES = ("العربية", "پښتو", "دری", "کوردی", "ትግርኛ", "Shqip", "Tiếng Việt")
DARK = {"theme": "dark", "text_size": "largest", "easy_read": "1", "contrast": "1"}


@pytest.fixture
def round_(app_session: Session, noon: datetime) -> Round:
    return open_round(app_session)


def door_of(session: Session, **values: str) -> str:
    """The last part of a child's own link."""
    own = people.contributor_of_person(session, make_person(session, **values).id or 0)
    line = entry.ensure_pass(session, (own.id if own else None) or 0)
    session.commit()
    return line.link_url.rsplit("/", 1)[1]


def home_question(client: TestClient, session: Session, round_: Round) -> str:
    """The first question about the home, in the newest draft of it."""
    choose(client, round_, "home")
    with Session(session.get_bind()) as reading:
        rows = reading.exec(select(Topic.id).where(Topic.topic_id == "home")).all()
    row_id = max(row or 0 for row in rows)
    page: str = client.get(f"{round_.address}/{row_id}/1").text
    assert "live at" in page
    return page


def test_the_first_page_offers_every_language_by_its_own_name(client: TestClient) -> None:
    page = client.get("/me/").text
    assert all(name in page for name in OWN_NAMES)
    assert 'href="?lang=ti"' in page
    assert "looks.css" not in page


def test_the_language_travels_in_the_address_and_in_no_cookie(client: TestClient) -> None:
    page = client.get("/me/?lang=ar")
    assert '<html lang="ar" dir="rtl"' in page.text
    assert 'action="/me/?lang=ar"' in page.text
    assert "/me/another-way?lang=ar" in page.text
    assert "/me/help?lang=ar" in page.text
    assert not client.cookies
    assert 'hreflang="en"' in page.text
    onward = client.post("/me/?lang=ar", data={"code": "CDFG-3467"}).headers["location"]
    assert onward == "/me/birthday?lang=ar"
    assert 'action="/me/birthday?lang=ar"' in client.get(onward).text
    wrong = client.post(onward, data={"birthday_day": "٩", "birthday_month": "٣"})
    assert wrong.status_code == 422
    assert '<html lang="ar"' in wrong.text


@pytest.mark.parametrize("code", ["tlh", "../en", "<b>", "ar%00"])
def test_a_language_that_is_not_ours_is_english_and_not_repeated(
    client: TestClient, code: str
) -> None:
    page = client.get("/me/", params={"lang": code}).text
    assert '<html lang="en" dir="ltr"' in page
    assert code not in page.split("<main", 1)[1]


def test_a_link_opens_in_the_language_of_the_one_it_belongs_to(
    client: TestClient, app_session: Session
) -> None:
    link = door_of(app_session, language="Arabic")
    assert '<html lang="ar"' in client.get(f"/me/o/{link}").text
    assert '<html lang="en"' in client.get(f"/me/o/{link}?lang=en").text
    assert '<html lang="en"' in client.get(f"/me/o/{door_of(app_session)}").text


def test_what_was_chosen_before_coming_in_stays_chosen(
    client: TestClient, app_session: Session, noon: datetime
) -> None:
    link = door_of(app_session)
    day = {"birthday_day": "9", "birthday_month": "3"}
    assert client.post(f"/me/o/{link}?lang=ar", data=day).status_code == 303
    assert '<html lang="ar" dir="rtl"' in client.get("/me/secret/new").text
    (row,) = app_session.exec(select(Preference)).all()
    assert row.language == "ar"


def test_a_look_is_kept_and_seen_on_every_page(
    client: TestClient, app_session: Session, round_: Round
) -> None:
    enter(client, app_session, round_.contributor)
    assert "looks.css" not in client.get("/me/home").text
    assert client.post("/me/look", data=DARK).headers["location"] == "/me/look?kept=1"
    for address in ("/me/look", "/me/home", "/me/help", "/me/forms/99999"):
        page = client.get(address).text
        opened = page[page.index("<html") : page.index("<head>")]
        for name in ("easy", "dark", "contrast", "largest"):
            assert f" {name}" in opened, (address, opened)
    client.post("/me/look", data={"theme": "auto", "text_size": "normal"})
    assert " dark" not in client.get("/me/home").text.split("<head>")[0]


def test_a_style_that_was_chosen_stands_on_the_questions_too(
    client: TestClient, app_session: Session, round_: Round
) -> None:
    enter(client, app_session, round_.contributor)
    client.post("/me/look", data={"character": "younger"})
    alone(client, round_)
    assert 'class="younger"' in client.get(choose(client, round_, "home")).text


def test_a_carer_chooses_a_look_and_has_no_own_words(
    client: TestClient, app_session: Session, round_: Round
) -> None:
    enter(client, app_session, make_contact(app_session, round_.person, "carer"))
    page = client.get("/me/look").text
    assert "/me/my-words" not in page
    assert 'name="character"' not in page
    assert client.get("/me/my-words").status_code == 404
    assert client.post("/me/my-words", data={"home": "x"}).status_code == 404


def test_own_words_stand_in_the_questions_and_only_with_the_secret(
    client: TestClient, app_session: Session, round_: Round
) -> None:
    enter(client, app_session, round_.contributor)
    words = {"home": "Larch House", "carers": "Sam", "people": "Nan\nUncle Bo"}
    assert client.post("/me/my-words", data=words).status_code == 303
    assert "Uncle Bo" in client.get("/me/my-words").text
    alone(client, round_)
    assert "Larch House" in home_question(client, app_session, round_)
    enter(client, app_session, round_.contributor, is_known=False)
    assert client.get("/me/my-words").headers["location"] == "/me/secret"
    alone(client, round_)
    assert "Larch House" not in home_question(client, app_session, round_)


def test_own_words_are_offered_after_the_first_form_and_once(
    client: TestClient, app_session: Session, round_: Round
) -> None:
    enter(client, app_session, round_.contributor)
    alone(client, round_)
    assert "/me/my-words" not in client.get("/me/home").text
    assert "/me/my-words" in client.get(f"{round_.address}/next").text
    skipped = client.post("/me/my-words", data={"action": "skip", "home": "not this"})
    assert skipped.headers["location"] == "/me/home"
    assert "/me/my-words" not in client.get(f"{round_.address}/next").text
    (row,) = app_session.exec(select(OwnWord)).all()
    assert row.home is None


def test_a_word_that_is_too_long_stays_in_its_box_with_what_to_do(
    client: TestClient, app_session: Session, round_: Round
) -> None:
    enter(client, app_session, round_.contributor)
    answer = client.post("/me/my-words", data={"home": "x" * 61, "people": "Nan"})
    assert answer.status_code == 422
    assert "Use fewer words." in answer.text
    assert "x" * 61 in answer.text
    assert "Nan" in answer.text
