"""Two phones, a lost signal, a long or strange text: nothing that was written is lost."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.journeys import records
from tests.journeys.demos import PHONE, Demo, open_context
from tests.journeys.ways import choose_topics, come_in_known, follow, stands

FIRST = "heron one: I want a desk"
SECOND = "heron two: I want a lamp"
STRANGE = (
    "  two spaces, a tab\there, \u202eturned\u202c, مرحبا يا صديقي, "
    "\U0001f469\U0001f3fd\u200d\U0001f680 🏳️\u200d🌈 e\u0301, a bell \x07, \x01, \x7f, \u2400, "
    "<b>&amp;</b>, {{ 7 }}, 'quote' \"\n\n line three "
)


@pytest.fixture
def two_phones(browser: Browser, demo: Demo) -> Iterator[tuple[Page, Page]]:
    """The same child, known, on two phones."""
    contexts = [open_context(browser, demo, viewport=PHONE) for _ in range(2)]
    pages = [context.new_page() for context in contexts]
    for page in pages:
        come_in_known(page, demo.contributor("child", 4))
    yield pages[0], pages[1]
    for context in contexts:
        context.close()


def open_question(page: Page) -> str:
    """The first question of what matters most; its address."""
    page.goto("/me/home")
    follow(page.locator("main a.primary").first)
    page.get_by_label("on my own").check()
    follow(page.get_by_role("button", name="Go on"))
    begun = page.get_by_role("link", name="Go on: What matters most")
    if stands(begun):
        follow(begun)
    else:
        choose_topics(page, "Where I live")
    return re.sub(r"/\d+(\?.*)?$", "/1", page.url)


def words_kept(demo: Demo) -> list[object]:
    child = records.who_is(demo, demo.contributor("child", 4))
    return list(records.answers_of(demo, child.contributor_id))


def keep(page: Page, words: str) -> None:
    page.locator("main textarea").fill(words)
    page.get_by_role("button", name="Next").click()


def empty_draft(page: Page, address: str) -> None:
    """Take out what an earlier test kept here."""
    page.goto(address)
    if stands(page.get_by_role("button", name="Take my answer out")):
        follow(page.get_by_role("button", name="Take my answer out"))


def test_two_phones_with_the_same_question_lose_neither_answer(
    two_phones: tuple[Page, Page], demo: Demo
) -> None:
    one, two = two_phones
    address = open_question(one)
    empty_draft(one, address)
    one.goto(address)
    two.goto("/me/home")
    follow(two.locator("main a.primary").first)
    two.get_by_label("on my own").check()
    follow(two.get_by_role("button", name="Go on"))
    two.goto(address)
    keep(one, FIRST)
    expect(one.get_by_text("Kept. You can stop any time.")).to_be_visible()
    keep(two, SECOND)
    expect(two.get_by_role("heading", name="You have two answers here")).to_be_visible()
    expect(two.locator("main")).to_contain_text(FIRST)
    expect(two.locator("main")).to_contain_text(SECOND)
    assert FIRST in words_kept(demo)
    expect(two.get_by_label("Keep both")).to_be_checked()
    follow(two.get_by_role("button", name="Keep this"))
    (both,) = [text for text in words_kept(demo) if "heron" in str(text)]
    assert FIRST in str(both)
    assert SECOND in str(both)
    one.goto(address)
    assert FIRST in one.locator("main textarea").input_value()
    assert SECOND in one.locator("main textarea").input_value()


@pytest.fixture
def lone_phone(browser: Browser, demo: Demo) -> Iterator[tuple[BrowserContext, Page, str]]:
    """One child at one empty question; its address."""
    context = open_context(browser, demo, viewport=PHONE)
    page = context.new_page()
    come_in_known(page, demo.contributor("child", 4))
    address = open_question(page)
    empty_draft(page, address)
    page.goto(address)
    yield context, page, address
    context.close()


def test_words_stay_in_the_box_while_there_is_no_signal(
    lone_phone: tuple[BrowserContext, Page, str], demo: Demo
) -> None:
    context, page, address = lone_phone
    keep(page, FIRST)
    expect(page.get_by_text("Kept. You can stop any time.")).to_be_visible()
    page.goto(address)
    context.set_offline(True)
    keep(page, SECOND)
    expect(page.get_by_role("alert")).to_contain_text("Your words are still here.")
    expect(page.locator("main textarea")).to_have_value(SECOND)
    assert FIRST in words_kept(demo)
    context.set_offline(False)
    expect(page.get_by_role("alert")).to_have_count(0)
    follow(page.get_by_role("button", name="Next"))
    expect(page.get_by_text("Kept. You can stop any time.")).to_be_visible()
    assert SECOND in words_kept(demo)


def test_trying_again_after_a_broken_connection_keeps_the_typed_words(
    lone_phone: tuple[BrowserContext, Page, str], demo: Demo
) -> None:
    context, page, _ = lone_phone
    context.route("**/me/forms/**", lambda route: route.abort("connectionreset"))
    keep(page, SECOND)
    page.wait_for_url("chrome-error://**")
    assert SECOND not in words_kept(demo)
    context.unroute("**/me/forms/**")
    page.reload()
    expect(page.get_by_text("Kept. You can stop any time.")).to_be_visible()
    assert SECOND in words_kept(demo)


@pytest.mark.parametrize(
    "words",
    [STRANGE, "Ünïcode ö🦓 " * 8000],
    ids=["strange characters", "a hundred thousand bytes"],
)
def test_any_text_arrives_to_the_character(
    words: str, lone_phone: tuple[BrowserContext, Page, str], demo: Demo
) -> None:
    _, page, address = lone_phone
    keep(page, words)
    expect(page.get_by_text("Kept. You can stop any time.")).to_be_visible()
    assert words in words_kept(demo)
    page.goto(address)
    # A control character has no picture: the box shows that it is there, the answer keeps it.
    shown = re.sub("[\x01\x07\x7f]", "\ufffd", words)
    assert page.locator("main textarea").input_value() == shown
    follow(page.get_by_role("button", name="Next"))
    assert words in words_kept(demo)


def test_more_than_can_be_kept_says_so_and_keeps_it_in_the_box(
    lone_phone: tuple[BrowserContext, Page, str], demo: Demo
) -> None:
    _, page, _ = lone_phone
    words = "zebra " * 40_000
    keep(page, words)
    expect(page.locator("main")).to_contain_text("make them two answers")
    page.wait_for_load_state()
    expect(page.locator("main textarea")).to_have_value(words)
