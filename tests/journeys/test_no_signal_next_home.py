"""Words for the next home where there is no signal: kept once, and never over other words."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import Engine
from sqlmodel import Session, select

from backend.core import clock
from backend.entry import service as entry
from backend.entry.sessions import open_session
from backend.settings import Settings
from backend.surveys.models import NextHomeAnswer, NextHomeAside
from tests.journeys.test_no_signal_ways import open_phone
from tests.offline.served import Served, go_on, says, serving, wait_until_ready

WORDS = "Knock first. Then wait."
FIRST = "/me/next-home/1"


@pytest.fixture
def served(sqlite_engine: Engine, settings: Settings) -> Iterator[Served]:
    with serving(sqlite_engine, settings) as served:
        yield served


@pytest.fixture
def page(browser: Browser, served: Served) -> Iterator[Page]:
    """The child's own phone, known by the secret, at the first question."""
    with Session(served.engine) as session:
        child = served.child.contributor.id or 0
        token = open_session(session, child, how="code", is_known=True, is_own_phone=True)
        session.commit()
    context = open_phone(browser, served)
    cookie: Any = {"name": entry.COOKIE, "value": token, "domain": "127.0.0.1", "path": "/me"}
    context.add_cookies([cookie])
    page = context.new_page()
    page.goto(FIRST)
    wait_until_ready(page)
    yield page
    context.close()


def standing(served: Served) -> list[str]:
    with Session(served.engine) as session:
        return [row.value for row in session.exec(select(NextHomeAnswer))]


def test_words_for_the_next_home_go_on_without_a_signal_and_arrive_once(
    page: Page, served: Served
) -> None:
    page.context.set_offline(True)
    page.locator("main textarea").fill(WORDS)
    go_on(page, "Keep it")
    says(page, "Answers on this phone: 1.")
    expect(page.locator("main textarea")).to_have_value("")
    assert standing(served) == []
    page.context.set_offline(False)
    says(page, "Heard has your answers now: 1.")
    page.reload()
    assert standing(served) == [WORDS]
    page.goto("/me/next-home")
    expect(page.locator("main")).to_contain_text(WORDS)


def test_what_another_visit_wrote_meanwhile_stands_beside(page: Page, served: Served) -> None:
    page.context.set_offline(True)
    page.locator("main textarea").fill(WORDS)
    go_on(page, "Keep it")
    says(page, "Answers on this phone: 1.")
    with Session(served.engine) as session:
        form = "my-next-home-12-17"
        other = NextHomeAnswer(
            contributor_id=served.child.contributor.id or 0, instrument_id=form,
            question_id="nh12.me.know", value="From the other phone", revision=1,
            written_at=clock.now(), saved_in=0,
        )  # fmt: skip
        session.add(other)
        session.commit()
    page.context.set_offline(False)
    says(page, "Heard has")
    assert standing(served) == ["From the other phone"]
    with Session(served.engine) as session:
        assert [row.value for row in session.exec(select(NextHomeAside))] == [WORDS]
