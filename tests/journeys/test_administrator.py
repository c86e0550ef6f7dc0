"""The administrator: people and their sign-in, deputies and the audit; never a child's words."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import count

import pytest
from playwright.sync_api import Browser, Page, expect

from backend.accounts import totp
from backend.core import clock
from tests.journeys import records
from tests.journeys.demos import DESK, PHONE, Demo, open_context
from tests.journeys.ways import come_in, follow, sign_in, write_day

NEW_PASSWORD = "three quiet lanterns"
_numbers = count(1)


@pytest.fixture
def administrator(browser: Browser, demo: Demo) -> Iterator[Page]:
    """The administrator, signed in, at the accounts."""
    context = open_context(browser, demo, viewport=DESK)
    page = context.new_page()
    sign_in(page, demo.staff("administrator"))
    page.goto("/staff/accounts")
    yield page
    context.close()


def create_account(page: Page) -> dict[str, str]:
    """An account with its first password, as the page shows it once."""
    number = next(_numbers)
    account = {"name": f"Wren Ashdown {number}", "email": f"wren.ashdown{number}@demo.example"}
    page.get_by_label("Name", exact=True).fill(account["name"])
    page.get_by_label("Email address").fill(account["email"])
    page.get_by_label("Participation officer").check()
    follow(page.get_by_role("button", name="Add account"))
    account["password"] = page.get_by_role("alert").locator(".heard-key").inner_text()
    page.goto("/staff/accounts")
    expect(page.locator("main")).not_to_contain_text(account["password"])
    return account


def try_password(page: Page, account: dict[str, str]) -> None:
    page.goto("/staff/sign-in")
    page.get_by_label("Email address").fill(account["email"])
    page.get_by_label("Password").fill(account["password"])
    follow(page.get_by_role("button", name="Sign in"))
    expect(page.get_by_role("heading", name="Enter your code")).to_be_visible()


def confirm_account(browser: Browser, demo: Demo, account: dict[str, str]) -> str:
    """A manager says yes to the account; the code that its owner gets from them."""
    context = open_context(browser, demo, viewport=DESK)
    page = context.new_page()
    sign_in(page, demo.staff("manager"))
    page.goto("/staff/confirmations")
    follow(page.get_by_role("button", name=f"Yes, it is theirs ({account['name']})"))
    code = page.get_by_role("alert").locator(".heard-key").inner_text()
    context.close()
    return code


def first_sign_in(page: Page, account: dict[str, str], given_code: str) -> None:
    """Password, authenticator set up from the key on the page, and the second person's code."""
    try_password(page, account)
    secret = page.locator(".heard-key").inner_text().strip()
    page.goto("/staff/forum")
    assert "/staff/forum" not in page.url  # half a sign-in opens nothing
    page.goto("/staff/code")
    page.get_by_label("Six digits").fill("000000")
    follow(page.get_by_role("button", name="Continue"))
    expect(page.get_by_role("alert")).to_contain_text("That code did not work.")
    step = int(clock.now().timestamp()) // totp.STEP_SECONDS
    page.get_by_label("Six digits").fill(totp.code_at(secret, step))
    page.get_by_label("The code from the person").fill(given_code)
    follow(page.get_by_role("button", name="Continue"))
    expect(page.get_by_role("heading", name="Your account")).to_be_visible()


def choose_password(page: Page) -> None:
    page.get_by_label("New password").fill("short")
    follow(page.get_by_role("button", name="Change password"))
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_label("New password").fill(NEW_PASSWORD)
    follow(page.get_by_role("button", name="Change password"))
    expect(page.locator("main")).to_contain_text("Your new password is in use.")


def test_a_newcomer_signs_in_and_a_disabled_one_is_out_at_once(
    administrator: Page, browser: Browser, demo: Demo
) -> None:
    account = create_account(administrator)
    context = open_context(browser, demo, viewport=DESK)
    page = context.new_page()
    try_password(page, account)
    expect(page.locator("main")).to_contain_text("waits until a second person has confirmed")
    expect(page.locator(".heard-key")).to_have_count(0)
    first_sign_in(page, account, confirm_account(browser, demo, account))
    choose_password(page)
    page.goto("/staff/forum")
    expect(page.get_by_role("heading", name="Forum", exact=True)).to_be_visible()

    line = administrator.get_by_role("row").filter(has_text=account["email"])
    follow(line.get_by_role("button", name="Disable"))
    line = administrator.get_by_role("row").filter(has_text=account["email"])
    expect(line).to_contain_text("Disabled")
    page.goto("/staff/forum")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    page.get_by_label("Email address").fill(account["email"])
    page.get_by_label("Password").fill(NEW_PASSWORD)
    follow(page.get_by_role("button", name="Sign in"))
    expect(page.get_by_role("alert")).to_be_visible()
    context.close()

    administrator.goto("/staff/audit")
    trail = administrator.get_by_role("table").inner_text()
    for event in ("staff.created", "staff.changed", "disabled"):
        assert event in trail


def test_a_deputy_is_set_listed_and_audited(administrator: Page, demo: Demo) -> None:
    away, stand_in = demo.staff("iro", 2)["name"], demo.staff("iro", 3)["name"]
    first = clock.today() + timedelta(days=30)
    last = first + timedelta(days=7)
    administrator.get_by_label("Who is away").select_option(label=f"{away} (iro)")
    administrator.get_by_label("Who stands in").select_option(label=f"{stand_in} (iro)")
    for legend, day in (("First day away", first), ("Last day away", last)):
        group = administrator.get_by_role("group", name=legend)
        write_day(group, str(day.day), str(day.month), str(day.year))
    follow(administrator.get_by_role("button", name="Set deputy"))
    expect(administrator.locator("main")).to_contain_text(f"{stand_in} stands in for {away}")
    administrator.goto("/staff/audit")
    expect(administrator.get_by_role("table")).to_contain_text("deputy")


def words_of_children(demo: Demo) -> set[str]:
    """What young people wrote: answers, asks, posts and how to reach them, as they wrote it."""
    keys = records.keys_of(demo)
    tokens = [
        row[0]
        for statement in (
            "select a.value from answer a",
            "select words from ask where words is not null",
            "select words from post",
            "select how_to_reach from concern where how_to_reach is not null",
        )
        for row in records.rows_of(demo, statement)
    ]
    texts = {keys.decrypt(token).strip('"') for token in tokens}
    return {text for text in texts if len(text) > 20 and " " in text}


def test_no_page_of_the_administrator_holds_words_of_a_child(
    administrator: Page, demo: Demo
) -> None:
    words = words_of_children(demo)
    assert len(words) > 200
    for name in ("accounts", "imports", "audit", "account"):
        administrator.goto(f"/staff/{name}")
        page = administrator.content()
        assert not [text for text in words if text in page], name
    for name in ("forum", "asks", "reading", "duty", "reviews", "caseload", "reports", "outbox"):
        administrator.goto(f"/staff/{name}")
        expect(administrator.locator("main")).to_contain_text("not found", ignore_case=True)


def test_a_lost_code_that_the_worker_switched_off_says_what_to_do(
    browser: Browser, demo: Demo
) -> None:
    door = demo.contributor("care_leaver", 3)
    leaver = records.who_is(demo, door)
    context = open_context(browser, demo, viewport=DESK)
    page = context.new_page()
    sign_in(page, records.account_of(demo, leaver.extract["personal_adviser"]))
    page.goto(f"/staff/people/{leaver.person_id}/door")
    line = page.get_by_role("row").filter(has_text=door["code"])
    follow(line.get_by_role("link", name="Switch off"))
    follow(page.get_by_role("button", name="Switch off and make a new one"))
    expect(page.locator("main")).not_to_contain_text(door["code"])
    context.close()
    context = open_context(browser, demo, viewport=PHONE)
    page = context.new_page()
    page.goto(door["link"])
    expect(page.get_by_role("heading", name="This link was switched off")).to_be_visible()
    expect(page.locator("main")).to_contain_text("What you wrote is still here.")
    come_in(page, door)
    expect(page.get_by_role("heading", name="switched off")).to_be_visible()
    expect(page.locator("main")).to_contain_text("Ask your worker for a new link or code.")
    context.close()
