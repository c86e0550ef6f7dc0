"""Small makers for tests of what leaves the screen: a child's answers, each kept in its own way."""

import io
from collections.abc import Mapping
from typing import Any

from pypdf import PdfReader
from sqlmodel import Session, select

from backend.core import clock
from backend.core.access.predicates import Reach
from backend.surveys import service as surveys
from backend.surveys.models import Answer, Topic
from tests.printed import words_of
from tests.safeguarding.cases import Around

NOT_SAID = "r12.meeting.unsaid"
UNSAID_TOPIC = "meeting"


def write(
    session: Session,
    case: Around,
    answers: Mapping[str, Any],
    topic_id: str = "most_wanted",
    **how: Any,
) -> Topic:
    """Send one topic of the child's form before the review; `how` is as for `keep_answer`."""
    consultation = surveys.open_consultation(
        session,
        person_id=case.person_id,
        moment="before_review",
        review_id=case.review.id,
        opens_on=clock.today(),
        closes_on=case.review.due_on,
    )
    response = surveys.begin_response(session, case.contributor.id or 0, consultation.id or 0)
    topic = surveys.begin_topic(session, response, topic_id, session_id=1)
    for question_id, value in answers.items():
        surveys.keep_answer(session, topic.id or 0, question_id, value, **how)
    return surveys.send_topic(session, topic.id or 0)


def words(
    session: Session, case: Around, text: str, *, is_ticked: bool = False, **how: Any
) -> Topic:
    """Send one text, ticked for the meeting or not."""
    topic = write(session, case, {"r12.wanted.words": text}, **how)
    if is_ticked:
        tick(session, topic)
    return topic


def tick(session: Session, topic: Topic) -> None:
    """Say yes to every answer of a topic for the meeting."""
    rows = session.exec(select(Answer.id).where(Answer.topic_row_id == topic.id)).all()
    surveys.tick_for_meeting(session, [topic.id or 0], {row for row in rows if row is not None})


def write_in_every_way(session: Session, case: Around) -> None:
    """One marker for each way in which a child can keep words from somebody, and two plain."""
    words(session, case, "zqticked", is_ticked=True)
    words(session, case, "zqunticked")
    words(session, case, "zqonlyiro", reach=Reach.ONLY_IRO)
    words(session, case, "zqfromworker", hidden_from=[case.worker.staff_id])
    words(session, case, "zqtickedhidden", hidden_from=[case.worker.staff_id], is_ticked=True)
    words(session, case, "zqfromiro", hidden_from=[case.iro.staff_id])
    words(session, case, "zqfromcarers", hidden_from_carers=True)
    words(session, case, "zqfromaunt", hidden_from_words="zqauntname")
    taken = words(session, case, "zqtakenback", is_ticked=True)
    surveys.take_back_topic(session, taken.id or 0)
    write(session, case, {NOT_SAID: "zqunsaid"}, UNSAID_TOPIC)


def read(content: bytes) -> PdfReader:
    """A PDF, read back."""
    return PdfReader(io.BytesIO(content))


def text_of(content: bytes) -> str:
    """All that a PDF says, in one line."""
    return " ".join(words_of(content).split())
