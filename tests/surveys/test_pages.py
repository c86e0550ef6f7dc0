"""A young person's way through a form, without scripts: every page valid, no word lost."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from html import unescape
from typing import Any

import html5lib  # type: ignore[import-untyped]
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine
from sqlalchemy.event import listen
from sqlmodel import Session, select

from backend.core.access.predicates import Reach
from backend.surveys import queries
from backend.surveys.models import Answer
from tests.surveys.rounds import Round, alone, choose, enter, open_round

AWKWARD = "\u202eשלום\u202c  مرحبا 👩\u200d👧 <b>\n\n &amp; \u2028 ende\t\n"


@pytest.fixture
def round_(client: TestClient, app_session: Session, noon: datetime) -> Round:
    return open_round(app_session)


@contextmanager
def reading(engine: Engine) -> Iterator[Session]:
    """A look at the rows that ends before the next page is asked for."""
    with Session(engine) as session:
        yield session


def follow(client: TestClient, address: str) -> tuple[str, str]:
    """The page that an address leads to in the end: its own address and its text."""
    page = client.get(address)
    while page.status_code == 303:
        address = page.headers["location"]
        page = client.get(address)
    assert page.status_code == 200, (address, page.status_code)
    return address.split("?")[0], unescape(page.text)


def fields_of(page: str) -> dict[str, str]:
    """What a page's form sends when nothing is touched, as a browser reads the page."""
    tree = html5lib.parse(page, namespaceHTMLElements=False)
    sent = {}
    for field in tree.iter("input"):
        is_picked = (
            field.get("type") not in ("radio", "checkbox") or field.get("checked") is not None
        )
        if field.get("name") and is_picked:
            sent[field.get("name")] = field.get("value") or ""
    for box in tree.iter("textarea"):
        sent[box.get("name")] = "".join(box.itertext()).removeprefix("\n")
    return sent


def name_of(page: str) -> str:
    """The field of a page's first question."""
    found = re.search(r'name="([a-z_]+_\d+)-revision"', page)
    assert found
    return found[1]


def answer(client: TestClient, address: str, **values: str) -> str:
    """Answer the question at an address as its own form would; where that leads."""
    page = client.get(address)
    name = name_of(page.text)
    changes = {f"{name}{key.removeprefix('value')}": text for key, text in values.items()}
    reply = client.post(address.split("?")[0], data=fields_of(page.text) | changes)
    assert reply.status_code == 303, reply.text
    return str(reply.headers["location"])


def begin(client: TestClient, session: Session, round_: Round, *topics: str) -> str:
    """In, alone, with these topics chosen; the address of the first question."""
    enter(client, session, round_.contributor)
    alone(client, round_)
    return choose(client, round_, *topics)


def test_the_first_page_says_who_reads_by_name_and_day(
    client: TestClient, app_session: Session, round_: Round
) -> None:
    enter(client, app_session, round_.contributor, is_known=False)
    page = unescape(client.get("/me/home").text)
    assert page.index("What came of last time") < page.index("Before my meeting")
    assert f"{round_.iro.name} will read this before your meeting on Tuesday 1 December" in page
    assert "What you do not send is gone after 14 days" in page
    assert "<title>Heard</title>" in page


def test_a_form_goes_from_its_first_question_to_what_happens_next(
    client: TestClient, app_session: Session, sqlite_engine: Engine, round_: Round
) -> None:
    second = answer(client, begin(client, app_session, round_, "home"), value="I want a dog")
    assert "Kept. You can stop any time." in client.get(second).text
    ending, page = follow(client, answer(client, second, value="School"))
    assert "I want a dog" in page
    assert f"Send to {round_.iro.name} now" in page
    assert "Nobody reads this until you send it." in page
    meeting = client.post(ending, data={"action": "send"}).headers["location"]
    page = client.get(meeting).text
    ids = re.findall(r'name="said" value="(\d+)"', page)
    assert len(ids) == 2
    assert " checked" not in page
    onward = client.post(meeting, data={"said": [ids[0]]}).headers["location"]
    assert "How" in unescape(client.get(onward).text) or "like" in client.get(onward).text
    with reading(sqlite_engine) as session:
        sent = queries.sent_topics(session)
    assert [[one.may_be_said for one in topic.answers] for topic in sent] == [[True, False]]
    _, page = follow(client, f"{round_.address}/next")
    assert f"{round_.iro.name} will read what you sent before your meeting" in page


YOUNG_PEOPLE: dict[str, dict[str, Any]] = {
    "five to seven": {"date_of_birth": date(2020, 3, 9)},
    "eight to eleven": {"date_of_birth": date(2017, 3, 9)},
    "twelve to seventeen": {"date_of_birth": date(2011, 3, 9)},
    "care leaver": {"date_of_birth": date(2006, 3, 9), "group": "care_leaver"},
}


@pytest.mark.parametrize("who", YOUNG_PEOPLE)
def test_every_question_of_a_form_can_be_skipped(
    who: str, client: TestClient, app_session: Session, noon: datetime
) -> None:
    round_ = open_round(app_session, **YOUNG_PEOPLE[who])
    enter(client, app_session, round_.contributor)
    alone(client, round_)
    offered = re.findall(r'name="topics" value="([a-z_]+)"', client.get(round_.address).text)
    address, seen = choose(client, round_, *offered), 0
    while not address.endswith("/next"):
        address, page = follow(client, address)
        skip = re.search(r'href="([^"]+)">Skip</a>', page)
        seen, address = seen + 1, skip[1] if skip else address
    assert seen > len(offered) >= 5
    assert follow(client, address)[1]


def test_awkward_words_come_back_to_the_character(
    client: TestClient, app_session: Session, sqlite_engine: Engine, round_: Round
) -> None:
    first = begin(client, app_session, round_)
    answer(client, first, value=AWKWARD)
    with reading(sqlite_engine) as session:
        assert session.exec(select(Answer)).one().value == AWKWARD
    shown = fields_of(client.get(first).text)
    assert shown[name_of(client.get(first).text)] == AWKWARD
    answer(client, first)
    with reading(sqlite_engine) as session:
        kept = session.exec(select(Answer)).one()
        assert (kept.value, kept.revision) == (AWKWARD, 1)


def test_control_characters_that_no_page_can_show_are_not_lost_by_saving_again(
    client: TestClient, app_session: Session, sqlite_engine: Engine, round_: Round
) -> None:
    first = begin(client, app_session, round_)
    answer(client, first, value="a\0b\u0007\x9f\ufffe")
    client.post(first, data=fields_of(client.get(first).text))
    with reading(sqlite_engine) as session:
        assert session.exec(select(Answer)).one().value == "a\0b\u0007\x9f\ufffe"


def test_a_very_long_text_is_kept_whole_and_a_longer_one_comes_back_with_what_to_do(
    client: TestClient, app_session: Session, sqlite_engine: Engine, round_: Round
) -> None:
    first = begin(client, app_session, round_)
    page = client.get(first).text
    name, fields = name_of(page), fields_of(page)
    kept = client.post(first, files={key: (None, text) for key, text in fields.items()} | {
        name: (None, "🦊" * 200_000)
    })  # fmt: skip
    assert kept.status_code == 303
    with reading(sqlite_engine) as session:
        assert session.exec(select(Answer)).one().value == "🦊" * 200_000
    too_long = client.post(first, data=fields | {name: "x" * 200_001})
    assert too_long.status_code == 422
    assert "x" * 200_001 in too_long.text
    assert "Your words are still here" in too_long.text


def test_two_devices_are_shown_both_answers_and_nothing_is_lost(
    client: TestClient, app_session: Session, sqlite_engine: Engine, round_: Round
) -> None:
    first = begin(client, app_session, round_)
    page = client.get(first).text
    name, stale = name_of(page), fields_of(page)
    answer(client, first, value="from the phone")
    changed = client.post(first, data=stale | {name: "from the tablet\nlater"})
    assert changed.status_code == 409
    assert "from the phone" in changed.text
    assert "from the tablet" in changed.text
    with reading(sqlite_engine) as session:
        assert session.exec(select(Answer)).one().value == "from the phone"
    settled = fields_of(changed.text)
    assert settled[f"{name}-keep"] == "both"
    assert client.post(first, data=settled).status_code == 303
    with reading(sqlite_engine) as session:
        value = session.exec(select(Answer)).one().value
    assert value == "from the phone\n\nfrom the tablet\nlater"


def test_two_answers_that_become_one_go_no_further_than_either(
    client: TestClient, app_session: Session, sqlite_engine: Engine, round_: Round
) -> None:
    first = begin(client, app_session, round_)
    page = client.get(first).text
    name, stale = name_of(page), fields_of(page)
    client.post(first, data=stale | {name: "for you alone", f"{name}-reach": "only_iro"})
    changed = client.post(first, data=stale | {name: "for all"})
    client.post(first, data=fields_of(changed.text))
    with reading(sqlite_engine) as session:
        kept = session.exec(select(Answer)).one()
    assert kept.value == "for you alone\n\nfor all"
    assert kept.reach == Reach.ONLY_IRO


def test_answering_a_screen_takes_few_queries(
    client: TestClient, app_session: Session, sqlite_engine: Engine, round_: Round
) -> None:
    first = begin(client, app_session, round_)
    page = client.get(first).text
    asked: list[str] = []
    listen(sqlite_engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    kept = client.post(first, data=fields_of(page) | {name_of(page): "A dog"})
    assert len([one for one in asked if "BEGIN" not in one]) <= 20
    asked.clear()
    client.get(kept.headers["location"])
    assert len([one for one in asked if "BEGIN" not in one]) <= 18


def test_an_answer_can_be_taken_out_again_before_it_is_sent(
    client: TestClient, app_session: Session, sqlite_engine: Engine, round_: Round
) -> None:
    first = begin(client, app_session, round_)
    answer(client, first, value="Oh no")
    client.post(first, data=fields_of(client.get(first).text) | {"action": "remove"})
    with reading(sqlite_engine) as session:
        assert session.exec(select(Answer)).all() == []
