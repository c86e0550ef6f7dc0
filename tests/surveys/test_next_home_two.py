"""Words for the next home from two phones: neither is lost, and the child chooses."""

from datetime import datetime

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session, select

from backend.surveys.models import NextHomeAnswer, NextHomeAside
from tests.pages import check_page
from tests.surveys.rounds import Round, enter, open_round

TWO = "/me/next-home/two-answers"
HERE, THERE = "zqhere: no dogs", "zqthere: my bike"


@pytest.fixture
def child(app_session: Session, noon: datetime) -> Round:
    return open_round(app_session)


def write(client: TestClient, words: str, revision: int = 0) -> str:
    answer = client.post("/me/next-home/1", data={"words": words, "words-revision": revision})
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def stands(session: Session) -> list[object]:
    session.expire_all()
    found = [row.value for row in session.exec(select(NextHomeAnswer))]
    session.rollback()
    return found


def beside(session: Session) -> list[object]:
    session.expire_all()
    found = [row.value for row in session.exec(select(NextHomeAside))]
    session.rollback()
    return found


@pytest.fixture
def two(client: TestClient, app_session: Session, child: Round) -> Round:
    """One phone wrote; another that never saw it writes something else."""
    enter(client, app_session, child.contributor)
    write(client, THERE)
    enter(client, app_session, child.contributor)
    assert write(client, HERE) == TWO
    return child


def test_of_two_phones_neither_word_is_lost_though_the_child_walks_away(
    client: TestClient, app_session: Session, two: Round
) -> None:
    assert stands(app_session) == [THERE]
    assert beside(app_session) == [HERE]
    page = client.get(TWO).text
    check_page(page, TWO)
    assert HERE in page
    assert THERE in page
    assert TWO in client.get("/me/next-home").text


@pytest.mark.parametrize(
    ("choice", "found"),
    [("mine", HERE), ("theirs", THERE), ("both", f"{THERE}\n\n{HERE}")],
)
def test_the_child_chooses_what_stands(
    client: TestClient, app_session: Session, two: Round, choice: str, found: str
) -> None:
    (row,) = app_session.exec(select(NextHomeAside)).all()
    address = f"{TWO}/{row.id}"
    app_session.rollback()
    client.post(address, data={"words-keep": "nonsense"})
    assert beside(app_session) == [HERE]
    assert client.post(address, data={"words-keep": choice}).headers["location"] == TWO
    assert client.get(TWO).headers["location"] == "/me/next-home"
    assert stands(app_session) == [found]
    assert beside(app_session) == []
    assert client.post(address, data={"words-keep": choice}).status_code == 404


def test_nobody_else_reaches_what_waits(
    client: TestClient, app_session: Session, two: Round
) -> None:
    (row,) = app_session.exec(select(NextHomeAside)).all()
    address = f"{TWO}/{row.id}"
    other = open_round(app_session)
    enter(client, app_session, other.contributor)
    assert client.post(address, data={"words-keep": "mine"}).status_code == 404
    assert client.get(TWO).headers["location"] == "/me/next-home"
    enter(client, app_session, two.contributor, is_known=False)
    assert client.post(address, data={"words-keep": "mine"}).status_code == 404
    assert HERE not in client.get(TWO).text
    assert beside(app_session) == [HERE]


def test_within_one_visit_the_later_words_count_and_an_old_empty_page_takes_nothing_out(
    client: TestClient, app_session: Session, child: Round
) -> None:
    enter(client, app_session, child.contributor)
    write(client, THERE)
    assert write(client, HERE) == "/me/next-home/2"
    assert stands(app_session) == [HERE]
    write(client, "", revision=1)
    assert stands(app_session) == [HERE]
    write(client, "", revision=2)
    assert stands(app_session) == []
    assert beside(app_session) == []
