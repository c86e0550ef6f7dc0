"""A worker hands their own phone to a child: nothing of the worker's is reachable from it."""

from playwright.sync_api import Browser, Page, expect

from tests.journeys import records
from tests.journeys.demos import PHONE, Demo, open_context
from tests.journeys.ways import (
    choose_topics,
    follow,
    leave_heard,
    open_form,
    sign_in,
    write,
)

STAFF_COOKIE, OWN_COOKIE = "heard_staff", "heard_me"


def cookies_of(page: Page) -> set[str]:
    """The names of the cookies that this browser holds."""
    return {one["name"] for one in page.context.cookies()}


def hand_over(page: Page, person_id: int) -> None:
    """From the worker's page about a child into the child's own first page."""
    page.goto(f"/staff/people/{person_id}/door")
    follow(page.get_by_role("button", name="Sign me out and hand it over"))
    assert STAFF_COOKIE not in cookies_of(page)
    follow(page.get_by_role("button", name="Open"))
    follow(page.get_by_role("link", name="Not now"))


def test_the_worker_is_signed_out_and_the_back_button_shows_nothing_of_theirs(
    browser: Browser, demo: Demo
) -> None:
    context = open_context(browser, demo, viewport=PHONE, has_touch=True, is_mobile=True)
    page = context.new_page()
    child = records.children_with_open_review(demo, ages=range(8, 18))[1]
    worker = records.account_of(demo, child.extract["worker_email"])
    sign_in(page, worker)
    page.goto("/staff/caseload")
    expect(page.get_by_role("heading", name="My caseload")).to_be_visible()
    hand_over(page, child.person_id)
    expect(page.get_by_role("heading", level=1)).to_contain_text(child.extract["known_as"])
    expect(page.locator("main")).to_contain_text(worker["name"])
    for _ in range(6):
        page.go_back()
        main = page.locator("body").inner_text()
        assert "My caseload" not in main
        assert "Codes and links around" not in main
        assert page.get_by_role("button", name="Sign out").count() == 0
    for address in ("/staff/", "/staff/caseload", f"/staff/people/{child.person_id}/door"):
        page.goto(address)
        expect(page.get_by_label("Password")).to_be_visible()
        expect(page.get_by_label("Email address")).to_have_value("")
    tell_and_leave(page)
    sign_in(page, worker)
    assert OWN_COOKIE not in cookies_of(page)
    context.close()


def test_a_tab_left_open_and_a_cookie_put_back_show_nothing_of_the_workers(
    browser: Browser, demo: Demo
) -> None:
    context = open_context(browser, demo, viewport=PHONE, has_touch=True, is_mobile=True)
    page, left_open = context.new_page(), context.new_page()
    child = records.children_with_open_review(demo, ages=range(8, 18))[1]
    sign_in(page, records.account_of(demo, child.extract["worker_email"]))
    left_open.goto("/staff/caseload")
    expect(left_open.get_by_role("heading", name="My caseload")).to_be_visible()
    left_open.wait_for_load_state("networkidle")  # its script awaits another before it listens
    kept = [one for one in context.cookies() if one["name"] == STAFF_COOKIE]
    hand_over(page, child.person_id)
    left_open.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(left_open.get_by_label("Password")).to_be_visible()
    assert "My caseload" not in left_open.content()
    left_open.go_back()
    assert "My caseload" not in left_open.locator("body").inner_text()
    # Even somebody who wrote the cookie down before opens nothing with it.
    context.add_cookies(kept)
    left_open.goto("/staff/caseload")
    expect(left_open.get_by_label("Password")).to_be_visible()
    assert (
        page.evaluate("Object.keys(localStorage).length + Object.keys(sessionStorage).length") == 0
    )
    context.close()


def tell_and_leave(page: Page) -> None:
    """The child says who is beside them as always, sends one topic, and leaves."""
    page.goto("/me/home")
    open_form(page)
    choose_topics(page)
    write(page, "From my worker’s phone")
    leave_heard(page)
    assert OWN_COOKIE not in cookies_of(page)
    page.goto("/me/home")
    expect(page.get_by_label("Type your code")).to_be_visible()
    expect(page.locator("body")).not_to_contain_text("From my worker’s phone")
