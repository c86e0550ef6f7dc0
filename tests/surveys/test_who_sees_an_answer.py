"""On a young person's pages: whom an answer reaches, what a helper hears, whose form opens."""

import re
from datetime import datetime

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine
from sqlmodel import Session, select

from backend.core.access.predicates import Reach
from backend.surveys.models import Answer, Topic
from tests.factories import make_contact
from tests.surveys.rounds import Round, alone, choose, enter, open_round
from tests.surveys.test_pages import answer, begin, fields_of, follow, name_of, reading


@pytest.fixture
def round_(client: TestClient, app_session: Session, noon: datetime) -> Round:
    return open_round(app_session)


def test_without_the_secret_a_draft_of_another_visit_is_neither_shown_nor_touched(
    client: TestClient, app_session: Session, sqlite_engine: Engine, round_: Round
) -> None:
    first = begin(client, app_session, round_, "being_safe")
    answer(client, first, value="My own words")
    enter(client, app_session, round_.contributor, is_known=False)
    alone(client, round_)
    assert client.get(first).status_code == 404
    assert client.post(first, data={"asked": "r12.wanted.words"}).status_code == 404
    page = client.get(round_.address).text
    assert " checked" not in page
    assert "Go on: " not in page
    assert "Say what I think" in client.get("/me/home").text
    other = choose(client, round_)
    assert other != first
    answer(client, other, value="Somebody else")
    with reading(sqlite_engine) as session:
        values = {one.value for one in session.exec(select(Answer))}
        drafts = session.exec(select(Topic).where(Topic.topic_id == "most_wanted")).all()
    assert values == {"My own words", "Somebody else"}
    assert len(drafts) == 2
    assert client.get("/me/words").headers["location"] == "/me/secret"


def test_with_the_secret_a_draft_goes_on_on_another_device(
    client: TestClient, app_session: Session, round_: Round
) -> None:
    first = begin(client, app_session, round_)
    answer(client, first, value="My own words")
    client.cookies.clear()
    enter(client, app_session, round_.contributor)
    alone(client, round_)
    assert "My own words" in client.get(first).text


def test_an_answer_for_one_reader_is_never_shown_again_nor_ticked(
    client: TestClient, app_session: Session, sqlite_engine: Engine, round_: Round
) -> None:
    first = begin(client, app_session, round_)
    reach = {"value-reach": "only_iro"}
    second = answer(client, first, value="Only for you", **reach)
    ending, _ = follow(client, answer(client, second, value="School"))
    meeting = client.post(ending, data={"action": "send"}).headers["location"]
    assert "Only for you" not in client.get(meeting).text
    address, page = follow(client, ending)
    assert "Only for you" not in page
    assert "School" in page
    assert "is not shown again" in page
    with reading(sqlite_engine) as session:
        assert {one.reach for one in session.exec(select(Answer))} == {
            Reach.ONLY_IRO, Reach.ASK_FIRST,
        }  # fmt: skip
    client.post(f"{address}/take-back")
    assert "It is still kept, and someone still reads it" in follow(client, address)[1]


def test_an_answer_can_be_hidden_from_the_worker_and_from_someone_by_name(
    client: TestClient, app_session: Session, sqlite_engine: Engine, round_: Round
) -> None:
    first = begin(client, app_session, round_)
    page = client.get(first).text
    name = name_of(page)
    hidden = {
        f"{name}-reach": "hide",
        f"{name}-reach_from": ["worker", "carer"],
        f"{name}-reach_from_other": "Aunt May",
    }
    client.post(first, data=fields_of(page) | hidden | {name: "The dog"})
    with reading(sqlite_engine) as session:
        kept = session.exec(select(Answer)).one()
    assert kept.hidden_from == [round_.worker.staff_id]
    assert (kept.hidden_from_carers, kept.hidden_from_words) == (True, "Aunt May")
    assert fields_of(client.get(first).text)[f"{name}-reach"] == "hide"


def test_a_helper_in_the_home_is_not_shown_the_questions_about_it(
    client: TestClient, app_session: Session, round_: Round
) -> None:
    enter(client, app_session, round_.contributor)
    together = f"{round_.address}/together"
    assert client.post(together, data={}).status_code == 422
    client.post(together, data={"beside": "home", "helper": "Jo"})
    choose(client, round_, "carers", "feelings")
    page = follow(client, round_.address)[1]
    address, shown = choose(client, round_, "carers"), []
    while not address.endswith("/next"):
        address, page = follow(client, address)
        shown.append(page)
        link = re.search(r'href="([^"]+)">(?:Skip|Go on)</a>', page)
        address = link[1] if link else address
    assert any("We’ll ask you these on your own" in page for page in shown)
    assert not any("kind to you" in page for page in shown)


def test_nobody_opens_the_form_of_another(
    client: TestClient, app_session: Session, round_: Round
) -> None:
    other = open_round(app_session)
    parent = make_contact(app_session, round_.person, "parent")
    first = begin(client, app_session, round_)
    for stranger in (other.contributor, parent):
        enter(client, app_session, stranger)
        assert client.get(first).status_code == 404
        assert client.post(first, data={"asked": "r12.wanted.words"}).status_code == 404
        assert client.get(f"{first.rsplit('/', 1)[0]}/end").status_code == 404
    enter(client, app_session, other.contributor)
    assert client.get(round_.address).status_code == 404
    assert client.get(f"{round_.address}/next").status_code == 404
    assert client.get("/me/forms/99999999999999999999").status_code == 404
