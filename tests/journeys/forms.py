"""A young person's whole form on real pages: every screen answered, and what was said on each."""

import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import Page, expect

from tests.journeys.ways import follow, stands, write_day

# What is picked on a screen; not how far the answer travels.
PICKS = "main form .pick input:not(.reach *)"
MOST_SCREENS = 90
SCREEN, ROW = re.compile(r"/\d+/\d+/\d+"), re.compile(r"/me/forms/\d+/(\d+)/")
SEND = re.compile("^Send to .* now$")
PADS, BOXES, ROWS = "[data-pad]", "main form .box:not(.reach *)", "main form .dates"


@dataclass
class Told:
    """What a young person said, screen by screen: words, what was picked, and how it was asked."""

    words: list[str] = field(default_factory=list)
    picked: list[tuple[str, str]] = field(default_factory=list)
    kinds: set[str] = field(default_factory=set)
    topics: list[str] = field(default_factory=list)
    rows: list[int] = field(default_factory=list)
    pages: list[str] = field(default_factory=list)
    screens: int = 0
    notes: int = 0


def draw_a_line(page: Page) -> None:
    """One line over the sheet, by mouse."""
    page.locator("[data-pad]").scroll_into_view_if_needed()
    box = page.locator("[data-pad] svg").bounding_box()
    assert box
    page.mouse.move(box["x"] + 20, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, steps=4)
    page.mouse.up()


def answer_screen(page: Page, told: Told, *, tag: str) -> None:
    """Answer the one question of the screen, whatever its kind, and remember the very words."""
    question = page.locator("main h1").inner_text().strip()
    picks, boxes = page.locator(PICKS), page.locator(BOXES)
    words = f"{tag} {len(told.words) + 1}: “{question[:20]}” 🦓"
    if stands(page.locator(PADS)):
        told.kinds.add("drawing")
        if page.locator(PADS).is_visible():  # there is no sheet without scripts
            draw_a_line(page)
        boxes.fill(words)
        told.words.append(words)
    elif stands(page.locator(ROWS)):
        told.kinds.add("date")
        write_day(page.locator(ROWS), "24", "12", "2026")
    elif stands(picks):
        is_many = picks.first.get_attribute("type") == "checkbox"
        kind = "scale" if page.locator("main .scale").count() else "several" if is_many else "one"
        told.kinds.add("faces" if page.locator("main .faces").count() else kind)
        picks.nth(1).check()
        label = page.locator(f"label[for='{picks.nth(1).get_attribute('id')}']")
        told.picked.append((question, label.inner_text().strip()))
    else:
        told.kinds.add("words")
        boxes.fill(words)
        told.words.append(words)


def say_all(page: Page, *topics: str, tag: str) -> Told:
    """From the topics to "what happens next": these topics (none named: all) and those that are
    always asked, screen by screen, each topic sent."""
    told = Told()
    page.wait_for_load_state()
    for box in page.locator("main [name=topics]").all():
        if not topics or box.get_attribute("value") in topics:
            box.check()
    if not SCREEN.search(page.url):  # a form without topics to choose from begins at once
        follow(page.get_by_role("button", name="Go on"))
    for _ in range(MOST_SCREENS):
        path = urlsplit(page.url).path
        told.pages.append(page.locator("body").inner_text())
        if path.endswith("/next"):
            return told
        if path.endswith("/meeting"):
            follow(page.get_by_role("button", name="Go on"))
        elif path.endswith("/end"):
            told.rows += [int(row) for row in ROW.findall(page.url)]
            told.topics.append(page.locator("main .by").first.inner_text())
            expect(page.locator("main")).to_contain_text("Nobody reads this until you send it.")
            follow(page.get_by_role("button", name=SEND))
        else:
            expect(page.locator("h1")).to_have_count(1)
            told.screens += 1
            told.notes += page.get_by_text("For your helper:").count()
            answer_screen(page, told, tag=tag)
            follow(page.get_by_role("button", name="Next", exact=True))
    raise AssertionError(f"the form has no end: {page.url}")
