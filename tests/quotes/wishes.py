"""Small makers for tests of quotations: children who were heard, and a wish to quote."""

from datetime import date
from typing import Any

from sqlmodel import Session

from backend.core.access.identity import StaffIdentity
from backend.quotes import service
from backend.quotes.models import Quote
from backend.surveys import queries as surveys
from tests.safeguarding.cases import Around, make_case, send

SAID = "The dog at Maria's helps me"
UNTIL = date(2027, 5, 31)


def hear_others(session: Session, count: int) -> None:
    """Other children who sent something in the same year."""
    for _ in range(count):
        send(session, make_case(session), "Something else")


def answer_of(session: Session, topic: int, place: int = 0) -> int:
    """The id of one answer of a sent topic."""
    sent = surveys.sent_topic(session, topic)
    assert sent is not None
    return sent.answers[place].answer_id


def ask(
    session: Session,
    case: Around,
    topic: int,
    *,
    viewer: StaffIdentity | None = None,
    place: int = 0,
    **values: Any,
) -> Quote:
    """Ask to quote an answer, as the IRO unless told otherwise, for a report on homes."""
    wish = {"words": "The dog … helps me", "audience": "panel", "until": UNTIL} | values
    return service.propose_quote(
        session,
        viewer or case.iro,
        topic,
        answer_id=answer_of(session, topic, place),
        place=wish.pop("use", "Our report on homes"),
        **wish,
    )
