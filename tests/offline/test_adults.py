"""An adult's form without a signal: its pages name nobody, and it is sent once."""

import json
import re
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session, select

from backend.offline import service as offline
from backend.people.models import Contributor
from backend.settings import Settings
from backend.surveys import service
from backend.surveys.models import Answer, Topic
from tests.factories import make_contact
from tests.offline.phones import Pairs, key_of, seal, visit
from tests.offline.phones import begin as begin_topic
from tests.pages import check_page
from tests.surveys.rounds import Round, enter, make_home, open_round


@pytest.fixture
def child(app_session: Session, noon: datetime) -> Round:
    return open_round(app_session, known_as="Zqsunny")


@pytest.fixture
def carer(app_session: Session, child: Round) -> Contributor:
    make_home(app_session, child.person)
    carer = make_contact(app_session, child.person, "carer", name="Zqmarguerite Pell")
    service.open_rounds(app_session)
    app_session.commit()
    return carer


def begin(client: TestClient, session: Session, carer: Contributor, phone: str) -> str:
    """Into the form before the review; the address of its first page."""
    enter(client, session, carer)
    form = re.findall(r'href="(/me/forms/\d+)"', client.get("/me/home").text)[0]
    assert "Is this your own phone?" in client.get(form).text
    return str(client.post(form, data={"phone": phone}).headers["location"])


def pack_of(client: TestClient, first: str) -> dict[str, Any]:
    answer = client.get(f"{first.rsplit('/', 2)[0]}/offline")
    assert answer.status_code == 200
    pack: dict[str, Any] = answer.json()
    return pack


@pytest.mark.parametrize("phone", ["shared", ""])
def test_an_adults_phone_that_others_use_keeps_nothing(
    client: TestClient, app_session: Session, carer: Contributor, phone: str
) -> None:
    first = begin(client, app_session, carer, phone)
    assert "data-pack" not in client.get(first).text
    assert client.get(f"{first.rsplit('/', 2)[0]}/offline").status_code == 404


def test_what_an_adults_phone_keeps_names_nobody(
    client: TestClient, app_session: Session, child: Round, carer: Contributor
) -> None:
    first = begin(client, app_session, carer, "own")
    assert "data-pack" in client.get(first).text
    assert "Zqsunny" in client.get(first).text
    pack = pack_of(client, first)
    kept = json.dumps(pack)
    for word in ("Zqsunny", "Zqmarguerite", child.iro.name, child.worker.name, "Larch House"):
        assert word not in kept, word
    for path, screen in pack["pages"].items():
        html = pack["frame"].replace("@main", screen["main"]).replace("@back", "/me/help")
        check_page(html, path)


def test_every_page_of_an_adults_form_leads_to_the_next_and_the_last_to_its_end(
    client: TestClient, app_session: Session, carer: Contributor
) -> None:
    first = begin(client, app_session, carer, "own")
    pages = pack_of(client, first)["pages"]
    path, seen = first, []
    while path.endswith("/1"):
        seen.append(path)
        assert f'href="{pages[path]["onward"]}"' in pages[path]["main"]
        path = pages[path]["onward"]
    assert len(seen) >= 2
    assert path.endswith("/send")
    assert "Send when there is a signal" in pages[path]["main"]
    assert pages[path]["onward"] in pages


def test_an_adults_queue_is_kept_and_sent_once(
    client: TestClient, app_session: Session, carer: Contributor, settings: Settings
) -> None:
    first = begin(client, app_session, carer, "own")
    pack = pack_of(client, first)
    html = pack["pages"][first]["main"]
    asked = re.findall(r'name="asked" value="([^"]+)"', html)
    boxes = re.findall(r'<textarea[^>]* name="([^"]+)"', html)
    fields: Pairs = [("asked", one) for one in asked]
    fields += [(name, f"words of {place}") for place, name in enumerate(boxes)]
    assert boxes
    key = key_of(Path(settings.heard_data))
    whole = f"{first.rsplit('/', 2)[0]}/send"
    answer = seal(key, pack["tickets"][first.rsplit("/", 1)[0]], "answer", fields)
    again = seal(key, pack["tickets"][first.rsplit("/", 1)[0]], "answer", fields)
    send = seal(key, pack["tickets"][whole], "send_whole")
    told = [
        client.post("/me/queue", json=vars(item)).json()["outcome"]
        for item in (answer, again, send, answer, send)
    ]
    assert told == ["kept", "nothing", "sent", "kept", "sent"]
    app_session.expire_all()
    found = sorted(str(row.value) for row in app_session.exec(select(Answer)))
    assert found == [f"words of {place}" for place in range(len(boxes))]
    sent = [row for row in app_session.exec(select(Topic)) if row.sent_at]
    assert len(sent) == 1


def test_a_childs_form_is_never_sent_whole(
    client: TestClient, app_session: Session, child: Round, settings: Settings
) -> None:
    me = visit(app_session, child.contributor)
    topic, _ = begin_topic(app_session, child, me, "most_wanted")
    ticket = offline.make_ticket(me.contributor_id, me.session_id, response=topic.response_id)
    app_session.commit()
    item = seal(key_of(Path(settings.heard_data)), ticket, "send_whole")
    assert client.post("/me/queue", json=vars(item)).status_code == 410
