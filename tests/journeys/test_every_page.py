"""Every page that somebody can reach, at both widths: axe, width, targets, a silent console."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.journeys import records
from tests.journeys.demos import PHONE, Demo, open_context
from tests.journeys.looks import Look
from tests.journeys.ways import (
    come_in,
    come_in_by_opening_link,
    come_in_known,
    come_in_with_open_form,
    follow,
    make_opening_link,
    sign_in,
    stands,
)

STAFF_TARGET = 0  # axe holds staff pages to WCAG's 24 px; contributors' are held to a finger
MOST_SCREENS = 14
YOUNG_PAGES = (
    "home", "last-time", "ask", "words", "forum", "reach-me", "help", "not-safe", "not-me",
    "nowhere",
)  # fmt: skip
ROLES = {
    "iro": 8,
    "social_worker": 6,
    "personal_adviser": 6,
    "participation_officer": 5,
    "duty_reader": 4,
    "manager": 5,
    "complaints_manager": 2,
    "administrator": 4,
}


def watched(context: BrowserContext, look: Look) -> Page:
    page = context.new_page()
    look.listen(page)
    return page


def kind_of_screen(page: Page) -> str:
    """What sort of question is on the screen."""
    for kind in (".faces", "textarea", ".dates", ".cards", "[type=checkbox]", "[type=radio]"):
        if page.locator(f"main form {kind}").first.is_visible():
            return kind
    return "other"


def press_on(page: Page) -> None:
    """Answer what stands on the screen, whatever it is, and go on."""
    box = page.locator("main textarea").first
    if stands(box):
        box.fill("A ball, and more time with Nan.")
    elif stands(page.locator("main fieldset:not(.who) .pick input")):
        page.locator("main fieldset:not(.who) .pick input").first.check()
    follow(page.get_by_role("button", name="Next"))


def walk_topic(page: Page, look: Look, name: str) -> None:
    """Through a topic to its end, looking once at each sort of screen."""
    seen: set[str] = set()
    for _ in range(MOST_SCREENS):
        if page.url.endswith("/end") or "/send" in page.url:
            return
        kind = kind_of_screen(page)
        if kind not in seen:
            look.at(page, f"{name} {kind}", dark=kind == ".faces")
            seen.add(kind)
        press_on(page)
    raise AssertionError(f"{name} has no end: {page.url}")


def look_at_reach(page: Page, look: Look, name: str) -> None:
    """Open who can see an answer, and hide it from somebody."""
    page.locator("details.reach summary").first.click()
    who = page.locator("details.reach")
    who.locator("[type=radio]").last.check()
    look.at(page, f"{name} who can see this", dark=True)
    who.locator("[type=radio]").first.check()


def walk_young_form(page: Page, look: Look, name: str) -> None:
    """The form before a meeting, from who is here to what happens next."""
    page.goto("/me/home")
    follow(page.locator("main a.primary").first)
    look.at(page, f"{name} who is with you")
    follow(page.get_by_role("button", name="Go on"))
    look.at(page, f"{name} nobody was picked")
    page.get_by_label("on my own").check()
    follow(page.get_by_role("button", name="Go on"))
    look.at(page, f"{name} topics", dark=True)
    home = page.locator("[name=topics][value=home], [name=topics]").first
    home.check()
    follow(page.get_by_role("button", name="Go on"))
    if stands(page.locator("details.reach")):
        look_at_reach(page, look, name)
    walk_topic(page, look, name)
    look.at(page, f"{name} the end of a topic")
    follow(page.get_by_role("button", name=re.compile("^Send to")))
    look.at(page, f"{name} what may be said")
    follow(page.get_by_role("button", name="Go on"))
    look.at(page, f"{name} the next topic")
    page.goto(re.sub(r"(/me/forms/\d+)/.*", r"\1/next", page.url))
    look.at(page, f"{name} what happens next")


def walk_young_pages(page: Page, look: Look, name: str) -> None:
    """Every other page of somebody who is in and known."""
    for address in YOUNG_PAGES:
        page.goto(f"/me/{address}")
        look.at(page, f"{name} {address}", dark=address in ("home", "help"))
    page.goto("/me/words")
    follow(page.locator("main a").first)
    look.at(page, f"{name} one topic that was sent")
    page.goto("/me/ask")
    follow(page.locator("main button").last)
    look.at(page, f"{name} asked to complain")
    page.goto("/me/forum")
    follow(page.get_by_role("button", name="Post it"))
    look.at(page, f"{name} an empty post")
    follow(page.get_by_role("button", name="This is not safe").last)
    look.at(page, f"{name} not safe, how to reach", dark=True)
    follow(page.get_by_role("link", name="Skip", exact=True))
    look.at(page, f"{name} not safe, who reads next")


@pytest.mark.parametrize(("name", "ages"), [("younger", range(8, 12)), ("older", range(12, 18))])
def test_every_page_of_a_child(name: str, ages: range, browser: Browser, demo: Demo) -> None:
    child = records.children_with_open_review(demo, ages=ages)[0]
    context = open_context(browser, demo, viewport=PHONE, reduced_motion="reduce")
    look = Look(name)
    page = context.new_page()
    sign_in(page, records.account_of(demo, child.extract["iro_email"]))
    link = make_opening_link(page, child.person_id)
    page = watched(context, look)
    page.goto(link)
    look.at(page, f"{name} opening link")
    come_in_by_opening_link(page, link)
    assert page.locator("html").get_attribute("class") == name
    walk_young_form(page, look, name)
    walk_young_pages(page, look, name)
    context.close()
    look.check(least=22)


def test_every_page_of_a_care_leaver(browser: Browser, demo: Demo) -> None:
    context = open_context(browser, demo, viewport=PHONE, reduced_motion="reduce")
    look = Look("care leaver")
    page = watched(context, look)
    come_in_known(page, demo.contributor("care_leaver", 4))
    walk_young_form(page, look, "leaver")
    walk_young_pages(page, look, "leaver")
    context.close()
    look.check(least=20)


@pytest.mark.parametrize("kind", ["carer", "provider_staff", "parent", "social_worker"])
def test_every_page_of_an_adult_by_link(kind: str, browser: Browser, demo: Demo) -> None:
    context = open_context(browser, demo, viewport=PHONE, reduced_motion="reduce")
    look = Look(kind)
    page = watched(context, look)
    page.goto(demo.contributor(kind, 5)["link"])
    look.at(page, f"{kind} start")
    come_in_with_open_form(page, demo.doors, kind)
    look.at(page, f"{kind} forms", dark=True)
    follow(page.get_by_role("link", name=re.compile("^(Start|Go on)$")).first)
    look.at(page, f"{kind} one form")
    follow(page.get_by_role("button", name=re.compile("Start|Go on")))
    walk_topic(page, look, kind)
    page.goto(re.sub(r"(/me/forms/\d+)/.*", r"\1/send", page.url))
    look.at(page, f"{kind} read again")
    page.goto("/me/help")
    look.at(page, f"{kind} help")
    context.close()
    look.check(least=6)


def wrong_way_in(page: Page, look: Look) -> None:
    """A code that nobody has, five times over."""
    page.goto("/")
    look.at(page, "code", dark=True)
    follow(page.get_by_role("button", name="Next"))
    look.at(page, "no code")
    page.goto("/me/another-way")
    look.at(page, "another way")
    nobody: dict[str, Any] = {"code": "CDFG-3467", "birthday": "1/2"}
    come_in(page, nobody)
    look.at(page, "a code that nobody has", dark=True)
    for _ in range(5):
        page.get_by_label("Day").fill("1")
        page.get_by_label("Month").fill("2")
        follow(page.get_by_role("button", name="Next"))
    look.at(page, "paused")
    page.goto("/me/o/not-a-link")
    look.at(page, "not a link")
    page.goto("/me/once/not-a-link")
    look.at(page, "a used link")


def secret_pages(page: Page, look: Look, door: dict[str, Any]) -> None:
    """The pages of the secret, right and wrong, entered and chosen."""
    page.goto(door["link"])
    look.at(page, "birthday")
    come_in(page, door, by_code=False)
    look.at(page, "four numbers")
    page.get_by_label("Type your four numbers").fill("0000")
    follow(page.get_by_role("button", name="Open"))
    look.at(page, "wrong numbers", dark=True)
    follow(page.get_by_role("link", name="I forgot them"))
    look.at(page, "forgot")
    follow(page.get_by_role("link", name="Choose new ones"))
    look.at(page, "choose pictures", dark=True)
    follow(page.get_by_role("button", name="Keep these"))
    look.at(page, "too few pictures")
    follow(page.get_by_role("link", name="Use four numbers"))
    look.at(page, "choose numbers")
    page.goto("/me/last-time")
    look.at(page, "closed without the secret")


def test_every_page_of_the_way_in(browser: Browser, demo: Demo) -> None:
    look = Look("way in")
    context = open_context(browser, demo, viewport=PHONE, reduced_motion="reduce")
    page = watched(context, look)
    wrong_way_in(page, look)
    context.clear_cookies()
    secret_pages(page, look, demo.contributor("child", 4))
    context.close()
    look.check(least=15)


def links_of(page: Page) -> list[str]:
    """Where the page leads within the staff's application, one of each kind of page."""
    hrefs: list[str] = page.locator("nav a[href^='/staff/'], main a[href^='/staff/']").evaluate_all(
        "links => links.map(link => link.getAttribute('href').split('#')[0])"
    )
    # A file is no page of ours: its own tests look into it.
    files = (".pdf", ".txt", ".csv")
    return list(dict.fromkeys(href for href in hrefs if not any(one in href for one in files)))


def shape_of(address: str) -> str:
    """Addresses that differ in numbers alone are one kind of page."""
    return re.sub(r"\d+(H\d)?", "N", address)


def crawl(page: Page, visit: Callable[[str], None]) -> None:
    """Visit one page of each kind that links lead to, breadth first."""
    waiting, known = ["/staff/account", *links_of(page)], set[str]()
    while waiting:
        address = waiting.pop(0)
        if shape_of(address) in known:
            continue
        known.add(shape_of(address))
        page.goto(address)
        visit(shape_of(address))
        waiting += links_of(page)


@pytest.mark.parametrize("role", ROLES)
def test_every_page_of_staff(role: str, browser: Browser, demo: Demo) -> None:
    context = open_context(browser, demo, viewport={"width": 1280, "height": 800})
    look = Look(role, target=STAFF_TARGET)
    page = watched(context, look)
    sign_in(page, demo.staff(role))
    crawl(page, lambda name: look.at(page, name))
    context.close()
    look.check(least=ROLES[role])


def test_every_page_of_signing_in(browser: Browser, demo: Demo) -> None:
    context = open_context(browser, demo, viewport={"width": 1280, "height": 800})
    look = Look("signing in", target=STAFF_TARGET)
    page = watched(context, look)
    page.goto("/staff/sign-in")
    look.at(page, "sign in")
    follow(page.get_by_role("button", name="Sign in"))
    look.at(page, "wrong sign in")
    sign_in(page, demo.staff("iro"))
    page.goto("/staff/nowhere")
    look.at(page, "not found")
    context.close()
    look.check(least=3)
