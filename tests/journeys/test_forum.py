"""The forum: a post under 18 waits for a person, then is shown, voted for and answered."""

from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.journeys.demos import DESK, PHONE, Demo, open_context
from tests.journeys.ways import come_in_known, follow, sign_in

POST = "Can we have bikes at the summer meeting? 🚲 pelican"
REPLY = "Yes. Ten bikes are booked for July."
OF_LEAVERS = "Could the lunch be on a Saturday? gannet"


def open_members(
    browser: Browser, demo: Demo, *members: tuple[str, int]
) -> tuple[list[BrowserContext], list[Page]]:
    """Phones of young people who are in the forum."""
    contexts, pages = [], []
    for kind, place in members:
        contexts.append(open_context(browser, demo, viewport=PHONE))
        pages.append(contexts[-1].new_page())
        come_in_known(pages[-1], demo.contributor(kind, place))
        pages[-1].goto("/me/forum")
    return contexts, pages


def post(page: Page, words: str) -> None:
    page.get_by_role("radio", name="A question").check()
    page.get_by_label("Your words").fill(words)
    follow(page.get_by_role("button", name="Post it"))


def test_a_childs_question_goes_round_and_is_answered(browser: Browser, demo: Demo) -> None:
    contexts, (writer, other, leaver) = open_members(
        browser, demo, ("child", 0), ("child", 4), ("care_leaver", 0)
    )
    post(writer, POST)
    own = writer.locator("article").filter(has_text=POST)
    expect(own).to_contain_text("Only you can see this so far.")
    other.reload()
    assert POST not in other.content()

    contexts.append(open_context(browser, demo, viewport=DESK))
    officer = contexts[-1].new_page()
    sign_in(officer, demo.staff("participation_officer"))
    officer.goto("/staff/forum")
    waiting = officer.get_by_role("region").filter(has_text=POST)
    follow(waiting.get_by_role("button", name="Do not show it"))
    expect(officer.get_by_role("alert")).to_contain_text("Write why")
    follow(waiting.get_by_role("button", name="Show it", exact=True))

    other.reload()
    shown = other.locator("article").filter(has_text=POST)
    follow(shown.get_by_role("button", name="I want this too"))
    expect(other.locator("article").filter(has_text=POST)).to_contain_text("1 vote")

    contexts.append(open_context(browser, demo, viewport=DESK))
    manager = contexts[-1].new_page()
    sign_in(manager, demo.staff("manager"))
    manager.goto("/staff/forum")
    asked = manager.get_by_role("region").filter(has_text=POST)
    expect(asked).to_contain_text("1 vote")
    expect(asked).to_contain_text("Answer by")
    asked.get_by_label("Your answer").fill(REPLY)
    follow(asked.get_by_role("button", name="Answer"))

    for page in (writer, other):
        page.reload()
        expect(page.locator("article").filter(has_text=POST)).to_contain_text(REPLY)
    leaver.reload()
    assert POST not in leaver.content()
    assert REPLY not in leaver.content()
    for context in contexts:
        context.close()


def test_the_space_of_18_and_over_is_its_own(browser: Browser, demo: Demo) -> None:
    contexts, (writer, other, child) = open_members(
        browser, demo, ("care_leaver", 0), ("care_leaver", 2), ("child", 0)
    )
    expect(writer.locator("main")).to_contain_text("18 and over")
    post(writer, OF_LEAVERS)
    other.reload()
    expect(other.locator("article").filter(has_text=OF_LEAVERS)).to_be_visible()
    child.reload()
    assert OF_LEAVERS not in child.content()
    for context in contexts:
        context.close()
