"""A sentence that asks is suggested in the child's very words; only a person makes it an ask."""

import html as entities
import re

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session

from backend.asks.models import Ask
from backend.core.access.predicates import Reach
from backend.summaries.models import NotAnAsk
from tests.factories import sign_in
from tests.safeguarding.cases import Around, make_case, send, stored

pytestmark = pytest.mark.usefixtures("noon")
SAID = "the food is ok. can i have a lock on my dor pls?? I wud like to see Tia more"


def address(case: Around) -> str:
    return f"/staff/reviews/{case.review.id}/asks"


def parts_on(html: str) -> dict[str, str]:
    """The suggested sentences that can be ticked, by what the form says for each."""
    found = re.findall(r'value="(\d+:\d+-\d+)".*?<bdi>(.*?)</bdi>', html)
    return {key: entities.unescape(words) for key, words in found}


def owners_on(html: str) -> dict[str, str]:
    return dict(re.findall(r'name="(owner-\d+)"><option value="(\w+)"', html))


def test_each_asking_sentence_is_suggested_letter_for_letter_and_none_is_made_by_itself(
    client: TestClient, app_session: Session
) -> None:
    case = make_case(app_session)
    send(app_session, case, SAID, "nothing to say")
    sign_in(client, app_session, case.iro)
    html = client.get(address(case)).text
    assert list(parts_on(html).values()) == [
        "can i have a lock on my dor pls??",
        "I wud like to see Tia more",
    ]
    assert "Suggested" in html
    assert " checked" not in html
    assert stored(app_session, Ask) == []


def test_a_ticked_sentence_is_an_ask_and_what_is_left_stays_to_look_at(
    client: TestClient, app_session: Session
) -> None:
    case = make_case(app_session)
    topic = send(app_session, case, SAID)
    sign_in(client, app_session, case.iro)
    html = client.get(address(case)).text
    first, second = parts_on(html)
    client.post(address(case), data=owners_on(html) | {"ask": [first], "do": "ask"})
    [ask] = stored(app_session, Ask)
    assert (ask.words, ask.topic_row_id) == ("can i have a lock on my dor pls??", topic)
    html = client.get(address(case)).text
    assert list(parts_on(html)) == [second]
    assert "All of it" not in html
    client.post(address(case), data=owners_on(html) | {"do": "none"})
    assert len(stored(app_session, NotAnAsk)) == 1
    assert len(stored(app_session, Ask)) == 1
    assert "Nothing is left to look at" in client.get(address(case)).text


def test_two_sentences_are_two_asks(client: TestClient, app_session: Session) -> None:
    case = make_case(app_session)
    send(app_session, case, SAID)
    sign_in(client, app_session, case.iro)
    html = client.get(address(case)).text
    client.post(address(case), data=owners_on(html) | {"ask": list(parts_on(html)), "do": "ask"})
    assert [ask.words for ask in stored(app_session, Ask)] == [
        "can i have a lock on my dor pls??",
        "I wud like to see Tia more",
    ]
    assert "Nothing is left to look at" in client.get(address(case)).text


def test_all_of_an_answer_and_a_sentence_of_it_are_not_asked_twice(
    client: TestClient, app_session: Session
) -> None:
    case = make_case(app_session)
    send(app_session, case, SAID)
    sign_in(client, app_session, case.iro)
    html = client.get(address(case)).text
    part = next(iter(parts_on(html)))
    both = {"ask": [part, part.split(":")[0]], "do": "ask"}
    answer = client.post(address(case), data=owners_on(html) | both)
    assert answer.status_code == 422
    assert "Not both" in answer.text
    assert answer.text.count(" checked") == 2
    assert stored(app_session, Ask) == []


def test_words_that_were_asked_whole_are_not_suggested_again_in_parts(
    client: TestClient, app_session: Session
) -> None:
    case = make_case(app_session)
    send(app_session, case, SAID)
    sign_in(client, app_session, case.iro)
    html = client.get(address(case)).text
    whole = next(iter(parts_on(html))).split(":")[0]
    client.post(address(case), data=owners_on(html) | {"ask": [whole], "do": "ask"})
    assert [ask.words for ask in stored(app_session, Ask)] == [SAID]
    assert "Nothing is left to look at" in client.get(address(case)).text


@pytest.mark.parametrize("key", ["{id}:0-4", "{id}:0-9999", "0:16-49", "{id}:x-y", "{id}:-3-5"])
def test_a_part_that_was_not_suggested_makes_no_ask(
    client: TestClient, app_session: Session, key: str
) -> None:
    case = make_case(app_session)
    send(app_session, case, SAID)
    sign_in(client, app_session, case.iro)
    html = client.get(address(case)).text
    answer_id = next(iter(parts_on(html))).split(":")[0]
    made_up = key.replace("{id}", answer_id)
    answer = client.post(address(case), data=owners_on(html) | {"ask": [made_up], "do": "ask"})
    assert answer.status_code == 422
    assert stored(app_session, Ask) == []


def test_a_sentence_is_shown_as_it_was_written_and_never_as_markup(
    client: TestClient, app_session: Session
) -> None:
    case = make_case(app_session)
    send(app_session, case, 'its ok. can i <b>have</b> a "desk" & lamp?')
    sign_in(client, app_session, case.iro)
    html = client.get(address(case)).text
    assert "<b>have" not in html
    assert list(parts_on(html).values()) == ['can i <b>have</b> a "desk" & lamp?']


def test_a_sentence_for_the_iro_alone_goes_to_nobody_else(
    client: TestClient, app_session: Session
) -> None:
    case = make_case(app_session)
    send(app_session, case, SAID, reach=Reach.ONLY_IRO)
    sign_in(client, app_session, case.iro)
    html = client.get(address(case)).text
    assert set(owners_on(html).values()) == {"lead"}
    forged = {name: "worker" for name in owners_on(html)}
    part = next(iter(parts_on(html)))
    assert client.post(address(case), data=forged | {"ask": [part], "do": "ask"}).status_code == 422
    assert stored(app_session, Ask) == []


def test_nobody_but_the_lead_is_suggested_anything(
    client: TestClient, app_session: Session
) -> None:
    case = make_case(app_session)
    send(app_session, case, SAID)
    sign_in(client, app_session, case.worker)
    answer = client.get(address(case))
    assert answer.status_code in (403, 404)
    assert "lock on my dor" not in answer.text
