"""The words of the way in can be read at nine, and never say what a child's screen must not."""

import re
from xml.etree.ElementTree import Element

import html5lib
import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session

from backend.surveys.instruments.reading_age import reading_age
from tests.entry.doors import BIRTHDAY, OTHERS, PICTURES, come_in, make_young_person, path_of

OLDEST = 9.0
GLOSSARY = ("IRO", "worker", "Heard", "Childline", "Samaritans", "SHOUT", "social", "ambulance")
NEVER = re.compile(r"placement|contact\b|\bLAC\b|sibling|respite|don.t worry|thank you for", re.I)


def words_of(html: str) -> str:
    """What the main part of a page says, one block a line, without buttons' and fields' markup."""
    tree: Element = html5lib.parse(html, namespaceHTMLElements=False)
    main = next(tree.iter("main"))
    blocks = [e for e in main.iter() if e.tag in {"h1", "h2", "p", "li", "button"}]
    return "\n".join(" ".join("".join(block.itertext()).split()) for block in blocks)


@pytest.fixture
def screens(client: TestClient, app_session: Session) -> dict[str, str]:
    *_, line = make_young_person(app_session)
    app_session.commit()
    found = {path: client.get(path).text for path in ("/me/", "/me/help", "/me/another-way")}
    found["link"] = client.get(path_of(line.link_url)).text
    found["no link"] = client.get("/me/o/none").text
    found["used up"] = client.get("/me/once/none").text
    found["not found"] = client.get("/me/none/at/all").text
    client.post("/me/", data={"code": "CCCCCCCC"})
    for number in range(6):
        found[f"wrong {number}"] = client.post("/me/birthday", data=BIRTHDAY).text
    client.cookies.clear()
    return found


def test_every_page_before_the_way_in_can_be_read_at_nine(screens: dict[str, str]) -> None:
    ages = {name: reading_age(words_of(page), glossary=GLOSSARY) for name, page in screens.items()}
    assert {name: age for name, age in ages.items() if age > OLDEST} == {}
    assert len(ages) >= 12


def test_every_page_of_the_secret_can_be_read_at_nine(
    client: TestClient, app_session: Session
) -> None:
    *_, line = make_young_person(app_session)
    app_session.commit()
    come_in(client, line)
    pages = {"first": client.get("/me/secret/new").text}
    client.post("/me/secret/new", data=PICTURES)
    client.post("/me/lock")
    come_in(client, line)
    pages["enter"] = client.get("/me/secret").text
    pages["forgot"] = client.get("/me/secret/forgot").text
    pages["new"] = client.get("/me/secret/new?kind=digits").text
    for _ in range(5):
        pages["wrong"] = client.post("/me/secret", data=OTHERS).text or pages["wrong"]
    pages["locked"] = client.get("/me/secret").text
    assert "five wrong tries" in pages["locked"]
    ages = {name: reading_age(words_of(page), glossary=GLOSSARY) for name, page in pages.items()}
    assert {name: age for name, age in ages.items() if age > OLDEST} == {}
    assert not [name for name, page in pages.items() if NEVER.search(words_of(page))]


def test_no_page_uses_words_that_a_childs_screen_never_says(screens: dict[str, str]) -> None:
    assert not [name for name, page in screens.items() if NEVER.search(words_of(page))]


def test_the_privacy_is_said_before_anything_is_typed(screens: dict[str, str]) -> None:
    assert "The people you live with do not." in screens["/me/"]
    assert "we must tell people who can help" in screens["/me/"]
