"""The participation officer: who has not got it, letters to post, who is heard and who is not."""

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlmodel import Session

from backend.core import clock
from backend.core.access.permissions import Role
from backend.messaging import service
from backend.messaging.models import Message
from backend.people import queries as people
from backend.people.models import Person
from tests.factories import make_person
from tests.journeys.demos import DESK, Demo, open_context
from tests.journeys.families import Desk, Family, Phone, hire, move_in
from tests.journeys.looks import Look
from tests.journeys.ways import follow, sign_in
from tests.offline.served import Served

STAFF_TARGET = 0  # axe holds staff pages to WCAG's 24 px
OLD_NUMBER, NEW_NUMBER = "07700 900123", "07700 900456"


def write(session: Session, person: Person, *, channel: str, state: str, fault: str = "") -> None:
    """A message to a young person by a channel, and what became of it."""
    person.channel, person.address = channel, OLD_NUMBER
    own = people.contributor_of_person(session, person.id or 0)
    assert own is not None
    made = service.write(session, key=f"{person.id}", occasion="answer", contributor_id=own.id)
    assert isinstance(made, Message)
    made.state, made.fault, made.sent_at = state, fault, clock.now()


@pytest.fixture
def family(served: Served) -> Family:
    """A child whose text went out, one whose text came back, and two who are reached by letter."""
    family = move_in(served, 13)
    with Session(family.engine, expire_on_commit=False) as session:
        write(session, session.merge(family.round.person), channel="text", state="sent")
        other = make_person(session, known_as="Lark", worker_id=family.round.worker.staff_id)
        write(session, other, channel="text", state="bounced", fault="no_such_address")
        for name in ("Wren", "Teal"):
            write(session, make_person(session, known_as=name), channel="letter", state="waiting")
        session.commit()
    hire(family, "officer", Role.PARTICIPATION_OFFICER)
    return family


def watched(new_desk: Desk, family: Family) -> tuple[Page, Look]:
    """The officer's laptop, looked at as axe and a designer would."""
    page, look = new_desk(family, "officer"), Look("officer", target=STAFF_TARGET)
    look.listen(page)
    return page, look


def test_who_has_not_got_it_and_a_wrong_number_go_to_who_can_mend_them(
    family: Family, new_desk: Desk, new_phone: Phone
) -> None:
    name, worker_name = family.round.person.known_as, family.names["worker"]
    stranger = new_phone(family)
    stranger.goto(family.door["link"])
    follow(stranger.get_by_role("button", name="This is not for me"))
    expect(stranger.locator("main")).to_contain_text("We will not write to you again")

    officer, look = watched(new_desk, family)
    officer.goto("/staff/outbox")
    expect(officer.get_by_role("table", name="2 messages")).to_be_visible()
    waits = officer.get_by_role("table", name="2 messages")
    lark = waits.get_by_role("row", name="Lark")
    expect(lark).to_contain_text("there is no such number")
    expect(lark).to_contain_text(f"Ask {worker_name} for a new number")
    expect(waits.get_by_role("row", name=name)).to_contain_text("somebody else has this number")
    assert OLD_NUMBER not in officer.content()
    look.at(officer, "outbox")
    theirs = waits.get_by_role("row", name=name)
    follow(theirs.get_by_role("button", name="Let the worker tell them"))
    expect(officer.get_by_role("table", name="1 message")).to_be_visible()

    worker = new_desk(family, "worker")
    worker.goto("/staff/caseload")
    expect(worker.get_by_role("row", name=name)).to_contain_text(f"Tell {name}")
    follow(worker.get_by_role("link", name="ask for a new number"))
    worker.get_by_label("Text message").check()
    worker.get_by_label("Mobile number or e-mail address").fill(NEW_NUMBER)
    follow(worker.get_by_role("button", name="Keep this"))
    expect(worker.locator("main")).to_contain_text("Kept.")
    officer.goto("/staff/outbox")
    expect(officer.get_by_text("Waits for a person")).to_have_count(0)
    look.check(least=1)


def test_letters_are_put_on_a_pile_printed_and_posted(family: Family, new_desk: Desk) -> None:
    page, look = watched(new_desk, family)
    page.goto("/staff/posting")
    look.at(page, "letters to print")
    follow(page.get_by_role("button", name="Put them on the pile"))
    expect(page.get_by_role("table", name="2 on the pile")).to_be_visible()
    look.at(page, "letters on the pile")
    address = page.get_by_role("link", name="Open the pile to print").get_attribute("href")
    assert page.request.get(f"{family.base_url}{address}").body().startswith(b"%PDF")
    page.get_by_label("Letter to Teal is posted").uncheck()
    follow(page.get_by_role("button", name="The ticked ones are posted"))
    expect(page.get_by_role("table", name="1 on the pile")).to_contain_text("Teal")
    follow(page.get_by_role("button", name="The ticked ones are posted"))
    expect(page.locator("main")).to_contain_text("No letter waits.")
    look.at(page, "no letter")
    look.check(least=3)


def test_reach_says_what_silence_could_hide_and_names_nobody(browser: Browser, demo: Demo) -> None:
    context = open_context(browser, demo, viewport=DESK)
    page, look = context.new_page(), Look("officer", target=STAFF_TARGET)
    look.listen(page)
    sign_in(page, demo.staff("participation_officer"))
    page.goto("/staff/reach")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Reach: who is heard")
    first = page.get_by_role("heading", name="What silence could hide")
    expect(first).to_be_visible()
    bounds = page.locator(".reach-bound")
    for text in bounds.all_inner_texts():
        assert "could have been asked did not answer it" in text
    expect(page.locator("main")).to_contain_text("held back")
    look.at(page, "reach")
    with page.expect_download() as download:
        page.get_by_role("link", name="Download these tables").click()
    cells = download.value.path().read_text().split(",")
    numbers = [int(cell) for cell in cells if cell.isdigit()]
    assert min(number for number in numbers if number) >= 6
    follow(page.get_by_role("link", name="Care leavers"))
    look.at(page, "reach of care leavers")

    follow(page.get_by_role("link", name="not heard before their last two reviews"))
    rows = page.get_by_role("table").locator("tbody tr")
    expect(rows).to_have_count(25)
    expect(rows.first).to_contain_text("nothing before")
    rows.first.get_by_text("other ways").click()
    expect(rows.first.get_by_text("Offer an advocate")).to_be_visible()
    look.at(page, "not heard")
    follow(page.get_by_role("link", name="Leaving care 1"))
    expect(page.locator("strong[aria-current=page]")).to_contain_text("Leaving care 1")
    for text in rows.all_inner_texts():
        assert "Leaving care 1" in text
    follow(page.get_by_role("link", name="Next page"))
    expect(page.get_by_role("link", name="Previous page")).to_be_visible()
    context.close()
    look.check(least=3)
