"""The secret set, forgotten and reset, and the way in without memory, on real screens."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys import records
from tests.journeys.demos import DESK, PHONE, Demo, open_context
from tests.journeys.ways import (
    choose_pictures,
    come_in,
    follow,
    make_opening_link,
    open_form,
    pick_pictures,
    sign_in,
    skip_to_words,
    stands,
    write,
)

MINE = ("moon", "key", "boat")
THEIRS = ("fish", "star", "tree")
WORDS = "zqheron: I want to see Nan on Sundays"
# What the first page says of a draft, to those who may know that there is one.
BEGUN = "Begun. Nobody reads it until you send it."
PhoneMaker = Callable[[], Page]


@pytest.fixture
def new_phone(browser: Browser, demo: Demo) -> Iterator[PhoneMaker]:
    """Each call a phone of its own, in its own hands."""
    with ExitStack() as stack:

        def make() -> Page:
            context = open_context(browser, demo, viewport=PHONE, has_touch=True, is_mobile=True)
            stack.callback(context.close)
            return context.new_page()

        yield make


def child_of(demo: Demo, place: int) -> records.Somebody:
    """A child with an open form whom no other journey uses, counted from the end."""
    return records.children_with_open_review(demo, ages=range(12, 18))[-place]


def iro_of(browser: Browser, demo: Demo, child: records.Somebody) -> Page:
    """The child's own IRO, signed in."""
    page = open_context(browser, demo, viewport=DESK).new_page()
    sign_in(page, records.account_of(demo, child.extract["iro_email"]))
    return page


def door_of(worker: Page, child: records.Somebody) -> dict[str, Any]:
    """The child's code and birthday, from the page on which the worker reads them."""
    worker.goto(f"/staff/people/{child.person_id}/door")
    make = worker.get_by_role("button", name="Make a code for").first
    if not stands(worker.locator("td strong.heard-key")):
        follow(make)
    code = worker.locator("tbody tr").first.locator("strong.heard-key").inner_text()
    day, month, _ = child.extract["date_of_birth"].split("/")
    return {"code": code, "birthday": f"{day}/{month}"}


def begin_form(page: Page) -> None:
    """Alone, with any topic where some are offered, to the first question with a box for words."""
    open_form(page)
    topics = page.locator("main [name=topics]")
    if stands(topics):
        topics.first.check()
        follow(page.get_by_role("button", name="Go on"))
    skip_to_words(page)


def keep_words(page: Page, words: str) -> None:
    """Write something and keep it, without sending."""
    begin_form(page)
    write(page, words)


def leave(page: Page) -> None:
    """Lock the page, as one does before giving the phone away."""
    page.context.clear_cookies()


def everything(page: Page) -> str:
    """What the child's pages of past words show."""
    shown = []
    for address in ("/me/home", "/me/words", "/me/last-time"):
        page.goto(address)
        shown.append(page.locator("main").inner_text())
    return "\n".join(shown)


def test_pictures_that_were_chosen_open_what_was_kept_on_another_phone(
    new_phone: PhoneMaker, browser: Browser, demo: Demo
) -> None:
    child = child_of(demo, 1)
    door = door_of(iro_of(browser, demo, child), child)
    first = new_phone()
    come_in(first, door)
    choose_pictures(first, *MINE)
    keep_words(first, WORDS)
    second = new_phone()
    come_in(second, door)
    pick_pictures(second, *MINE)
    follow(second.get_by_role("button", name="Open"))
    assert BEGUN in everything(second)


def test_a_forgotten_secret_keeps_nobody_out_and_a_worker_opens_the_past(
    new_phone: PhoneMaker, browser: Browser, demo: Demo
) -> None:
    child = child_of(demo, 2)
    worker = iro_of(browser, demo, child)
    door = door_of(worker, child)
    phone = new_phone()
    come_in(phone, door)
    choose_pictures(phone, *MINE)
    keep_words(phone, WORDS)
    leave(phone)
    come_in(phone, door)
    for left in ("4", "3", "2", "one"):
        pick_pictures(phone, *THEIRS)
        follow(phone.get_by_role("button", name="Open"))
        expect(phone.locator("main")).to_contain_text(f"You can try {left} more")
    pick_pictures(phone, *THEIRS)
    follow(phone.get_by_role("button", name="Open"))
    expect(phone.get_by_role("heading", level=1)).to_contain_text("Your words are locked")
    follow(phone.get_by_role("button", name="Go to new questions"))
    assert BEGUN not in everything(phone)
    leave(phone)
    phone.goto(make_opening_link(worker, child.person_id))
    follow(phone.get_by_role("button", name="Open"))
    choose_pictures(phone, "bell", "leaf", "cup")
    assert BEGUN in everything(phone)
    leave(phone)
    come_in(phone, door)
    pick_pictures(phone, "bell", "leaf", "cup")
    follow(phone.get_by_role("button", name="Open"))
    assert BEGUN in everything(phone)


def test_whoever_opens_the_letter_first_neither_locks_the_child_out_nor_reads_on(
    new_phone: PhoneMaker, browser: Browser, demo: Demo
) -> None:
    child = child_of(demo, 3)
    worker = iro_of(browser, demo, child)
    door = door_of(worker, child)
    stranger, phone = new_phone(), new_phone()
    come_in(stranger, door)
    choose_pictures(stranger, *THEIRS)
    come_in(phone, door)
    follow(phone.get_by_role("link", name="I forgot them, or it was not me"))
    follow(phone.get_by_role("link", name="Choose new ones"))
    choose_pictures(phone, *MINE)
    keep_words(phone, WORDS)
    stranger.goto("/me/home")
    expect(stranger).to_have_url(f"{demo.base_url}/me/")
    come_in(stranger, door)
    pick_pictures(stranger, *THEIRS)
    follow(stranger.get_by_role("button", name="Open"))
    expect(stranger.locator("main")).to_contain_text("You can try 4 more")
    follow(stranger.get_by_role("button", name="Skip: new questions only"))
    assert BEGUN not in everything(stranger)
    leave(phone)
    come_in(phone, door)
    pick_pictures(phone, *MINE)
    follow(phone.get_by_role("button", name="Open"))
    assert BEGUN in everything(phone)


def test_a_link_opens_once_and_what_was_for_the_iro_alone_is_never_shown_again(
    new_phone: PhoneMaker, browser: Browser, demo: Demo
) -> None:
    child = child_of(demo, 4)
    worker = iro_of(browser, demo, child)
    link = make_opening_link(worker, child.person_id)
    robot, phone = new_phone(), new_phone()
    robot.goto(link)  # a preview robot only looks
    phone.goto(link)
    follow(phone.get_by_role("button", name="Open"))
    follow(phone.get_by_role("link", name="Not now"))
    begin_form(phone)
    phone.locator("main details.reach summary, main .who legend").first.click()
    phone.locator("main [type=radio][value=only_iro]").check()
    write(phone, WORDS)
    topic = phone.url.split("?")[0].rsplit("/", 1)[0]
    phone.goto(f"{topic}/end")
    expect(phone.locator("main")).to_contain_text(WORDS)
    follow(phone.get_by_role("button", name="Send to"))
    phone.goto(topic)
    expect(phone.locator("main")).to_contain_text("is not shown again")
    expect(phone.locator("main")).not_to_contain_text(WORDS)
    assert WORDS not in everything(phone)
    follow(robot.get_by_role("button", name="Open"))
    expect(robot.get_by_role("heading", level=1)).to_contain_text("This link is used up")
