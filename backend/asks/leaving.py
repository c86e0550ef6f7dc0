"""How far the words of asks may go when they leave the screen, as the answers they came from."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlmodel import Session, col, select

from backend.asks.lines import sources_of
from backend.asks.models import Ask
from backend.core.access.predicates import Reach
from backend.surveys import queries as surveys


@dataclass(frozen=True)
class Leaving:
    """One ask on its way out: of which answer, whether that was ticked for the meeting, and
    whether it was kept from anybody or taken back since. A button carries no words."""

    ask_id: int
    answer_id: int | None
    topic_row_id: int | None
    review_id: int | None
    has_words: bool
    may_be_said: bool
    is_for_few: bool


def leaving(session: Session, ask_ids: Collection[int]) -> dict[int, Leaving]:
    """By ask; words of their own, which came from no answer, were not ticked for any meeting."""
    asks = session.exec(select(Ask).where(col(Ask.id).in_(ask_ids))).all()
    sources = sources_of(session, asks)
    rows = {ask.topic_row_id for ask in asks if ask.topic_row_id is not None}
    topics = surveys.sent_topics(session, topic_row_ids=rows) if rows else []
    taken_back = {topic.topic_row_id for topic in topics if topic.taken_back}
    hidden_by_words = {
        answer.answer_id
        for topic in topics
        for answer in topic.answers
        if answer.hidden_from_words or answer.hidden_from_carers
    }
    found = {}
    for ask in asks:
        source = sources[ask.id or 0]
        is_for_few = source is not None and (
            source.reach is Reach.ONLY_IRO
            or bool(source.hidden_from)
            or ask.topic_row_id in taken_back
            or ask.answer_id in hidden_by_words
        )
        found[ask.id or 0] = Leaving(
            ask_id=ask.id or 0,
            answer_id=ask.answer_id,
            topic_row_id=ask.topic_row_id,
            review_id=ask.review_id,
            has_words=ask.words is not None,
            may_be_said=source is not None and source.may_be_said and not is_for_few,
            is_for_few=is_for_few,
        )
    return found
