"""Words typed, and something else tapped than Next: they are kept once, and it is done once."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine
from sqlmodel import Session, select

from backend.asks.models import Ask
from backend.core import clock
from backend.entry.models import ContributorSession
from backend.safeguarding.models import Concern
from backend.surveys.models import Answer, SecondAnswer
from tests.factories import make_contact
from tests.surveys.rounds import Round, alone, choose, enter, open_round
from tests.surveys.test_pages import fields_of, name_of

WORDS = "otter: two  spaces, مرحبا 🦓"


@pytest.fixture
def round_(client: TestClient, app_session: Session, noon: datetime) -> Round:
    return open_round(app_session)


@pytest.fixture
def first(client: TestClient, app_session: Session, round_: Round) -> str:
    """The address of the first question, which has a box for words."""
    enter(client, app_session, round_.contributor)
    alone(client, round_)
    return choose(client, round_)


@contextmanager
def reading(engine: Engine) -> Iterator[Session]:
    with Session(engine) as session:
        yield session


def counted(engine: Engine) -> dict[str, list[object]]:
    """What lies in the database: answers, what stands beside them, asks and alarms."""
    with reading(engine) as session:
        return {
            "answers": [row.value for row in session.exec(select(Answer))],
            "apart": [row.question_id for row in session.exec(select(SecondAnswer))],
            "asks": [row.kind for row in session.exec(select(Ask))],
            "alarms": [row.source for row in session.exec(select(Concern))],
        }


def typed(client: TestClient, address: str, words: str = WORDS) -> dict[str, str]:
    """All that the question's own form sends with these words in its box."""
    page = client.get(address).text
    return fields_of(page) | {name_of(page): words}


def test_not_safe_from_a_question_is_raised_once_and_keeps_the_words_once(
    client: TestClient, sqlite_engine: Engine, first: str
) -> None:
    sent = client.post("/me/not-safe", data=typed(client, first))
    assert sent.status_code == 303
    assert counted(sqlite_engine) == {
        "answers": [WORDS], "apart": [], "asks": [], "alarms": ["not_safe"],
    }  # fmt: skip
    reach = sent.headers["location"]
    assert "It is sent" in client.get(reach).text
    onward = client.post(reach, data={"way": "text"}).headers["location"]
    assert f'href="{first}"' in client.get(onward).text
    assert WORDS in client.get(first).text


@pytest.mark.parametrize("kind", ["see_iro", "see_worker", "advocate", "complaint"])
def test_an_ask_from_a_question_is_made_once_and_keeps_the_words_once(
    client: TestClient, sqlite_engine: Engine, first: str, kind: str
) -> None:
    sent = client.post("/me/ask", data=typed(client, first) | {"kind": kind})
    said = counted(sqlite_engine)
    assert (said["answers"], said["asks"], said["apart"]) == ([WORDS], [kind], [])
    asked = client.get(sent.headers["location"])
    assert asked.status_code == 200
    assert f'href="{first}"' in asked.text


@pytest.mark.parametrize("action", ["back", "help"])
def test_back_and_help_keep_the_words_and_lead_where_they_say(
    client: TestClient, sqlite_engine: Engine, round_: Round, first: str, action: str
) -> None:
    left = client.post(first, data=typed(client, first) | {"action": action})
    assert counted(sqlite_engine)["answers"] == [WORDS]
    onward = left.headers["location"]
    assert onward == (round_.address if action == "back" else f"/me/help?at={first}")
    if action == "help":
        assert f'href="{first}"' in client.get(onward).text


def test_what_cannot_be_kept_as_an_answer_delays_nothing_and_stands_in_its_box_again(
    client: TestClient, sqlite_engine: Engine, first: str
) -> None:
    too_long = "x" * 200_001
    sent = client.post("/me/not-safe", data=typed(client, first, too_long))
    assert sent.status_code == 303
    said = counted(sqlite_engine)
    assert (said["alarms"], said["answers"], len(said["apart"])) == (["not_safe"], [], 1)
    assert too_long in client.get(first).text
    assert client.post(first, data=typed(client, first, "short")).status_code == 303
    said = counted(sqlite_engine)
    assert (said["answers"], said["apart"]) == (["short"], [])


def test_an_answer_from_another_phone_is_not_written_over_by_an_alarm(
    client: TestClient, sqlite_engine: Engine, first: str
) -> None:
    here = typed(client, first, "from here")
    client.post(first, data=typed(client, first, "from there"))
    client.post("/me/not-safe", data=here)
    said = counted(sqlite_engine)
    assert (said["answers"], len(said["apart"]), said["alarms"]) == (
        ["from there"], 1, ["not_safe"],
    )  # fmt: skip
    assert "from here" in client.get("/me/second-answers").text


@pytest.mark.parametrize(
    "at", ["/me/forms/999/999/1", "//elsewhere.example/", "/me/home", "", "/me/next-home/99"]
)
def test_a_place_that_is_not_ones_own_keeps_nothing_and_holds_up_nothing(
    client: TestClient, sqlite_engine: Engine, first: str, at: str
) -> None:
    sent = client.post("/me/not-safe", data=typed(client, first) | {"at": at})
    assert sent.status_code == 303
    assert "at=" not in sent.headers["location"]
    assert counted(sqlite_engine)["alarms"] == ["not_safe"]
    assert counted(sqlite_engine)["answers"] == []
    assert "elsewhere" not in client.get("/me/help?at=//elsewhere.example/").text


def test_what_was_typed_arrives_though_leave_was_faster(
    client: TestClient, sqlite_engine: Engine, first: str
) -> None:
    fields = typed(client, first)
    cookie = dict(client.cookies)
    client.get("/me/leave")
    client.cookies.clear()
    for name, value in cookie.items():
        client.cookies.set(name, value, path="/me")
    assert client.post("/me/draft", data=fields).status_code == 204
    assert counted(sqlite_engine)["answers"] == [WORDS]
    with reading(sqlite_engine) as session:
        (visit,) = session.exec(select(ContributorSession))
        assert visit.ended_at is not None
    assert client.get(first).status_code == 303, "the visit stays over"


def test_a_visit_that_is_long_over_takes_no_more(
    client: TestClient, sqlite_engine: Engine, first: str
) -> None:
    fields = typed(client, first)
    cookie = dict(client.cookies)
    client.get("/me/leave")
    for name, value in cookie.items():
        client.cookies.set(name, value, path="/me")
    with clock.set_to(clock.now() + timedelta(minutes=4)):
        assert client.post("/me/draft", data=fields).status_code == 204
    client.cookies.clear()
    assert client.post("/me/draft", data=fields).status_code == 204
    assert counted(sqlite_engine)["answers"] == []


def test_a_draft_is_no_more_than_a_draft(
    client: TestClient, sqlite_engine: Engine, first: str
) -> None:
    assert client.post("/me/draft", data=typed(client, first)).status_code == 204
    client.post("/me/draft", data=typed(client, first))
    with reading(sqlite_engine) as session:
        (answer,) = session.exec(select(Answer))
        assert (answer.value, answer.revision) == (WORDS, 1)


def test_a_carers_page_keeps_its_words_by_back_and_by_help(
    client: TestClient, app_session: Session, sqlite_engine: Engine, round_: Round
) -> None:
    carer = make_contact(app_session, round_.person, "carer")
    enter(client, app_session, carer)
    first = client.post(round_.address, data={}).headers["location"]
    page = client.get(first).text
    box = re.findall(r'<textarea[^>]* name="([^"]+)"', page)[0]
    asked = {"asked": re.findall(r'name="asked" value="([^"]+)"', page)}
    left = client.post(first, data=fields_of(page) | asked | {box: WORDS, "action": "help"})
    assert left.headers["location"] == f"/me/help?at={first}"
    assert counted(sqlite_engine)["answers"] == [WORDS]
    assert 'formaction="/me/not-safe"' not in page


def two_answers(client: TestClient, first: str, *, here: str = "from here") -> str:
    """The page that shows two answers: one kept on another phone, one typed on this page."""
    stale = typed(client, first, here)
    client.post(first, data=typed(client, first, "from there"))
    changed = client.post(first, data=stale)
    assert changed.status_code == 409
    return changed.text


@pytest.mark.parametrize("tapped", ["ask", "not safe", "help", "back"])
def test_words_on_the_page_of_two_answers_go_along_with_whatever_is_tapped(
    client: TestClient, sqlite_engine: Engine, round_: Round, first: str, tapped: str
) -> None:
    fields = fields_of(two_answers(client, first))
    address, extra = {
        "ask": ("/me/ask", {"kind": "see_iro"}),
        "not safe": ("/me/not-safe", {}),
        "help": (first, {"action": "help"}),
        "back": (first, {"action": "back"}),
    }[tapped]
    left = client.post(address, data=fields | extra)
    assert left.status_code == 303
    said = counted(sqlite_engine)
    assert (said["answers"], len(said["apart"])) == (["from there"], 1)
    assert said["asks"] == (["see_iro"] if tapped == "ask" else [])
    assert said["alarms"] == (["not_safe"] if tapped == "not safe" else [])
    if tapped == "help":
        assert left.headers["location"] == f"/me/help?at={first}"
    shown = client.get("/me/second-answers").text
    assert "from here" in shown
    assert "from there" in shown


def test_words_on_the_page_of_two_answers_are_kept_though_the_phone_is_shut(
    client: TestClient, sqlite_engine: Engine, first: str
) -> None:
    page = two_answers(client, first)
    assert 'form="answer" name="action" value="help"' in page
    assert 'form="answer" formaction="/me/not-safe"' in page
    assert len(counted(sqlite_engine)["apart"]) == 1
    assert "from here" in client.get("/me/second-answers").text


@pytest.mark.parametrize("choice", ["mine", "theirs", "both"])
def test_what_was_chosen_between_two_answers_is_not_asked_again(
    client: TestClient, sqlite_engine: Engine, first: str, choice: str
) -> None:
    page = two_answers(client, first)
    fields = fields_of(page) | {f"{name_of(page)}-keep": choice}
    assert client.post(first, data=fields).status_code == 303
    kept = {"mine": "from here", "theirs": "from there", "both": "from there\n\nfrom here"}
    said = counted(sqlite_engine)
    assert (said["answers"], said["apart"]) == ([kept[choice]], [])


def test_what_cannot_be_read_beside_two_answers_stands_in_its_box_afterwards(
    client: TestClient, app_session: Session, sqlite_engine: Engine, round_: Round
) -> None:
    carer = make_contact(app_session, round_.person, "carer")
    enter(client, app_session, carer)
    first = client.post(round_.address, data={}).headers["location"]
    page = client.get(first).text
    one, other = re.findall(r'<textarea[^>]* name="([^"]+)"', page)[:2]
    asked = {"asked": re.findall(r'name="asked" value="([^"]+)"', page)}
    stale = fields_of(page) | asked
    client.post(first, data=stale | {one: "from there"})
    too_long = "x" * 200_001
    changed = client.post(first, data=stale | {one: "from here", other: too_long})
    assert changed.status_code == 409
    chosen = client.post(first, data=fields_of(changed.text) | {f"{one}-keep": "mine"})
    assert chosen.status_code == 303
    assert counted(sqlite_engine)["answers"] == ["from here"]
    again = client.get(chosen.headers["location"].split("?")[0]).text
    assert fields_of(again)[other] == too_long
