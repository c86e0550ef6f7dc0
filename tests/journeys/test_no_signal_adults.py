"""A carer's form in a place without a signal: gone through to the end, and sent once."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from backend.settings import Settings
from backend.surveys.models import Answer, Response, Topic
from tests.journeys.families import Family, Phone, add_contact, move_in
from tests.journeys.ways import come_in_by_link, follow, stands
from tests.offline.served import Served, go_on, says, serving, wait_until_ready

WORDS = "He laughed at the sea. Twice."
MOST_PREFETCHED = 150 * 1024  # bytes, as the phone fetches them for later


@pytest.fixture
def served(sqlite_engine: Engine, settings: Settings) -> Iterator[Served]:
    with serving(sqlite_engine, settings) as served:
        yield served


def words_sent(family: Family) -> list[str]:
    """What the carer sent in words, with every repetition."""
    with Session(family.engine) as session:
        rows = session.exec(
            select(Answer)
            .join(Topic, col(Topic.id) == col(Answer.topic_row_id))
            .join(Response, col(Response.id) == col(Topic.response_id))
            .where(Response.audience == "carer", col(Topic.sent_at).is_not(None))
        ).all()
        return [row.value for row in rows if isinstance(row.value, str)]


def test_a_carer_goes_on_without_a_signal_and_the_form_arrives_once(
    served: Served, new_phone: Phone
) -> None:
    family = move_in(served, 13)
    page: Page = new_phone(family)
    fetched: list[int] = []
    page.context.on(
        "response",
        lambda answer: fetched.append(int(answer.headers.get("content-length", 0))),
    )
    come_in_by_link(page, add_contact(family, "carer"))
    follow(page.get_by_role("link", name="Start").first)
    page.get_by_label("Yes, only I use it").check()
    follow(page.get_by_role("button", name="Start"))
    wait_until_ready(page)
    assert sum(fetched) < MOST_PREFETCHED
    page.context.set_offline(True)
    page.locator("main textarea").first.fill(WORDS)
    for _ in range(12):
        if stands(page.get_by_role("button", name="Send")):
            break
        go_on(page, "Next")
        says(page, "on this phone")
    wait_until_ready(page)
    follow(page.get_by_role("button", name="Send").first)
    says(page, "on this phone")
    assert words_sent(family) == []
    page.context.set_offline(False)
    says(page, "Heard has")
    page.reload()
    assert words_sent(family) == [WORDS]
    expect(page.locator("body")).not_to_contain_text("Not sent yet")
