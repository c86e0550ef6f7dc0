"""Words where nobody looks for them: caches, titles, faults, second answers, files at rest."""

import re
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine
from sqlmodel import Session

from backend.core import clock
from backend.surveys.models import SecondAnswer
from tests.attack.crawls import crawl
from tests.attack.test_at_rest import raw
from tests.attack.test_markers import PAGES, guessed, own_forms
from tests.attack.towns import Town, build_town
from tests.factories import sign_in
from tests.safeguarding.cases import enter

TITLE = re.compile(r"<title>([^<]*)</title>")


@pytest.fixture
def town(client: TestClient, app_session: Session, sqlite_engine: Engine, noon: object) -> Town:
    return build_town(app_session, sqlite_engine)


def names_in(session: Session, town: Town) -> list[str]:
    """Everything that tells who somebody is, or what they wrote."""
    people = [one.person.known_as for one in (town.case, town.sibling, town.leaver)]
    session.rollback()
    return ["zq", "hits me", *people]


def titles(pages: dict[str, str]) -> set[str]:
    return {title for text in pages.values() for title in TITLE.findall(text)}


@pytest.mark.parametrize("role", ["iro", "worker", "duty", "manager", "participation"])
def test_no_title_of_a_staff_page_holds_a_name_or_a_word(
    client: TestClient, app_session: Session, town: Town, role: str
) -> None:
    hidden = names_in(app_session, town)
    sign_in(client, app_session, town.staff[role])
    starts = [*(f"/staff/{page}" for page in PAGES), *guessed(app_session, town)]
    found = titles(crawl(client, starts))
    assert len(found) >= 2
    assert [one for one in found for name in hidden if name in one] == []


def test_every_title_of_a_young_persons_page_is_the_same(
    client: TestClient, app_session: Session, town: Town
) -> None:
    enter(client, app_session, town.case)
    assert titles(crawl(client, own_forms(app_session))) == {"Heard"}


def test_nothing_that_is_anybodys_own_may_be_kept_by_a_cache(
    client: TestClient, app_session: Session, town: Town
) -> None:
    enter(client, app_session, town.case)
    sign_in(client, app_session, town.staff["iro"])
    addresses = [*own_forms(app_session), *guessed(app_session, town), "/me/here", "/me/leave",
                 "/staff/reviews", "/staff/nothing", "/me/nothing"]  # fmt: skip
    for address in addresses:
        answer = client.get(address)
        assert answer.headers["cache-control"] == "no-store", address
        assert not {"etag", "last-modified", "expires"} & set(answer.headers), address


def test_a_second_answer_is_read_by_nobody_but_its_writer(
    client: TestClient, app_session: Session, town: Town, tmp_path: Path
) -> None:
    app_session.add(
        SecondAnswer(
            topic_row_id=town.draft_id,
            question_id="r12.wanted.words",
            posted=[["most_wanted_0", "zqsecondanswer"]],
            given_in=9999,
            kept_at=clock.now(),
        )
    )
    app_session.commit()
    starts = [*(f"/staff/{page}" for page in PAGES), *guessed(app_session, town)]
    for role in ("iro", "deputy", "worker", "duty", "other manager"):
        client.cookies.clear()
        sign_in(client, app_session, town.staff[role])
        pages = crawl(client, starts)
        assert [where for where, text in pages.items() if "zqsecondanswer" in text] == []
    for who, is_known in ((town.sibling, True), (town.case, False)):
        client.cookies.clear()
        enter(client, app_session, who, is_known=is_known)
        pages = crawl(client, [*own_forms(app_session), "/me/second-answers"])
        assert [where for where, text in pages.items() if "zqsecondanswer" in text] == []
    client.cookies.clear()
    enter(client, app_session, town.case)
    assert "zqsecondanswer" in client.get("/me/second-answers").text
    assert b"zqsecondanswer" not in raw(tmp_path)


def test_what_the_child_took_back_is_still_read_and_said_in_no_meeting(
    client: TestClient, app_session: Session, town: Town
) -> None:
    sign_in(client, app_session, town.staff["iro"])
    pages = crawl(client, ["/staff/reading", "/staff/reviews"])
    assert any("zqtakenback" in text for where, text in pages.items() if "/reading/" in where)
