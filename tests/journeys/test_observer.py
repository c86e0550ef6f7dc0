"""How I show you: a carer tells on a phone how a child of two shows it, as their own reading."""

import re

from playwright.sync_api import expect

from tests.journeys.families import Desk, Phone, add_contact, move_in
from tests.journeys.forms import PICKS
from tests.journeys.ways import come_in_by_link, follow, stands, write_day
from tests.offline.served import Served


def test_a_carers_whole_observation_reaches_the_iro_as_an_adults_reading_and_never_as_a_quotation(
    served: Served, new_phone: Phone, new_desk: Desk
) -> None:
    family = move_in(served, 2)
    child = family.round.person.known_as
    phone = new_phone(family)
    come_in_by_link(phone, add_contact(family, "carer"))
    form = phone.get_by_role("article").filter(has_text=f"How {child} shows us")
    follow(form.get_by_role("link", name="Start"))
    expect(phone.locator("main")).to_contain_text(f"never as {child}'s words")
    follow(phone.get_by_role("button", name="Start"))
    written: list[str] = []
    while not phone.url.endswith("/send"):
        phone.wait_for_load_state()
        for group in phone.locator("main fieldset").filter(has=phone.locator(PICKS)).all():
            group.locator("input").first.check()
        for box in phone.locator("main textarea").all():
            written.append(f"zqseen {len(written)}: reaches for the blue cup. 🦓")
            box.fill(written[-1])
        if stands(phone.get_by_label("Year", exact=True)):
            write_day(phone, "1", "11", "2026")
        follow(phone.get_by_role("button", name="Next"))
    assert len(written) >= 6
    follow(phone.get_by_role("button", name=re.compile("^Send to .* now$")))
    expect(phone.get_by_role("heading", name="What happens next")).to_be_visible()
    iro = new_desk(family, "iro")
    iro.goto(family.review_page)
    reading = iro.locator("section").filter(has_text="An adult’s reading")
    for words in written:
        expect(reading).to_contain_text(words)
        assert iro.locator("blockquote").filter(has_text=words).count() == 0
    expect(iro.locator("main")).to_contain_text("Too young for a form of their own")
