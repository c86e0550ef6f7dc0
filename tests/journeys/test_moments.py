"""A care leaver keeps in touch by one tap; an adult tells how a child without words shows it."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys import records
from tests.journeys.demos import DESK, PHONE, Demo, open_context
from tests.journeys.ways import come_in_known, follow, sign_in

NUMBER = "07700 900188"
SEEN = "She claps when her brother's voice is on the phone. 🦓"


def come_home(page: Page, demo: Demo) -> dict[str, str]:
    """The care leaver with a secret comes in, to the first page."""
    door = next(
        one for one in demo.doors["contributors"] if one["kind"] == "care_leaver" and one["secret"]
    )
    come_in_known(page, door)
    return dict(door)


@pytest.mark.parametrize("has_scripts", [True, False])
def test_a_care_leaver_keeps_in_touch_by_one_tap(
    has_scripts: bool, browser: Browser, demo: Demo
) -> None:
    context = open_context(browser, demo, viewport=PHONE, java_script_enabled=has_scripts)
    page = context.new_page()
    who = records.who_is(demo, come_home(page, demo))
    taps = "select tap from touch where contributor_id = ? order by id"
    asks = "select count(*) from ask where contributor_id = ? and kind = 'ring_me'"
    before = records.rows_of(demo, taps, who.contributor_id)
    ((asked_before,),) = records.rows_of(demo, asks, who.contributor_id)
    follow(page.get_by_role("button", name="Ring me"))
    expect(page.locator("main")).to_contain_text("Sent to")
    expect(page.locator("main")).to_contain_text("rings by")
    follow(page.get_by_role("link", name="Done"))
    follow(page.get_by_role("button", name="I have a new number"))
    page.get_by_label("What is your new number?").fill(NUMBER)
    follow(page.get_by_role("button", name="Send it now"))
    expect(page.locator("main")).to_contain_text("Sent to")
    assert NUMBER not in page.content()
    after = records.rows_of(demo, taps, who.contributor_id)[len(before) :]
    # A second run within minutes is the same call, and no second ask.
    assert after in ([("ring_me",), ("new_number",)], [("new_number",)])
    asked = asked_before + after.count(("ring_me",))
    assert NUMBER in list(records.answers_of(demo, who.contributor_id))
    assert records.rows_of(demo, asks, who.contributor_id) == [(asked,)]
    context.close()
    context = open_context(browser, demo, viewport=DESK)
    page = context.new_page()
    sign_in(page, records.account_of(demo, who.extract["personal_adviser"]))
    page.goto("/staff/caseload")
    row = page.get_by_role("row").filter(has_text=who.extract["known_as"])
    expect(row.first).to_contain_text("New number")
    follow(row.first.get_by_role("link", name=re.compile("^Read")))
    expect(page.locator("main")).to_contain_text(NUMBER)
    context.close()


def observed(demo: Demo) -> tuple[int, int]:
    """A child whom an adult is asked to observe now and whose worker has not answered: the
    person's and the review's id."""
    found = records.rows_of(
        demo,
        "select n.person_id, n.review_id from consultation n"
        " where n.moment = 'observer' and n.closes_on >= date('now') and not exists ("
        " select 1 from response r join contributor c on c.id = r.contributor_id"
        " where r.consultation_id = n.id and c.kind = 'social_worker') order by n.id",
    )
    assert found, "nobody is observed in this demo"
    person_id, review_id = found[0]
    return person_id, review_id


def test_a_worker_tells_how_a_child_shows_it_and_the_iro_reads_it_as_an_adults_reading(
    browser: Browser, demo: Demo
) -> None:
    person_id, review_id = observed(demo)
    line = records.line_of(demo, person_id)
    context = open_context(browser, demo, viewport=DESK)
    page = context.new_page()
    sign_in(page, records.account_of(demo, line["worker_email"]))
    page.goto("/staff/caseload")
    row = page.get_by_role("row").filter(has_text=line["known_as"])
    follow(row.get_by_role("link", name=re.compile("^How they show it")).first)
    expect(page.locator("main")).to_contain_text("never as the child's own words")
    page.locator("main textarea").first.fill(SEEN)
    page.locator("main").get_by_role("checkbox").first.check()
    follow(page.get_by_role("button", name="Send"))
    expect(page.locator("main")).to_contain_text("You sent this on")
    context.close()
    context = open_context(browser, demo, viewport=DESK)
    page = context.new_page()
    sign_in(page, records.account_of(demo, line["iro_email"]))
    page.goto(f"/staff/reviews/{review_id}")
    section = page.locator("section").filter(has_text=SEEN)
    expect(section).to_contain_text("An adult’s reading")
    assert page.locator("blockquote").filter(has_text=SEEN).count() == 0
    context.close()
