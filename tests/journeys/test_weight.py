"""What the first question and each next screen weigh on the wire, and what they leave behind."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from tests.journeys.demos import PHONE, Demo, open_context
from tests.journeys.ways import (
    answer_page,
    begin_adult_form,
    choose_pictures,
    choose_topics,
    come_in,
    come_in_with_open_form,
    follow,
    open_form,
    stands,
)
from tests.journeys.wires import Wire, settle, wire_of

FIRST_MOST, NEXT_MOST = 25_000, 6_000  # bytes on the wire, headers and redirects counted
WORDS = "I want the same bus as my brother 🚌"
KEPT_BY_BROWSER = """async () => ({
  local: localStorage.length, session: sessionStorage.length,
  databases: (await indexedDB.databases()).length, caches: (await caches.keys()).length,
})"""


@contextmanager
def browser_with(browser: Browser, demo: Demo, cookies: list[Any]) -> Iterator[Page]:
    """A browser that has the session's cookie and nothing else."""
    context = open_context(browser, demo, viewport=PHONE, has_touch=True)
    context.add_cookies(cookies)
    yield context.new_page()
    context.close()


def pass_secret(page: Page) -> None:
    """Choose it the first time; else go to the new questions without it."""
    expect(page.get_by_role("heading", level=1)).to_contain_text(re.compile("Choose|Type|Tap|Pick"))
    if stands(page.get_by_role("heading", name="Choose three pictures")):
        choose_pictures(page, "boat", "star", "leaf")
    else:
        follow(page.get_by_role("button", name=re.compile("^Skip")))
    expect(page.get_by_role("heading", level=1)).to_contain_text("Hello")


def come_to_child_question(page: Page, demo: Demo) -> None:
    """A child to their first question, on their own."""
    come_in(page, demo.contributor("child", 4))
    pass_secret(page)
    open_form(page)
    choose_topics(page, "Where I live", "My family", "Friends and fun")


def come_to_adult_topic(page: Page, demo: Demo) -> None:
    """A foster carer to their first page of questions, a whole topic long."""
    come_in_with_open_form(page, demo.doors, "carer")
    begin_adult_form(page)


COMES = {"child": come_to_child_question, "carer": come_to_adult_topic}


@pytest.fixture(scope="module")
def first_questions(browser: Browser, demo: Demo) -> dict[str, tuple[str, list[Any]]]:
    """The first question's address and the cookies, by who answers."""
    found = {}
    for who, come in COMES.items():
        context = open_context(browser, demo, viewport=PHONE, has_touch=True)
        page = context.new_page()
        come(page, demo)
        found[who] = page.url, list(context.cookies())
        context.close()
    return found


@pytest.fixture(params=COMES)
def first_question(
    request: pytest.FixtureRequest, first_questions: dict[str, tuple[str, list[Any]]]
) -> tuple[str, list[Any]]:
    return first_questions[request.param]


def is_documents(route: Route) -> bool:
    return route.request.resource_type == "document"


def test_a_first_answer_needs_one_request(
    browser: Browser, demo: Demo, first_question: tuple[str, list[Any]]
) -> None:
    address, cookies = first_question
    with browser_with(browser, demo, cookies) as page:
        page.route(
            "**/*", lambda route: route.continue_() if is_documents(route) else route.abort()
        )
        page.goto(address)
        colour = page.evaluate("() => getComputedStyle(document.body).backgroundColor")
        assert colour not in ("rgba(0, 0, 0, 0)", "")
        assert answer_page(page, WORDS) >= 1
        follow(page.get_by_role("button", name="Next", exact=True))
        expect(page).not_to_have_url(address)
        page.goto(address)
        kept = page.locator("main textarea, main input:checked")
        assert kept.count() >= 1


def test_the_first_question_weighs_little_and_fetches_nothing_before_it_is_there(
    browser: Browser, demo: Demo, first_question: tuple[str, list[Any]]
) -> None:
    address, cookies = first_question
    with browser_with(browser, demo, cookies) as page, wire_of(page) as wire:
        page.goto(address)
        settle(page)
        report(address, wire)
        assert wire.bytes_on_wire <= FIRST_MOST
        first, *later = wire.asked
        assert first.url == address
        assert later, "the sheet and the script follow"
        assert first.arrived > first.started
        assert all(one.started > first.arrived for one in later), [one.url for one in later]
        assert {one.host for one in wire.fetches} == {demo.base_url.removeprefix("http://")}


def report(where: str, wire: Wire) -> None:
    """Shown by pytest -s, and when a test fails."""
    parts = ", ".join(f"{one.kind} {one.bytes_on_wire}" for one in wire.asked)
    print(f"{where}: {wire.bytes_on_wire} bytes ({parts})")  # noqa: T201


def go_on(page: Page) -> bool:
    """Answer the screen and go to the next; whether there was one."""
    answer_page(page, WORDS)
    for name in (re.compile("^Next$"), re.compile("^Send to .* now$"), re.compile("^Go on$")):
        button = page.get_by_role("button", name=name)
        if stands(button):
            follow(button.first)
            return True
    return False


def test_each_next_screen_weighs_little_to_the_very_end(
    browser: Browser, demo: Demo, first_question: tuple[str, list[Any]]
) -> None:
    address, cookies = first_question
    with browser_with(browser, demo, cookies) as page, wire_of(page) as wire:
        page.goto(address)
        settle(page)
        count = 0
        wire.fetches.clear()
        while go_on(page):
            settle(page)
            count += 1
            report(page.url, wire)
            assert wire.bytes_on_wire <= NEXT_MOST, page.url
            wire.fetches.clear()
            assert count < 60
        assert count >= 2
        expect(page.get_by_role("heading", name="What happens next")).to_be_visible()
        leaves_nothing_behind(page.context, page, demo)


def leaves_nothing_behind(context: BrowserContext, page: Page, demo: Demo) -> None:
    """The session's cookie alone, closed to scripts; no storage of any kind."""
    cookies = context.cookies()
    assert [cookie["name"] for cookie in cookies] == ["heard_me"]
    assert cookies[0]["httpOnly"]
    assert page.evaluate("() => document.cookie") == ""
    kept = page.evaluate(KEPT_BY_BROWSER)
    assert set(kept.values()) == {0}, kept


def test_the_way_in_and_the_first_pages_weigh_little(browser: Browser, demo: Demo) -> None:
    context = open_context(browser, demo, viewport=PHONE, has_touch=True)
    page = context.new_page()
    with wire_of(page) as wire:
        for address in ("/me/", "/me/help", "/me/another-way"):
            page.goto(address)
            settle(page)
            report(address, wire)
            assert wire.bytes_on_wire <= FIRST_MOST
            wire.fetches.clear()
        come_in(page, demo.contributor("child", 5))
        settle(page)
        wire.fetches.clear()
        pass_secret(page)
        settle(page)
        report("/me/home", wire)
        assert wire.bytes_on_wire <= NEXT_MOST
    context.close()
