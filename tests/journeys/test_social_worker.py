"""A social worker's day: the caseload, eight taps, and a way in for a child who forgot."""

import re
from datetime import timedelta

from playwright.sync_api import Browser, Page, expect

from backend.core import clock
from tests.journeys import records
from tests.journeys.demos import DESK, PHONE, Demo, open_context
from tests.journeys.ways import answer_page, follow, make_opening_link, sign_in, stands, write_day


def open_unsent_taps(page: Page) -> int:
    """The first child on the caseload whose taps are not sent; the child's id."""
    page.goto("/staff/caseload")
    links = page.get_by_role("link", name=re.compile("^Eight taps"))
    addresses = [link.get_attribute("href") or "" for link in links.all()]
    for address in addresses:
        page.goto(address)
        if stands(page.get_by_role("button", name="Send")):
            return int(address.rsplit("/", 1)[1])
    raise AssertionError(f"every one of {len(addresses)} taps was sent")


def test_eight_taps_and_the_day_last_seen_alone_reach_the_iro(browser: Browser, demo: Demo) -> None:
    context = open_context(browser, demo, viewport=DESK)
    page = context.new_page()
    sign_in(page, demo.staff("social_worker", 3))
    expect(page.get_by_role("heading", name="My caseload")).to_be_visible()
    person_id = open_unsent_taps(page)
    address = page.url
    day = clock.today() - timedelta(days=1)
    assert answer_page(page, "Quiet, but at ease.") >= 9
    write_day(page, str(day.day), str(day.month), str(day.year))
    follow(page.get_by_role("button", name="Keep for later"))
    expect(page.get_by_text("Kept. Nobody reads it until you send it.")).to_be_visible()
    page.goto(address)
    expect(page.get_by_label("Year", exact=True)).to_have_value(str(day.year))
    follow(page.get_by_role("button", name="Send"))
    expect(page.locator("main")).to_contain_text("You sent this on")
    page.goto("/staff/caseload")
    line = page.get_by_role("row").filter(has=page.locator(f"a[href$='/taps/{person_id}']"))
    expect(line.get_by_role("cell").nth(3)).to_contain_text("Sent")
    context.close()
    context = open_context(browser, demo, viewport=DESK)
    page = context.new_page()
    sign_in(page, records.account_of(demo, records.line_of(demo, person_id)["iro_email"]))
    page.goto(f"/staff/reviews/{records.open_review_of(demo, person_id)}")
    sides = page.locator("main").inner_text()
    assert f"alone, on {day.day} {day:%b %Y}" in sides
    assert "Fully" in sides
    context.close()


def test_an_opening_link_survives_a_robot_and_opens_once(browser: Browser, demo: Demo) -> None:
    context = open_context(browser, demo, viewport=DESK)
    page = context.new_page()
    child = records.who_is(demo, demo.contributor("child", 2))
    sign_in(page, records.account_of(demo, child.extract["worker_email"]))
    page.goto("/staff/caseload")
    follow(page.locator(f"a[href='/staff/people/{child.person_id}/door']"))
    expect(page.get_by_role("heading", level=1)).to_contain_text(child.extract["known_as"])
    link = make_opening_link(page, child.person_id)
    context.close()
    robot = open_context(browser, demo)
    for _ in range(2):
        assert robot.request.get(link).status == 200
        assert robot.request.head(link).status in (200, 405)
    robot.close()
    for is_first in (True, False):
        context = open_context(browser, demo, viewport=PHONE)
        page = context.new_page()
        page.goto(link)
        if is_first:
            follow(page.get_by_role("button", name="Open"))
            expect(page.get_by_role("heading", name="Choose three pictures")).to_be_visible()
            follow(page.get_by_role("link", name="Not now"))
            expect(page.get_by_role("heading", level=1)).to_contain_text(child.extract["known_as"])
        else:
            expect(page.get_by_role("heading", name="This link is used up")).to_be_visible()
            expect(page.locator("main")).to_contain_text("It works once, and for ten minutes.")
        context.close()
