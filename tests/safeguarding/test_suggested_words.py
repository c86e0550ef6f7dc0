"""Whoever reads finds the one asking sentence laid ready, in its writer's own words."""

import html as entities
import re

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session

from backend.asks.models import Ask
from tests.factories import sign_in
from tests.safeguarding.cases import make_case, send, stored

pytestmark = pytest.mark.usefixtures("noon")


def laid_ready(html: str) -> list[str]:
    found = re.findall(r'<textarea[^>]*name="ask_words"[^>]*>(.*?)</textarea>', html, re.DOTALL)
    return [entities.unescape(words).strip() for words in found]


def test_one_asking_sentence_is_laid_ready_and_marked_as_suggested(
    client: TestClient, app_session: Session
) -> None:
    case = make_case(app_session)
    topic = send(app_session, case, "its ok here. can nan come to my <i>sports</i> day. thats it")
    sign_in(client, app_session, case.iro)
    html = client.get(f"/staff/reading/{topic}").text
    assert laid_ready(html) == ["can nan come to my <i>sports</i> day."]
    assert "the sentence that asks" in html
    assert stored(app_session, Ask) == []


@pytest.mark.parametrize(
    "words", ["the food is good", "can i have a desk. can nan come", "can i have a desk"]
)
def test_with_none_or_several_all_the_words_are_laid_ready(
    client: TestClient, app_session: Session, words: str
) -> None:
    case = make_case(app_session)
    topic = send(app_session, case, words)
    sign_in(client, app_session, case.iro)
    html = client.get(f"/staff/reading/{topic}").text
    assert laid_ready(html) == [words]
    assert "the sentence that asks" not in html
