"""What people do on real pages, once, for every journey."""

import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Locator, Page, expect


def stands(place: Locator) -> bool:
    """Whether this stands on the page that the last tap led to, once that page is whole.

    A count alone does not wait: asked too soon it tells of half a page, or of the one before.
    """
    place.page.wait_for_load_state()
    return place.count() > 0


def follow(target: Locator) -> None:
    """Press what leads to another page, or sends this one, and wait until what comes is whole.

    A click alone may be back while the page before still stands: what is read, filled in or opened
    right after it would meet that one, and a page opened by its address would stop what was sent.
    """
    with target.page.expect_navigation():
        target.click()


def come_in(page: Page, door: dict[str, Any], *, by_code: bool = True) -> None:
    """A young person: code (or link), then day and month of birth."""
    if by_code:
        page.goto("/")
        page.get_by_label("Type your code").fill(door["code"].lower().replace("-", " "))
        follow(page.get_by_role("button", name="Next"))
    else:
        page.goto(door["link"])
    day, month = door["birthday"].split("/")
    page.get_by_label("Day").fill(day)
    page.get_by_label("Month").fill(month)
    follow(page.get_by_role("button", name="Next"))


def choose_pictures(page: Page, *names: str) -> None:
    """Choose a secret the first time."""
    expect(page.get_by_role("heading", name="Choose three pictures")).to_be_visible()
    pick_pictures(page, *names)
    follow(page.get_by_role("button", name="Keep these"))


def pick_pictures(page: Page, *names: str) -> None:
    """Three pictures in their order, each in its own group."""
    for turn, name in zip(("First", "Second", "Third"), names, strict=True):
        group = page.get_by_role("group", name=f"{turn} picture", exact=True)
        group.get_by_label(name, exact=True).check()


def open_form(page: Page) -> None:
    """From the first page into the form before the meeting, on one's own."""
    follow(page.get_by_role("link", name="Say what I think").first)
    page.get_by_label("on my own").check()
    follow(page.get_by_role("button", name="Go on"))


def choose_topics(page: Page, *titles: str) -> None:
    """Pick topics by their titles."""
    for title in titles:
        page.get_by_label(title).check()
    follow(page.get_by_role("button", name="Go on"))


def write(page: Page, words: str) -> None:
    """Write into the box on the page and go on."""
    page.locator("main textarea").fill(words)
    follow(page.get_by_role("button", name="Next"))


def sign_in(page: Page, staff: dict[str, Any]) -> None:
    """A colleague signs in."""
    page.goto("/staff/sign-in")
    page.get_by_label("Email address").fill(staff["email"])
    page.get_by_label("Password").fill(staff["password"])
    follow(page.get_by_role("button", name="Sign in"))
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()


def come_in_known(page: Page, door: dict[str, Any]) -> None:
    """A young person whose secret is four digits comes in by link and opens their past."""
    come_in(page, door, by_code=False)
    page.get_by_label("Type your four numbers").fill(door["secret"])
    follow(page.get_by_role("button", name="Open"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("Hello")


def come_in_by_link(page: Page, door: dict[str, Any]) -> None:
    """An adult opens their link."""
    page.goto(door["link"])
    follow(page.get_by_role("button", name="Open"))
    expect(page.get_by_role("heading", name="Your forms")).to_be_visible()


def make_opening_link(page: Page, person_id: int) -> str:
    """A worker or IRO who is signed in makes a way in that needs no memory; its address."""
    page.goto(f"/staff/people/{person_id}/door")
    follow(page.get_by_role("button", name="Make an opening link"))
    expect(page.get_by_role("heading", name="Opening link for")).to_be_visible()
    return page.locator("p.heard-key").last.inner_text().strip()


def come_in_by_opening_link(page: Page, link: str) -> None:
    """A young person opens it, and leaves their secret as it is."""
    page.goto(link)
    follow(page.get_by_role("button", name="Open"))
    follow(page.get_by_role("link", name="Not now"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("Hello")


def leave_heard(page: Page) -> None:
    """Leave, and wait until the page that it leads to stands in place of Heard's."""
    page.get_by_role("link", name="Leave").click()
    page.wait_for_url("**/healthz")


def answer_page(page: Page, words: str) -> int:
    """Answer everything that stands on a page of questions; how many there were."""
    page.wait_for_load_state()
    count = 0
    for group in page.locator("main fieldset").all():
        boxes = group.locator(":scope > .picks [type=radio], :scope > .govuk-radios [type=radio]")
        if boxes.count():
            boxes.first.check()
            count += 1
    for box in page.locator("main textarea").all():
        box.fill(words)
        count += 1
    return count


def write_day(page: Page | Locator, day: str, month: str, year: str) -> None:
    """A day into the three boxes of the one date on the page."""
    for label, value in (("Day", day), ("Month", month), ("Year", year)):
        page.get_by_label(label, exact=True).fill(value)


def begin_adult_form(page: Page) -> None:
    """From an adult's list into the first form that is not sent yet."""
    follow(page.get_by_role("link", name=re.compile("^(Start|Go on)$")).first)
    follow(page.get_by_role("button", name=re.compile("^(Start|Go on)$")))


def enter_form(page: Page, topic: str) -> None:
    """A young person, on their own, to the first question of one topic, begun before or not."""
    page.goto("/me/home")
    follow(page.locator("main a.primary").first)
    if stands(page.get_by_label("on my own")):
        page.get_by_label("on my own").check()
        follow(page.get_by_role("button", name="Go on"))
    choose_topics(page, topic)


def come_in_with_open_form(
    page: Page,
    doors: dict[str, Any],
    kind: str,
    fits: Callable[[dict[str, Any]], object] = lambda door: True,
) -> dict[str, Any]:
    """The first of a kind who fits and has a form that is not sent yet comes in; their way in."""
    for door in (one for one in doors["contributors"] if one["kind"] == kind and fits(one)):
        come_in_by_link(page, door)
        if stands(page.get_by_role("link", name=re.compile("^(Start|Go on)$"))):
            return dict(door)
        page.context.clear_cookies()
    raise AssertionError(f"every {kind} that fits has sent every form")


def skip_to_words(page: Page) -> None:
    """Past every question that is only tapped, to the next that has a box for words."""
    while not stands(page.locator("main textarea")):
        follow(page.get_by_role("link", name="Skip", exact=True))
