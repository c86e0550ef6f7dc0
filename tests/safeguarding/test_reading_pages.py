"""The pages of reading, the duty desk, and "this is not safe"."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session

from backend.asks.models import Ask
from backend.core import audit, clock
from backend.core.access.permissions import Role
from backend.core.access.predicates import Reach
from backend.safeguarding import service
from backend.safeguarding.models import Concern, Reading
from backend.surveys import queries as surveys
from backend.surveys.instruments.reading_age import reading_age
from tests.asks.test_ask_pages import OLDEST_READER, visible_text
from tests.factories import make_contact, make_staff, sign_in
from tests.safeguarding.cases import Around, enter, make_case, send, send_each, stored

pytestmark = pytest.mark.usefixtures("noon")
WORDS = "I want a dog <b>now</b>\nand a cat 😊"
SHOWN = "I want a dog &lt;b&gt;now&lt;/b&gt;\nand a cat 😊"


def audited(session: Session, event: str) -> list[audit.AuditEvent]:
    return [row for row in stored(session, audit.AuditEvent) if row.event == event]


def test_the_iro_reads_the_words_exactly_and_marks_them_as_read(
    client: TestClient, app_session: Session
) -> None:
    case = make_case(app_session)
    topic = send(app_session, case, WORDS)
    sign_in(client, app_session, case.iro)
    assert f'href="/staff/reading/{topic}"' in client.get("/staff/reading").text
    page = client.get(f"/staff/reading/{topic}")
    assert SHOWN in page.text
    assert [row.details for row in audited(app_session, "words.read")] == [{"topic_row_id": topic}]
    assert client.post(f"/staff/reading/{topic}/read").headers["location"] == "/staff/reading"
    assert "Nothing waits for you to read" in client.get("/staff/reading").text
    assert stored(app_session, Reading)[0].read_by == case.iro.staff_id


def test_who_may_not_read_finds_no_page_and_the_try_is_audited(
    client: TestClient, app_session: Session
) -> None:
    case = make_case(app_session)
    topic = send(app_session, case, WORDS, reach=Reach.ONLY_IRO)
    for viewer in (case.worker, case.duty, case.manager, case.complaints):
        sign_in(client, app_session, viewer)
        page = client.get(f"/staff/reading/{topic}")
        assert page.status_code == 404
        assert "dog" not in page.text
        assert client.post(f"/staff/reading/{topic}/read").status_code == 404
    assert len(audited(app_session, "access.denied")) == 8
    assert audited(app_session, "words.read") == []


def test_the_worker_learns_nothing_of_an_answer_that_is_hidden(
    client: TestClient, app_session: Session
) -> None:
    case = make_case(app_session)
    topic = send_each(
        app_session, case, ("For both", Reach.ASK_FIRST, ()), ("Private", Reach.ONLY_IRO, ())
    )
    sign_in(client, app_session, case.worker)
    page = client.get(f"/staff/reading/{topic}").text
    assert "For both" in page
    assert "Private" not in page
    assert "not yours to read" not in page


def test_a_reader_raises_a_concern_and_duty_then_reads_and_records(
    client: TestClient, app_session: Session
) -> None:
    case = make_case(app_session)
    topic = send(app_session, case, "He hits me")
    sign_in(client, app_session, case.iro)
    assert client.post(f"/staff/reading/{topic}/concern", data={"why": ""}).status_code == 422
    raised = client.post(f"/staff/reading/{topic}/concern", data={"why": "Somebody hits her"})
    assert raised.status_code == 303
    sign_in(client, app_session, case.duty)
    assert case.person.known_as in client.get("/staff/duty").text
    assert "He hits me" not in client.get("/staff/duty").text
    assert "He hits me" in client.get(f"/staff/reading/{topic}").text
    row_id = stored(app_session, Concern)[0].id
    address = f"/staff/concerns/{row_id}"
    assert "Somebody hits her" in client.get(address).text
    client.post(f"{address}/seen")
    assert client.post(f"{address}/outcome", data={"outcome": "lado"}).status_code == 422
    kept = client.post(f"{address}/notes", data={"words": "Rang the LADO"})
    assert kept.status_code == 303
    assert client.post(f"{address}/readers", data={"staff_id": "999"}).status_code == 422
    added = client.post(f"{address}/readers", data={"staff_id": str(case.manager.staff_id)})
    assert added.status_code == 303
    assert client.post(f"{address}/outcome", data={"outcome": "lado"}).status_code == 303
    page = client.get(address).text
    assert "Rang the LADO" in page
    assert "Record what was done" not in page
    sign_in(client, app_session, case.manager)
    assert "He hits me" in client.get(f"/staff/reading/{topic}").text


def test_an_iro_may_look_at_a_concern_and_only_duty_may_write(
    client: TestClient, app_session: Session
) -> None:
    case = make_case(app_session)
    row_id = service.say_not_safe(app_session, case.identity()).id
    sign_in(client, app_session, case.iro)
    assert "this is not safe" in client.get("/staff/reading").text
    page = client.get(f"/staff/concerns/{row_id}")
    assert page.status_code == 200
    assert "do not ring the home" in page.text
    assert "Record what was done" not in page.text
    assert client.post(f"/staff/concerns/{row_id}/notes", data={"words": "x"}).status_code == 404
    assert client.get("/staff/duty").status_code == 404
    sign_in(client, app_session, case.worker)
    assert client.get(f"/staff/concerns/{row_id}").status_code == 404


def test_duty_takes_over_what_nobody_read_in_time(client: TestClient, app_session: Session) -> None:
    case = make_case(app_session)
    with clock.set_to(clock.now() - timedelta(days=7)):
        topic = send(app_session, case, WORDS)
    sign_in(client, app_session, case.duty)
    page = client.get("/staff/duty").text
    assert "1 read by nobody in time" in page
    assert "dog" not in page
    assert client.get(f"/staff/reading/{topic}").status_code == 404
    taken = client.post(f"/staff/duty/{topic}/take-over")
    assert taken.headers["location"] == f"/staff/reading/{topic}"
    assert SHOWN in client.get(f"/staff/reading/{topic}").text
    raised = audited(app_session, "concern.raised")
    assert [row.details["source"] for row in raised] == ["unread"]


def test_a_sentence_of_the_words_is_made_an_ask_and_a_changed_one_is_not(
    client: TestClient, app_session: Session
) -> None:
    case = make_case(app_session)
    row_id = send(app_session, case, WORDS)
    topic = surveys.sent_topic(app_session, row_id)
    assert topic is not None
    sign_in(client, app_session, case.worker)
    form = {"answer_id": str(topic.answers[0].answer_id), "owner": "worker"}
    address = f"/staff/reading/{row_id}/ask"
    changed = client.post(address, data={**form, "ask_words": "I want a puppy"})
    assert changed.status_code == 422
    assert "I want a puppy" in changed.text
    spoilt = client.post(address, data={**form, "ask_words": "a dog", "needed_by": "soon"})
    assert spoilt.status_code == 422
    made = client.post(address, data={**form, "ask_words": "and a cat 😊"})
    assert "and a cat 😊" in client.get(made.headers["location"]).text
    assert stored(app_session, Ask)[0].confirmed_by == case.worker.staff_id
    stranger = client.post(address, data={**form, "answer_id": "4711", "ask_words": "a dog"})
    assert stranger.status_code == 404


def test_not_safe_is_sent_at_once_and_then_asks_how_to_be_reached(
    client: TestClient, app_session: Session
) -> None:
    case = make_case(app_session)
    enter(client, app_session, case, is_known=False)
    sent = client.post("/me/not-safe")
    assert sent.status_code == 303
    address = sent.headers["location"]
    assert stored(app_session, Concern)[0].source == "not_safe"
    page = client.get(address).text
    assert f"{case.duty.name} reads it today, before 5 o’clock." in page
    assert 'href="tel:999"' in page
    odd = client.post(address, data={"way": "", "words": "after 4"})
    assert odd.status_code == 422
    assert "after 4" in odd.text
    onward = client.post(address, data={"way": "text", "words": "after 4"})
    assert client.get(onward.headers["location"]).status_code == 200
    concern = stored(app_session, Concern)[0]
    assert (concern.reach_by, concern.how_to_reach) == ("text", "after 4")


def test_how_to_be_reached_may_be_skipped_and_nobody_else_opens_the_page(
    client: TestClient, app_session: Session
) -> None:
    case = make_case(app_session)
    enter(client, app_session, case, is_known=False)
    address = client.post("/me/not-safe").headers["location"]
    onward = client.post(address, data={"way": "", "words": ""}).headers["location"]
    assert "Who reads it next" in client.get(onward).text
    enter(client, app_session, case)
    for closed in (address, onward):
        assert client.get(closed).status_code == 404


def test_at_night_nothing_is_promised_before_the_next_working_day(
    client: TestClient, app_session: Session
) -> None:
    case = make_case(app_session)
    with clock.set_to(datetime(2026, 11, 27, 22, 0, tzinfo=UTC)):
        enter(client, app_session, case)
        page = client.get(client.post("/me/not-safe").headers["location"]).text
    assert "on Monday 30 November, from 9 o’clock" in page
    assert "Nobody reads it before then" in page
    assert "reads it today" not in page


def test_a_carer_has_no_not_safe_button(client: TestClient, app_session: Session) -> None:
    case = make_case(app_session)
    carer = make_contact(app_session, case.person, "carer")
    enter(client, app_session, Around(**{**case.__dict__, "contributor": carer}))
    assert client.post("/me/not-safe").status_code == 404
    assert client.get("/me/not-safe").status_code == 404
    assert stored(app_session, Concern) == []


def test_a_nine_year_old_can_read_the_pages_of_not_safe(
    client: TestClient, app_session: Session
) -> None:
    case = make_case(app_session)
    enter(client, app_session, case)
    address = client.post("/me/not-safe").headers["location"]
    for page in ("/me/not-safe", address, f"{address}/next"):
        text = re.sub(r"\d[\d ]+", "", visible_text(client.get(page).text))
        age = reading_age(text, glossary=(case.duty.name, case.iro.name))
        assert age <= OLDEST_READER, (page, age)


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.PARTICIPATION_OFFICER])
def test_roles_that_read_no_words_have_no_reading_pages(
    role: Role, client: TestClient, app_session: Session
) -> None:
    case = make_case(app_session)
    topic = send(app_session, case, WORDS)
    row_id = service.say_not_safe(app_session, case.identity()).id
    sign_in(client, app_session, make_staff(app_session, role))
    for address in (
        "/staff/reading",
        f"/staff/reading/{topic}",
        "/staff/duty",
        f"/staff/concerns/{row_id}",
    ):
        assert client.get(address).status_code == 404
