"""Pages about Heard: the statement in its required form, privacy that a child can read."""

import re

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session

from backend.core import clock
from backend.entry.statements import statement
from backend.settings import Settings
from backend.surveys.instruments.reading_age import reading_age
from tests.entry.test_words import GLOSSARY, NEVER, OLDEST, words_of

STATEMENTS = ("/me/accessibility", "/staff/accessibility")
REQUIRED = (
    "How accessible Heard is",
    "Equality and Human Rights Commission",
    "Equality Advisory and Support Service",
    "Accessibility Regulations 2018",
    "partially compliant with the Web Content Accessibility Guidelines version 2.2 AA",
    "does not meet the regulations",
    "Disproportionate burden",
    "Outside the regulations",
    "What we do to make it better",
    "How this statement was prepared",
)
NAMES = (*GLOSSARY, "advocate", "Information", "Commissioner’s", "Hollin", "Office", "privacy")


@pytest.mark.parametrize("address", STATEMENTS)
def test_the_statement_has_every_part_of_the_required_form(
    client: TestClient, settings: Settings, address: str
) -> None:
    page = client.get(address)
    assert page.status_code == 200
    assert [part for part in REQUIRED if part not in page.text] == []
    assert settings.heard_council in page.text
    assert settings.heard_accessibility_email in page.text
    assert settings.heard_duty_telephone in page.text


def test_the_statement_says_when_it_was_prepared_and_what_is_not_met() -> None:
    found = statement()
    assert found.prepared_on <= found.reviewed_on <= clock.today()
    assert len(found.not_met) >= 3
    for one in found.not_met:
        assert re.match(r"\d\.\d\.\d+ ", one.criterion)
        assert one.by > found.prepared_on


def test_the_statement_is_reached_from_help_and_from_every_staff_page(client: TestClient) -> None:
    assert 'href="/me/accessibility"' in client.get("/me/help").text
    assert 'href="/staff/accessibility"' in client.get("/staff/sign-in").text


@pytest.mark.parametrize("address", ["/me/privacy", "/me/helping"])
def test_privacy_and_helping_can_be_read_at_nine(client: TestClient, address: str) -> None:
    page = client.get(address).text
    assert reading_age(words_of(page), glossary=NAMES) <= OLDEST
    assert not NEVER.search(words_of(page))
    assert f'href="{address}"' in client.get("/me/help").text


def test_privacy_says_who_reads_how_long_it_is_kept_and_who_to_complain_to(
    client: TestClient, app_session: Session
) -> None:
    page = words_of(client.get("/me/privacy").text)
    for part in ("Who reads", "14 days", "until you are 75", "see what we have about you",
                 "complain to us", "0303 123 1113"):  # fmt: skip
        assert part in page
