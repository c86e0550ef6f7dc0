"""A topic kept, sent, ticked for the meeting, hidden or taken back: who learns what of it, when."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect
from sqlmodel import Session, select

from backend.core import clock
from backend.surveys import jobs
from backend.surveys.models import Answer
from tests.journeys.families import Desk, Family, Phone, move_in
from tests.journeys.forms import SEND
from tests.journeys.ways import (
    choose_pictures,
    choose_topics,
    come_in,
    follow,
    open_form,
    pick_pictures,
)
from tests.offline.served import Served

SECRET = ("kite", "moon", "shoe")
WANTED, WELL = "zqbadger: I want to stay at my school", "zqotter: swimming on Fridays"
TAKEN_BACK = "It won’t be used in your meeting. It is still kept, and someone still reads it."


@pytest.fixture
def family(served: Served) -> Family:
    """A child of fourteen with a review in eight days."""
    return move_in(served, 14)


def begin(page: Page, family: Family) -> str:
    """A child with a new secret answers both questions of what matters most; the topic's page."""
    come_in(page, family.door)
    choose_pictures(page, *SECRET)
    open_form(page)
    choose_topics(page)
    for words in (WANTED, WELL):
        page.locator("main textarea").first.fill(words)
        follow(page.get_by_role("button", name="Next", exact=True))
    return page.url.split("?")[0].rsplit("/", 1)[0]


def come_back(page: Page, family: Family) -> None:
    """The same child, another day, with the secret."""
    page.context.clear_cookies()
    come_in(page, family.door)
    pick_pictures(page, *SECRET)
    follow(page.get_by_role("button", name="Open"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("Hello")


def delete_what_is_old(family: Family) -> int:
    """Run what surveys do once a day; how many answers there are after it."""
    with Session(family.engine) as session:
        for job in (*jobs.DAILY, *jobs.HOURLY):
            job(session)
        session.commit()
        return len(session.exec(select(Answer)).all())


def test_what_is_kept_is_read_by_nobody_and_only_after_three_days_the_iro_learns_of_it(
    family: Family, new_phone: Phone, new_desk: Desk
) -> None:
    phone, start = new_phone(family), clock.now()
    topic = begin(phone, family)
    row = topic.rsplit("/", 1)[1]
    expect(phone.locator("main")).to_contain_text("Nobody reads this until you send it.")
    follow(phone.get_by_role("button", name="Keep, I’m not done"))
    expect(phone.locator("main")).to_contain_text("Kept. Nobody reads it until you send it.")
    for passed, begun in ((timedelta(0), 0), (timedelta(days=3, hours=1), 1)):
        with clock.set_to(start + passed):
            iro, worker = new_desk(family, "iro"), new_desk(family, "worker")
            iro.goto(family.review_page)
            expect(iro.get_by_text("began to write on")).to_have_count(begun)
            worker.goto("/staff/caseload")
            assert "Begun" not in worker.locator("main").inner_text()
            for page in (iro, worker):
                for address in (family.review_page, "/staff/reading", f"/staff/reading/{row}"):
                    page.goto(address)
                    assert "zqbadger" not in page.content()
            come_back(phone, family)
            follow(phone.get_by_role("link", name="Go on", exact=True))
            phone.get_by_label("on my own").check()
            follow(phone.get_by_role("button", name="Go on"))
            follow(phone.get_by_role("link", name="Go on: What matters most"))
            expect(phone.locator("main textarea")).to_have_value(WANTED)
    with clock.set_to(start + timedelta(days=13, hours=23)):
        assert delete_what_is_old(family) == 2
    with clock.set_to(start + timedelta(days=14, hours=1)):
        assert delete_what_is_old(family) == 0
        come_back(phone, family)
        phone.goto("/me/words")
        assert "zqbadger" not in phone.content()


def mark_of(page: Page, words: str) -> str:
    """What stands under a child's words on the IRO's page."""
    return page.locator("figure").filter(has_text=words).locator("p").last.inner_text()


def test_only_what_was_ticked_may_be_said_and_taking_back_says_that_it_is_still_read(
    family: Family, new_phone: Phone, new_desk: Desk
) -> None:
    phone, iro = new_phone(family), new_desk(family, "iro")
    topic = begin(phone, family)
    follow(phone.get_by_role("button", name=SEND))
    boxes = phone.get_by_role("checkbox")
    assert [box.is_checked() for box in boxes.all()] == [False, False]
    phone.get_by_label(re.compile(WELL)).check()
    follow(phone.get_by_role("button", name="Go on"))
    iro.goto(family.review_page)
    assert "may be said" in mark_of(iro, WELL)
    assert "Ask first" in mark_of(iro, WANTED)
    phone.goto(topic)
    expect(phone.locator("main")).to_contain_text(TAKEN_BACK)
    follow(phone.get_by_role("button", name="Take it back"))
    expect(phone.locator("main")).to_contain_text(
        "It is not used in the meeting. It is still kept, and someone still reads it."
    )
    expect(phone.get_by_role("link", name="Change what may be said")).to_have_count(0)
    iro.reload()
    for words in (WANTED, WELL):
        assert "taken back: not for the meeting" in mark_of(iro, words).casefold()


def test_what_is_hidden_from_the_iro_is_read_by_the_worker_and_the_button_says_so(
    family: Family, new_phone: Phone, new_desk: Desk
) -> None:
    phone = new_phone(family)
    topic = begin(phone, family)
    for place in (1, 2):
        phone.goto(f"{topic}/{place}")
        phone.locator("details.reach summary").click()
        phone.get_by_label("Don’t show this to…").check()
        phone.get_by_role("checkbox", name=family.names["iro"]).check()
        follow(phone.get_by_role("button", name="Next", exact=True))
    expect(phone.locator("main")).to_contain_text("Not everyone sees this.")
    send = phone.get_by_role("button", name=SEND)
    expect(send).to_contain_text(family.names["worker"])
    expect(send).not_to_contain_text(family.names["iro"])
    follow(send)
    row = topic.rsplit("/", 1)[1]
    worker, iro = new_desk(family, "worker"), new_desk(family, "iro")
    worker.goto(f"/staff/reading/{row}")
    expect(worker.locator("main")).to_contain_text(WANTED)
    for address in (family.review_page, f"/staff/reading/{row}", "/staff/reading"):
        iro.goto(address)
        assert "zqbadger" not in iro.content()
