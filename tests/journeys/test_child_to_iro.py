"""The main job: a child's words, from a code on a letter to the IRO's page, and as counts only."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import DESK, PHONE, Demo, open_context
from tests.journeys.ways import (
    choose_pictures,
    choose_topics,
    come_in,
    follow,
    leave_heard,
    open_form,
    pick_pictures,
    sign_in,
    stands,
    write,
)

WORDS = "Can nan’s dog Biscuit come to my meeting?\nI ask every time 🦓\u202e ok"
HOME_WORDS = "zebra lantern: the heating in my room is broke again"
PICTURES = ("kite", "moon", "shoe")


def tell(page: Page) -> tuple[str, str]:
    """Say what matters most and something about home, send both; the child's and IRO's names."""
    name = page.get_by_role("heading", level=1).inner_text().removeprefix("Hello ")
    iro = re.search(r"Your IRO is (.+?), who runs your meeting", page.locator("main").inner_text())
    assert iro
    open_form(page)
    choose_topics(page, "Where I live")
    write(page, WORDS)
    expect(page.get_by_text("Kept. You can stop any time.")).to_be_visible()
    follow(page.get_by_role("link", name="Skip", exact=True))
    expect(page.get_by_text("Nobody reads this until you send it.")).to_be_visible()
    follow(page.get_by_role("button", name=re.compile("^Send to .* now$")))
    return name, iro.group(1)


def finish_home(page: Page) -> None:
    """Answer the questions about home that have a box, skip the taps, and send."""
    page.goto(page.url)  # a reload must not send anything twice
    for _ in range(12):
        if stands(page.get_by_role("button", name=re.compile("^Send to .* now$"))):
            follow(page.get_by_role("button", name=re.compile("^Send to .* now$")))
            return
        if stands(page.locator("main textarea")):
            write(page, HOME_WORDS)
        elif stands(page.get_by_role("link", name="Skip", exact=True)):
            follow(page.get_by_role("link", name="Skip", exact=True))
        elif stands(page.get_by_role("button", name="Skip")):
            follow(page.get_by_role("button", name="Skip"))
        else:
            follow(page.locator("main a.primary, main button.primary").first)
    raise AssertionError(f"no end of the topic: {page.url}")


def read_again(page: Page) -> None:
    """Open what was sent, as the child who wrote it."""
    page.goto("/me/words")
    follow(page.get_by_role("link", name=re.compile("^What matters most")))
    expect(page.locator("main")).to_contain_text("Biscuit")


def send_two_topics(browser: Browser, demo: Demo) -> tuple[str, str]:
    """A child without a secret comes in, chooses one, and sends two topics from a phone."""
    context = open_context(browser, demo, viewport=PHONE, has_touch=True, is_mobile=True)
    page = context.new_page()
    come_in(page, demo.contributor("child", 1))
    choose_pictures(page, *PICTURES)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Hello")
    names = tell(page)
    finish_home(page)
    context.close()
    return names


@pytest.fixture(scope="module")
def told(browser: Browser, demo: Demo) -> tuple[str, str]:
    """The child's and the IRO's names, once the child has told."""
    return send_two_topics(browser, demo)


def test_the_iro_reads_the_very_words(told: tuple[str, str], browser: Browser, demo: Demo) -> None:
    name, iro = told
    account = next(line for line in demo.doors["staff"] if line["name"] == iro)
    context = open_context(browser, demo, viewport=DESK)
    page = context.new_page()
    sign_in(page, account)
    page.goto("/staff/reviews")
    links = page.get_by_role("link", name=name, exact=True)
    found = ""
    for place in range(links.count()):
        page.goto("/staff/reviews")
        follow(page.get_by_role("link", name=name, exact=True).nth(place))
        quotes = page.locator("blockquote").all_text_contents()
        if WORDS in quotes:
            found = page.url
            assert HOME_WORDS in quotes
            break
    assert found, f"{iro} does not see the words of {name}"
    expect(page.get_by_role("heading", name="What I most want talked about")).to_be_visible()
    follow(page.get_by_role("button", name="I have read this page"))
    expect(page.get_by_role("button", name="I have read this page")).to_have_count(0)
    context.close()


def test_the_managers_report_has_no_words_of_anybody(
    told: tuple[str, str], browser: Browser, demo: Demo
) -> None:
    context = open_context(browser, demo, viewport=DESK)
    page = context.new_page()
    sign_in(page, demo.staff("manager"))
    page.goto("/staff/reports")
    seen = 0
    addresses = page.locator("main a[href*='/staff/reports/']").evaluate_all(
        "links => links.map(link => link.getAttribute('href'))"
    )
    for address in dict.fromkeys(addresses):
        page.goto(address)
        make = page.get_by_role("button", name=re.compile("draft|Publish", re.IGNORECASE))
        if stands(make):
            follow(make.first)
            page.goto(address)
        text = page.locator("main").inner_text()
        assert "Biscuit" not in text
        assert "zebra" not in text
        assert told[0] not in re.findall(r"[A-Z]\w+", text)
        seen += "Where I live" in text
    assert seen, "no report shows a theme"
    context.close()


def test_code_and_birthday_alone_do_not_open_the_words_again(
    told: tuple[str, str], browser: Browser, demo: Demo
) -> None:
    context = open_context(browser, demo, viewport=PHONE)
    page = context.new_page()
    come_in(page, demo.contributor("child", 1), by_code=False)
    expect(page.locator("main")).not_to_contain_text("Biscuit")
    follow(page.get_by_role("button", name=re.compile("^Skip")))
    for address in ("/me/home", "/me/last-time", "/me/words"):
        page.goto(address)
        assert "Biscuit" not in page.content()
        assert "zebra" not in page.content()
    context.close()


def test_the_three_pictures_open_them_and_a_wrong_order_does_not(
    told: tuple[str, str], browser: Browser, demo: Demo
) -> None:
    context = open_context(browser, demo, viewport=PHONE)
    page = context.new_page()
    come_in(page, demo.contributor("child", 1), by_code=False)
    pick_pictures(page, *reversed(PICTURES))
    follow(page.get_by_role("button", name="Open"))
    page.goto("/me/words")
    assert "Biscuit" not in page.content()
    page.goto("/me/secret")
    pick_pictures(page, *PICTURES)
    follow(page.get_by_role("button", name="Open"))
    read_again(page)
    context.close()


def test_the_whole_way_works_with_javascript_off(browser: Browser, demo: Demo) -> None:
    context = open_context(browser, demo, viewport=PHONE, java_script_enabled=False)
    page = context.new_page()
    door = demo.contributor("child", 3)
    come_in(page, door)
    choose_pictures(page, *PICTURES)
    tell(page)
    finish_home(page)
    read_again(page)
    leave_heard(page)
    page.goto("/me/words")
    expect(page.locator("main")).not_to_contain_text("Biscuit")
    context.close()
