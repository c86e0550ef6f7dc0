"""Turns what was sent into the policy's question: may this member of staff read it now?"""

from collections.abc import Collection, Iterable

from sqlmodel import Session, col, select

from backend.core.access.identity import StaffIdentity
from backend.core.access.policy import may_read
from backend.core.access.predicates import Case, Words
from backend.people import queries as people
from backend.safeguarding.models import Concern, ConcernReader
from backend.surveys.queries import SentAnswer, SentTopic

# A machine's suggestion raises nothing: only a person opens words to the duty reader.
RAISED_BY_PEOPLE = ("reader", "unread")


def raised_topics(
    session: Session, topic_row_ids: Collection[int] | None = None
) -> dict[int, frozenset[int]]:
    """Topics that a person raised, each with the readers whom the duty reader recorded."""
    statement = select(Concern).where(
        col(Concern.source).in_(RAISED_BY_PEOPLE), col(Concern.topic_row_id).is_not(None)
    )
    if topic_row_ids is not None:
        statement = statement.where(col(Concern.topic_row_id).in_(topic_row_ids))
    concerns = session.exec(statement).all()
    readers = recorded_readers(session, [concern.id or 0 for concern in concerns])
    found: dict[int, frozenset[int]] = {}
    for concern in concerns:
        row_id = concern.topic_row_id or 0
        found[row_id] = found.get(row_id, frozenset()) | readers.get(concern.id or 0, frozenset())
    return found


def recorded_readers(session: Session, concern_ids: Collection[int]) -> dict[int, frozenset[int]]:
    """Whom the duty reader recorded as readers, by concern."""
    found: dict[int, frozenset[int]] = {}
    if not concern_ids:
        return found
    for row in session.exec(
        select(ConcernReader).where(col(ConcernReader.concern_id).in_(concern_ids))
    ):
        found[row.concern_id] = found.get(row.concern_id, frozenset()) | {row.staff_id}
    return found


def words_of(session: Session, topic: SentTopic, answer: SentAnswer | None = None) -> Words:
    """What the policy needs to know about one answer, or about the widest of a topic."""
    raised = raised_topics(session, [topic.topic_row_id])
    return _words(people.cases(session, [topic.person_id])[topic.person_id], raised, topic, answer)


def _words(
    case: Case,
    raised: dict[int, frozenset[int]],
    topic: SentTopic,
    answer: SentAnswer | None,
) -> Words:
    hidden = answer.hidden_from if answer else hidden_from_all(topic)
    return Words(
        case=case,
        reach=answer.reach if answer else topic.reach,
        is_raised=topic.topic_row_id in raised,
        recorded_readers=raised.get(topic.topic_row_id, frozenset()),
        hidden_from=hidden,
    )


def may_take_over(viewer: StaffIdentity, case: Case, topic: SentTopic) -> bool:
    """Whether this viewer could read anything of a topic once it was raised."""
    raised: dict[int, frozenset[int]] = {topic.topic_row_id: frozenset()}
    return any(may_read(viewer, _words(case, raised, topic, one)) for one in topic.answers)


def hidden_from_all(topic: SentTopic) -> frozenset[int]:
    """Staff from whom every answer of a topic is hidden."""
    hidden = [answer.hidden_from for answer in topic.answers]
    return frozenset.intersection(*hidden) if hidden else frozenset()


def hidden_from_any(topic: SentTopic) -> frozenset[int]:
    """Staff from whom some answer of a topic is hidden: they learn of no concern about it."""
    return frozenset().union(*(answer.hidden_from for answer in topic.answers))


def readable_answers(
    session: Session, viewer: StaffIdentity, topics: Iterable[SentTopic]
) -> dict[int, tuple[SentAnswer, ...]]:
    """The answers that this viewer may read, by topic; a topic with none is absent."""
    found = list(topics)
    cases = people.cases(session, {topic.person_id for topic in found})
    raised = raised_topics(session, {topic.topic_row_id for topic in found}) if found else {}
    readable = {}
    for topic in found:
        answers = tuple(
            answer
            for answer in topic.answers
            if may_read(viewer, _words(cases[topic.person_id], raised, topic, answer))
        )
        if answers:
            readable[topic.topic_row_id] = answers
    return readable
