"""Coding what was sent, as soon as it is sent: on both engines."""

from datetime import datetime

from sqlalchemy import text
from sqlmodel import Session, select

from backend.coding import service
from backend.coding.models import SuggestedCode
from tests.coding.texts import answer_in, say

ALARMING = "my uncle hurts me at night and i want to die"


def test_an_alarming_text_is_coded_with_its_words(session: Session, noon: datetime) -> None:
    worry = service.code_topic(session, say(session, ALARMING))
    assert worry.urgency == "now"
    assert worry.matched
    assert all(word in ALARMING for word in worry.matched)


def test_coding_twice_leaves_one_suggestion(session: Session, noon: datetime) -> None:
    topic = say(session, "My room is cold. Can I have a heater?")
    first = service.code_topic(session, topic)
    assert service.code_topic(session, topic) == first
    rows = session.exec(select(SuggestedCode)).all()
    assert len(rows) == 1
    assert "home" in rows[0].themes


def test_a_changed_answer_is_coded_again(session: Session, noon: datetime) -> None:
    topic = say(session, "My room is cold.")
    service.code_topic(session, topic)
    answer = answer_in(session, topic)
    answer.value, answer.revision = ALARMING, answer.revision + 1
    session.flush()
    assert service.code_topic(session, topic).urgency == "now"
    assert session.exec(select(SuggestedCode)).one().answer_revision == answer.revision


def test_the_matched_words_lie_encrypted(session: Session, noon: datetime) -> None:
    service.code_topic(session, say(session, ALARMING))
    stored = session.execute(text("select matched from suggested_code")).scalar_one()
    assert stored
    assert "hurts" not in stored


def test_a_text_in_another_language_says_that_it_was_not_read(
    session: Session, noon: datetime
) -> None:
    worry = service.code_topic(session, say(session, "ما اسمي وأين أعيش الآن مع عائلتي"))
    assert worry.urgency == "unread"


def test_a_topic_that_nobody_sent_is_no_worry(session: Session) -> None:
    assert service.code_topic(session, 4711) == service.Worry("none")
