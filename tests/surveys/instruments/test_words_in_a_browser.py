"""A real browser's form, scripts off: what was typed is what is kept, and what comes back."""

import os
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pytest
import uvicorn
from playwright.sync_api import sync_playwright
from sqlalchemy import Engine
from sqlmodel import Session, select

from backend.app import create_app
from backend.entry import service as entry
from backend.entry.sessions import open_session
from backend.settings import Settings
from backend.surveys.models import Answer
from tests.journeys.demos import (  # type: ignore[attr-defined]
    FLAGS,
    PATIENCE_MS,
    find,
    free_port,
)
from tests.journeys.ways import follow
from tests.surveys.rounds import open_round

AWKWARD = "\u202eשלום\u202c مرحبا ሰላም 👩\u200d👧\n\n<b>&amp;</b> \u0007\u2028 'ende' \t"


@pytest.fixture
def base_url(sqlite_engine: Engine, settings: Settings) -> Iterator[str]:
    """Both applications, served to a browser."""
    port = free_port()
    app = create_app(sqlite_engine, settings)
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="error"))
    serving = threading.Thread(target=server.run)
    serving.start()
    while not server.started:
        time.sleep(0.05)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    serving.join()


def type_and_come_back(base_url: str, address: str, token: str) -> tuple[str, str]:
    """Type the words on a small phone without scripts, go on, come back: what then stands there,
    and what stands after saving that once more."""
    flags = [*FLAGS, "--no-sandbox"] if os.geteuid() == 0 else FLAGS
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=find(), args=flags)
        context = chromium.new_context(
            viewport={"width": 360, "height": 640}, java_script_enabled=False
        )
        context.set_default_timeout(PATIENCE_MS)
        cookie = {"name": entry.COOKIE, "value": token, "url": f"{base_url}/me"}
        context.add_cookies([cookie])  # type: ignore[list-item]
        page = context.new_page()
        page.goto(base_url + address)
        page.get_by_label("I’m on my own").check(force=True)
        follow(page.get_by_role("button", name="Go on"))
        follow(page.get_by_role("button", name="Go on"))
        first = page.url
        page.locator("textarea").fill(AWKWARD)
        follow(page.get_by_role("button", name="Next"))
        page.goto(first)
        came_back = page.locator("textarea").input_value()
        follow(page.get_by_role("button", name="Next"))
        page.goto(first)
        again = page.locator("textarea").input_value()
        chromium.close()
    return came_back, again


def test_a_browser_gives_and_gets_back_every_character(
    sqlite_engine: Engine, app_session: Session, base_url: str, noon: datetime
) -> None:
    assert find(), "No Chromium: run `make test`, which says what to install."
    round_ = open_round(app_session)
    token = open_session(app_session, round_.contributor.id or 0, how="code", is_known=True)
    app_session.commit()
    # A thread of its own: journeys may hold a browser in this one.
    with ThreadPoolExecutor(1) as thread:
        shown = thread.submit(type_and_come_back, base_url, round_.address, token).result()
    with Session(sqlite_engine) as session:
        kept = session.exec(select(Answer)).one()
    assert (kept.value, kept.revision) == (AWKWARD, 1)
    # No page can carry the bell; everything else stands there as it was typed.
    assert set(shown) == {AWKWARD.replace("\u0007", "\ufffd")}
