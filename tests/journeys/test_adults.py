"""The adults around a child answer by link: short, on their own page, and once only."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from backend.core import clock
from tests.journeys import records
from tests.journeys.demos import DESK, PHONE, Demo, open_context
from tests.journeys.ways import (
    answer_page,
    begin_adult_form,
    come_in_with_open_form,
    follow,
    sign_in,
    stands,
    write_day,
)

FOUR_MINUTES = 240
SECONDS_A_PAGE, SECONDS_A_QUESTION = 10, 7  # reading a page; one tap among six, or a line of words
MOST_PAGES = 10
WORDS = "Settled since half term; 🦓 asks about the dog."


def fill_in(page: Page, see: Callable[[], object] = lambda: None) -> tuple[int, int]:
    """Answer every page up to the one that sends; how many pages and questions there were.

    `see` is called at each page, before it is answered.
    """
    pages = questions = 0
    day = clock.today() - timedelta(days=1)
    while not page.url.endswith("/send"):
        pages += 1
        assert pages <= MOST_PAGES, page.url
        see()
        questions += answer_page(page, WORDS)
        if stands(page.get_by_label("Year", exact=True)):
            write_day(page, str(day.day), str(day.month), str(day.year))
            questions += 1
        follow(page.get_by_role("button", name="Next"))
    return pages, questions


@pytest.mark.parametrize("kind", ["carer", "provider_staff", "parent"])
def test_an_adult_answers_by_link_in_under_four_minutes(
    kind: str, browser: Browser, demo: Demo
) -> None:
    context = open_context(browser, demo, viewport=PHONE, has_touch=True)
    page = context.new_page()
    door = come_in_with_open_form(page, demo.doors, kind)
    begin_adult_form(page)
    pages, questions = fill_in(page)
    around = 5  # the link, the list, the form's first page, reading it again, what happens next
    assert questions >= 4
    assert (pages + around) * SECONDS_A_PAGE + questions * SECONDS_A_QUESTION < FOUR_MINUTES
    expect(page.locator("main")).to_contain_text("Nobody reads this until you send it.")
    follow(page.get_by_role("button", name=re.compile("^Send to .* now$")))
    expect(page.get_by_role("heading", name="What happens next")).to_be_visible()
    kept = list(records.answers_of(demo, records.who_is(demo, door).contributor_id))
    assert WORDS in kept
    context.close()


def carers_of(demo: Demo, door: dict[str, Any]) -> list[str]:
    """The names of those who look after the child of this way in; none for some who live alone."""
    child = records.who_is(demo, door).extract
    lines = records.contacts_of(demo, child["child_id"])
    return [line["name"] for line in lines if line["kind"] != "parent"]


def test_a_parents_pages_never_say_where_the_child_lives(browser: Browser, demo: Demo) -> None:
    context = open_context(browser, demo, viewport=PHONE)
    page = context.new_page()
    seen: list[str] = []
    # Which parents have sent already hangs on the tests before this one.
    door = come_in_with_open_form(page, demo.doors, "parent", fits=lambda one: carers_of(demo, one))
    child, carers = records.who_is(demo, door).extract, carers_of(demo, door)

    def see() -> None:
        page.wait_for_load_state()
        seen.append(page.content())

    see()
    follow(page.get_by_role("link", name=re.compile("^(Start|Go on)$")).first)
    see()
    follow(page.get_by_role("button", name=re.compile("^(Start|Go on)$")))
    fill_in(page, see)
    see()
    follow(page.get_by_role("button", name=re.compile("^Send to .* now$")))
    expect(page.get_by_role("heading", name="What happens next")).to_be_visible()
    see()
    page.goto("/me/help")
    see()
    everything = "\n".join(seen)
    secret = [child[name] for name in ("home_name", "home_id", "provider_name", "provider_urn")]
    secret += [*carers, *(name.split()[-1] for name in carers), child["home_name"].split()[0]]
    assert len(seen) >= 6
    assert child["known_as"] in everything
    for word in filter(None, secret):
        assert not re.search(rf"\b{re.escape(word)}\b", everything, re.IGNORECASE), word
    context.close()


def begin_home_form(page: Page, demo: Demo) -> None:
    """From a worker's list into the first form about the longer term in a home."""
    longer = {row for (row,) in records.rows_of(
        demo, "select id from consultation where moment = 'home'"
    )}  # fmt: skip
    links = page.get_by_role("link", name=re.compile("^(Start|Go on)$"))
    hrefs = [str(link.get_attribute("href")) for link in links.all()]
    page.goto(next(href for href in hrefs if int(href.rsplit("/", 1)[-1]) in longer))
    follow(page.get_by_role("button", name=re.compile("^(Start|Go on)$")))


def test_a_social_workers_link_and_desk_lead_to_one_record(browser: Browser, demo: Demo) -> None:
    context = open_context(browser, demo, viewport=PHONE)
    page = context.new_page()
    come_in_with_open_form(page, demo.doors, "social_worker")
    begin_home_form(page, demo)
    found = re.search(r"/me/forms/(\d+)/", page.url)
    assert found
    consultation = int(found.group(1))
    fill_in(page)
    follow(page.get_by_role("button", name=re.compile("^Send to .* now$")))
    expect(page.get_by_role("heading", name="What happens next")).to_be_visible()
    context.close()
    ((person_id, home_id),) = records.rows_of(
        demo, "select person_id, home_id from consultation where id = ?", consultation
    )
    context = open_context(browser, demo, viewport=DESK)
    page = context.new_page()
    worker = records.line_of(demo, person_id)["worker_email"]
    sign_in(page, records.account_of(demo, worker))
    page.goto(f"/staff/homes/{home_id}/taps/{person_id}")
    main = page.locator("main")
    expect(main).to_contain_text("You sent this on")
    expect(main).to_contain_text(WORDS)
    expect(main.get_by_text("Fully", exact=True)).to_have_count(8)
    rounds = records.rows_of(
        demo,
        "select n.id, count(r.id) from consultation n join response r on r.consultation_id = n.id"
        " join contributor c on c.id = r.contributor_id and c.kind = 'social_worker'"
        " where n.person_id = ? and n.home_id = ? and n.window ="
        " (select window from consultation where id = ?) group by n.id",
        person_id,
        home_id,
        consultation,
    )
    assert rounds == [(consultation, 1)]
    context.close()
