"""Walks each person's way on a phone and takes a picture of each main screen."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page

from tests.journeys.demos import PHONE, Demo, open_context
from tests.journeys.ways import (
    begin_adult_form,
    choose_pictures,
    choose_topics,
    come_in,
    come_in_known,
    come_in_with_open_form,
    open_form,
)

MOST_SCREENS = 12
Take = Callable[[Page, str], None]


@contextmanager
def phone(browser: Browser, demo: Demo, **options: str) -> Iterator[Page]:
    """A phone of 360 by 640 with nothing on it yet."""
    context = open_context(
        browser, demo, viewport=PHONE, has_touch=True, reduced_motion="reduce", **options
    )
    yield context.new_page()
    context.close()


def way_in(browser: Browser, demo: Demo, take: Take) -> None:
    """The first page, in two languages, and the birthday."""
    with phone(browser, demo) as page:
        page.goto("/me/")
        take(page, "way-in-code")
        page.goto("/me/?lang=ar")
        take(page, "way-in-arabic")
        page.goto("/me/?lang=ti")
        take(page, "way-in-tigrinya")
        page.goto(demo.contributor("child", 2)["link"])
        take(page, "way-in-birthday")


def child(browser: Browser, demo: Demo, take: Take) -> None:
    """A child from the secret to what happens next."""
    with phone(browser, demo) as page:
        come_in(page, demo.contributor("child", 3))
        take(page, "child-secret")
        choose_pictures(page, "boat", "star", "leaf")
        take(page, "child-home")
        page.get_by_role("link", name="Say what I think").first.click()
        take(page, "child-who-is-with-you")
        page.goto("/me/home")
        open_form(page)
        take(page, "child-topics")
        choose_topics(page, "Where I live")
        questions(page, take, "child-question")
        take(page, "child-end-of-topic")
        page.get_by_role("button", name=re.compile("^Send to")).click()
        take(page, "child-sent")


def questions(page: Page, take: Take, name: str) -> None:
    """Each question of a topic, answered with its first answer; who may see it once."""
    for number in range(1, MOST_SCREENS):
        if not page.get_by_role("button", name=re.compile("^(Next|التالي)$")).count():
            return
        take(page, f"{name}-{number}")
        if number == 1 and page.locator("details.reach summary").count():
            page.locator("details.reach summary").click()
            take(page, f"{name}-who-can-see")
        if page.locator("main textarea").count():
            page.locator("main textarea").first.fill("My own words.")
        elif page.locator("main .pick input").count():
            page.locator("main .pick label").first.click()
        page.get_by_role("button", name=re.compile("^(Next|التالي)$")).click()


def always_there(browser: Browser, demo: Demo, take: Take) -> None:
    """What is one tap away at any time, with the secret known."""
    with phone(browser, demo) as page:
        come_in_known(page, demo.contributor("child"))
        for address in ("last-time", "ask", "help", "look", "my-words", "next-home", "forum"):
            page.goto(f"/me/{address}")
            take(page, f"always-{address}")
        page.goto("/me/not-safe")
        take(page, "always-not-safe")


def looks(browser: Browser, demo: Demo, take: Take) -> None:
    """The first page inside, as it looks in the dark and easy to read."""
    with phone(browser, demo, color_scheme="dark") as page:
        come_in_known(page, demo.contributor("child"))
        take(page, "look-dark")
        page.goto("/me/look")
        page.get_by_label("Easy to read").check()
        page.get_by_role("button", name=re.compile("^Keep")).first.click()
        page.goto("/me/home")
        take(page, "look-easy-read-dark")
        page.goto("/me/look")
        page.get_by_label("Easy to read").uncheck()
        page.get_by_role("button", name=re.compile("^Keep")).first.click()


def leaver(browser: Browser, demo: Demo, take: Take) -> None:
    """A care leaver: one tap to keep in touch."""
    with phone(browser, demo) as page:
        come_in_known(page, demo.contributor("care_leaver"))
        take(page, "leaver-home")


def adults(browser: Browser, demo: Demo, take: Take) -> None:
    """A foster carer's list and first page."""
    with phone(browser, demo) as page:
        come_in_with_open_form(page, demo.doors, "carer")
        take(page, "carer-forms")
        begin_adult_form(page)
        take(page, "carer-topic")


TOURS = (way_in, child, always_there, looks, leaver, adults)


def take_all(browser: Browser, demo: Demo, folder: Path) -> list[str]:
    """Every screen of every tour into a folder, named by who and what; the names in their order."""
    folder.mkdir(parents=True, exist_ok=True)
    names: list[str] = []

    def take(page: Page, name: str) -> None:
        page.screenshot(path=folder / f"{name}.png")
        names.append(name)

    for tour in TOURS:
        tour(browser, demo, take)
    return names
