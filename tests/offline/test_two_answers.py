"""A late answer meets one given elsewhere meanwhile: neither is lost, nothing goes further."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session, select

import backend.contributor_app  # noqa: F401  (says who takes which kind)
from backend.core.access.identity import ContributorIdentity
from backend.core.access.predicates import Reach
from backend.offline import service as offline
from backend.offline.service import Outcome
from backend.surveys import own
from backend.surveys import service as surveys
from backend.surveys.models import Answer, Response, SecondAnswer, Topic
from tests.offline.phones import begin, key_of, say, seal, ticket_for, visit
from tests.surveys.rounds import Round, enter, open_round

WORDS, SETTLED = "r12.wanted.words", "r12.home.settled"


@pytest.fixture
def child(session: Session, noon: datetime) -> Round:
    return open_round(session)


def elsewhere(
    session: Session, child: Round, topic: Topic, question_id: str, value: Any, **more: Any
) -> ContributorIdentity:
    """The same child answers on another phone, where they are known."""
    there = visit(session, child.contributor)
    response = session.get_one(Response, topic.response_id)
    beside = surveys.sit_down(
        session, response, session_id=there.session_id, beside=surveys.Beside()
    )
    surveys.keep_answer(session, topic.id or 0, question_id, value, beside=beside, **more)
    return there


def arrive(session: Session, folder: Path, ticket: str, fields: Any, kind: str = "answer") -> Any:
    return offline.take(session, seal(key_of(folder), ticket, kind, fields), folder=folder)


def test_two_texts_are_joined_and_go_no_further_than_either(
    session: Session, child: Round, tmp_path: Path
) -> None:
    me = visit(session, child.contributor)
    topic, ticket = begin(session, child, me, "most_wanted")
    elsewhere(session, child, topic, WORDS, "there", reach=Reach.ONLY_IRO)
    assert arrive(session, tmp_path, ticket, say("most_wanted", 0, WORDS, "here")) is Outcome.APART
    (answer,) = session.exec(select(Answer))
    assert (answer.value, answer.reach) == ("there\n\nhere", "only_iro")


def test_the_later_of_one_visits_answers_counts(
    session: Session, child: Round, tmp_path: Path
) -> None:
    me = visit(session, child.contributor)
    topic, ticket = begin(session, child, me, "most_wanted")
    beside = own.sitting_of(session, me, session.get_one(Response, topic.response_id))
    surveys.keep_answer(
        session, topic.id or 0, WORDS, "before", reach=Reach.ONLY_IRO, beside=beside
    )
    fields = say("most_wanted", 0, WORDS, "after")
    assert arrive(session, tmp_path, ticket, fields) is Outcome.KEPT
    (answer,) = session.exec(select(Answer))
    assert (answer.value, answer.reach) == ("after", "only_iro")


def test_an_empty_screen_that_was_queued_takes_nothing_out(
    session: Session, child: Round, tmp_path: Path
) -> None:
    me = visit(session, child.contributor)
    topic, ticket = begin(session, child, me, "most_wanted")
    surveys.keep_answer(session, topic.id or 0, WORDS, "stays")
    fields = say("most_wanted", 0, WORDS, "", **{"most_wanted_0-revision": "1"})
    assert arrive(session, tmp_path, ticket, fields) is Outcome.NOTHING
    assert [row.value for row in session.exec(select(Answer))] == ["stays"]


def test_words_for_a_topic_that_was_sent_elsewhere_wait_in_a_new_draft(
    session: Session, child: Round, tmp_path: Path
) -> None:
    me = visit(session, child.contributor)
    topic, ticket = begin(session, child, me, "most_wanted")
    elsewhere(session, child, topic, WORDS, "there")
    surveys.send_topic(session, topic.id or 0)
    same = say("most_wanted", 0, WORDS, "there")
    assert arrive(session, tmp_path, ticket, same) is Outcome.NOTHING
    assert len(session.exec(select(Topic)).all()) == 1
    late = say("most_wanted", 0, WORDS, "here")
    assert arrive(session, tmp_path, ticket, late) is Outcome.KEPT
    assert arrive(session, tmp_path, ticket, [], "send") is Outcome.SENT
    rows = {row.topic_row_id: row.value for row in session.exec(select(Answer))}
    assert sorted(rows.values()) == ["here", "there"]
    assert all(row.sent_at for row in session.exec(select(Topic)))


def test_words_for_a_topic_that_was_dropped_begin_it_again(
    session: Session, child: Round, tmp_path: Path
) -> None:
    me = visit(session, child.contributor)
    topic, ticket = begin(session, child, me, "most_wanted")
    surveys.drop_topic(session, topic)
    assert arrive(session, tmp_path, ticket, say("most_wanted", 0, WORDS, "here")) is Outcome.KEPT
    assert [row.topic_id for row in session.exec(select(Topic))] == ["most_wanted"]


@pytest.fixture
def two_faces(app_session: Session, noon: datetime, tmp_path: Path) -> tuple[Round, Topic]:
    """The same question with one face here and another there."""
    child = open_round(app_session)
    me = visit(app_session, child.contributor)
    topic, ticket = begin(app_session, child, me, "home")
    elsewhere(app_session, child, topic, SETTLED, "sad")
    assert arrive(app_session, tmp_path, ticket, say("home", 0, SETTLED, "5")) is Outcome.APART
    app_session.commit()
    return child, topic


@pytest.mark.parametrize(("choice", "stands"), [("mine", "very_happy"), ("theirs", "sad")])
def test_of_two_faces_the_child_chooses_and_until_then_both_are_kept(
    client: TestClient,
    app_session: Session,
    two_faces: tuple[Round, Topic],
    choice: str,
    stands: str,
) -> None:
    child, _ = two_faces
    assert [row.value for row in app_session.exec(select(Answer))] == ["sad"]
    enter(client, app_session, child.contributor)
    assert "/me/second-answers" in client.get("/me/home").text
    page = client.get("/me/second-answers").text
    assert "You have two answers here" in page
    (row,) = app_session.exec(select(SecondAnswer))
    address = f"/me/second-answers/{row.id}"
    app_session.rollback()
    answer = client.post(address, data={"home_0-keep": choice})
    assert answer.headers["location"] == "/me/second-answers"
    assert client.get("/me/second-answers").headers["location"] == "/me/home"
    app_session.expire_all()
    assert [row.value for row in app_session.exec(select(Answer))] == [stands]
    app_session.rollback()
    assert "/me/second-answers" not in client.get("/me/home").text


def test_nobody_else_reaches_a_second_answer(
    client: TestClient, app_session: Session, two_faces: tuple[Round, Topic]
) -> None:
    other = open_round(app_session)
    (row,) = app_session.exec(select(SecondAnswer))
    enter(client, app_session, other.contributor)
    assert client.get("/me/second-answers").headers["location"] == "/me/home"
    answer = client.post(f"/me/second-answers/{row.id}", data={"home_0-keep": "mine"})
    assert answer.status_code == 404
    app_session.expire_all()
    assert [row.value for row in app_session.exec(select(Answer))] == ["sad"]


def test_a_face_for_a_topic_sent_meanwhile_is_not_lost(
    client: TestClient, app_session: Session, two_faces: tuple[Round, Topic]
) -> None:
    child, topic = two_faces
    surveys.send_topic(app_session, topic.id or 0)
    (row,) = app_session.exec(select(SecondAnswer))
    enter(client, app_session, child.contributor)
    client.post(f"/me/second-answers/{row.id}", data={"home_0-keep": "mine"})
    app_session.expire_all()
    rows = {one.topic_row_id: one.value for one in app_session.exec(select(Answer))}
    assert rows.pop(topic.id) == "sad"
    assert list(rows.values()) == ["very_happy"]


def test_what_could_not_be_kept_is_shown_again(
    client: TestClient, app_session: Session, noon: datetime, tmp_path: Path
) -> None:
    child = open_round(app_session)
    me = visit(app_session, child.contributor)
    topic, _ = begin(app_session, child, me, "most_wanted")
    text = "zebra " * 40_000
    fields = say("most_wanted", 0, WORDS, text)
    assert arrive(app_session, tmp_path, ticket_for(me, topic), fields) is Outcome.APART
    enter(client, app_session, child.contributor)
    assert text.strip() in client.get("/me/second-answers").text
