"""Leaving fast and locking when idle, in a real browser: what contributor.js adds."""

import threading
import time
from collections.abc import Iterator
from datetime import timedelta

import pytest
import uvicorn
from playwright.sync_api import Browser, Page
from sqlalchemy import Engine
from sqlmodel import Session

from backend.app import create_app
from backend.core import clock
from backend.settings import Settings
from tests.entry.doors import make_young_person
from tests.journeys.demos import PHONE, free_port
from tests.journeys.ways import follow

pytestmark = pytest.mark.journey


@pytest.fixture
def page(sqlite_engine: Engine, settings: Settings, browser: Browser) -> Iterator[Page]:
    """A small phone on a served application whose Leave goes to /healthz."""
    port = free_port()
    base_url = f"http://127.0.0.1:{port}"
    told = settings.model_copy(update={"heard_leave_to": f"{base_url}/healthz"})
    app = create_app(sqlite_engine, told)
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="warning"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    context = browser.new_context(base_url=base_url, viewport=PHONE)
    yield context.new_page()
    context.close()
    server.should_exit = True
    thread.join(timeout=20)


@pytest.fixture
def inside(page: Page, app_session: Session) -> Page:
    """The same phone, past the birthday."""
    *_, line = make_young_person(app_session)
    app_session.commit()
    page.goto("/me/")
    page.fill("#code", line.code)
    follow(page.locator("button.primary"))
    page.fill("#birthday", "9")
    page.fill("#birthday-month", "3")
    follow(page.locator("button.primary"))
    page.wait_for_url("**/me/secret/new")
    return page


def test_leave_ends_the_page_and_back_does_not_bring_it_up_again(inside: Page) -> None:
    inside.goto("/me/help")
    inside.click("[data-leave]")
    inside.wait_for_url("**/healthz")
    inside.go_back()
    assert "/me/help" not in inside.url
    assert not inside.context.cookies()
    inside.goto("/me/secret/new")
    assert inside.inner_text("h1") == "Hello. Type your code"


def test_shift_three_times_leaves_but_not_too_slowly_nor_while_writing(inside: Page) -> None:
    inside.goto("/me/help")
    for key in ("Shift", "Shift", "a", "Shift"):
        inside.keyboard.press(key)
    # To leave hides the page at once.
    assert not inside.evaluate("document.documentElement.hidden")
    assert inside.url.endswith("/me/help")
    for _ in range(2):
        inside.keyboard.press("Shift")
    inside.wait_for_url("**/healthz")


def test_an_idle_page_warns_and_then_locks_and_a_tap_keeps_it_open(inside: Page) -> None:
    inside.clock.install()
    inside.goto("/me/help")
    with inside.expect_response("**/me/here") as told:
        inside.clock.run_for(121_000)
    told.value.finished()
    assert inside.locator("[role=status]").count() == 0
    now = clock.now()
    with clock.set_to(now + timedelta(minutes=18)):
        inside.clock.run_for(121_000)
        inside.locator("text=This page will lock soon").wait_for()
        inside.mouse.click(180, 300)
        inside.locator("text=This page will lock soon").wait_for(state="detached")
    with clock.set_to(now + timedelta(minutes=36)):
        inside.clock.run_for(121_000)
        inside.locator("text=This page will lock soon").wait_for()
    with clock.set_to(now + timedelta(minutes=40)):
        inside.clock.run_for(121_000)
        inside.wait_for_url("**/me/")
        assert inside.inner_text("h1") == "Hello. Type your code"


def test_nothing_is_kept_on_the_phone_but_the_one_cookie(inside: Page) -> None:
    kept = inside.evaluate("[localStorage.length, sessionStorage.length]")
    assert kept == [0, 0]
    cookies = inside.context.cookies()
    assert [(cookie["name"], cookie["httpOnly"]) for cookie in cookies] == [("heard_me", True)]
    assert inside.evaluate("document.cookie") == ""
