"""Coding: suggested and decided on a phone without scripts; two by themselves; what it shows."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect
from sqlmodel import Session, select

from backend.coding import service
from backend.coding.models import SuggestedCode
from backend.core import clock
from backend.core.access.permissions import Role
from tests.coding.texts import Case, answer_in, make_case, say
from tests.journeys.families import Desk, Family, Phone, hire, move_in
from tests.journeys.looks import Look
from tests.journeys.ways import sign_in
from tests.offline.served import Served

STAFF_TARGET = 0  # axe holds staff pages to WCAG's 24 px
TEXTS = (
    "My room is cold. Can I have a heater?",
    "School is going well & I like my new <maths> teacher.",
    "I want to see my brother more",
)
SECRET = "Only for my IRO zqonly"


@pytest.fixture
def family(served: Served) -> Family:
    """Three children of one IRO and one worker, each with a text that was coded by machine."""
    family = move_in(served, 13)
    with Session(family.engine, expire_on_commit=False) as session:
        around = Case(family.round.person, family.round.iro, family.round.worker)
        for words in (*TEXTS, SECRET):
            child = make_case(session, around.iro, around.worker).person
            topic = say(session, words, person=child, at=clock.now() - timedelta(days=9))
            if words == SECRET:
                answer_in(session, topic).reach = "only_iro"
                session.flush()
            service.code_topic(session, topic)
        session.commit()
    hire(family, "officer", Role.PARTICIPATION_OFFICER)
    return family


def words_on(page: Page) -> str:
    """The text that a page asks about."""
    return page.locator("blockquote").inner_text()


def test_texts_are_decided_one_by_one_on_a_phone_without_scripts(
    family: Family, new_phone: Phone
) -> None:
    phone = new_phone(family, java_script_enabled=False)
    sign_in(phone, family.accounts["worker"])
    phone.goto("/staff/coding")
    expect(phone.locator("main")).to_contain_text("3 texts wait for you")
    phone.get_by_role("button", name="Start with the least sure").click()
    seen = [words_on(phone)]
    assert phone.locator("mark").count() > 0
    phone.get_by_role("button", name="Confirm, next").click()
    phone.wait_for_load_state()
    seen.append(words_on(phone))
    phone.get_by_text("Say something else").click()
    for box in phone.get_by_role("group", name="Themes").get_by_role("checkbox").all():
        box.set_checked(False)
    phone.get_by_label("Money").check()
    phone.get_by_label("Mixed").check()
    phone.get_by_role("button", name="Keep this, next").click()
    phone.wait_for_load_state()
    seen.append(words_on(phone))
    assert sorted(seen) == sorted(TEXTS)
    phone.get_by_role("link", name="Leave it, next").click()
    expect(phone.locator("main")).to_contain_text("1 text waits for you")
    phone.get_by_role("link", name="See and change what was decided").click()
    expect(phone.locator("main")).to_contain_text("Money. Mixed.")
    assert "zqonly" not in phone.content()


def test_every_coding_page_reads_well(family: Family, new_desk: Desk) -> None:
    page, look = new_desk(family, "iro"), Look("iro", target=STAFF_TARGET)
    look.listen(page)
    page.goto("/staff/coding")
    look.at(page, "coding")
    page.goto("/staff/coding/next")
    look.at(page, "text")
    page.get_by_text("Say something else").click()
    for box in page.get_by_role("group", name="Themes").get_by_role("checkbox").all()[:6]:
        box.check()
    page.get_by_role("button", name="Keep this, next").click()
    expect(page.get_by_role("alert")).to_contain_text("Choose 4 themes at most")
    look.at(page, "text with a fault")
    page.goto("/staff/coding/next")
    page.get_by_role("button", name="Confirm, next").click()
    page.wait_for_load_state()
    page.goto("/staff/coding/decided")
    page.locator("main").get_by_role("listitem").get_by_role("link").first.click()
    expect(page.get_by_role("heading", name="Decided by")).to_be_visible()
    look.at(page, "decided text")
    page.goto("/staff/coding/decided")
    look.at(page, "decided")
    look.check(least=5)


def press_alt(page: Page, letter: str) -> None:
    """An access key as a keyboard sends it; Playwright's own press leaves out the bare letter."""
    keys = page.context.new_cdp_session(page)
    for kind in ("keyDown", "keyUp"):
        keys.send(
            "Input.dispatchKeyEvent",
            {
                "type": kind,
                "modifiers": 1,
                "key": letter,
                "text": letter if kind == "keyDown" else "",
                "unmodifiedText": letter,
                "windowsVirtualKeyCode": ord(letter.upper()),
            },
        )


def test_the_keys_confirm_and_go_on(family: Family, new_desk: Desk) -> None:
    page = new_desk(family, "iro")
    page.goto("/staff/coding/next")
    first = words_on(page)
    press_alt(page, "c")
    expect(page.locator("blockquote")).not_to_have_text(first)
    second = words_on(page)
    press_alt(page, "e")
    expect(page.get_by_role("button", name="Keep this, next")).to_be_visible()
    press_alt(page, "s")
    expect(page.locator("blockquote")).not_to_have_text(second)
    assert words_on(page) not in (first, second)


def code_blind(page: Page, theme: str) -> None:
    """One text coded by oneself."""
    page.get_by_label(theme).check()
    page.get_by_label("Negative").check()
    page.get_by_label("Not urgent").check()
    page.get_by_role("button", name="Keep it").click()
    page.wait_for_load_state()


def test_two_code_by_themselves_and_the_officer_sees_how_far_they_agree(
    family: Family, new_desk: Desk
) -> None:
    officer, look = new_desk(family, "officer"), Look("officer", target=STAFF_TARGET)
    look.listen(officer)
    officer.goto("/staff/coding-quality")
    officer.get_by_role("button", name="Draw the sample").click()
    expect(officer.get_by_role("alert")).to_contain_text("Choose two colleagues")
    look.at(officer, "a wish with a fault")
    officer.get_by_label("One colleague").select_option(label=family.names["iro"])
    officer.get_by_label("Another colleague").select_option(label=family.names["worker"])
    officer.get_by_role("button", name="Draw the sample").click()
    expect(officer.locator("main")).to_contain_text("3 texts written")
    for part, theme in (("iro", "Money"), ("worker", "Hobbies")):
        coder, seen = new_desk(family, part), Look(part, target=STAFF_TARGET)
        coder.goto("/staff/coding")
        expect(coder.locator("main")).to_contain_text("Nothing waits for you")
        coder.get_by_role("button", name="Code them").click()
        seen.at(coder, "by oneself")
        main = coder.locator("main")
        expect(main).not_to_contain_text("Suggested")
        assert coder.locator("mark").count() == 0
        for _ in range(3):
            code_blind(coder, theme)
        seen.check(least=1)
    expect(coder.get_by_role("heading", name="Settle what you saw differently")).to_be_visible()
    expect(coder.locator("main")).to_contain_text("Money")
    look.at(coder, "settle")
    officer.reload()
    expect(officer.locator("main")).to_contain_text("Too few to tell")
    look.at(officer, "sample")
    officer.goto("/staff/coding-quality")
    look.at(officer, "quality")
    for words in TEXTS:
        assert words not in officer.content()
    look.check(least=4)


def test_a_page_that_was_open_while_the_words_changed_keeps_nothing(
    family: Family, new_desk: Desk
) -> None:
    page = new_desk(family, "iro")
    page.goto("/staff/coding/next")
    with Session(family.engine) as session:
        for row in session.exec(select(SuggestedCode)):
            row.coded_at += timedelta(seconds=1)
        session.commit()
    page.get_by_role("button", name="Confirm, next").click()
    expect(page.get_by_role("alert")).to_contain_text("Nothing was kept")
