"""Each review form of a child, from the code on a letter to the IRO's reading of the very words."""

import pytest
from playwright.sync_api import expect

from tests.journeys.families import Desk, Phone, move_in
from tests.journeys.forms import say_all
from tests.journeys.ways import choose_pictures, come_in, follow
from tests.offline.served import Served

# What an age is asked: the topics chosen (none: all), how it must ask, and how it looks.
ALWAYS = ("most_wanted", "anything_else")
YOUNGEST = ("home", "family", "school", "feelings", "meeting")
FORMS: dict[str, tuple[int, tuple[str, ...], set[str], str]] = {
    "5-7": (6, (), {"faces", "several", "one", "drawing", "words"}, "younger"),
    "8-11": (
        9,
        ("home", "being_me", "meeting"),
        {"faces", "several", "one", "drawing", "words"},
        "younger",
    ),
    "12-17": (
        14,
        ("school", "feelings", "being_safe", "meeting"),
        {"faces", "several", "one", "scale", "words"},
        "older",
    ),
}


@pytest.mark.parametrize("form", FORMS)
def test_what_a_child_of_each_age_says_reaches_the_iro_word_for_word(
    form: str, served: Served, new_phone: Phone, new_desk: Desk
) -> None:
    years, topics, kinds, character = FORMS[form]
    is_helped, has_scripts = years < 8, years != 9
    family = move_in(served, years)
    phone = new_phone(family, java_script_enabled=has_scripts)
    come_in(phone, family.door)
    choose_pictures(phone, "kite", "moon", "shoe")
    expect(phone.locator("main")).to_contain_text(f"Your IRO is {family.names['iro']}")
    follow(phone.get_by_role("link", name="Say what I think"))
    phone.get_by_label("My social worker helps me" if is_helped else "on my own").check()
    follow(phone.get_by_role("button", name="Go on"))
    assert character in (phone.locator("html").get_attribute("class") or "").split()
    told = say_all(phone, *topics, tag=f"zq{years}")
    assert len(told.topics) == len(topics or YOUNGEST) + len(ALWAYS), told.topics
    assert told.kinds >= kinds
    assert told.notes == (told.screens if is_helped else 0), "a note for the helper on each screen"
    expect(phone.locator("main")).to_contain_text(f"{family.names['iro']} will read what you sent")
    iro = new_desk(family, "iro")
    iro.goto(family.review_page)
    assert set(told.words) <= set(iro.locator("main blockquote").all_inner_texts())
    page = iro.locator("main").inner_text()
    assert [one for one in told.picked if one[1] not in page] == []
    helped = "with help from their worker" if is_helped else "on their own"
    expect(iro.locator("main figure").first).to_contain_text(helped)
    if has_scripts and "drawing" in told.kinds:
        expect(iro.locator("main figure svg path")).to_have_count(1)
