"""The buttons at the foot, from a question with words typed: done once, and kept once."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import Engine
from sqlmodel import Session, select

from backend.asks.models import Ask
from backend.core.access.permissions import Role
from backend.entry import service as entry
from backend.safeguarding.models import Concern
from backend.settings import Settings
from backend.surveys.models import Answer
from tests.factories import make_staff
from tests.journeys.demos import PATIENCE_MS, PHONE
from tests.journeys.ways import follow, stands
from tests.offline.served import Served, begin, serving
from tests.surveys.rounds import open_round

CHILD = {
    "I’d rather talk to my IRO": "see_iro",
    "I want to see my social worker": "see_worker",
    "I want an advocate": "advocate",
    "I want to complain": "complaint",
}
LEAVER = {
    "Ring me": "ring_me",
    "I want my PA’s manager": "pa_manager",
    "I want an advocate": "advocate",
    "I want to complain": "complaint",
}
ON_TOP = """(one) => {
  const box = one.getBoundingClientRect();
  return one.contains(document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2));
}"""


@pytest.fixture
def served(sqlite_engine: Engine, settings: Settings) -> Iterator[Served]:
    with serving(sqlite_engine, settings) as served:
        yield served


@pytest.fixture
def leaver(served: Served) -> Served:
    """The same place, with a care leaver's code in place of the child's."""
    with Session(served.engine, expire_on_commit=False) as session:
        adviser = make_staff(session, Role.PERSONAL_ADVISER, team="North")
        round_ = open_round(
            session,
            group="care_leaver",
            date_of_birth=date(2006, 3, 9),
            personal_adviser_id=adviser.staff_id,
        )
        line = entry.ensure_pass(session, round_.contributor.id or 0)
        session.commit()
    return replace(served, child=round_, line=line)


@dataclass(frozen=True)
class Rows:
    """What lies in the database."""

    served: Served

    def of(self, table: Any, field: str) -> list[Any]:
        with Session(self.served.engine) as session:
            return [getattr(row, field) for row in session.exec(select(table))]


def open_phone(browser: Browser, served: Served, *, has_script: bool) -> Page:
    """A small phone, with JavaScript or without."""
    context = browser.new_context(
        base_url=served.base_url, viewport=PHONE, locale="en-GB", java_script_enabled=has_script
    )
    context.set_default_timeout(PATIENCE_MS)
    return context.new_page()


@pytest.fixture
def phone(browser: Browser, served: Served) -> Iterator[Page]:
    page = open_phone(browser, served, has_script=True)
    yield page
    page.context.close()


def come_to_words(page: Page, served: Served) -> str:
    """In, on a shared phone, to a question with a box for words; its address."""
    begin(page, served, phone="")
    while not stands(page.locator("main textarea")):
        follow(page.get_by_role("link", name="Skip", exact=True))
    return page.url.split("?")[0]


def type_words(page: Page, address: str, words: str) -> None:
    page.goto(address)
    page.locator("main textarea").first.fill(words)


def press_everything(page: Page, served: Served, buttons: dict[str, str]) -> None:
    """Each of the four buttons and then the alarm, with new words in the box each time."""
    place, rows = come_to_words(page, served), Rows(served)
    for number, (button, kind) in enumerate(buttons.items(), 1):
        words = f"heron: {button}"
        type_words(page, place, words)
        expect(page.locator(".asks")).to_be_hidden()
        page.locator(".foot summary").click()
        follow(page.get_by_role("button", name=button))
        expect(page.get_by_role("heading", level=1)).to_contain_text("has it")
        assert rows.of(Answer, "value") == [words]
        assert len(rows.of(Ask, "kind")) == number
        assert rows.of(Ask, "kind").count(kind) == 1
        follow(page.get_by_role("link", name="Back to the question"))
        expect(page.locator("main textarea").first).to_have_value(words)
    type_words(page, place, "heron: not safe")
    follow(page.get_by_role("button", name="This is not safe"))
    expect(page.locator("main")).to_contain_text("It is sent")
    assert rows.of(Answer, "value") == ["heron: not safe"]
    assert rows.of(Concern, "source") == ["not_safe"]
    follow(page.get_by_role("link", name="Skip", exact=True))
    follow(page.get_by_role("link", name="Back to the question"))
    expect(page.locator("main textarea").first).to_have_value("heron: not safe")


@pytest.mark.parametrize("has_script", [True, False], ids=["script", "no script"])
def test_each_button_of_a_child_is_done_once_and_keeps_the_words_once(
    browser: Browser, served: Served, has_script: bool
) -> None:
    page = open_phone(browser, served, has_script=has_script)
    press_everything(page, served, CHILD)
    page.context.close()


@pytest.mark.parametrize("has_script", [True, False], ids=["script", "no script"])
def test_each_button_of_a_care_leaver_is_done_once_and_keeps_the_words_once(
    browser: Browser, leaver: Served, has_script: bool
) -> None:
    page = open_phone(browser, leaver, has_script=has_script)
    press_everything(page, leaver, LEAVER)
    page.context.close()


@pytest.mark.parametrize("has_script", [True, False], ids=["script", "no script"])
def test_back_and_help_lose_no_word(browser: Browser, served: Served, has_script: bool) -> None:
    page = open_phone(browser, served, has_script=has_script)
    place = come_to_words(page, served)
    for button in ("Back", "Help"):
        type_words(page, place, f"heron: {button}")
        follow(page.get_by_role("button", name=button, exact=True))
        expect(page).not_to_have_url(place)
        assert Rows(served).of(Answer, "value") == [f"heron: {button}"]
    follow(page.get_by_role("link", name="Back", exact=True))
    expect(page.locator("main textarea").first).to_have_value("heron: Help")
    page.context.close()


def press_shift_three_times(page: Page) -> None:
    for _ in range(3):
        page.keyboard.press("Shift")


LEAVES: dict[str, Callable[[Page], object]] = {
    "Leave": lambda page: page.get_by_role("link", name="Leave", exact=True).click(),
    "Shift three times": press_shift_three_times,
    "going elsewhere": lambda page: page.goto("/healthz"),
}


@pytest.mark.parametrize("way", LEAVES)
def test_leaving_loses_no_word_and_still_ends_the_visit(
    phone: Page, served: Served, way: str
) -> None:
    place, rows = come_to_words(phone, served), Rows(served)
    type_words(phone, place, f"heron: {way}")
    LEAVES[way](phone)
    phone.wait_for_url("**/healthz")
    for _ in range(PATIENCE_MS // 100):
        if rows.of(Answer, "value"):
            break
        phone.wait_for_timeout(100)
    assert rows.of(Answer, "value") == [f"heron: {way}"]
    if way != "going elsewhere":
        assert phone.context.cookies() == []


def test_skip_takes_nothing_along(phone: Page, served: Served) -> None:
    place = come_to_words(phone, served)
    type_words(phone, place, "heron: skipped")
    follow(phone.get_by_role("link", name="Skip", exact=True))
    expect(phone).not_to_have_url(place)
    phone.goto("/me/home")
    phone.wait_for_load_state("networkidle")
    assert Rows(served).of(Answer, "value") == []


def test_the_asks_open_by_key_cover_nothing_and_close_again(phone: Page, served: Served) -> None:
    come_to_words(phone, served)
    for width, size in ((360, "112.5%"), (320, "112.5%"), (360, "225%")):
        phone.set_viewport_size({"width": width, "height": 640})
        phone.evaluate("(size) => { document.documentElement.style.fontSize = size }", size)
        summary = phone.locator(".foot summary")
        summary.focus()
        phone.keyboard.press("Enter")
        expect(phone.locator(".asks")).to_be_visible()
        for button in [*phone.locator(".asks button").all(), phone.locator("button.alarm")]:
            button.scroll_into_view_if_needed()
            box = button.bounding_box()
            assert box is not None
            assert box["height"] >= 44
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= width
            assert button.evaluate("(one) => one.scrollHeight <= one.clientHeight + 1")
            assert button.evaluate(ON_TOP), (width, size, button.inner_text())
        phone.keyboard.press("Escape")
        expect(phone.locator(".asks")).to_be_hidden()
        expect(summary).to_be_focused()


def test_enter_in_a_question_means_next_and_not_back(phone: Page, served: Served) -> None:
    begin(phone, served, "Where I live", phone="")
    while not stands(phone.locator("main [data-aloud] [type=radio]")):
        follow(phone.get_by_role("link", name="Skip", exact=True))
    place = phone.url.split("?")[0]
    phone.goto(place)
    phone.locator("main [data-aloud] [type=radio]").first.check()
    phone.locator("main [data-aloud] [type=radio]").first.press("Enter")
    expect(phone).to_have_url(re.compile(r"\?kept=1$"))
    assert phone.url.split("?")[0] != place
