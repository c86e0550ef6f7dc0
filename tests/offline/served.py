"""A served application, a child who may come in, and a small phone of their own."""

import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import uvicorn
from playwright.sync_api import Page, expect
from sqlalchemy import Engine
from sqlmodel import Session

from backend.app import create_app
from backend.entry import service as entry
from backend.entry.queries import PassLine
from backend.settings import Settings
from tests.journeys.demos import free_port
from tests.journeys.ways import follow
from tests.surveys.rounds import Round, open_round

READY_WITHIN_SECONDS = 60
FIRST_QUESTION = re.compile(r"/me/forms/\d+/\d+/1$")
IS_READY = """async () => {
  const worker = navigator.serviceWorker.controller;
  if (!worker) return false;
  const told = new Promise((resolve) => {
    const hear = (event) => resolve(event.data);
    navigator.serviceWorker.addEventListener("message", hear, { once: true });
  });
  worker.postMessage({ isOnline: navigator.onLine });
  return (await told).isReady;
}"""


@dataclass(frozen=True)
class Served:
    """Where Heard is, and a child with a code."""

    base_url: str
    engine: Engine
    child: Round
    line: PassLine


@contextmanager
def serving(engine: Engine, settings: Settings, **values: Any) -> Iterator[Served]:
    """Serve Heard on a free port; Leave goes to /healthz. `values`: what the child is like."""
    port = free_port()
    base_url = f"http://127.0.0.1:{port}"
    told = settings.model_copy(update={"heard_leave_to": f"{base_url}/healthz"})
    server = uvicorn.Server(
        uvicorn.Config(create_app(engine, told), port=port, log_level="warning")
    )
    thread = threading.Thread(target=server.run, daemon=True)
    with Session(engine, expire_on_commit=False) as session:
        child = open_round(session, **values)
        line = entry.ensure_pass(session, child.contributor.id or 0)
        session.commit()
    thread.start()
    while not server.started:
        time.sleep(0.05)
    yield Served(base_url, engine, child, line)
    server.should_exit = True
    thread.join(timeout=20)


def come_in(page: Page, served: Served) -> None:
    """By code and birthday; four digits are the secret."""
    page.goto("/me/")
    page.fill("#code", served.line.code)
    follow(page.locator("main button.primary"))
    page.fill("#birthday", "9")
    page.fill("#birthday-month", "3")
    follow(page.locator("main button.primary"))
    page.wait_for_url("**/me/secret**")


def begin(page: Page, served: Served, *topics: str, phone: str = "own") -> str:
    """Into the form, alone, on one's own phone or a shared one; the first question's address."""
    come_in(page, served)
    page.goto(served.child.address)
    page.get_by_label("on my own").check()
    if phone:
        page.get_by_label("only I use it" if phone == "own" else "Someone else uses").check()
    follow(page.get_by_role("button", name="Go on"))
    for topic in topics:
        page.get_by_label(topic).check()
    follow(page.get_by_role("button", name="Go on"))
    page.wait_for_url(FIRST_QUESTION)
    return page.url


def wait_until_ready(page: Page) -> None:
    """Until the phone has what it needs to go on without a signal, and the page was told so."""
    page.wait_for_load_state()  # the scripts hear the same answer
    deadline = time.monotonic() + READY_WITHIN_SECONDS
    while not page.evaluate(IS_READY):
        assert time.monotonic() < deadline, "the phone never got ready for no signal"
        time.sleep(0.1)


def write(page: Page, words: str) -> None:
    """Write into the box and go on, on a phone that is ready for no signal."""
    page.locator("main textarea").first.fill(words)
    go_on(page, "Next")


def go_on(page: Page, button: str) -> None:
    """Press a button of a form once the page knows that its form can wait for a signal; until then
    it would hold the form back."""
    wait_until_ready(page)
    follow(page.get_by_role("button", name=button))


def says(page: Page, words: str) -> None:
    """The page says so in its main part."""
    expect(page.locator("main")).to_contain_text(words)
