"""A personal adviser's day: their care leavers, and a pathway plan from silence to its letter.

Nothing on the way speaks of an IRO, a child or a participation code.
"""

import re
from dataclasses import dataclass, field

from playwright.sync_api import Browser, Page, expect

from tests.journeys import records
from tests.journeys.demos import DESK, PHONE, Demo, open_context
from tests.journeys.looks import Look
from tests.journeys.ways import (
    choose_topics,
    come_in_known,
    follow,
    open_form,
    sign_in,
    stands,
    write,
)

WORDS = "A lock on my own door. Clover 🍀"
ANSWER = "Yes. A man comes on Monday at ten and fits it."
OPENING = "You said that you want a lock. Here is what came of it."
NOT_THEIRS = re.compile(
    r"\bIROs?\b|\bchild(?:ren)?\b|reviewing officer|participation code|cafcass", re.I
)
STAFF_TARGET = 0  # axe holds staff pages to WCAG's 24 px


@dataclass
class Desk:
    """An adviser's desk, with all that its pages said."""

    page: Page
    look: Look
    said: dict[str, str] = field(default_factory=dict)

    def see(self, name: str, *, is_looked_at: bool = False) -> None:
        """Keep what the page says; look at it as a designer would where asked."""
        self.page.wait_for_load_state()
        self.said[name] = self.page.locator("main").inner_text().replace("A child of nine", "")
        if is_looked_at:
            self.look.at(self.page, name)


def tell(page: Page) -> None:
    """The young person sends what they most want, on their own phone."""
    open_form(page)
    choose_topics(page, "Where I live")
    write(page, WORDS)
    follow(page.get_by_role("link", name="Skip", exact=True))
    follow(page.get_by_role("button", name=re.compile("^Send to .* now$")))
    expect(page.locator("main")).to_contain_text("may be said")


def hold(desk: Desk, review: str) -> int:
    """Read it, write down how the meeting went, and make the ask; the ask's id."""
    page = desk.page
    page.goto(review)
    expect(page.locator("blockquote").first).to_have_text(WORDS)
    desk.see("page", is_looked_at=True)
    follow(page.get_by_role("link", name="Dates", exact=True))
    expect(page.get_by_role("heading", level=1)).to_contain_text("dates")
    desk.see("dates")
    page.goto(f"{review}/after")
    desk.see("after", is_looked_at=True)
    page.get_by_label("We talked in private").check()
    if stands(page.locator("#late_reason")):  # the demo's overdue reviews move with the calendar
        page.locator("#late_reason").select_option("other")
    follow(page.get_by_role("button", name="Confirm"))
    page.locator(".heard-candidate", has_text=WORDS).get_by_role("checkbox").check()
    follow(page.get_by_role("button", name="Make these asks; the others are none"))
    follow(page.get_by_role("link", name=WORDS))
    return int(page.url.rsplit("/", 1)[1])


def test_an_adviser_takes_a_pathway_plan_from_silence_to_its_letter(
    browser: Browser, demo: Demo
) -> None:
    door = demo.contributor("care_leaver", 2)
    leaver = records.who_is(demo, door)
    review = f"/staff/reviews/{records.open_review_of(demo, leaver.person_id)}"
    at_desk = open_context(browser, demo, viewport=DESK)
    desk = Desk(at_desk.new_page(), Look("adviser", target=STAFF_TARGET))
    page = desk.page
    desk.look.listen(page)
    sign_in(page, records.account_of(demo, leaver.extract["personal_adviser"]))
    row = page.get_by_role("row").filter(has=page.locator(f"a[href='{review}']"))
    expect(row).to_contain_text("Silent")
    page.goto(f"/staff/people/{leaver.person_id}/way")
    expect(page.get_by_role("heading", level=1)).to_contain_text(leaver.extract["known_as"])
    desk.see("way")

    on_phone = open_context(browser, demo, viewport=PHONE, has_touch=True)
    phone = on_phone.new_page()
    come_in_known(phone, door)
    tell(phone)

    ask_id = hold(desk, review)
    desk.see("ask", is_looked_at=True)
    page.get_by_label("Your answer").fill(ANSWER)
    page.get_by_label("Yes", exact=True).check()
    follow(page.get_by_role("button", name="Answer"))
    expect(page.locator("main")).to_contain_text("can see it since")
    desk.see("answered")
    page.goto(review.replace("reviews", "letters"))
    desk.see("letter", is_looked_at=True)
    page.get_by_label("Your line that opens it").fill(OPENING)
    follow(page.get_by_role("button", name="Send the letter"))
    expect(page.get_by_role("link", name="Print it (PDF)")).to_be_visible()
    for address in (f"{review}/record", "/staff/caseload", "/staff/asks", "/staff/digest"):
        page.goto(address)
        desk.see(address)

    phone.goto("/me/last-time")
    follow(phone.get_by_role("link", name="Your letter of").first)
    for words in (OPENING, WORDS, ANSWER):
        expect(phone.locator("main")).to_contain_text(words)
    phone.goto("/me/last-time")
    card = phone.locator(f"article[aria-labelledby='ask-{ask_id}']")
    follow(card.get_by_role("button", name="No", exact=True))
    expect(card.get_by_role("button", name="Ask again")).to_be_visible()

    at_desk.close()
    on_phone.close()
    desk.look.check(least=4)
    found = {key: said for key, text in desk.said.items() if (said := NOT_THEIRS.findall(text))}
    assert not found, found
