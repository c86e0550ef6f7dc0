"""Without a signal: a day, a drawing, a closed branch, an idle phone, leaving, a restart."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy import Engine
from sqlmodel import Session, select

from backend.entry import service as entry
from backend.entry.models import ContributorSession
from backend.entry.sessions import open_session
from backend.offline.models import OfflineItem
from backend.settings import Settings
from backend.surveys import catalogue
from backend.surveys.models import Answer
from tests.journeys.demos import PATIENCE_MS, PHONE
from tests.journeys.test_no_signal import FIRST, ITEMS, values, wait_until_gone
from tests.journeys.test_ways_to_answer import begin_alone, draw, kept
from tests.journeys.ways import follow
from tests.offline.served import Served, begin, go_on, says, serving, wait_until_ready, write
from tests.surveys.way_instruments import PLACES, write_ways

# As if this much time had gone by since the phone was last touched, and since each item was kept.
LATER = """(hours) => new Promise((resolve) => {
  const asked = indexedDB.open("heard");
  asked.onsuccess = () => {
    const turn = asked.result.transaction(["items", "kept"], "readwrite");
    const [items, kept] = [turn.objectStore("items"), turn.objectStore("kept")];
    const before = Date.now() - hours * 3600000;
    kept.put(before, "touched");
    const got = items.getAll();
    got.onsuccess = () => got.result.forEach((item) => items.put({ ...item, at: before }));
    turn.oncomplete = () => { asked.result.close(); resolve(); };
  };
})"""


def open_phone(browser: Browser, served: Served) -> BrowserContext:
    context = browser.new_context(base_url=served.base_url, viewport=PHONE, locale="en-GB")
    context.set_default_timeout(PATIENCE_MS)
    return context


@pytest.fixture
def served(sqlite_engine: Engine, settings: Settings) -> Iterator[Served]:
    with serving(sqlite_engine, settings) as served:
        yield served


@pytest.fixture
def context(browser: Browser, served: Served) -> Iterator[BrowserContext]:
    context = open_phone(browser, served)
    yield context
    context.close()


@pytest.fixture
def phone(context: BrowserContext, served: Served) -> Page:
    """The child's own phone at the first question of what matters most, ready for no signal."""
    page = context.new_page()
    begin(page, served, "My plan")
    wait_until_ready(page)
    return page


def arrived(served: Served) -> list[str]:
    with Session(served.engine) as session:
        return sorted(row.kind for row in session.exec(select(OfflineItem)))


def test_a_day_and_a_drawing_without_a_signal_arrive_once(
    browser: Browser,
    sqlite_engine: Engine,
    settings: Settings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(catalogue, "SURVEYS", write_ways(tmp_path / "surveys"))
    with serving(sqlite_engine, settings) as served:
        with Session(served.engine) as session:
            child = served.child.contributor.id or 0
            token = open_session(session, child, how="code", is_known=True, is_own_phone=True)
            session.flush()
            first = begin_alone(session, served)
            session.commit()
        context = open_phone(browser, served)
        cookie: Any = {"name": entry.COOKIE, "value": token, "domain": "127.0.0.1", "path": "/me"}
        context.add_cookies([cookie])
        page = context.new_page()
        page.goto(first)
        wait_until_ready(page)
        context.set_offline(True)
        answer_day_and_drawing(page, first.removesuffix("1"))
        assert kept(served) == {}
        context.set_offline(False)
        says(page, "Heard has your answers now: 2.")
        page.goto("/me/home")
        page.reload()
        found = kept(served)
        assert found["way.day"] == "2026-12-24"
        assert len(found["way.drawn"]["strokes"]) == 1
        assert found["way.drawn"]["words"] == "My bed"
        assert arrived(served) == ["answer", "answer"]
        context.close()


def answer_day_and_drawing(page: Page, address: str) -> None:
    """Both, on the screens that the phone makes up."""
    page.goto(f"{address}{PLACES['date']}")
    for label, digits in (("Day", "24"), ("Month", "12"), ("Year", "2026")):
        page.get_by_label(label, exact=True).fill(digits)
    go_on(page, "Next")
    says(page, "Answers on this phone: 1.")
    page.goto(f"{address}{PLACES['drawing']}")
    wait_until_ready(page)  # a line that comes later would move the sheet
    page.locator("[data-pad]").scroll_into_view_if_needed()
    draw(page, (0.1, 0.9), (0.1, 0.5), (0.5, 0.1))
    page.get_by_label("Or write what you would draw").fill("My bed")
    go_on(page, "Next")
    says(page, "Answers on this phone: 2.")


def test_a_branch_that_an_answer_closes_is_skipped_without_a_signal(
    phone: Page, context: BrowserContext, served: Served
) -> None:
    follow(phone.get_by_role("link", name="Skip", exact=True))
    follow(phone.get_by_role("link", name="Skip", exact=True))
    expect(phone.locator("main")).to_contain_text("Did we do what we said last time?")
    first = phone.url
    wait_until_ready(phone)
    context.set_offline(True)
    phone.get_by_label("Yes, all of it").check()
    go_on(phone, "Next")
    says(phone, "Do you get a say in your plan?")
    phone.goto(first)
    phone.get_by_label("Some of it").check()
    go_on(phone, "Next")
    says(phone, "What did we not do?")
    context.set_offline(False)
    says(phone, "Heard has your answers now: 2.")
    assert values(served) == ["some_happened"]


def test_an_idle_phone_shows_nothing_more_and_what_waits_still_arrives(
    phone: Page, context: BrowserContext, served: Served
) -> None:
    address = phone.url
    context.set_offline(True)
    write(phone, FIRST)
    says(phone, "Answers on this phone: 1.")
    phone.evaluate(LATER, 1)
    with pytest.raises(Exception, match="ERR_"):
        phone.goto(address)
    with pytest.raises(Exception, match="ERR_"):
        phone.goto("/me/help")
    context.set_offline(False)
    phone.goto("/me/")
    says(phone, "Heard has your answers now: 1.")
    assert values(served) == [FIRST]


def test_what_waited_a_day_is_deleted_and_the_child_is_told(
    phone: Page, context: BrowserContext, served: Served
) -> None:
    context.set_offline(True)
    write(phone, FIRST)
    says(phone, "Answers on this phone: 1.")
    phone.evaluate(LATER, 25)
    phone.close()
    context.set_offline(False)
    phone = context.new_page()
    phone.goto("/me/help")
    says(phone, "Sorry, this did not get to us: 1. Please say it again.")
    assert values(served) == []
    assert arrived(served) == []


def test_shift_three_times_without_a_signal_asks_nothing_and_leaves_no_page(
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
    with pytest.raises(Exception, match="ERR_"):
        phone.go_back()
    wait_until_gone(phone)
    phone.wait_for_load_state()
    expect(phone.locator("main")).to_have_count(0)


def test_a_phone_that_restarts_without_a_signal_goes_on_and_all_arrives_once(
    phone: Page, context: BrowserContext, served: Served
) -> None:
    context.set_offline(True)
    write(phone, FIRST)
    says(phone, "Answers on this phone: 1.")
    address = phone.url.split("?")[0]
    devtools = context.new_cdp_session(phone)
    devtools.send("ServiceWorker.enable")
    devtools.send("ServiceWorker.stopAllWorkers")
    phone.close()
    later = context.new_page()
    later.goto(address)
    says(later, "Answers on this phone: 1.")
    write(later, "otter two")
    says(later, "Answers on this phone: 2.")
    context.set_offline(False)
    says(later, "Heard has your answers now: 2.")
    assert values(served) == [FIRST, "otter two"]
    assert arrived(served) == ["answer", "answer"]


def test_words_sealed_to_a_key_that_was_lost_stay_on_the_phone_and_arrive_when_it_is_back(
    phone: Page, context: BrowserContext, served: Served, settings: Settings
) -> None:
    context.set_offline(True)
    write(phone, FIRST)
    says(phone, "Answers on this phone: 1.")
    key = Path(settings.heard_data) / "offline.key"
    copy = key.rename(key.with_name("copy"))
    phone.close()
    context.set_offline(False)
    phone = context.new_page()
    phone.goto("/me/help")
    says(phone, "Sorry, we cannot open this yet: 1.")
    says(phone, "It stays on this phone until tomorrow.")
    assert len(phone.evaluate(ITEMS)) == 1
    assert values(served) == []
    copy.replace(key)
    # The phone tries again ten minutes later; here, as if they had gone by.
    phone.evaluate(LATER.replace("{ ...item, at: before }", "{ ...item, held: 1 }"), 0)
    phone.goto("/me/")
    expect(phone.locator("main")).to_be_visible()
    assert values(served) == [FIRST]
    assert phone.evaluate(ITEMS) == []


def test_nobody_is_in_once_the_phone_locked_itself(
    phone: Page, context: BrowserContext, served: Served
) -> None:
    phone.clock.install()
    phone.reload()
    wait_until_ready(phone)
    context.set_offline(True)
    phone.clock.fast_forward("21:00")
    wait_until_gone(phone)
    context.set_offline(False)
    phone.goto("/me/home")
    expect(phone.get_by_label("Type your code")).to_be_visible()
    with Session(served.engine) as session:
        assert all(row.ended_at for row in session.exec(select(ContributorSession)))
        assert session.exec(select(Answer)).all() == []
