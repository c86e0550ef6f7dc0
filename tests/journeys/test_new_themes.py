"""New themes: a group is looked into, refused kindly, accepted, and stands in the codebook."""

import pytest
from playwright.sync_api import Page, expect
from sqlmodel import Session

from backend.core.access.permissions import Role
from tests.coding.groups import COURT, LOOSE, WHY, work, write
from tests.coding.texts import Case
from tests.journeys.families import Desk, Family, Phone, hire, move_in
from tests.journeys.looks import Look
from tests.journeys.ways import follow, sign_in
from tests.offline.served import Served

STAFF_TARGET = 0  # axe holds staff pages to WCAG's 24 px


@pytest.fixture
def family(served: Served) -> Family:
    """Twenty children of one IRO wrote; ten of them of court, of which no theme speaks."""
    family = move_in(served, 13)
    with Session(family.engine, expire_on_commit=False) as session:
        around = Case(family.round.person, family.round.iro, family.round.worker)
        write(session, around, [*COURT, *LOOSE])
    hire(family, "officer", Role.PARTICIPATION_OFFICER)
    return family


def work_through(family: Family) -> None:
    """The worker's turn, which an hour would bring."""
    with Session(family.engine, expire_on_commit=False) as session:
        work(session)


def find_group(page: Page, family: Family) -> None:
    """Asked for, looked for by the worker, and opened."""
    page.goto("/staff/new-themes")
    expect(page.locator("main")).to_contain_text("No group waits for you")
    follow(page.get_by_role("button", name="Look again now"))
    expect(page.get_by_role("status")).to_contain_text("It is looking now")
    work_through(family)
    page.reload()
    follow(page.locator("main ol").get_by_role("link").first)
    expect(page.locator("main")).to_contain_text("fit no theme well and speak alike")


def test_a_group_becomes_a_theme_and_every_text_is_coded_to_it_anew(
    family: Family, new_desk: Desk
) -> None:
    page, look = new_desk(family, "iro"), Look("iro", target=STAFF_TARGET)
    look.listen(page)
    find_group(page, family)
    assert any(words in page.locator("main").inner_text() for words in COURT)
    look.at(page, "group")
    page.get_by_label("Title", exact=True).fill("Money")
    page.get_by_label("A new theme").check()
    follow(page.get_by_role("button", name="Decide"))
    expect(page.get_by_role("alert")).to_contain_text("There is a theme “Money” already")
    look.at(page, "group with a fault")
    page.get_by_label("Title", exact=True).fill("Going to court")
    page.get_by_label("Why", exact=True).fill(WHY)
    follow(page.get_by_role("button", name="Decide"))
    expect(page.get_by_role("status")).to_contain_text("0 of 20 done")
    look.at(page, "being coded anew")
    work_through(family)
    follow(page.get_by_role("link", name="The codebook, version 2"))
    expect(page.get_by_role("status")).to_have_count(0)
    expect(page.locator("main")).to_contain_text("Going to court")
    expect(page.locator("main")).to_contain_text(WHY)
    look.at(page, "codebook")
    follow(page.get_by_role("link", name="Going to court"))
    page.get_by_label("Why", exact=True).fill("Shorter")
    page.get_by_label("Title", exact=True).fill("Court")
    look.at(page, "theme")
    follow(page.get_by_role("button", name="Make version 3 with this wording"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Codebook, version 3")
    page.goto("/staff/coding/next")
    expect(page.locator("main")).to_contain_text("Court")
    look.check(least=5)


def test_who_leads_the_coding_reads_no_words_and_drops_a_group_on_a_phone_without_scripts(
    family: Family, new_phone: Phone
) -> None:
    phone = new_phone(family, java_script_enabled=False)
    sign_in(phone, family.accounts["officer"])
    find_group(phone, family)
    expect(phone.locator("main")).to_contain_text("You see no texts here")
    assert not any(words in phone.content() for words in COURT)
    phone.get_by_label("No theme").check()
    follow(phone.get_by_role("button", name="Decide"))
    expect(phone.get_by_role("alert")).to_contain_text("why")
    phone.get_by_label("No theme").check()
    phone.get_by_label("Why", exact=True).fill("It is once a year")
    follow(phone.get_by_role("button", name="Decide"))
    expect(phone.locator("main")).to_contain_text("No group waits for you")
    phone.goto("/staff/codebook")
    expect(phone.get_by_role("heading", level=1)).to_have_text("Codebook, version 1")
    expect(phone.locator("main")).to_contain_text("It is once a year")


def test_of_two_who_decide_at_once_the_second_writes_nothing(
    family: Family, new_desk: Desk
) -> None:
    first, second = new_desk(family, "iro"), new_desk(family, "worker")
    find_group(first, family)
    second.goto(first.url)
    for page, choice in ((first, "No theme"), (second, "A new theme")):
        page.get_by_label(choice).check()
        page.get_by_label("Title", exact=True).fill("Going to court")
        page.get_by_label("Why", exact=True).fill(WHY)
        follow(page.get_by_role("button", name="Decide"))
    expect(second.get_by_role("alert")).to_contain_text("Nothing was written")
    expect(second.locator("main")).to_contain_text("This is decided: dropped")
    second.goto("/staff/codebook")
    expect(second.get_by_role("heading", level=1)).to_have_text("Codebook, version 1")
