"""A link on somebody else's telephone: nothing of care, of a council or of its owner is there."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session, select

from backend.core import clock
from backend.entry import service as entry
from backend.entry.models import Pass
from backend.messaging import service, ways
from backend.messaging.models import AddressStopped, Message
from backend.people import queries as people
from backend.settings import get_settings
from tests.entry.doors import come_in, make_young_person, path_of
from tests.factories import make_contact

pytestmark = pytest.mark.usefixtures("noon")
# "Heard" is the address's own name; whoever holds a link knows it.
TELLS = re.compile(
    r"worker|\bIRO\b|\bPA\b|carer|\bcare\b|child|young|social|review|meeting|council|live with",
    re.I,
)


def shown(html: str) -> str:
    """All that a page says, without its markup."""
    return re.sub(r"<[^>]+>", " ", html.partition("<body")[2])


def birthday(client: TestClient, session: Session, link: str) -> str:
    return client.get(link).text


def wrong(client: TestClient, session: Session, link: str) -> str:
    return client.post(link, data={"birthday_day": "1", "birthday_month": "2"}).text


def empty(client: TestClient, session: Session, link: str) -> str:
    return client.post(link, data={}).text


def paused(client: TestClient, session: Session, link: str) -> str:
    for _ in range(6):
        page = wrong(client, session, link)
    return page


def expired(client: TestClient, session: Session, link: str) -> str:
    for row in session.exec(select(Pass)):
        row.expires_on = clock.today() - timedelta(days=1)
    session.commit()
    return client.get(link).text


def switched_off(client: TestClient, session: Session, link: str) -> str:
    for row in session.exec(select(Pass)):
        row.revoked_at = clock.now()
    session.commit()
    return client.get(link).text


def unknown(client: TestClient, session: Session, link: str) -> str:
    return client.get("/me/o/there-is-none").text


def said_so(client: TestClient, session: Session, link: str) -> str:
    return client.get(client.post(f"{link}/not-me").headers["location"]).text


DOORS = (birthday, wrong, empty, paused, expired, switched_off, unknown, said_so)


@pytest.mark.parametrize("at_door", DOORS)
def test_nothing_is_said_before_somebody_has_shown_who_they_are(
    client: TestClient, app_session: Session, at_door: Callable[[TestClient, Session, str], str]
) -> None:
    *_, line = make_young_person(app_session)
    app_session.commit()
    page = at_door(client, app_session, path_of(line.link_url))
    settings = get_settings()
    words = shown(page)
    assert not TELLS.search(words), TELLS.findall(words)
    for council in (
        settings.heard_council,
        settings.heard_duty_telephone,
        settings.heard_night_telephone,
    ):
        assert council not in page
    assert "999" in words
    if at_door is not said_so:
        main = page.partition("<main")[2].partition("</main>")[0]
        assert "This is not for me" in main


@pytest.mark.parametrize("at_door", DOORS)
def test_an_adults_link_says_as_little(
    client: TestClient, app_session: Session, at_door: Callable[[TestClient, Session, str], str]
) -> None:
    if at_door in (wrong, empty, paused):
        return
    person, *_ = make_young_person(app_session)
    carer = make_contact(app_session, person, "carer", name="Pat Alder")
    link = path_of(entry.ensure_pass(app_session, carer.id or 0).link_url)
    app_session.commit()
    words = shown(at_door(client, app_session, link))
    assert not TELLS.search(words), TELLS.findall(words)
    assert "Pat" not in words
    assert person.known_as not in words


def test_not_for_me_comes_right_after_what_the_page_asks(
    client: TestClient, app_session: Session
) -> None:
    *_, line = make_young_person(app_session)
    app_session.commit()
    main = client.get(path_of(line.link_url)).text.partition("<main")[2]
    assert re.findall(r"<form[^>]*action=\"([^\"]+)\"", main)[1].endswith("/not-me")
    assert "<a " not in main.partition("not-me")[0]


def test_whoever_comes_in_by_a_link_reads_the_privacy_before_their_first_answer(
    client: TestClient, app_session: Session
) -> None:
    *_, line = make_young_person(app_session)
    app_session.commit()
    come_in(client, line)
    page = client.get("/me/secret/new").text
    assert "The people you live with do not." in page
    assert "we must tell people who can help" in page


def test_a_stranger_with_an_old_number_does_not_stop_the_new_one(
    app_session: Session,
) -> None:
    person, *_ = make_young_person(app_session)
    person.channel, person.address = "text", "07700 900111"
    mine = people.contributor_of_person(app_session, person.id or 0)
    assert mine is not None
    made = service.write(app_session, key="k", occasion="answer", contributor_id=mine.id)
    assert made is not None
    app_session.get_one(Message, made.id).state = "sent"
    service.choose_way(
        app_session, mine.id or 0, ways.Way("text", "07700 900222", "Sam"), actor="staff:1"
    )
    service.say_not_me(app_session, mine.id or 0)
    assert len(app_session.exec(select(AddressStopped)).all()) == 1
    way = ways.way_to(app_session, mine.id or 0)
    assert (way.address, way.is_stopped) == ("07700 900222", False)
