"""A care leaver on real pages: my plan, my own place; an adviser and a manager, and no IRO."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect
from sqlmodel import Session

from backend.core import clock
from backend.placements.models import Home, Placement
from backend.reviews.models import Review
from backend.surveys import service
from backend.surveys.models import Consultation
from tests.journeys.families import Desk, Family, Phone, move_out
from tests.journeys.forms import say_all
from tests.journeys.ways import choose_pictures, come_in, follow
from tests.offline.served import Served

NOT_THEIRS = re.compile(
    r"\bIRO\b|independent reviewing|(my|your) meeting|social worker|placement|contact|carer\b",
    re.IGNORECASE,
)
# People of their own past, and who answers the council's telephone.
THEIRS = ("My carer, now or then", "Social workers, by day", "Social workers, at night")
PLAN = ("staff", "worker", "plan", "meeting")


def come_home(page: Page, family: Family) -> None:
    """By code, to the first page, with a secret of one's own."""
    come_in(page, family.door)
    choose_pictures(page, "kite", "moon", "shoe")


@pytest.fixture
def leaver(served: Served) -> Family:
    """Somebody of nineteen."""
    return move_out(served, 19)


def test_my_plan_names_the_adviser_and_never_an_iro_and_the_adviser_reads_every_word(
    leaver: Family, new_phone: Phone, new_desk: Desk
) -> None:
    phone = new_phone(leaver)
    come_home(phone, leaver)
    shown: list[str] = []
    for address in ("ask", "help", "words", "last-time", "home"):
        phone.goto(f"/me/{address}")
        shown.append(phone.locator("body").inner_text())
    expect(phone.locator("main")).to_contain_text(f"Your PA is {leaver.names['adviser']}")
    follow(phone.get_by_role("link", name="Say what I think"))
    phone.get_by_label("on my own").check()
    follow(phone.get_by_role("button", name="Go on"))
    told = say_all(phone, *PLAN, tag="zq19")
    everything = "\n".join([*shown, *told.pages])
    for known in THEIRS:
        everything = everything.replace(known, "")
    assert sorted({found.group() for found in NOT_THEIRS.finditer(everything)}) == []
    assert re.search("my PA.s manager", everything)
    assert "My plan" in told.topics
    expect(phone.locator("main")).to_contain_text(f"{leaver.names['adviser']} will read what you")
    adviser = new_desk(leaver, "adviser")
    adviser.goto(leaver.review_page)
    expect(adviser.locator("main")).to_contain_text("Pathway plan")
    assert set(told.words) <= set(adviser.locator("main blockquote").all_inner_texts())
    picked = adviser.locator("main").inner_text()
    assert [one for one in told.picked if one[1] not in picked] == []


def settle_in(family: Family) -> None:
    """The young person has a place of their own since five weeks."""
    with Session(family.engine) as session:
        home = Home(home_ref="H19", name="Flat 4", type_code="P2")
        session.add(home)
        session.flush()
        since = clock.today() - timedelta(weeks=5)
        stay = Placement(person_id=family.person_id, home_id=home.id or 0, started_on=since)
        session.add(stay)
        session.flush()
        # No review is near: its form would take the place of this one.
        later = timedelta(days=90)
        session.get_one(Review, family.round.consultation.review_id).due_on += later
        round_ = session.get_one(Consultation, family.round.cid)
        round_.opens_on, round_.closes_on = round_.opens_on + later, round_.closes_on + later
        service.open_rounds(session)
        session.commit()


def test_my_own_place_is_asked_after_some_weeks_and_the_adviser_reads_it(
    leaver: Family, new_phone: Phone, new_desk: Desk
) -> None:
    settle_in(leaver)
    phone = new_phone(leaver)
    come_home(phone, leaver)
    form = phone.get_by_role("article").filter(has_text="My own place")
    follow(form.get_by_role("link", name="Say what I think"))
    phone.get_by_label("on my own").check()
    follow(phone.get_by_role("button", name="Go on"))
    expect(phone.get_by_role("heading", level=1)).to_have_text("Do you feel settled there?")
    told = say_all(phone, tag="zqplace")
    assert told.screens == 5
    assert told.words
    adviser = new_desk(leaver, "adviser")
    for row in told.rows:
        adviser.goto(f"/staff/reading/{row}")
    for words in told.words:
        expect(adviser.locator("main")).to_contain_text(words)
