"""A sheet goes out on paper and comes back: printed, typed in by the keyboard alone, and read."""

import re
from dataclasses import dataclass

from playwright.sync_api import Browser, Page, expect

from tests.journeys import records
from tests.journeys.demos import DESK, Demo, open_context
from tests.journeys.ways import sign_in
from tests.printed import words_of

WORDS = "I want to see nan mor often, and keep my room."
MARKS = {"1": "4", "0": "7"}
SECONDS_A_KEY = 0.2  # a slow typist: five keys a second
WITHIN_SECONDS = 120


@dataclass
class Keyboard:
    """Somebody who types and never touches the mouse; counts every press."""

    page: Page
    presses: int = 0

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)
        self.presses += 1

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)
        self.presses += len(text)

    @property
    def at(self) -> tuple[str, str]:
        """The name and the tag of what has the focus."""
        name, tag = self.page.evaluate(
            "() => [document.activeElement.name || '', document.activeElement.tagName]"
        )
        return name, tag


def print_for(page: Page, person_id: int, title: str) -> tuple[str, str]:
    """Print one form of a person; the code and the text that stand on the paper."""
    page.goto(f"/staff/people/{person_id}/paper")
    form = page.locator("section").filter(has_text=title).first.locator("form")
    fields = {
        str(one.get_attribute("name")): str(one.get_attribute("value"))
        for one in form.locator("input[type=hidden]").all()
    }
    answer = page.request.post(page.url, form={"language": "en"} | fields)
    assert answer.headers["content-type"] == "application/pdf"
    text = words_of(answer.body())
    codes = set(re.findall(r"\b[A-Z0-9]{4}-[A-Z0-9]{4}\b", text))
    assert len(codes) == 1
    return codes.pop(), " ".join(text.split())


def type_everything(page: Page, keys: Keyboard) -> int:
    """Answer every question of the page, from the one that has the focus to the last; how many."""
    answered = 0
    while keys.at[1] not in ("BUTTON", "BODY"):
        name, tag = keys.at
        if tag == "TEXTAREA":
            keys.type(WORDS if name == "q1" else "yes please")
        elif name == "q1-how":
            keys.press("m")
        elif name == "beside":
            keys.press("b")
        elif name == "written_on":
            keys.type("1 11 2026")
        elif re.fullmatch(r"q\d+", name):
            hint = (
                page.locator(f"#{name}-hint").inner_text()
                if page.locator(f"#{name}-hint").count()
                else ""
            )
            keys.type("" if not hint else MARKS.get(hint[:1], "a"))
        answered += bool(re.fullmatch(r"q\d+", name))
        keys.press("Tab")
    return answered


def test_a_sheet_is_printed_typed_in_by_keyboard_and_read_by_the_iro(
    browser: Browser, demo: Demo
) -> None:
    child = records.children_with_open_review(demo, ages=range(8, 18))[-1]
    context = open_context(browser, demo, viewport=DESK)
    page = context.new_page()
    sign_in(page, demo.staff("participation_officer"))
    code, paper = print_for(page, child.person_id, "Before my meeting")
    assert "Who reads this" in paper
    page.goto("/staff/paper")
    keys = Keyboard(page)
    expect(page.locator("#code")).to_be_focused()
    keys.type(code.lower())
    keys.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text(code)
    page.wait_for_load_state()
    expect(page.locator("main [autofocus]")).to_be_focused()
    for label in page.locator(".heard-typed__asked label").all():
        number, _, asked = label.inner_text().partition(" ")
        assert not number.isdigit() or asked in paper
    answered = type_everything(page, keys)
    keys.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Check against the paper")
    expect(page.locator("main")).to_contain_text(WORDS)
    page.wait_for_load_state()
    expect(page.get_by_role("button", name="Send", exact=True)).to_be_focused()
    keys.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sent")
    assert answered >= 35
    assert keys.presses * SECONDS_A_KEY <= WITHIN_SECONDS, keys.presses
    context.close()
    read_by_the_iro(browser, demo, child)


def read_by_the_iro(browser: Browser, demo: Demo, child: records.Somebody) -> None:
    """The IRO reads the words as written, marked as paper."""
    context = open_context(browser, demo, viewport=DESK)
    page = context.new_page()
    sign_in(page, records.account_of(demo, child.extract["iro_email"]))
    page.goto(f"/staff/reviews/{records.open_review_of(demo, child.person_id)}")
    main = page.locator("main")
    expect(main).to_contain_text(WORDS)
    expect(main).to_contain_text("Given on paper, with help from their worker, 1 Nov 2026")
    context.close()


def test_the_pages_of_paper_fit_a_phone(browser: Browser, demo: Demo) -> None:
    context = open_context(browser, demo, viewport={"width": 320, "height": 640})
    page = context.new_page()
    child = records.children_with_open_review(demo, ages=range(8, 18))[0]
    sign_in(page, records.account_of(demo, child.extract["iro_email"]))
    print_for(page, child.person_id, "Before my meeting")
    page.reload()
    typing = page.get_by_role("link", name=re.compile("^type it in")).first.get_attribute("href")
    for address in ("/staff/paper", f"/staff/people/{child.person_id}/paper", typing or ""):
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, address
    context.close()
