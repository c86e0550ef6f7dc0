"""What may tell who wrote is marked for whoever asks to quote; the words stay as they are."""

import html as entities
import re

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session

from backend.core.access.predicates import Reach
from backend.people.models import Person
from backend.quotes.models import Quote
from backend.quotes.telling import marked_words
from backend.surveys import queries as surveys
from tests.factories import sign_in
from tests.quotes.wishes import answer_of
from tests.safeguarding.cases import Around, make_case, send, stored

pytestmark = pytest.mark.usefixtures("noon")
SAID = "my mum kelly comes on saturdays & i <b>like</b> St Aidan's Primary, ring 07700 900123"


def page_of(
    client: TestClient,
    session: Session,
    case: Around,
    words: str,
    *,
    reach: Reach = Reach.ASK_FIRST,
) -> str:
    topic = send(session, case, words, reach=reach)
    address = f"/staff/quotes/new/{topic}/{answer_of(session, topic)}"
    sign_in(client, session, case.iro)
    return client.get(address).text


def marked_on(html: str) -> dict[str, str]:
    """What was marked, with what is said of it to who cannot see the mark."""
    found = re.findall(
        r'<mark class="heard-telling">(.*?)<span class="govuk-visually-hidden"> \((.*?)\) </span>',
        html,
    )
    return {entities.unescape(words): tells for words, tells in found}


def test_names_schools_days_and_numbers_are_marked_and_listed_in_words(
    client: TestClient, app_session: Session
) -> None:
    html = page_of(client, app_session, make_case(app_session), SAID)
    assert marked_on(html) == {
        "kelly": "a name",
        "saturdays": "a date or a day",
        "St Aidan's Primary": "a school or college",
        "07700 900123": "a telephone number",
    }
    assert "<bdi>kelly</bdi>: may be a name" in html
    assert "look at these before you ask" in html
    assert "misses others" in html
    assert "<b>like" not in html


def test_where_nothing_is_marked_nothing_is_promised(
    client: TestClient, app_session: Session
) -> None:
    html = page_of(client, app_session, make_case(app_session), "the food is good here")
    assert marked_on(html) == {}
    assert "Nothing was marked" in html
    assert "misses some" in html


def test_names_around_the_writer_are_found_misspelt_and_nobody_elses_are(
    client: TestClient, app_session: Session
) -> None:
    case, other = make_case(app_session), make_case(app_session)
    for one, name in ((case, "Quenby"), (other, "Zalika")):
        person = app_session.get(Person, one.person_id)
        assert person is not None
        person.known_as = name
        app_session.add(person)
    app_session.commit()
    topic = surveys.sent_topic(app_session, send(app_session, case, "-"))
    assert topic is not None
    text = "quenbys tea and zalika tea"
    pieces = marked_words(app_session, topic, text)
    assert "".join(piece.words for piece in pieces) == text
    assert [piece.words for piece in pieces if piece.tells] == ["quenbys"]


def test_marking_stops_nobody_and_changes_no_word(client: TestClient, app_session: Session) -> None:
    case = make_case(app_session)
    topic = send(app_session, case, SAID)
    address = f"/staff/quotes/new/{topic}/{answer_of(app_session, topic)}"
    sign_in(client, app_session, case.iro)
    wish = {
        "words": "my mum kelly comes",
        "place": "Our report on homes",
        "audience": "panel",
        "until-day": "31",
        "until-month": "5",
        "until-year": "2027",
    }
    assert client.post(address, data=wish).status_code == 303
    assert [quote.words for quote in stored(app_session, Quote)] == ["my mum kelly comes"]


def test_words_that_nobody_may_quote_are_not_marked_for_anybody(
    client: TestClient, app_session: Session
) -> None:
    html = page_of(client, app_session, make_case(app_session), SAID, reach=Reach.ONLY_IRO)
    assert "kelly" not in html
