"""The first page opens with what came of last time, before it asks anything."""

from datetime import timedelta
from html import unescape

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session

from backend.asks import service
from backend.core import clock
from tests.safeguarding.cases import Around, enter, make_case

pytestmark = pytest.mark.usefixtures("noon")
ANSWER = "Yes. I come <on Tuesday> 😊"
HEADING = "What came of last time"


def ask_and_answer(session: Session, case: Around, words: str = ANSWER) -> None:
    ask = service.make_ask(session, case.identity(), kind="see_worker")
    service.answer_ask(session, case.worker, ask.id or 0, words=words, outcome="yes")
    service.release(session, case.iro, ask.id or 0)


def first_page(client: TestClient, session: Session, case: Around, *, is_known: bool) -> str:
    enter(client, session, case, is_known=is_known)
    return unescape(client.get("/me/home").text)


def test_the_newest_answer_stands_above_every_form(
    client: TestClient, app_session: Session
) -> None:
    case = make_case(app_session)
    ask_and_answer(app_session, case, "An older answer")
    with clock.set_to(clock.now() + timedelta(hours=1)):
        ask_and_answer(app_session, case)
    page = first_page(client, app_session, case, is_known=True)
    assert page.index(HEADING) < page.index(ANSWER) < page.index("You choose who sees each answer")
    assert page.index(ANSWER) < page.index(case.worker.name, page.index(ANSWER))
    assert "An older answer" not in page
    assert 'href="/me/last-time"' in page


def test_without_the_secret_the_first_page_says_only_how_to_open_it(
    client: TestClient, app_session: Session
) -> None:
    case, nothing_asked = make_case(app_session), make_case(app_session)
    ask_and_answer(app_session, case)
    for someone in (case, nothing_asked):
        page = first_page(client, app_session, someone, is_known=False)
        assert "Use your pictures or number to open it." in page
        assert "I come" not in page
        # The foot's buttons are the same on every screen; what was asked stands in main alone.
        main = page[page.index("<main") : page.index("</main>")]
        assert "I want to see my social worker" not in main


def test_what_waits_says_who_has_it_and_by_when(client: TestClient, app_session: Session) -> None:
    case = make_case(app_session)
    service.make_ask(app_session, case.identity(), kind="see_worker")
    page = first_page(client, app_session, case, is_known=True)
    assert f"{case.worker.name} has it. You hear back by Tuesday 24 November." in page


def test_who_never_asked_for_anything_meets_no_empty_card(
    client: TestClient, app_session: Session
) -> None:
    page = first_page(client, app_session, make_case(app_session), is_known=True)
    assert HEADING not in page
