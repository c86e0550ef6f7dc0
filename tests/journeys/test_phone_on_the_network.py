"""A phone that opens Heard over plain http by a name of the network, as README describes it."""

import os
import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from backend.settings import ROOT, Settings
from scripts.find_browser import find
from tests.journeys.demos import FLAGS, PATIENCE_MS, PHONE, Demo
from tests.journeys.ways import (
    choose_pictures,
    choose_topics,
    come_in,
    follow,
    leave_heard,
    pick_pictures,
    skip_to_words,
    stands,
    write,
)

NAMES = "MAP heard.test 127.0.0.1,MAP other.test 127.0.0.1"
PICTURES = ("boat", "key", "leaf")
WORDS = "otter pebble: I like my new school"


@pytest.fixture(scope="module")
def far_browser(browser: Browser) -> Iterator[Browser]:
    """Chromium to which this machine has a name, and is not its own."""
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    flags = [*FLAGS, *sandbox, f"--host-resolver-rules={NAMES}"]
    chromium = browser.browser_type.launch(executable_path=find(), args=flags)
    yield chromium
    chromium.close()


def open_far(far_browser: Browser, demo: Demo, **options: Any) -> BrowserContext:
    address = demo.base_url.replace("127.0.0.1", "heard.test")
    context = far_browser.new_context(
        base_url=address,
        viewport={"width": PHONE["width"], "height": PHONE["height"]},
        **options,
    )
    context.set_default_timeout(PATIENCE_MS)
    return context


def come_in_from_afar(page: Page, demo: Demo) -> None:
    """By code and birthday, then one's own secret: chosen the first time, opened the next."""
    come_in(page, demo.contributor("child", 5))
    if stands(page.get_by_role("heading", name="Choose three pictures")):
        choose_pictures(page, *PICTURES)
    else:
        pick_pictures(page, *PICTURES)
        follow(page.get_by_role("button", name="Open"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("Hello")


@pytest.mark.parametrize("has_scripts", [True, False], ids=["scripts", "no-scripts"])
def test_the_whole_way_works_over_plain_http(
    has_scripts: bool, far_browser: Browser, demo: Demo
) -> None:
    context = open_far(far_browser, demo, java_script_enabled=has_scripts)
    page = context.new_page()
    come_in_from_afar(page, demo)
    assert page.url.startswith("http://heard.test:")
    follow(page.locator("main a.primary").first)
    page.get_by_label("on my own").check()
    follow(page.get_by_role("button", name="Go on"))
    choose_topics(page, "Where I live")
    skip_to_words(page)
    write(page, WORDS)
    expect(page.locator("main")).to_contain_text(re.compile("Kept|This is what you said"))
    page.goto(re.sub(r"/\d+(\?.*)?$", "/end", page.url))
    follow(page.get_by_role("button", name="Send to"))
    page.goto("/me/words")
    follow(page.locator("main a").first)
    expect(page.locator("main")).to_contain_text(WORDS)
    leave_heard(page)
    page.goto("/me/words")
    expect(page.get_by_label("Type your code")).to_be_visible()
    context.close()


def test_the_browser_switches_off_what_the_table_says(far_browser: Browser, demo: Demo) -> None:
    context = open_far(far_browser, demo)
    page = context.new_page()
    page.goto("/")
    assert page.evaluate("window.isSecureContext") is False
    assert page.evaluate("typeof crypto.subtle") == "undefined"
    assert page.evaluate("typeof navigator.serviceWorker") == "undefined"
    context.close()


def test_cookies_go_without_secure_because_the_address_says_http(
    far_browser: Browser, demo: Demo
) -> None:
    context = open_far(far_browser, demo)
    come_in_from_afar(context.new_page(), demo)
    (cookie,) = context.cookies()
    assert (cookie["domain"], cookie["path"]) == ("heard.test", "/me")
    assert not cookie["secure"]
    assert cookie["httpOnly"]
    assert cookie["sameSite"] == "Lax"
    assert Settings(heard_base_url="https://heard.example").secure_cookies
    context.close()


def test_a_post_from_another_site_is_refused_by_its_origin(
    far_browser: Browser, demo: Demo
) -> None:
    context = open_far(far_browser, demo)
    page = context.new_page()
    here = demo.base_url.replace("127.0.0.1", "heard.test")
    form = f"<form method=post action='{here}/me/'><input name=code><button>Go</button></form>"
    page.route(
        "http://other.test/", lambda route: route.fulfill(body=form, content_type="text/html")
    )
    page.goto("http://other.test/")
    with page.expect_request(lambda sent: sent.method == "POST") as posted:
        follow(page.get_by_role("button", name="Go"))
    expect(page.get_by_role("heading", name="That came from another website")).to_be_visible()
    sent = posted.value.all_headers()
    assert sent["origin"] == "http://other.test"
    assert "sec-fetch-site" not in sent
    context.close()


def test_the_table_of_the_readme_points_here() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    table = readme.split("### A real phone on the same network")[1].split("\n## ")[0]
    assert "tests/journeys/test_phone_on_the_network.py" in table
    for row in (
        "answering, sending, leaving",
        "without `Secure`",
        "by `Origin`",
        "service workers",
    ):
        assert row in table
