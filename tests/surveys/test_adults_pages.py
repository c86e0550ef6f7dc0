"""Adults' forms: a topic a page by link, all taps on one page at the desk, one record for both."""

import re
from datetime import datetime

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine
from sqlmodel import Session, select

from backend.core.access.permissions import Role
from backend.core.access.predicates import Reach
from backend.people import service as people_service
from backend.placements.models import Home
from backend.surveys import queries, service
from backend.surveys.models import Answer, Response
from tests.factories import make_contact, make_staff, sign_in
from tests.surveys.rounds import Round, enter, make_home, open_round
from tests.surveys.test_pages import fields_of, follow, reading

TAPS = ("safe", "settled", "listen", "kind", "room", "family", "adult", "help")


@pytest.fixture
def round_(client: TestClient, app_session: Session, noon: datetime) -> Round:
    return open_round(app_session)


@pytest.fixture
def home(app_session: Session, round_: Round) -> Home:
    return make_home(app_session, round_.person, type_code="K2")


def taps_address(home: Home, round_: Round) -> str:
    return f"/staff/homes/{home.id}/taps/{round_.person.id}"


def test_a_carer_answers_a_topic_a_page_and_sends_once(
    client: TestClient, app_session: Session, sqlite_engine: Engine, round_: Round, home: Home
) -> None:
    carer = make_contact(app_session, round_.person, "carer")
    app_session.commit()
    service.open_rounds(app_session)
    enter(client, app_session, carer)
    page = client.get("/me/home").text
    assert round_.person.known_as in page
    # The form before the review comes first, since it closes first; the one about the home last.
    address = client.post(re.findall(r'href="(/me/forms/\d+)"', page)[-1]).headers["location"]
    pages = 0
    while not address.endswith("/send"):
        page = client.get(address).text
        pages += 1
        sent = fields_of(page)
        asked = re.findall(r'name="asked" value="([^"]+)"', page)
        sent |= {name: "4" for name in re.findall(r'type="radio" id="[^"]+" name="([^"]+)"', page)}
        picked = {name: value for name, value in re.findall(
            r'type="radio" id="[^"]+" name="([^"]+)" value="([^"]+)"', page)}  # fmt: skip
        reply = client.post(address.split("?")[0], data=sent | picked | {"asked": asked})
        assert reply.status_code == 303
        address, _ = follow(client, reply.headers["location"])
    assert pages == 2
    assert client.post(address, data={"action": "send"}).headers["location"].endswith("/next")
    with reading(sqlite_engine) as session:
        sent_topics = queries.sent_topics(session)
    assert {one.reach for one in sent_topics} == {Reach.ADULT_FORM}
    assert sum(len(one.answers) for one in sent_topics) >= 8
    assert client.post(address, data={"action": "send"}).status_code == 422


def test_a_parents_pages_show_no_home_carer_school_or_team(
    client: TestClient, app_session: Session, round_: Round, home: Home
) -> None:
    parent = make_contact(app_session, round_.person, "parent")
    carer = make_contact(app_session, round_.person, "carer", name="Marguerite Pell")
    assert carer.id
    enter(client, app_session, parent)
    shown = client.get("/me/home").text
    address = client.post(round_.address).headers["location"]
    while not address.endswith("/send"):
        page = client.get(address).text
        shown += page
        reply = client.post(
            address.split("?")[0],
            data=fields_of(page) | {"asked": re.findall(r'name="asked" value="([^"]+)"', page)},
        )
        address, text = follow(client, reply.headers["location"])
        shown += text
    for secret in ("Larch House", "Marguerite", round_.worker.team, "Larch"):
        assert secret not in shown


def test_a_worker_sends_eight_taps_with_when_they_last_saw_the_child(
    client: TestClient, app_session: Session, sqlite_engine: Engine, round_: Round, home: Home
) -> None:
    address = taps_address(home, round_)
    sign_in(client, app_session, round_.worker)
    page = client.get(address)
    assert page.status_code == 200
    assert "Larch House" in page.text
    sent = fields_of(page.text) | {f"this_child_{place}": "largely" for place in range(8)}
    sent["asked"] = re.findall(r'name="asked" value="([^"]+)"', page.text)  # type: ignore[assignment]
    sent |= {"last_seen_0": "yes", "action": "send"}
    day = {"last_seen_1_day": "24", "last_seen_1_month": "11", "last_seen_1_year": "2026"}
    refused = client.post(address, data=sent | day)
    assert refused.status_code == 422
    assert "not after today" in refused.text
    assert client.post(address, data=sent | day | {"last_seen_1_day": "31"}).status_code == 422
    again = fields_of(refused.text) | {"asked": sent["asked"], "action": "send"}
    assert again["this_child_0"] == "largely"
    day["last_seen_1_day"] = "20"
    assert client.post(address, data=again | day).status_code == 303
    with reading(sqlite_engine) as session:
        sent_topics = queries.sent_topics(session)
        response = session.exec(select(Response)).one()
    assert str(response.seen_alone_on) == "2026-11-20"
    assert {one.reach for topic in sent_topics for one in topic.answers} == {Reach.WORKER_TAPS}
    assert len({one.indicator for one in sent_topics[0].answers}) == 8
    assert "You sent this on 23 Nov 2026" in client.get(address).text


def test_a_worker_has_one_record_by_link_and_by_desk(
    client: TestClient, app_session: Session, sqlite_engine: Engine, round_: Round, home: Home
) -> None:
    address = taps_address(home, round_)
    sign_in(client, app_session, round_.worker)
    page = client.get(address).text
    asked = re.findall(r'name="asked" value="([^"]+)"', page)
    kept = fields_of(page) | {"this_child_0": "fully", "asked": asked, "action": "keep"}
    assert client.post(address, data=kept).headers["location"].endswith("?done=kept")
    worker = people_service.ensure_staff_contributor(app_session, round_.worker.staff_id)
    enter(client, app_session, worker)
    forms = re.findall(r'href="(/me/forms/\d+)"', client.get("/me/home").text)
    first = client.post(forms[-1]).headers["location"]
    page = client.get(first).text
    assert fields_of(page)["this_child_0"] == "fully"
    with reading(sqlite_engine) as session:
        assert len(session.exec(select(Response)).all()) == 1
        assert len(session.exec(select(Answer)).all()) == 1


def test_a_worker_taps_for_their_own_child_in_todays_home_alone(
    client: TestClient, app_session: Session, round_: Round, home: Home
) -> None:
    other = make_staff(app_session, Role.SOCIAL_WORKER)
    sign_in(client, app_session, other)
    assert client.get(taps_address(home, round_)).status_code == 404
    assert client.post(taps_address(home, round_), data={"action": "send"}).status_code == 404
    client.cookies.clear()
    sign_in(client, app_session, round_.worker)
    assert (
        client.get(f"/staff/homes/{(home.id or 0) + 1}/taps/{round_.person.id}").status_code == 404
    )
