"""What a helper from the home must not hear waits, becomes the worker's task, and is answered."""

import re

from playwright.sync_api import Page, expect

from backend.core import clock
from tests.journeys.families import Desk, Phone, move_in
from tests.journeys.forms import SEND
from tests.journeys.ways import (
    choose_pictures,
    choose_topics,
    come_in,
    come_in_by_opening_link,
    follow,
    stands,
    write,
    write_day,
)
from tests.offline.served import Served

WAITS = "We’ll ask you these on your own"
WORDS = "zqlantern: the door of my room does not shut"


def press_next(page: Page) -> None:
    follow(page.get_by_role("button", name="Next", exact=True))


def speak_beside_a_carer(page: Page) -> None:
    """Through the topic of the home beside somebody who lives there: nothing of it is asked."""
    follow(page.get_by_role("link", name="Say what I think"))
    page.get_by_label("Someone who lives or works in my home helps me").check()
    follow(page.get_by_role("button", name="Go on"))
    choose_topics(page, "Where I live")
    write(page, "I like swimming")
    press_next(page)
    follow(page.get_by_role("button", name=SEND))
    follow(page.get_by_role("button", name="Go on"))
    expect(page.get_by_role("heading", level=1)).to_have_text(WAITS)
    assert page.locator("main input, main textarea").count() == 0
    follow(page.get_by_role("link", name="Go on"))


def answer_alone(page: Page) -> list[str]:
    """The same topic with nobody beside: every question of it; what was asked."""
    follow(page.locator("main a.primary").first)
    page.get_by_label("on my own").check()
    follow(page.get_by_role("button", name="Go on"))
    choose_topics(page, "Where I live")
    asked: list[str] = []
    while not page.url.split("?")[0].endswith("/end"):
        asked.append(page.locator("main h1").inner_text())
        if stands(page.locator("main textarea")):
            page.locator("main textarea").fill(WORDS)
        else:
            page.locator("main .faces input").last.check()
        press_next(page)
    follow(page.get_by_role("button", name=SEND))
    return asked


def test_a_question_held_back_becomes_a_task_for_a_private_visit_until_it_is_answered_alone(
    served: Served, new_phone: Phone, new_desk: Desk
) -> None:
    family = move_in(served, 9)
    child = family.round.person.known_as
    phone = new_phone(family)
    come_in(phone, family.door)
    choose_pictures(phone, "kite", "moon", "shoe")
    speak_beside_a_carer(phone)

    worker, iro = new_desk(family, "worker"), new_desk(family, "iro")
    worker.goto("/staff/caseload")
    follow(worker.get_by_role("link", name=re.compile(f"^Ask in private.*{child}")))
    task = worker.locator("dl > div").filter(has_text="Where I live")
    expect(task).to_contain_text("4 questions")
    expect(task).to_contain_text("To ask")
    follow(worker.get_by_role("button", name="Record"))
    expect(worker.get_by_role("alert")).to_contain_text("Enter the day on which you saw them alone")
    today = clock.today()
    write_day(worker, str(today.day), str(today.month), str(today.year))
    worker.get_by_label("They answer on their own form").check()
    follow(worker.get_by_role("button", name="Record"))
    expect(task).to_contain_text("Not answered yet")
    iro.goto(family.review_page)
    expect(iro.get_by_role("region", name="Safety")).to_contain_text("asked alone on")

    follow(worker.get_by_role("button", name="Make an opening link"))
    link = worker.locator("p.heard-key").last.inner_text().strip()
    alone = new_phone(family)
    come_in_by_opening_link(alone, link[link.index("/me/") :])
    assert len(answer_alone(alone)) == 4

    worker.goto(f"/staff/people/{family.person_id}/private-visit")
    expect(worker.locator("main")).to_contain_text("Nothing waits for a private visit.")
    worker.goto("/staff/caseload")
    expect(worker.get_by_role("link", name=re.compile(f"^Ask in private.*{child}"))).to_have_count(
        0
    )
    iro.goto(family.review_page)
    expect(iro.locator("main")).to_contain_text(WORDS)
    expect(iro.get_by_role("region", name="Safety")).not_to_contain_text("in private")
