"""No page of somebody who is signed in echoes its address: compressed pages then tell nothing.

A page's compressed length tells something about a secret only where an attacker can put guesses of
their own beside it (BREACH). Posts from elsewhere are refused; this holds the rest, the addresses.
"""

from urllib.parse import urlencode

import pytest
from fastapi.routing import iter_route_contexts
from fastapi.testclient import TestClient
from sqlalchemy import Engine
from sqlmodel import Session

from backend.settings import Settings
from tests.architecture.routes import applications
from tests.attack.crawls import crawl
from tests.attack.towns import Town, build_town
from tests.factories import sign_in
from tests.safeguarding.cases import enter

MARKER = "zqechoedguess"
STAFF_PAGES = ("reviews", "caseload", "reading", "duty", "asks", "forum", "reports", "accounts",
               "imports", "audit", "outbox", "account")  # fmt: skip


@pytest.fixture
def town(client: TestClient, app_session: Session, sqlite_engine: Engine, noon: object) -> Town:
    return build_town(app_session, sqlite_engine)


@pytest.fixture
def names(sqlite_engine: Engine, settings: Settings) -> set[str]:
    """Everything that any page reads from the end of its address."""
    _, apps = applications(sqlite_engine, settings)
    return {
        field.alias
        for app in apps.values()
        for context in iter_route_contexts(app.routes)
        for field in context.dependant.query_params
    }


def echoing(client: TestClient, starts: list[str], names: set[str]) -> list[str]:
    """The addresses whose page shows what was put at the end of the address."""
    guess = urlencode(dict.fromkeys([*names, "anything"], MARKER))
    pages = crawl(client, starts)
    assert len(pages) >= 3
    return [one for one in pages if MARKER in client.get(f"{one}?{guess}").text]


@pytest.mark.parametrize("is_known", [True, False])
def test_no_page_of_a_young_person_echoes_its_address(
    client: TestClient, app_session: Session, town: Town, names: set[str], is_known: bool
) -> None:
    enter(client, app_session, town.case, is_known=is_known)
    assert echoing(client, ["/me/home", "/me/last-time", "/me/words"], names) == []


@pytest.mark.parametrize("role", ["iro", "worker", "duty", "participation", "administrator"])
def test_no_page_of_staff_echoes_its_address(
    client: TestClient, app_session: Session, town: Town, names: set[str], role: str
) -> None:
    sign_in(client, app_session, town.staff[role])
    starts = [
        *(f"/staff/{page}" for page in STAFF_PAGES),
        f"/staff/people/{town.case.person_id}/door",
    ]
    assert echoing(client, starts, names) == []


def test_the_search_for_echoes_finds_one(client: TestClient, names: set[str]) -> None:
    assert {"code", "done"} <= names
    assert echoing(client, ["/me/", "/me/help", "/me/another-way"], names) == ["/me/"]
