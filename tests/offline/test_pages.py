"""The pages of going on without a signal: whose they are, what they hold, what they refuse."""

import json
from datetime import datetime
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session, select

from backend.core.guard import MOST_BYTES
from backend.entry.models import ContributorSession
from backend.offline.models import OfflineItem
from backend.settings import Settings
from backend.surveys import queries
from backend.surveys import service as surveys
from backend.surveys.models import Answer, Topic
from tests.offline.phones import key_of, say, seal
from tests.pages import check_page
from tests.surveys.rounds import Round, choose, enter, open_round


@pytest.fixture
def child(app_session: Session, noon: datetime) -> Round:
    return open_round(app_session, known_as="Zqsunny")


def begin(client: TestClient, session: Session, child: Round, *, phone: str = "own") -> str:
    """Into the form on one's own phone; the first question."""
    enter(client, session, child.contributor)
    client.post(f"{child.address}/together", data={"beside": "alone", "phone": phone})
    return choose(client, child, "home", "plan")


def pack_of(client: TestClient, child: Round) -> dict[str, object]:
    answer = client.get(f"{child.address}/offline", headers={"referer": "http://testserver/me/"})
    assert answer.status_code == 200
    pack: dict[str, object] = answer.json()
    return pack


def test_the_script_lies_where_it_can_govern_nothing_but_its_own_pages(client: TestClient) -> None:
    answer = client.get("/me/sw.js")
    assert answer.headers["content-type"].startswith("text/javascript")
    assert answer.headers["cache-control"] == "no-cache"
    assert "service-worker-allowed" not in answer.headers
    assert client.get("/sw.js").status_code == 404
    assert client.get("/staff/sw.js").status_code == 404


def test_a_phone_is_asked_about_once_and_not_said_means_shared(
    client: TestClient, app_session: Session, child: Round
) -> None:
    enter(client, app_session, child.contributor)
    assert "Is this your own phone?" in client.get(child.address).text
    first = begin(client, app_session, child, phone="")
    assert "data-pack" not in client.get(first).text
    assert client.get(f"{child.address}/offline").status_code == 404
    app_session.expire_all()
    rows = app_session.exec(select(ContributorSession)).all()
    assert [row.is_own_phone for row in rows] == [None, None]


def test_what_the_phone_keeps_names_nobody_and_holds_no_answer(
    client: TestClient, app_session: Session, child: Round
) -> None:
    first = begin(client, app_session, child)
    topic = app_session.exec(select(Topic).where(Topic.topic_id == "most_wanted")).one()
    surveys.keep_answer(app_session, topic.id or 0, "r12.wanted.words", "zqwords of mine")
    app_session.commit()
    assert "data-pack" in client.get(first).text
    kept = json.dumps(pack_of(client, child))
    iro = child.iro.name
    assert iro in client.get(first).text
    for word in ("zqwords", "Zqsunny", iro, child.worker.name, "30 November"):
        assert word not in kept, word
    assert "the person who runs your meeting" in kept.lower()


def test_each_screen_that_the_phone_makes_up_is_a_whole_page(
    client: TestClient, app_session: Session, child: Round
) -> None:
    begin(client, app_session, child)
    pack = pack_of(client, child)
    assert pack["headers"]["content-security-policy"].startswith("default-src 'none'")
    assert pack["headers"]["cache-control"] == "no-store"
    assert len(pack["pages"]) >= 15
    for path, screen in pack["pages"].items():
        html = pack["frame"].replace("@main", screen["main"]).replace("@back", "/me/help")
        check_page(html, path)
        assert "<title>Heard</title>" in html


def test_a_question_that_another_opens_says_what_opens_it(
    client: TestClient, app_session: Session, child: Round
) -> None:
    begin(client, app_session, child)
    screens = pack_of(client, child)["pages"].values()
    opened = [screen["when"] for screen in screens if screen["when"]]
    assert opened
    assert all(when["any_of"] and when["field"].startswith("plan_") for when in opened)


def test_a_pack_is_its_owners_alone(client: TestClient, app_session: Session, child: Round) -> None:
    begin(client, app_session, child)
    other = open_round(app_session)
    enter(client, app_session, other.contributor)
    assert client.get(f"{child.address}/offline").status_code == 404


def test_a_queued_answer_goes_where_its_ticket_says_whoever_is_signed_in(
    client: TestClient, app_session: Session, child: Round, settings: Settings
) -> None:
    first = begin(client, app_session, child)
    pack = pack_of(client, child)
    ticket = pack["tickets"][first.rsplit("/", 1)[0]]
    item = seal(
        key_of(Path(settings.heard_data)),
        ticket,
        "answer",
        say("most_wanted", 0, "r12.wanted.words", "mine"),
    )
    other = open_round(app_session)
    enter(client, app_session, other.contributor)
    for _ in range(2):
        answer = client.post("/me/queue", json=vars(item))
        assert (answer.status_code, answer.json()) == (200, {"outcome": "kept"})
    app_session.expire_all()
    assert [row.value for row in app_session.exec(select(Answer))] == ["mine"]
    assert len(app_session.exec(select(OfflineItem)).all()) == 1
    heard = queries.own_responses(app_session, other.contributor.id or 0, [other.cid])
    assert heard == {}


@pytest.mark.parametrize(
    "body",
    ["", "[]", "{}", '{"key": 7}', '{"key": "' + "x" * 24 + '", "kid": "k", "ticket": "t", '
     '"point": "p", "iv": "i", "body": "b"}'],
    ids=["nothing", "a list", "empty", "a number", "nonsense"],
)  # fmt: skip
def test_what_is_no_item_is_refused_and_changes_nothing(
    client: TestClient, app_session: Session, child: Round, body: str
) -> None:
    app_session.commit()
    answer = client.post("/me/queue", content=body, headers={"content-type": "application/json"})
    assert answer.status_code in (404, 410, 422)
    assert app_session.exec(select(OfflineItem)).all() == []


def test_an_over_large_item_is_refused_unread(client: TestClient) -> None:
    body = json.dumps({"key": "x" * (MOST_BYTES + 10)})
    answer = client.post("/me/queue", content=body, headers={"content-type": "application/json"})
    assert answer.status_code == 413
