"""The pages of a young person's own secret: chosen, asked for, forgotten, locked and skipped."""

from fastapi.testclient import TestClient
from sqlmodel import Session

from backend.entry import service
from tests.entry.doors import OTHERS, PICTURES, come_in, make_young_person


def test_the_first_visit_offers_pictures_and_goes_on_to_the_first_page(
    client: TestClient, app_session: Session
) -> None:
    *_, line = make_young_person(app_session)
    app_session.commit()
    come_in(client, line)
    assert client.get("/me/secret").headers["location"] == "/me/secret/new"
    page = client.get("/me/secret/new")
    assert "Choose three pictures" in page.text
    assert client.get("/me/").headers["location"] == "/me/secret"
    answer = client.post("/me/secret/new", data=PICTURES)
    assert answer.headers["location"] == "/me/home"
    assert client.get("/me/").headers["location"] == "/me/home"


def test_the_second_visit_asks_for_the_secret_and_tells_how_often_more(
    client: TestClient, app_session: Session
) -> None:
    *_, line = make_young_person(app_session)
    app_session.commit()
    come_in(client, line)
    client.post("/me/secret/new", data=PICTURES)
    client.post("/me/lock")
    come_in(client, line)
    assert "Tap your three pictures" in client.get("/me/secret").text
    wrong = client.post("/me/secret", data=OTHERS)
    assert wrong.status_code == 422
    assert "You can try 4 more times" in wrong.text
    assert client.post("/me/secret", data=PICTURES).headers["location"] == "/me/home"


def test_skipping_goes_on_without_the_past(client: TestClient, app_session: Session) -> None:
    *_, line = make_young_person(app_session)
    app_session.commit()
    come_in(client, line)
    client.post("/me/secret/new", data=PICTURES)
    client.post("/me/lock")
    come_in(client, line)
    assert client.post("/me/secret/skip").headers["location"] == "/me/home"
    token = client.cookies["heard_me"]
    identity = service.identify(app_session, token)
    app_session.rollback()
    assert identity is not None
    assert not identity.is_known


def test_a_locked_secret_says_who_opens_it_and_lets_new_questions_be_answered(
    client: TestClient, app_session: Session
) -> None:
    *_, line = make_young_person(app_session)
    app_session.commit()
    come_in(client, line)
    client.post("/me/secret/new", data=PICTURES)
    client.post("/me/lock")
    come_in(client, line)
    for _ in range(5):
        client.post("/me/secret", data=OTHERS)
    page = client.get("/me/secret").text
    assert "Ask your worker or your IRO. They can open it again" in page
    assert client.post("/me/secret", data=PICTURES).headers["location"] == "/me/secret"
    assert client.post("/me/secret/skip").headers["location"] == "/me/home"


def test_a_forgotten_secret_can_be_replaced_and_says_what_that_opens(
    client: TestClient, app_session: Session
) -> None:
    *_, line = make_young_person(app_session)
    app_session.commit()
    come_in(client, line)
    client.post("/me/secret/new", data=PICTURES)
    client.post("/me/lock")
    come_in(client, line)
    page = client.get("/me/secret/forgot").text
    assert "They open only what you write from now on" in page
    assert "Ask your worker or your IRO to open it for you" in page
    assert "only what you write from now on" in client.get("/me/secret/new").text
    assert client.post("/me/secret/new", data=OTHERS).headers["location"] == "/me/home"


def test_digits_may_stand_in_place_of_pictures(client: TestClient, app_session: Session) -> None:
    *_, line = make_young_person(app_session)
    app_session.commit()
    come_in(client, line)
    assert "Choose four numbers" in client.get("/me/secret/new?kind=digits").text
    easy = client.post("/me/secret/new", data={"kind": "digits", "secret": "0903"})
    assert easy.status_code == 422
    assert "easy to guess" in easy.text
    assert 'value="0903"' not in easy.text
    taken = client.post("/me/secret/new", data={"kind": "digits", "secret": "82 61"})
    assert taken.headers["location"] == "/me/home"
    client.post("/me/lock")
    come_in(client, line)
    assert "Type your four numbers" in client.get("/me/secret").text
    assert client.post("/me/secret", data={"secret": "8261"}).status_code == 303


def test_an_older_copy_of_the_cookie_stays_out_after_the_secret(
    client: TestClient, app_session: Session
) -> None:
    *_, line = make_young_person(app_session)
    app_session.commit()
    come_in(client, line)
    before = client.cookies["heard_me"]
    client.post("/me/secret/new", data=PICTURES)
    assert client.cookies["heard_me"] != before
    assert service.identify(app_session, before) is None
