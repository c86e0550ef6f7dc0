"""The complaints manager: a complaint comes to them alone and at once, with its clock."""

import pytest
from playwright.sync_api import expect
from sqlmodel import Session

from backend.asks import service as asks
from backend.core import clock
from backend.core.access.identity import ContributorIdentity
from backend.core.access.permissions import Kind, Role
from tests.journeys.families import Desk, Family, hire, move_in
from tests.journeys.looks import Look
from tests.journeys.ways import follow
from tests.offline.served import Served

STAFF_TARGET = 0  # axe holds staff pages to WCAG's 24 px
ANSWER = "You were right. Sam comes on Friday at four."


@pytest.fixture
def family(served: Served) -> Family:
    """A child who pressed “I want to complain”, and the complaints manager."""
    family = move_in(served, 13)
    own = family.round.contributor
    me = ContributorIdentity(
        contributor_id=own.id or 0,
        kind=Kind(own.kind),
        person_id=own.person_id,
        is_known=True,
        session_id=1,
    )
    with Session(family.engine) as session:
        asks.make_ask(session, me, kind="complaint")
        session.commit()
    hire(family, "complaints", Role.COMPLAINTS_MANAGER)
    return family


def test_a_complaint_is_acknowledged_given_time_and_answered(
    family: Family, new_desk: Desk
) -> None:
    name, today = family.round.person.known_as, clock.today()
    page, look = new_desk(family, "complaints"), Look("complaints", target=STAFF_TARGET)
    look.listen(page)
    page.goto("/staff/complaints")
    row = page.get_by_role("table", name="To answer (1)").get_by_role("row", name=name)
    expect(row).to_contain_text("Day 0 of 10")
    expect(row).to_contain_text("Not yet")
    look.at(page, "complaints")
    follow(row.get_by_role("link"))
    follow(page.get_by_role("button", name="Acknowledged today"))
    follow(page.get_by_role("button", name="Advocate offered today"))
    expect(page.get_by_role("button", name="Advocate offered today")).to_have_count(0)
    page.get_by_text("Record something else").click()
    look.at(page, "a complaint")
    page.get_by_label("What was done").select_option("more_time")
    follow(page.get_by_role("button", name="Record it"))
    expect(page.get_by_role("alert")).to_contain_text("Say why.")
    page.get_by_label("Note").fill("Two people must be heard first.")
    follow(page.get_by_role("button", name="Record it"))
    expect(page.locator("main")).to_contain_text("Working day 0 of 20.")
    page.get_by_label("Your answer").fill(ANSWER)
    page.get_by_label("Yes", exact=True).check()
    follow(page.get_by_role("button", name="Answer", exact=True))
    expect(page.locator("main")).to_contain_text("can see it since")
    look.at(page, "an answered complaint")
    follow(page.get_by_role("link", name="All complaints"))
    answered = page.get_by_role("table", name="Answered (1)").get_by_role("row", name=name)
    expect(answered).to_contain_text(f"{today.day} ")
    look.at(page, "complaints answered")
    look.check(least=4)


def test_nobody_else_sees_that_there_was_a_complaint(family: Family, new_desk: Desk) -> None:
    for part, address in (("iro", family.review_page), ("worker", "/staff/caseload")):
        page = new_desk(family, part)
        for one in (address, "/staff/asks"):
            page.goto(one)
            expect(page.get_by_role("heading", level=1)).to_be_visible()
            assert "complain" not in page.locator("main").inner_text().lower()
