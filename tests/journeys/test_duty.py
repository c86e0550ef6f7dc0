"""“This is not safe”: a child presses it, duty acts on it, and nobody learns who must not."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.journeys import records
from tests.journeys.demos import DESK, PHONE, Demo, open_context
from tests.journeys.ways import come_in_known, enter_form, follow, sign_in, skip_to_words

NUMBER = "07700 900123, after school"
ACTION = "Rang at four; a colleague meets the child at school tomorrow."
HIDDEN = "quartz heron: please do not tell my worker this"


OpenStaffPage = Callable[[dict[str, Any]], Page]


def say_not_safe(page: Page) -> int:
    """Press the button, say how to be reached; the concern's id."""
    follow(page.get_by_role("button", name="This is not safe"))
    expect(page.get_by_text("It is sent. You need not do more.")).to_be_visible()
    number = int(page.url.rsplit("/", 1)[1])
    page.get_by_label("Text me").check()
    page.get_by_label("A number, a time or a place").fill(NUMBER)
    follow(page.get_by_role("button", name="Send this too"))
    expect(page.get_by_role("heading", name="Who reads it next")).to_be_visible()
    return number


@pytest.fixture
def staff_page(browser: Browser, demo: Demo) -> Iterator[OpenStaffPage]:
    """Opens pages of colleagues, each in a browser of their own."""
    contexts: list[BrowserContext] = []

    def open_page(account: dict[str, Any]) -> Page:
        contexts.append(open_context(browser, demo, viewport=DESK))
        page = contexts[-1].new_page()
        sign_in(page, account)
        return page

    yield open_page
    for context in contexts:
        context.close()


def test_duty_sees_it_at_once_and_the_iro_until_it_is_closed(
    plain_phone: Page,
    staff_page: OpenStaffPage,
    demo: Demo,
) -> None:
    door = demo.contributor("child", 2)
    child = records.who_is(demo, door)
    name = child.extract["known_as"]
    come_in_known(plain_phone, door)
    number = say_not_safe(plain_phone)

    duty = staff_page(demo.staff("duty_reader"))
    duty.goto("/staff/duty")
    line = duty.get_by_role("row").filter(has=duty.locator(f"a[href='/staff/concerns/{number}']"))
    expect(line).to_contain_text(name)
    expect(line).to_contain_text("Said “this is not safe”")
    expect(line).to_contain_text("Text only")
    expect(line.get_by_role("cell").nth(2)).to_contain_text(re.compile(r"by \d+ \w+ \d{4}, \d\d:"))

    iro = staff_page(records.account_of(demo, child.extract["iro_email"]))
    review = f"/staff/reviews/{records.open_review_of(demo, child.person_id)}"
    iro.goto(review)
    safety = iro.get_by_role("region", name="Safety")
    open_before = safety.get_by_text("Open concern", exact=True).count()
    assert open_before >= 1
    expect(safety).to_contain_text("not yet seen by duty")

    worker = staff_page(records.account_of(demo, child.extract["worker_email"]))
    worker.goto(f"/staff/concerns/{number}")
    assert NUMBER not in worker.content()
    assert "not safe" not in worker.content()

    follow(line.get_by_role("link", name=name))
    expect(duty.locator("blockquote")).to_have_text(NUMBER)
    follow(duty.get_by_role("button", name="Close"))
    expect(duty.get_by_role("alert")).to_be_visible()  # not before something was done
    follow(duty.get_by_role("button", name="I have it"))
    duty.get_by_label("Record what was done").fill(ACTION)
    follow(duty.get_by_role("button", name="Record", exact=True))
    expect(duty.locator("main")).to_contain_text(ACTION)
    duty.get_by_label("Talked with the child").check()
    follow(duty.get_by_role("button", name="Close"))
    duty.goto("/staff/duty")
    expect(duty.locator(f"a[href='/staff/concerns/{number}']")).to_have_count(0)
    iro.goto(review)
    assert (
        iro.get_by_role("region", name="Safety").get_by_text("Open concern", exact=True).count()
        < open_before
    )


def test_a_worker_does_not_see_what_was_hidden_from_them(
    browser: Browser,
    staff_page: OpenStaffPage,
    demo: Demo,
) -> None:
    door = demo.contributor("child", 2)
    child = records.who_is(demo, door)
    context = open_context(browser, demo, viewport=PHONE, java_script_enabled=False)
    page = context.new_page()
    come_in_known(page, door)
    enter_form(page, "Where I live")
    skip_to_words(page)
    topic = re.search(r"/me/forms/\d+/(\d+)/", page.url)
    assert topic
    page.locator("main textarea").fill(HIDDEN)
    page.locator("details.reach summary").click()
    page.get_by_label("Don’t show this to…").check()
    page.get_by_role("checkbox", name=child.extract["worker"]).check()
    follow(page.get_by_role("button", name="Next"))
    expect(page.get_by_text("Kept. You can stop any time.")).to_be_visible()
    page.goto(re.sub(r"/\d+(\?.*)?$", "/end", page.url))
    follow(page.get_by_role("button", name=re.compile("^Send to .* now$")))
    context.close()

    iro = staff_page(records.account_of(demo, child.extract["iro_email"]))
    iro.goto(f"/staff/reading/{topic.group(1)}")
    expect(iro.locator("main")).to_contain_text(HIDDEN)
    expect(iro.locator("main")).to_contain_text(f"Not to be shown to {child.extract['worker']}")

    worker = staff_page(records.account_of(demo, child.extract["worker_email"]))
    for address in (f"reading/{topic.group(1)}", "reading", "caseload", "asks"):
        worker.goto(f"/staff/{address}")
        assert HIDDEN not in worker.content()
        assert "quartz" not in worker.content()
