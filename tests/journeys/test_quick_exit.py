"""Leaving in a hurry, online, on a phone that others use: no way back, and nothing left on it."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.demos import PHONE, running_chromium
from tests.journeys.families import Family, move_in, open_page
from tests.journeys.ways import choose_pictures, choose_topics, come_in, follow
from tests.offline.served import Served

WORDS = "zqheron: nobody here may read this"
LEFT_BEHIND = """async () => ({
  local: localStorage.length,
  session: sessionStorage.length,
  caches: (await caches.keys()).length,
  databases: (await indexedDB.databases()).length,
  workers: (await navigator.serviceWorker.getRegistrations()).length,
  cookies: document.cookie,
})"""
NOTHING = {"local": 0, "session": 0, "caches": 0, "databases": 0, "workers": 0, "cookies": ""}


@pytest.fixture
def phone_browser(browser: Browser) -> Iterator[Browser]:
    """A Chromium that keeps whole pages for its Back button, as phones do and tests do not."""
    with running_chromium(
        browser.browser_type, ignore_default_args=["--disable-back-forward-cache"]
    ) as own:
        yield own


def write_and_stop(page: Page, family: Family) -> list[str]:
    """As far as the first question, with words in the box that were sent nowhere; the titles."""
    come_in(page, family.door)
    titles = [page.title()]
    choose_pictures(page, "kite", "moon", "shoe")
    titles.append(page.title())
    follow(page.get_by_role("link", name="Say what I think"))
    page.get_by_label("on my own").check()
    shared = page.get_by_label("Someone else uses it too")
    if shared.is_visible():
        shared.check()
    follow(page.get_by_role("button", name="Go on"))
    titles.append(page.title())
    choose_topics(page, "Where I live")
    page.locator("main textarea").fill(WORDS)
    return [*titles, page.title()]


@pytest.mark.parametrize("has_scripts", [True, False], ids=["scripts", "no-scripts"])
def test_leave_takes_the_page_away_for_good_and_leaves_nothing_on_a_shared_phone(
    has_scripts: bool, served: Served, phone_browser: Browser
) -> None:
    family = move_in(served, 14)
    page = open_page(phone_browser, family, viewport=PHONE, java_script_enabled=has_scripts)
    titles = write_and_stop(page, family)
    steps = page.evaluate("history.length") if has_scripts else 0
    page.get_by_role("link", name="Leave").click()
    page.wait_for_url("**/healthz")
    if has_scripts:
        assert page.evaluate("history.length") == steps, "the question's address was replaced"
    assert page.context.cookies() == []
    for _ in range(12):
        page.go_back()
        seen = page.content()
        assert WORDS not in seen
        assert family.round.person.known_as not in seen
        assert family.names["iro"] not in seen
    assert set(titles) == {"Heard"}, "a title stays in the phone's history"
    page.goto("/me/")
    expect(page.get_by_label("Type your code")).to_have_value("")
    if has_scripts:
        assert page.evaluate(LEFT_BEHIND) == NOTHING
    for address in ("/me/home", "/me/words", "/me/last-time"):
        page.goto(address)
        expect(page.get_by_label("Type your code")).to_be_visible()
