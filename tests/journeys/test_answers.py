"""An ask goes to who can answer it, past the IRO, back to the child, who says what came of it."""

from playwright.sync_api import Browser, Page, expect

from tests.journeys import records
from tests.journeys.demos import DESK, PHONE, Demo, open_context
from tests.journeys.ways import come_in_known, follow, sign_in

ANSWER = "I come on Thursday at four, to your school. Lantern 🏮"
ADDED = "I have asked to hear that it happened."
HARD = "I will endeavour to arrange a conversation regarding your placement in due course."


def press(page: Page, name: str) -> int:
    """Ask by a button; the ask's id."""
    page.goto("/me/ask")
    follow(page.get_by_role("button", name=name))
    expect(page.get_by_role("heading", level=1)).to_contain_text("has it")
    return int(page.url.rsplit("/", 1)[1])


def see_the_clock(browser: Browser, demo: Demo, complaint: int) -> None:
    """The complaints manager meets it with its ten working days, and offers an advocate."""
    context = open_context(browser, demo, viewport=DESK)
    page = context.new_page()
    sign_in(page, demo.staff("complaints_manager"))
    page.goto("/staff/complaints")
    follow(page.locator(f"a[href='/staff/asks/{complaint}']"))
    expect(page.locator("main")).to_contain_text("Working day 0 of 10.")
    follow(page.get_by_role("button", name="Advocate offered today"))
    expect(page.get_by_role("button", name="Advocate offered today")).to_have_count(0)
    expect(page.locator("main")).to_contain_text("Advocate offered")
    context.close()


def test_a_child_hears_back_and_says_that_it_did_not_happen(browser: Browser, demo: Demo) -> None:
    door = demo.contributor("child", 0)
    child = records.who_is(demo, door)
    context = open_context(browser, demo, viewport=PHONE)
    phone = context.new_page()
    come_in_known(phone, door)
    advocate = press(phone, "I want an advocate")
    visit = press(phone, "I want to see my social worker")

    context_of_worker = open_context(browser, demo, viewport=PHONE)
    worker = context_of_worker.new_page()
    sign_in(worker, records.account_of(demo, child.extract["worker_email"]))
    worker.goto("/staff/asks")
    follow(worker.locator(f"a[href='/staff/asks/{visit}']"))
    follow(worker.get_by_role("button", name="Answer"))
    expect(worker.get_by_role("alert")).to_be_visible()
    follow(worker.get_by_role("button", name="I rang and spoke with them"))
    expect(worker.locator("main")).to_contain_text("First contact")
    worker.get_by_label("Your answer").fill(HARD)
    expect(worker.locator("#reads")).to_contain_text("A child of nine will find this hard")
    worker.get_by_label("Your answer").fill(ANSWER)
    expect(worker.locator("#reads")).to_contain_text("A child of nine can read it")
    worker.get_by_label("Yes", exact=True).check()
    follow(worker.get_by_role("button", name="Answer"))
    expect(worker.locator("main")).to_contain_text("The child cannot see it yet.")

    phone.goto("/me/last-time")
    expect(phone.locator("main")).to_contain_text("There is an answer. You see it here in a day or")
    assert ANSWER not in phone.content()

    context_of_iro = open_context(browser, demo, viewport=DESK)
    iro = context_of_iro.new_page()
    sign_in(iro, records.account_of(demo, child.extract["iro_email"]))
    iro.goto("/staff/asks")
    expect(iro.locator(f"a[href='/staff/asks/{advocate}']")).to_be_visible()
    follow(iro.locator(f"a[href='/staff/asks/{visit}']"))
    iro.get_by_label("Add a line for the child").fill(ADDED)
    follow(iro.get_by_role("button", name="Let the child see it"))

    phone.goto("/me/last-time")
    card = phone.locator(f"article[aria-labelledby='ask-{visit}']")
    expect(card).to_contain_text(ANSWER)
    expect(card).to_contain_text(ADDED)
    expect(card).to_contain_text(child.extract["worker"])
    follow(card.get_by_role("button", name="No", exact=True))
    card = phone.locator(f"article[aria-labelledby='ask-{visit}']")
    expect(card).to_contain_text("You said: no, it did not happen.")
    follow(card.get_by_role("button", name="Ask again"))
    expect(phone.get_by_role("heading", level=1)).to_contain_text("has it")
    phone.goto("/me/last-time")
    card = phone.locator(f"article[aria-labelledby='ask-{visit}']")
    expect(card).to_contain_text("You asked for this again.")
    follow(card.get_by_role("button", name="I want to complain"))
    expect(phone.get_by_role("button", name="I want an advocate").first).to_be_visible()
    complaint = int(phone.url.rsplit("/", 1)[1])
    see_the_clock(browser, demo, complaint)

    iro.goto(f"/staff/reviews/{records.open_review_of(demo, child.person_id)}")
    line = iro.get_by_role("listitem").filter(has=iro.locator(f"a[href='/staff/asks/{visit}']"))
    expect(line).to_contain_text(ANSWER)
    expect(line).to_contain_text("Promise broken")
    iro.goto("/staff/asks")
    table = iro.get_by_role("table", name="They say it did not happen")
    expect(table.locator(f"a[href='/staff/asks/{visit}']")).to_be_visible()
    for one in (context, context_of_worker, context_of_iro):
        one.close()


def test_answers_stay_closed_to_code_and_birthday_alone(browser: Browser, demo: Demo) -> None:
    door = demo.contributor("child", 0)
    context = open_context(browser, demo, viewport=PHONE)
    page = context.new_page()
    come_in_known(page, door)
    ask_id = press(page, "I want an advocate")
    context.close()
    context = open_context(browser, demo, viewport=PHONE)
    page = context.new_page()
    page.goto(door["link"])
    day, month = door["birthday"].split("/")
    page.get_by_label("Day").fill(day)
    page.get_by_label("Month").fill(month)
    follow(page.get_by_role("button", name="Next"))
    follow(page.get_by_role("button", name="Skip"))
    page.goto("/me/last-time")
    expect(page.get_by_role("link", name="Open it")).to_be_visible()
    expect(page.locator(f"#ask-{ask_id}")).to_have_count(0)
    page.goto(f"/me/ask/{ask_id}")
    assert "has it" not in page.locator("main").inner_text()
    assert "You said" not in page.locator("main").inner_text()
    context.close()
