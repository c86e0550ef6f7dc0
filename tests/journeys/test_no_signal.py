"""The signal goes in the middle of a form and comes back: the child goes on, nothing is doubled."""

import json
import re
import time
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy import Engine
from sqlmodel import Session, select

from backend.entry.models import ContributorSession
from backend.offline.models import OfflineItem
from backend.safeguarding.models import Concern
from backend.settings import Settings
from backend.surveys.models import Answer, Topic
from tests.journeys.demos import PATIENCE_MS, PHONE
from tests.journeys.ways import follow
from tests.offline.served import (
    Served,
    begin,
    come_in,
    go_on,
    says,
    serving,
    wait_until_ready,
    write,
)

FIRST, SECOND = "otter one: I want a desk", "otter two: my bike"
NO_PAGE = "chrome-error:"  # where Leave goes without a signal: the browser's own page
SHELVES = "indexedDB.databases().then((all) => all.map((one) => one.name))"
FILES = "caches.keys()"
IS_CLEAR = """async () =>
  !(await indexedDB.databases()).length && !(await caches.keys()).length"""
# What was told is taken off the shelf a moment after the page shows it.
HAS_NO_NEWS = """async () => {
  if (!(await indexedDB.databases()).length) return true;
  return new Promise((resolve) => {
    const asked = indexedDB.open("heard");
    asked.onupgradeneeded = () => asked.transaction.abort();
    asked.onerror = (event) => { event.preventDefault(); resolve(true); };
    asked.onsuccess = () => {
      const got = asked.result.transaction("kept").objectStore("kept").get("told");
      got.onsuccess = () => { asked.result.close(); resolve(!got.result); };
    };
  });
}"""
# Whatever the page's scripts put off until the browser has nothing else to do comes before this.
IDLE = "() => new Promise((done) => requestIdleCallback(done))"
WORKERS = "navigator.serviceWorker.getRegistrations().then((all) => all.map((one) => one.scope))"
# A restless page: asks the worker what there is as soon as it has answered, and tells what it
# heard. Asking without waiting would bury the worker of a busy machine, and the test with it.
RESTLESS = """
let askedAt = -Infinity;
navigator.serviceWorker.addEventListener("message", (event) => {
  askedAt = -Infinity;
  heardLines(event.data.lines);
});
setInterval(() => {
  if (performance.now() - askedAt < 1000) return;
  askedAt = performance.now();
  navigator.serviceWorker.controller?.postMessage({ isOnline: navigator.onLine });
}, 4);
"""
ITEMS = """() => new Promise((resolve) => {
  const asked = indexedDB.open("heard");
  asked.onsuccess = () => {
    const got = asked.result.transaction("items").objectStore("items").getAll();
    got.onsuccess = () => { asked.result.close(); resolve(got.result); };
  };
})"""


@pytest.fixture
def served(sqlite_engine: Engine, settings: Settings) -> Iterator[Served]:
    with serving(sqlite_engine, settings) as served:
        yield served


@pytest.fixture
def context(browser: Browser, served: Served) -> Iterator[BrowserContext]:
    context = browser.new_context(base_url=served.base_url, viewport=PHONE, locale="en-GB")
    context.set_default_timeout(PATIENCE_MS)
    yield context
    context.close()


@pytest.fixture
def phone(context: BrowserContext, served: Served) -> Page:
    """The child's own phone at the first question of what matters most, ready for no signal."""
    page = context.new_page()
    begin(page, served, "Where I live")
    wait_until_ready(page)
    return page


def wait_until_gone(phone: Page) -> None:
    """Until the browser itself says that there is no signal, in place of any page of ours."""
    deadline = time.monotonic() + PATIENCE_MS / 1000
    while not phone.url.startswith(NO_PAGE):
        assert time.monotonic() < deadline, phone.url
        phone.wait_for_timeout(100)


def wait_until(page: Page, truth: str) -> None:
    """Until this holds in the browser, whose worker goes on after its page has come."""
    deadline = time.monotonic() + PATIENCE_MS / 1000
    while not page.evaluate(truth):
        assert time.monotonic() < deadline, truth
        page.wait_for_timeout(100)


def rows(served: Served, table: Any) -> list[Any]:
    with Session(served.engine) as session:
        return list(session.exec(select(table)))


def values(served: Served) -> list[Any]:
    return [row.value for row in rows(served, Answer)]


def test_a_child_goes_on_without_a_signal_and_everything_arrives_once(
    phone: Page, context: BrowserContext, served: Served
) -> None:
    context.set_offline(True)
    write(phone, FIRST)
    says(phone, "Kept on this phone.")
    says(phone, "Answers on this phone: 1.")
    says(phone, "What is going well?")
    write(phone, SECOND)
    says(phone, "Do you want to send this?")
    go_on(phone, "Send when there is a signal")
    says(phone, "Not sent yet: 1.")
    assert values(served) == []
    assert rows(served, OfflineItem) == []
    context.set_offline(False)
    says(phone, "Heard has your answers now: 2.")
    says(phone, "Sent now: 1.")
    phone.goto("/me/home")
    phone.reload()
    assert values(served) == [FIRST, SECOND]
    assert [row.sent_at is not None for row in rows(served, Topic)].count(True) == 1
    assert sorted(row.kind for row in rows(served, OfflineItem)) == ["answer", "answer", "send"]
    assert phone.evaluate(ITEMS) == []


def test_what_lies_on_the_phone_holds_no_words_and_no_names(
    phone: Page, context: BrowserContext, served: Served
) -> None:
    context.set_offline(True)
    write(phone, FIRST)
    says(phone, "Kept on this phone.")
    kept = phone.evaluate(ITEMS.replace('"items"', '"kept"').replace('"items"', '"kept"'))
    items = phone.evaluate(ITEMS)
    lying = json.dumps([kept, items])
    assert len(items) == 1
    names = [served.child.person.known_as, served.child.iro.name, served.child.worker.name]
    assert "What is going well?" in lying
    assert [word for word in (FIRST, "otter", *names) if word in lying] == []
    assert phone.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]
    assert phone.title() == "Heard"


def test_an_answer_changed_without_a_signal_is_the_one_that_counts(
    phone: Page, context: BrowserContext, served: Served
) -> None:
    address = phone.url
    write(phone, FIRST)
    expect(phone.get_by_text("Kept. You can stop any time.")).to_be_visible()
    context.set_offline(True)
    phone.goto(address)
    says(phone, "It is not on this phone. It is kept.")
    write(phone, SECOND)
    phone.goto(address)
    says(phone, "If you answer again, the new answer counts.")
    write(phone, "otter three")
    says(phone, "Answers on this phone: 2.")
    context.set_offline(False)
    says(phone, "Heard has your answers now: 2.")
    assert values(served) == ["otter three"]


def test_what_arrived_is_counted_once_all_of_it_is_there(
    phone: Page, context: BrowserContext, served: Served
) -> None:
    told: list[str] = []
    context.expose_function("heardLines", lambda lines: told.extend(lines))
    context.add_init_script(RESTLESS)
    context.set_offline(True)
    write(phone, FIRST)
    says(phone, "Answers on this phone: 1.")
    write(phone, SECOND)
    says(phone, "Answers on this phone: 2.")
    context.set_offline(False)
    says(phone, "Heard has your answers now: 2.")
    assert values(served) == [FIRST, SECOND]
    phone.evaluate("heardLines([])")  # what was heard before has come by now
    arrived = {line for line in told if line.startswith("Heard has")}
    assert arrived == {"Heard has your answers now: 2."}


def test_a_queue_goes_out_on_the_next_visit_before_anybody_signs_in(
    phone: Page, context: BrowserContext, served: Served
) -> None:
    context.set_offline(True)
    write(phone, FIRST)
    says(phone, "Kept on this phone.")
    phone.close()
    context.clear_cookies()
    context.set_offline(False)
    later = context.new_page()
    later.goto("/me/")
    expect(later.get_by_label("Type your code")).to_be_visible()
    says(later, "Heard has your answers now: 1.")
    assert values(served) == [FIRST]
    wait_until(later, HAS_NO_NEWS)
    later.reload()
    later.goto("/healthz")
    wait_until(later, IS_CLEAR)


def test_leave_asks_once_and_keeps_or_deletes_what_waits(
    phone: Page, context: BrowserContext, served: Served
) -> None:
    address = phone.url
    context.set_offline(True)
    write(phone, FIRST)
    says(phone, "Kept on this phone.")
    phone.get_by_role("link", name="Leave").click()
    expect(phone.get_by_role("heading", name="Not sent yet")).to_be_visible()
    says(phone, "until tomorrow, or delete it?")
    wait_until_ready(phone)  # a second line about it would have come from the script by now
    expect(phone.locator("main .unsent")).to_have_count(0)
    phone.get_by_role("link", name="Keep it").click()
    wait_until_gone(phone)
    # The phone has nothing to show now, and what was open stays shut when the signal is back.
    with pytest.raises(Exception, match="ERR_"):
        phone.goto(address)
    context.set_offline(False)
    phone.goto(address)
    expect(phone.get_by_label("Type your code")).to_be_visible()
    assert values(served) == [FIRST]
    assert all(row.ended_at for row in rows(served, ContributorSession))


def test_leave_with_delete_leaves_nothing_on_the_phone(
    phone: Page, context: BrowserContext, served: Served
) -> None:
    context.set_offline(True)
    write(phone, FIRST)
    says(phone, "Kept on this phone.")
    follow(phone.get_by_role("link", name="Leave"))
    phone.get_by_role("link", name="Delete it").click()
    wait_until_gone(phone)
    context.set_offline(False)
    phone.goto("/me/")
    expect(phone.get_by_label("Type your code")).to_be_visible()
    phone.goto("/healthz")
    wait_until(phone, IS_CLEAR)
    assert values(served) == []


def test_leave_with_a_signal_and_nothing_waiting_asks_nothing_and_clears_the_phone(
    phone: Page, context: BrowserContext, served: Served
) -> None:
    write(phone, FIRST)
    expect(phone.get_by_text("Kept. You can stop any time.")).to_be_visible()
    phone.evaluate(IDLE)
    wait_until_ready(phone)
    phone.get_by_role("link", name="Leave").click()
    phone.wait_for_url("**/healthz")
    assert phone.evaluate(SHELVES) == []
    assert phone.evaluate(FILES) == []
    assert phone.evaluate(WORKERS) == []
    phone.go_back()
    assert FIRST not in phone.content()
    assert "What is going well?" not in phone.content()


def test_shift_three_times_never_asks_and_keeps_what_waits(
    phone: Page, context: BrowserContext, served: Served
) -> None:
    context.set_offline(True)
    write(phone, FIRST)
    says(phone, "Answers on this phone: 1.")
    wait_until_ready(phone)
    phone.locator("main").focus()
    for _ in range(3):
        phone.keyboard.press("Shift")
    wait_until_gone(phone)
    context.set_offline(False)
    phone.goto("/me/")
    expect(phone.get_by_label("Type your code")).to_be_visible()
    assert values(served) == [FIRST]


def test_shift_three_times_leaves_at_once_with_a_signal(
    phone: Page, context: BrowserContext, served: Served
) -> None:
    phone.locator("main").focus()
    for _ in range(3):
        phone.keyboard.press("Shift")
    phone.wait_for_url("**/healthz")
    assert phone.evaluate(SHELVES) == []
    assert not context.cookies()


def test_a_second_tap_on_leave_asks_nothing(
    phone: Page, context: BrowserContext, served: Served
) -> None:
    context.set_offline(True)
    write(phone, FIRST)
    says(phone, "Kept on this phone.")
    phone.get_by_role("link", name="Leave").click()
    expect(phone.get_by_role("heading", name="Not sent yet")).to_be_visible()
    phone.wait_for_load_state()
    phone.get_by_role("link", name="Leave").click()
    wait_until_gone(phone)
    context.set_offline(False)
    phone.goto("/me/")
    expect(phone.get_by_label("Type your code")).to_be_visible()
    assert values(served) == [FIRST]


def test_not_safe_without_a_signal_says_so_shows_numbers_and_arrives_once(
    phone: Page, context: BrowserContext, served: Served
) -> None:
    context.set_offline(True)
    go_on(phone, "This is not safe")
    expect(phone.get_by_role("heading", name="This is not sent yet")).to_be_visible()
    says(phone, "nobody knows yet")
    says(phone, "999")
    assert phone.locator("main a[href^='tel:']").count() >= 3
    follow(phone.get_by_role("link", name="Help", exact=True))
    assert phone.locator("main a[href^='tel:']").count() >= 3
    assert rows(served, Concern) == []
    context.set_offline(False)
    says(phone, "“This is not safe” is sent now.")
    phone.goto("/me/home")
    (concern,) = rows(served, Concern)
    assert concern.source == "not_safe"


@pytest.mark.parametrize("said", ["shared", ""], ids=["shared", "not said"])
def test_nothing_is_kept_on_a_phone_that_others_use_or_may(
    said: str, context: BrowserContext, served: Served
) -> None:
    page = context.new_page()
    begin(page, served, "Where I live", phone=said)
    page.evaluate(IDLE)
    page.wait_for_load_state("networkidle")
    assert page.evaluate(WORKERS) == []
    assert page.evaluate(SHELVES) == []
    assert (
        page.evaluate(f"fetch('{served.child.address}/offline').then((got) => got.status)") == 404
    )
    context.set_offline(True)
    page.locator("main textarea").fill(FIRST)
    page.get_by_role("button", name="Next").click()
    expect(page.get_by_role("alert")).to_contain_text("Your words are still here.")
    expect(page.locator("main textarea")).to_have_value(FIRST)


def test_the_worker_governs_the_contributors_pages_alone(
    phone: Page, context: BrowserContext, served: Served
) -> None:
    assert phone.evaluate(WORKERS) == [f"{served.base_url}/me/"]
    assert phone.evaluate("navigator.serviceWorker.controller.scriptURL").endswith("/me/sw.js")
    for path in ("/staff/sign-in", "/healthz"):
        phone.goto(path)
        assert phone.evaluate("navigator.serviceWorker.controller") is None


def test_what_is_fetched_beforehand_weighs_less_than_150_kb_with_every_topic_chosen(
    context: BrowserContext, served: Served
) -> None:
    page = context.new_page()
    come_in(page, served)
    page.goto(served.child.address)
    page.get_by_label("on my own").check()
    page.get_by_label("only I use it").check()
    follow(page.get_by_role("button", name="Go on"))
    for box in page.locator("main [type=checkbox]").all():
        box.check()
    fetched = []
    context.on("response", lambda got: fetched.append(got))
    with context.expect_event("response", lambda got: "/offline?" in got.url):
        follow(page.get_by_role("button", name="Go on"))
        wait_until_ready(page)
    sizes = {
        re.sub(r"\?.*", "", got.url).rsplit("/", 1)[1]: int(got.headers.get("content-length", 0))
        for got in fetched
        if got.url.endswith("sw.js") or "/offline?" in got.url or "offline.js" in got.url
    }
    assert {"offline", "sw.js"} <= set(sizes)
    assert min(sizes.values()) > 0
    assert sum(sizes.values()) < 150_000
