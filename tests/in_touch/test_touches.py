"""A care leaver keeps in touch by one tap; it becomes what it must, and only its readers see it."""

from datetime import datetime, timedelta

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session

from backend.asks.models import Ask
from backend.core import clock
from backend.core.access.requires import Denied
from backend.in_touch import queries, service
from backend.in_touch.models import Touch
from backend.safeguarding import queries as safeguarding
from backend.surveys import service as surveys
from tests.factories import sign_in
from tests.safeguarding.cases import Around, enter, make_case, stored


@pytest.fixture
def leaver(app_session: Session, noon: datetime) -> Around:
    return make_case(app_session, is_leaver=True)


def tap(client: TestClient, value: str) -> str:
    answer = client.post("/me/keep-in-touch", data={"tap": value})
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def test_the_form_offers_the_five_taps() -> None:
    assert set(surveys.taps_of_touch()) == set(queries.LABELS)


def test_one_tap_on_the_first_page_is_sent_at_once(
    client: TestClient, app_session: Session, leaver: Around
) -> None:
    enter(client, app_session, leaver, is_known=False)
    home = client.get("/me/home").text
    assert 'name="tap" value="ok"' in home
    page = client.get(tap(client, "ok"))
    assert page.status_code == 200
    assert f"Sent to {leaver.adviser.name}" in page.text
    assert [row.tap for row in stored(app_session, Touch)] == ["ok"]
    assert stored(app_session, Ask) == []


@pytest.mark.parametrize(("value", "owner"), [("ring_me", "worker"), ("nobody_called", "manager")])
def test_a_tap_that_asks_is_a_tracked_ask_of_one_working_day(
    client: TestClient, app_session: Session, leaver: Around, value: str, owner: str
) -> None:
    enter(client, app_session, leaver, is_known=False)
    page = client.get(tap(client, value)).text
    (ask,) = stored(app_session, Ask)
    assert (ask.kind, ask.owner_role) == (value, owner)
    assert ask.due_on == clock.add_working_days(clock.today(), 1)
    assert "Tuesday 24 November" in page


def test_the_same_tap_twice_is_one_contact(
    client: TestClient, app_session: Session, leaver: Around, noon: datetime
) -> None:
    enter(client, app_session, leaver)
    assert tap(client, "ok") == tap(client, "ok")
    assert len(stored(app_session, Touch)) == 1
    with clock.set_to(noon + timedelta(minutes=6)):
        tap(client, "ok")
    assert len(stored(app_session, Touch)) == 2


def test_a_new_number_goes_to_the_adviser_and_the_manager_and_to_nobody_else(
    client: TestClient, app_session: Session, leaver: Around
) -> None:
    enter(client, app_session, leaver, is_known=False)
    address = tap(client, "new_number")
    assert stored(app_session, Touch) == []
    assert client.post(address, data={}).status_code == 422
    sent = client.post(address, data={"touch_0": "07700 900123 zqnumber"})
    assert sent.status_code == 303
    assert "zqnumber" not in client.get(sent.headers["location"]).text
    (row,) = stored(app_session, Touch)
    client.cookies.clear()
    readers = {
        part: client.get(f"/staff/reading/{row.topic_row_id}").status_code
        for part in ("adviser", "manager", "worker", "iro", "duty", "complaints")
        if sign_in(client, app_session, getattr(leaver, part)) is None
    }
    assert readers == {
        "adviser": 200, "manager": 200, "worker": 404, "iro": 404, "duty": 404, "complaints": 404,
    }  # fmt: skip


def test_words_beside_a_tap_wait_to_be_read_with_a_clock(
    client: TestClient, app_session: Session, leaver: Around
) -> None:
    enter(client, app_session, leaver)
    address = tap(client, "ring_me")
    page = client.get(address).text
    assert "When is a good time to ring?" in page
    assert client.post(address, data={"touch_1": "After work"}).status_code == 303
    lines = safeguarding.reading_list(app_session, leaver.adviser)
    assert [line.person_id for line in lines] == [leaver.person_id]
    app_session.commit()
    assert "What you wrote is sent as well" in client.get(address).text
    assert len(stored(app_session, Touch)) == 1


def test_only_the_page_that_tapped_sees_it_again(
    client: TestClient, app_session: Session, leaver: Around
) -> None:
    enter(client, app_session, leaver)
    address = tap(client, "ring_me")
    other = make_case(app_session, is_leaver=True)
    for someone in (leaver, other):
        enter(client, app_session, someone)
        assert client.get(address).status_code == 404
        assert client.post(address, data={"touch_1": "x"}).status_code == 404


@pytest.mark.parametrize("value", ["", "nothing", "OK", "moved; drop"])
def test_a_tap_that_is_none_changes_nothing(
    client: TestClient, app_session: Session, leaver: Around, value: str
) -> None:
    enter(client, app_session, leaver)
    assert tap(client, value) == "/me/home"
    assert stored(app_session, Touch) == []
    assert client.get("/me/keep-in-touch/new/ok").status_code == 404


def test_a_child_has_no_such_taps(client: TestClient, app_session: Session, noon: datetime) -> None:
    case = make_case(app_session)
    enter(client, app_session, case)
    assert "keep-in-touch" not in client.get("/me/home").text
    assert client.post("/me/keep-in-touch", data={"tap": "ok"}).status_code == 404
    with pytest.raises(Denied):
        service.tap(app_session, case.identity(), "ok")


def test_the_caseload_shows_the_newest_tap_to_the_adviser_alone(
    client: TestClient, app_session: Session, leaver: Around
) -> None:
    service.tap(app_session, leaver.identity(), "ok")
    service.tap(app_session, leaver.identity(), "ring_me")
    app_session.flush()
    for part, is_seen in (("adviser", True), ("manager", True), ("iro", False), ("duty", False)):
        viewer = getattr(leaver, part)
        found = queries.newest_touches(app_session, viewer, [leaver.person_id])
        assert [line.label for line in found.values()] == (["Ring me"] if is_seen else [])
    sign_in(client, app_session, leaver.adviser)
    assert "Ring me" in client.get("/staff/caseload").text
