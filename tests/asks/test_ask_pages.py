"""The pages of asks, for young people and for staff."""

import re
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session

from backend.asks import service
from backend.asks.models import Ask
from backend.core import clock
from backend.core.access.permissions import Role
from backend.surveys.instruments.reading_age import reading_age
from tests.factories import make_contact, make_staff, sign_in
from tests.safeguarding.cases import Around, enter, make_case, stored

pytestmark = pytest.mark.usefixtures("noon")
ANSWER = "Yes. I come <on Tuesday> 😊"
OLDEST_READER = 9


def visible_text(page: str) -> str:
    """The words of a page's main part, a sentence for each block."""
    main = page[page.index("<main") : page.index("</main>")]
    blocks = re.sub(r"</(p|h1|h2|button|a|legend|label|li|span)>", ".\n", main)
    return re.sub(r"<[^>]+>", " ", blocks)


def answer_it(session: Session, case: Around, kind: str = "see_worker") -> Ask:
    ask = service.make_ask(session, case.identity(), kind=kind)
    service.answer_ask(session, case.worker, ask.id or 0, words=ANSWER, outcome="yes")
    return ask


def test_a_button_is_an_ask_at_once_and_says_who_has_it_by_when(
    client: TestClient, app_session: Session
) -> None:
    case = make_case(app_session)
    enter(client, app_session, case, is_known=False)
    assert case.iro.name in client.get("/me/ask").text
    sent = client.post("/me/ask", data={"kind": "see_worker"})
    page = client.get(sent.headers["location"])
    assert page.status_code == 200
    assert f"{case.worker.name} has it" in page.text
    assert "Tuesday 24 November" in page.text
    assert stored(app_session, Ask)[0].kind == "see_worker"


def test_a_complaint_offers_an_advocate(client: TestClient, app_session: Session) -> None:
    case = make_case(app_session)
    enter(client, app_session, case, is_known=False)
    page = client.get(client.post("/me/ask", data={"kind": "complaint"}).headers["location"])
    assert case.complaints.name in page.text
    assert "Monday 7 December" in page.text
    assert 'name="kind" value="advocate"' in page.text
    client.post("/me/ask", data={"kind": "advocate"})
    assert {ask.kind for ask in stored(app_session, Ask)} == {"complaint", "advocate"}


def test_a_care_leaver_has_buttons_of_their_own_and_no_iro(
    client: TestClient, app_session: Session
) -> None:
    case = make_case(app_session, is_leaver=True)
    enter(client, app_session, case)
    page = client.get("/me/ask").text
    assert "Ring me" in page
    assert "my PA’s manager" in page
    assert "IRO" not in page
    assert client.post("/me/ask", data={"kind": "see_iro"}).status_code == 422


def test_the_confirmation_of_one_page_is_not_found_from_another(
    client: TestClient, app_session: Session
) -> None:
    case = make_case(app_session)
    enter(client, app_session, case, is_known=False)
    address = client.post("/me/ask", data={"kind": "complaint"}).headers["location"]
    enter(client, app_session, case, is_known=False)
    assert client.get(address).status_code == 404


def test_code_and_birthday_alone_never_show_what_came_of_last_time(
    client: TestClient, app_session: Session
) -> None:
    case = make_case(app_session)
    ask = answer_it(app_session, case)
    service.release(app_session, case.iro, ask.id or 0)
    enter(client, app_session, case, is_known=False)
    page = client.get("/me/last-time").text
    assert "open what came of last time" in page
    assert 'href="/me/secret"' in page
    # At its foot stand the buttons, with who would get each today.
    said = page[: page.index("<footer")]
    assert "Tuesday" not in said
    assert case.worker.name not in said
    closed = client.post(f"/me/asks/{ask.id}", data={"happened": "no"})
    assert closed.status_code == 404


def test_the_answer_is_shown_exactly_with_whose_it_is_and_can_be_said_to_have_happened(
    client: TestClient, app_session: Session
) -> None:
    case = make_case(app_session)
    ask = answer_it(app_session, case)
    service.release(app_session, case.iro, ask.id or 0, added="I will check.")
    enter(client, app_session, case)
    page = client.get("/me/last-time").text
    assert "Yes. I come &lt;on Tuesday&gt; 😊" in page
    assert case.worker.name in page
    assert "I will check." in page
    for happened in ("yes", "not_yet", "no"):
        kept = client.post(f"/me/asks/{ask.id}", data={"happened": happened})
        assert kept.headers["location"] == f"/me/last-time?kept=1#ask-{ask.id}"
        assert stored(app_session, Ask)[0].has_happened == happened
    assert "Ask again" in client.get("/me/last-time").text
    assert client.post(f"/me/asks/{ask.id}", data={"happened": "x"}).status_code == 422


def test_with_nothing_answered_it_says_so_and_what_is_still_open(
    client: TestClient, app_session: Session
) -> None:
    case = make_case(app_session)
    enter(client, app_session, case)
    assert "You have not asked for anything here yet" in client.get("/me/last-time").text
    service.make_ask(app_session, case.identity(), kind="see_worker")
    app_session.commit()
    page = client.get("/me/last-time").text
    assert "Still open" in page
    assert f"{case.worker.name} has it. You hear back by Tuesday 24 November." in page


def test_an_answer_that_did_not_come_in_time_is_owned_up_to(
    client: TestClient, app_session: Session
) -> None:
    case = make_case(app_session)
    service.make_ask(app_session, case.identity(), kind="see_worker")
    app_session.commit()
    with clock.set_to(clock.now() + timedelta(days=300)):
        enter(client, app_session, case)
        page = client.get("/me/last-time").text
        assert "You were to hear back by Tuesday 24 November 2026. It is late" in page
        assert "You hear back by" not in page
        assert "Ask again" in page


def test_a_carer_has_no_asks(client: TestClient, app_session: Session) -> None:
    case = make_case(app_session)
    carer = make_contact(app_session, case.person, "carer")
    enter(client, app_session, Around(**{**case.__dict__, "contributor": carer}))
    for address in ("/me/ask", "/me/last-time"):
        assert client.get(address).status_code == 404
    assert client.post("/me/ask", data={"kind": "complaint"}).status_code == 404


def test_a_nine_year_old_can_read_the_pages_of_asks(
    client: TestClient, app_session: Session
) -> None:
    case = make_case(app_session)
    ask = answer_it(app_session, case)
    service.release(app_session, case.iro, ask.id or 0)
    enter(client, app_session, case)
    confirmed = client.post("/me/ask", data={"kind": "complaint"}).headers["location"]
    names = (case.worker.name, case.iro.name, case.complaints.name, "advocate", "social worker")
    for address in ("/me/ask", "/me/last-time", confirmed):
        text = visible_text(client.get(address).text)
        age = reading_age(text, glossary=(*names, ANSWER, "IRO", "November", "December"))
        assert age <= OLDEST_READER, (address, age)


def test_the_worker_answers_and_the_iro_lets_the_child_see_it(
    client: TestClient, app_session: Session
) -> None:
    case = make_case(app_session)
    ask = service.make_ask(app_session, case.identity(), kind="see_worker")
    sign_in(client, app_session, case.worker)
    assert "Yours to answer (1)" in client.get("/staff/asks").text
    address = f"/staff/asks/{ask.id}"
    wrong = client.post(f"{address}/answer", data={"words": "I come", "outcome": ""})
    assert wrong.status_code == 422
    assert "I come" in wrong.text
    done = client.post(f"{address}/answer", data={"words": "I come", "outcome": "yes"})
    assert done.status_code == 303
    assert client.post(f"{address}/release", data={}).status_code == 404
    sign_in(client, app_session, case.iro)
    assert "see before the child (1)" in client.get("/staff/asks").text
    assert "The child cannot see it yet" in client.get(address).text
    assert client.post(f"{address}/release", data={"added": "Good"}).status_code == 303
    assert "The child can see it since" in client.get(address).text
    assert stored(app_session, Ask)[0].iro_added == "Good"


def test_the_iro_escalates_with_a_reason(client: TestClient, app_session: Session) -> None:
    case = make_case(app_session)
    ask = answer_it(app_session, case)
    sign_in(client, app_session, case.iro)
    address = f"/staff/asks/{ask.id}/escalate"
    assert client.post(address, data={"why": ""}).status_code == 422
    assert client.post(address, data={"why": "Too late"}).status_code == 303
    sign_in(client, app_session, case.manager)
    page = client.get(f"/staff/asks/{ask.id}").text
    assert "Too late" in page
    assert "I come &lt;on Tuesday&gt;" in page


def test_complaints_are_for_the_complaints_manager_alone(
    client: TestClient, app_session: Session
) -> None:
    case = make_case(app_session)
    ask = service.make_ask(app_session, case.identity(), kind="complaint")
    for viewer in (case.iro, case.worker, case.manager, case.duty):
        sign_in(client, app_session, viewer)
        assert client.get(f"/staff/asks/{ask.id}").status_code == 404
        assert client.get("/staff/complaints").status_code == 404
        assert case.person.known_as not in client.get("/staff/asks").text
    sign_in(client, app_session, case.complaints)
    assert case.person.known_as in client.get("/staff/complaints").text
    assert client.get(f"/staff/asks/{ask.id}").status_code == 200


def test_an_administrator_has_no_asks(client: TestClient, app_session: Session) -> None:
    sign_in(client, app_session, make_staff(app_session, Role.ADMINISTRATOR))
    assert client.get("/staff/asks").status_code == 404


def test_a_late_ask_says_so_on_the_list(client: TestClient, app_session: Session) -> None:
    case = make_case(app_session)
    with clock.set_to(clock.now() - timedelta(days=5)):
        service.make_ask(app_session, case.identity(), kind="see_worker")
    sign_in(client, app_session, case.worker)
    assert "Overdue" in client.get("/staff/asks").text
