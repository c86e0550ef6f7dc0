"""The pages of quotations: staff ask from where they read, the writer decides with their secret."""

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session

from backend.core.access.permissions import Role
from backend.core.access.predicates import Reach
from backend.quotes.models import Quote
from backend.surveys.instruments.reading_age import reading_age
from tests.entry.test_words import GLOSSARY, NEVER, OLDEST, words_of
from tests.factories import make_staff, sign_in
from tests.quotes.wishes import SAID, answer_of, ask, hear_others
from tests.safeguarding.cases import Around, enter, make_case, send, stored

pytestmark = pytest.mark.usefixtures("noon")
DAY = {"until-day": "31", "until-month": "5", "until-year": "2027"}
WISH = {
    "words": "The dog … helps me",
    "place": "Our report on homes",
    "audience": "panel",
    **DAY,
}


@pytest.fixture
def case(app_session: Session) -> Around:
    found = make_case(app_session)
    hear_others(app_session, 5)
    return found


def test_the_iro_asks_from_the_page_on_which_they_read(
    client: TestClient, app_session: Session, case: Around
) -> None:
    topic = send(app_session, case, SAID)
    address = f"/staff/quotes/new/{topic}/{answer_of(app_session, topic)}"
    sign_in(client, app_session, case.iro)
    assert f'href="{address}"' in client.get(f"/staff/reading/{topic}").text
    page = client.get(address).text
    assert "A no stands" in page
    wrong = client.post(address, data=WISH | {"words": "I hate the dog", "until-day": "40"})
    assert wrong.status_code == 422
    assert "Only cut" in wrong.text
    assert "Enter a real date" in wrong.text
    assert "I hate the dog" in wrong.text
    assert client.post(address, data=WISH).headers["location"] == "/staff/quotes"
    assert "Waiting for the writer" in client.get("/staff/quotes").text
    [quote] = stored(app_session, Quote)
    assert client.get(f"/staff/quotes/{quote.id}/print").status_code == 404


@pytest.mark.parametrize("reach", [Reach.ONLY_IRO])
def test_no_link_offers_what_can_never_be_quoted(
    client: TestClient, app_session: Session, case: Around, reach: Reach
) -> None:
    topic = send(app_session, case, SAID, reach=reach)
    address = f"/staff/quotes/new/{topic}/{answer_of(app_session, topic)}"
    sign_in(client, app_session, case.iro)
    assert "/staff/quotes/new/" not in client.get(f"/staff/reading/{topic}").text
    assert client.get(address).status_code == 404
    assert client.post(address, data=WISH).status_code == 404
    assert stored(app_session, Quote) == []


def test_the_child_sees_the_exact_words_and_use_and_says_yes_and_takes_it_back(
    client: TestClient, app_session: Session, case: Around
) -> None:
    quote = ask(app_session, case, send(app_session, case, SAID))
    enter(client, app_session, case)
    assert "May we use your words?" in client.get("/me/home").text
    page = client.get("/me/quotes").text
    for part in ("The dog … helps me", "Our report on homes", "councillors", "31 May"):
        assert part in page
    assert SAID not in page
    answer = client.post(f"/me/quotes/{quote.id}", data={"decision": "yes"})
    assert answer.headers["location"] == "/me/quotes?done=yes"
    assert "May we use your words?" not in client.get("/me/home").text
    assert "You said yes to this" in client.get("/me/quotes").text
    client.cookies.clear()
    sign_in(client, app_session, case.manager)
    assert "The dog … helps me" in client.get(f"/staff/quotes/{quote.id}/print").text
    client.cookies.clear()
    enter(client, app_session, case)
    client.post(f"/me/quotes/{quote.id}", data={"decision": "taken_back"})
    client.cookies.clear()
    sign_in(client, app_session, case.manager)
    assert client.get(f"/staff/quotes/{quote.id}/print").status_code == 404
    assert "The dog" not in client.get("/staff/quotes").text


def test_not_now_is_not_reminded_on_the_first_page(
    client: TestClient, app_session: Session, case: Around
) -> None:
    quote = ask(app_session, case, send(app_session, case, SAID))
    enter(client, app_session, case)
    client.post(f"/me/quotes/{quote.id}", data={"decision": "not_now"})
    assert "May we use your words?" not in client.get("/me/home").text
    assert "Yes, use these words" in client.get("/me/quotes").text


def test_without_the_secret_nothing_of_it_is_there(
    client: TestClient, app_session: Session, case: Around
) -> None:
    quote = ask(app_session, case, send(app_session, case, SAID))
    enter(client, app_session, case, is_known=False)
    assert "May we use your words?" not in client.get("/me/home").text
    assert client.get("/me/quotes").headers["location"] == "/me/secret"
    assert client.post(f"/me/quotes/{quote.id}", data={"decision": "yes"}).status_code == 404


def test_a_nine_year_old_can_read_what_is_asked(
    client: TestClient, app_session: Session, case: Around
) -> None:
    ask(app_session, case, send(app_session, case, SAID))
    enter(client, app_session, case)
    text = words_of(client.get("/me/quotes").text)
    assert reading_age(text, glossary=(*GLOSSARY, "councillors", "Robin", "Iro")) <= OLDEST
    assert not NEVER.search(text)


EVERY_ROLE = [role for role in Role if role is not Role.IRO]


@pytest.mark.parametrize("role", EVERY_ROLE)
def test_a_role_sees_no_quotation_that_is_not_theirs_before_a_yes(
    client: TestClient, app_session: Session, case: Around, role: Role
) -> None:
    topic = send(app_session, case, "The zqdog helps me")
    quote = ask(app_session, case, topic, words="The zqdog helps me")
    answer_id = answer_of(app_session, topic)
    sign_in(client, app_session, make_staff(app_session, role, team="North"))
    for address in (
        "/staff/quotes",
        f"/staff/quotes/{quote.id}/print",
        f"/staff/quotes/new/{topic}/{answer_id}",
    ):
        page = client.get(address)
        assert "zqdog" not in page.text
        assert page.status_code == (200 if page.url.path == "/staff/quotes" else 404) or (
            page.status_code == 404
        )
    assert client.post(f"/staff/quotes/{quote.id}/drop").status_code == 404
    assert client.post(f"/staff/quotes/new/{topic}/{answer_id}", data=WISH).status_code == 404


PRINTERS = {Role.MANAGER, Role.PARTICIPATION_OFFICER}


@pytest.mark.parametrize("role", EVERY_ROLE)
def test_after_a_yes_only_who_lays_reports_together_prints_it(
    client: TestClient, app_session: Session, case: Around, role: Role
) -> None:
    quote = ask(app_session, case, send(app_session, case, SAID))
    quote.decision = "yes"
    sign_in(client, app_session, make_staff(app_session, role))
    status = client.get(f"/staff/quotes/{quote.id}/print").status_code
    assert status == (200 if role in PRINTERS else 404)


def test_another_child_neither_sees_nor_decides_it(
    client: TestClient, app_session: Session, case: Around
) -> None:
    quote, other = ask(app_session, case, send(app_session, case, SAID)), make_case(app_session)
    enter(client, app_session, other)
    assert "dog" not in client.get("/me/quotes").text
    one = client.post(f"/me/quotes/{quote.id}", data={"decision": "yes"})
    missing = client.post("/me/quotes/4711", data={"decision": "yes"})
    assert (one.status_code, one.text) == (missing.status_code, missing.text)
    [row] = stored(app_session, Quote)
    assert row.decision is None
