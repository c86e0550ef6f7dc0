"""Easy-read on a small phone: one thing a screen, a picture beside each, from the code to sent."""

import re

from playwright.sync_api import Locator, Page, expect

from tests.journeys.conftest import Phone, Served
from tests.journeys.families import add_contact, move_in
from tests.journeys.looks import OVERFLOW, Look
from tests.journeys.ways import choose_pictures, come_in, come_in_by_link, follow, stands

PICTURES = ("kite", "moon", "shoe")
MOST_SCREENS = 40
BARE = """() => [...document.querySelectorAll(
    "main :is(h1, legend, .hint, .pick > label, button, a.secondary, .notice)")]
  .filter((one) => one.checkVisibility() && one.getBoundingClientRect().width > 2)
  .filter((one) => !one.matches(".primary, .sr, .tools *, [data-listen]"))
  .filter((one) => !one.querySelector("svg") && !(one.matches("h1, legend")
    && (one.closest("[data-aloud]")?.querySelector(".easy-symbol svg")
      || one.closest("legend")?.querySelector("svg"))))
  .map((one) => one.innerText.trim()).filter(Boolean)"""
DOUBLE = "(size) => { document.documentElement.style.fontSize = size; }"


class EasyLook(Look):
    """Looks at an easy-read screen: nothing bare, nothing lost in double size, and axe clean."""

    def at(self, page: Page, name: str, *, dark: bool = False) -> None:
        page.wait_for_load_state("load")
        for bare in page.evaluate(BARE):
            self._add(name, f"no picture beside: {bare!r}")
        before = page.viewport_size
        page.set_viewport_size({"width": 320, "height": 640})
        page.evaluate(DOUBLE, "200%")
        if (over := page.evaluate(OVERFLOW)) > 0:
            self._add(name, f"{over} px wider than 320 px in double size")
        page.evaluate(DOUBLE, "")
        page.set_viewport_size(before)  # type: ignore[arg-type]
        super().at(page, name, dark=dark)


def choose_easy_read(page: Page, *, is_open: bool = False) -> None:
    """By the page that says how it looks, which may be open with other choices made."""
    if not is_open:
        page.goto("/me/look")
    page.get_by_label("Easy to read").check()
    follow(page.get_by_role("button", name="Keep this"))
    expect(page.locator("html")).to_have_class(re.compile(r"\beasy\b"))


def is_in_view(page: Page, one: Locator) -> bool:
    """Whether all of it stands on the screen as it is scrolled now, with nothing over it."""
    return bool(
        one.evaluate(
            """(one) => { const box = one.getBoundingClientRect();
            const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
            const whole = one.closest(".pick") ?? one;
            return box.top >= 0 && box.bottom <= innerHeight && whole.contains(top); }"""
        )
    )


def answer_screen(page: Page, look: Look) -> None:
    """Answer whatever this one screen asks, in the way of its type, and go on."""
    expect(page.locator("main [name=asked]")).to_have_count(1)
    kind = "words"
    if stands(page.locator("main .faces")):
        kind = "faces"
        page.locator("main .faces [type=radio]").first.check()
    elif stands(page.locator("main .picks")) and not stands(page.locator("main textarea")):
        kind = "choice"
        page.locator("main .picks input").first.check()
    elif stands(page.locator("main .scale")):
        kind = "scale"
    elif stands(page.locator("main textarea")):
        page.locator("main textarea").first.fill("A dog 🐕")
    if kind not in look.seen:
        look.at(page, kind, dark=True)
    following = page.get_by_role("button", name="Next")
    assert is_in_view(page, following), page.url
    follow(following)


def go_to_the_end(page: Page, look: Look) -> None:
    """Through every topic that was chosen, each sent at its end."""
    for _ in range(MOST_SCREENS):
        page.wait_for_load_state("load")
        if stands(page.get_by_role("heading", name="What happens next")):
            return
        if stands(page.locator("main [name=asked]")):
            answer_screen(page, look)
        elif stands(page.get_by_text("Nobody reads this until you send it.")):
            look.at(page, "end of a topic")
            follow(page.get_by_role("button", name=re.compile("^Send to .* now$")))
        else:
            look.at(page, "for the meeting")
            page.locator("main .picks input").first.check()
            follow(page.get_by_role("button", name="Go on"))
    raise AssertionError(f"no end: {page.url}")


def test_a_child_goes_from_the_code_to_sent_in_easy_read(served: Served, new_phone: Phone) -> None:
    family = move_in(served, 9)
    page, look = new_phone(family, reduced_motion="reduce"), EasyLook("easy-read child")
    look.listen(page)
    come_in(page, family.door)
    choose_pictures(page, *PICTURES)
    choose_easy_read(page)
    page.goto("/me/secret")
    look.at(page, "secret")
    for path, name in (("/me/home", "home"), ("/me/ask", "ask"), ("/me/help", "help"),
                       ("/me/not-safe", "not safe"), ("/me/last-time", "last time")):  # fmt: skip
        page.goto(path)
        look.at(page, name, dark=name == "home")
    page.goto("/me/home")
    follow(page.get_by_role("link", name="Say what I think"))
    expect(page.locator("main")).to_contain_text("Your meeting is about you.")
    look.at(page, "opening")
    follow(page.get_by_role("link", name="Go on"))
    look.at(page, "who is with you")
    expect(page.get_by_label("Their name")).to_be_visible()
    page.get_by_label("on my own").check()
    expect(page.get_by_label("Their name")).to_be_hidden()
    follow(page.get_by_role("button", name="Go on"))
    look.at(page, "topics", dark=True)
    for title in ("Where I live", "My family", "Being safe"):
        page.get_by_label(title).check()
    follow(page.get_by_role("button", name="Go on"))
    page.locator("main .reach summary").click()
    expect(page.locator("main [data-aloud]")).to_be_hidden()
    look.at(page, "who may see")
    page.locator("main .reach summary").click()
    expect(page.locator("main [data-aloud]")).to_be_visible()
    go_to_the_end(page, look)
    look.at(page, "sent")
    look.check(least=15)


def test_a_carer_is_asked_one_question_a_screen_in_easy_read(
    served: Served, new_phone: Phone
) -> None:
    family = move_in(served, 9)
    page, look = new_phone(family, reduced_motion="reduce"), EasyLook("easy-read carer")
    come_in_by_link(page, add_contact(family, "carer"))
    choose_easy_read(page)
    page.goto("/me/home")
    look.at(page, "home")
    follow(page.get_by_role("link", name="Start").first)
    look.at(page, "start")
    follow(page.get_by_role("button", name="Start"))
    asked = []
    while not page.url.endswith("/send"):
        expect(page.locator("main [name=asked]")).to_have_count(1)
        asked.append(page.locator("main [name=asked]").input_value())
        assert len(set(asked)) == len(asked), asked
        if stands(page.locator("main textarea")):
            page.locator("main textarea").first.fill("Likes the garden.")
        elif stands(page.locator("main .picks input")):
            page.locator("main .picks input").first.check()
        look.at(page, "question")
        follow(page.get_by_role("button", name="Next"))
    assert len(asked) > 4
    look.at(page, "read again")
    follow(page.get_by_role("link", name=re.compile("^Change")).nth(2))
    expect(page.locator("main [name=asked]")).to_have_value(asked[2])
    page.goto(page.url.rsplit("/", 2)[0] + "/send")
    follow(page.get_by_role("button", name=re.compile("^Send to .* now$")))
    expect(page.get_by_role("heading", name="What happens next")).to_be_visible()
    look.check(least=4)


def test_yes_no_and_the_way_on_are_in_view_at_once_in_the_round_look(
    served: Served, new_phone: Phone
) -> None:
    page = new_phone(family := move_in(served, 14))
    come_in(page, family.door)
    choose_pictures(page, *PICTURES)
    page.goto("/me/look")
    page.get_by_label("Round, with pictures").check()
    choose_easy_read(page, is_open=True)
    page.goto(family.round.address)
    follow(page.get_by_role("link", name="Go on"))
    page.get_by_label("on my own").check()
    follow(page.get_by_role("button", name="Go on"))
    page.get_by_label("School or college").check()
    follow(page.get_by_role("button", name="Go on"))
    while not stands(page.get_by_label("rather not say")):
        follow(page.get_by_role("link", name="Skip", exact=True))
        page.wait_for_load_state("load")
    answers = page.locator("main [data-aloud] .pick > label").all()
    assert len(answers) == 4
    for one in [*answers, page.get_by_role("button", name="Next")]:
        assert is_in_view(page, one), one.inner_text()
