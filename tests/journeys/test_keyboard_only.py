"""From the code on a letter to sent by Tab, Space, Enter and arrows alone, seeing where one is."""

from playwright.sync_api import expect

from tests.journeys.families import Desk, Phone, move_in
from tests.journeys.keyboards import Keyboard
from tests.offline.served import Served

WORDS = "zqkeys: I want a lock on my door"


def come_in(keys: Keyboard, door: dict[str, str]) -> None:
    """Past the code, the birthday and a new secret; every page on the way is walked."""
    page = keys.page
    page.goto("/me/")
    keys.walk("code")
    keys.submit("main button.primary")
    # The summary of what went wrong has the focus, and leads to the box.
    expect(page.locator(".errors")).to_be_focused()
    keys.choose(".errors a", "Enter")
    expect(page.locator("#code")).to_be_focused()
    keys.type("#code", door["code"])
    with page.expect_navigation():
        keys.press("Enter")
    keys.walk("birthday")
    day, month = door["birthday"].split("/")
    keys.type("[name=birthday_day]", day)
    keys.type("[name=birthday_month]", month)
    keys.submit()
    keys.walk("a new secret")
    for turn, arrows in ((1, 1), (2, 3), (3, 5)):
        keys.choose(f"[name=secret_{turn}]", "Space", *["ArrowRight"] * arrows)
    keys.submit()


def begin(keys: Keyboard) -> None:
    """From the first page to the first question, with one mistake on the way."""
    page = keys.page
    keys.walk("home")
    keys.press("Tab")
    page.reload()
    keys.press("Tab")
    expect(page.locator("a.skip")).to_be_focused()
    expect(page.locator("a.skip")).to_be_in_viewport(ratio=1)
    keys.press("Enter")
    expect(page.locator("#main")).to_be_focused()  # the skip link leads to the main part
    keys.press("Tab")
    expect(page.locator("main :focus")).to_have_count(1)
    keys.submit()
    keys.walk("who is with you")
    keys.submit("main button.primary")
    expect(page.locator(".errors")).to_be_focused()
    keys.choose(".errors a", "Enter")
    expect(page.get_by_label("on my own")).to_be_focused()
    keys.press("Space")
    expect(page.get_by_label("on my own")).to_be_checked()
    keys.submit()
    keys.walk("topics")
    keys.choose("[name=topics][value=home]", "Space")
    keys.submit()


def answer(keys: Keyboard) -> None:
    """Words with how far they go, a face by arrows, and the rest skipped by its link."""
    page = keys.page
    keys.walk("a box for words")
    keys.type("main textarea", WORDS)
    keys.choose("details.reach summary", "Enter")
    keys.choose("main [type=radio][name$=-reach]", "ArrowDown")
    expect(page.locator("main [value=only_iro]")).to_be_checked()
    keys.submit("main button.primary")
    keys.submit("main a.secondary")
    expect(page.get_by_text("Nobody reads this until you send it.")).to_be_visible()
    keys.walk("the end of a topic")
    keys.submit("main button[value=send]")
    keys.walk("faces")
    keys.choose("main .faces input", "ArrowRight", "ArrowRight", "ArrowRight")
    keys.submit("main button.primary")
    for _ in range(3):
        keys.submit("main a.secondary")
    keys.submit("main button[value=send]")
    keys.walk("what may be said")
    keys.choose("main [name=said]", "Space")
    keys.submit("main button.primary")


def test_a_keyboard_alone_goes_from_the_code_to_sent_and_always_shows_where_it_is(
    served: Served, new_phone: Phone, new_desk: Desk
) -> None:
    family = move_in(served, 14)
    keys = Keyboard(new_phone(family))
    come_in(keys, family.door)
    begin(keys)
    answer(keys)
    keys.page.goto(f"{family.round.address}/next")
    keys.walk("what happens next")
    assert len(keys.walked) == 11
    assert not keys.faults, "\n".join(keys.faults)
    iro = new_desk(family, "iro")
    iro.goto(family.review_page)
    words = iro.locator("figure").filter(has_text=WORDS)
    expect(words).to_contain_text("Only you")
    settled = iro.locator("tr").filter(has_text="Settled here")
    expect(settled).to_contain_text("may be said")
