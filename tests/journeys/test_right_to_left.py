"""A young person whose language is Arabic, from a letter's link to what happens next."""

import re

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.journeys import records
from tests.journeys.demos import PHONE, Demo, open_context
from tests.journeys.looks import Look
from tests.journeys.ways import follow, make_opening_link, sign_in, stands

pytestmark = pytest.mark.journey
FLIPPED = "one => new DOMMatrix(getComputedStyle(one).transform).a"
STARTS_AT = "one => innerWidth - one.getBoundingClientRect().right"


def make_link(context: BrowserContext, child: records.Somebody, demo: Demo) -> str:
    """An opening link of the child's, made by their IRO."""
    page = context.new_page()
    sign_in(page, records.account_of(demo, child.extract["iro_email"]))
    link = make_opening_link(page, child.person_id)
    page.close()
    return link


def press_on(page: Page) -> None:
    """The one primary button."""
    follow(page.locator("main button.primary").first)


def walk_form(page: Page, look: Look) -> None:
    """A topic from "who is with you" to what happens next."""
    follow(page.locator("main a.primary").first)
    look.at(page, "who is with you")
    press_on(page)
    look.at(page, "nobody was picked")
    page.locator("[name=beside][value=alone]").check()
    press_on(page)
    look.at(page, "topics")
    page.locator("[name=topics][value=home]").check()
    press_on(page)
    page.locator("details.reach summary").first.click()
    look.at(page, "who can see this", dark=True)
    answer_until_the_end(page, look)
    look.at(page, "the end of a topic")
    follow(page.locator("main button[value=send]"))
    look.at(page, "what may be said")
    page.goto(re.sub(r"(/me/forms/\d+)/.*", r"\1/next", page.url))
    look.at(page, "what happens next")


def answer_until_the_end(page: Page, look: Look) -> None:
    """Write where there is a box, pick the first of what is offered, skip what is neither."""
    for _ in range(14):
        if page.url.endswith("/end"):
            return
        if stands(page.locator("main textarea")):
            page.locator("main textarea").first.fill("أريد كرة، و time with Nan.")
            look.at(page, "a question with a box")
        elif stands(page.locator("main fieldset:not(.who) .pick input")):
            page.locator("main fieldset:not(.who) .pick input").first.check()
        press_on(page)
    raise AssertionError(f"the topic has no end: {page.url}")


def test_arabic_from_the_link_to_what_happens_next(browser: Browser, demo: Demo) -> None:
    child = records.children_with_open_review(demo, ages=range(12, 18))[-1]
    context = open_context(browser, demo, viewport=PHONE, reduced_motion="reduce")
    link = make_link(context, child, demo)
    look = Look("in Arabic")
    page = context.new_page()
    look.listen(page)
    page.goto("/me/")
    follow(page.get_by_role("link", name="العربية", exact=True))
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    look.at(page, "code", dark=True)
    page.goto(f"{link}?lang=ar")
    look.at(page, "opening link")
    press_on(page)
    follow(page.locator("main a.secondary").last)
    expect(page.locator("html")).to_have_attribute("lang", "ar")
    look.at(page, "home", dark=True)
    expect(page.locator("h1")).to_contain_text("\u2068" + child.extract["known_as"] + "\u2069")
    walk_form(page, look)
    for address in ("help", "not-safe", "look", "language", "ask", "last-time"):
        page.goto(f"/me/{address}")
        look.at(page, address)
    page.goto("/me/help")
    back = page.locator("header .flip").first
    assert back.evaluate(FLIPPED) == -1
    assert page.locator("header a").first.evaluate(STARTS_AT) < PHONE["width"] / 4
    expect(page.locator(".alarm .beside")).to_have_text("This is not safe")
    page.goto("/me/language")
    page.locator("#language-en").check()
    press_on(page)
    expect(page.locator("html")).to_have_attribute("dir", "ltr")
    context.close()
    look.check(least=15)


def test_somebody_who_reads_only_tigrinya_finds_it_and_reads_what_keeps_them_safe(
    browser: Browser, demo: Demo
) -> None:
    context = open_context(browser, demo, viewport=PHONE)
    page = context.new_page()
    page.goto("/me/")
    tigrinya = page.get_by_role("link", name="ትግርኛ", exact=True)
    box = tigrinya.bounding_box()
    foot = page.locator("footer").bounding_box()
    assert box
    assert foot
    assert box["y"] + box["height"] / 2 < foot["y"], "hidden below the first screen"
    follow(tigrinya)
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("main [lang=ti]").first).to_be_visible()
    context.close()
