"""Turns what was sent into the policy's question: may this member of staff read it now?"""

from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING

from sqlmodel import Session, col, select

from backend.accounts import queries as accounts
from backend.core.access.permissions import Role
from backend.core.access.policy import may_read
from backend.core.access.predicates import Case, Reach, Words
from backend.people import queries as people
from backend.safeguarding.models import Concern, ConcernReader
from backend.surveys.queries import SentAnswer, SentTopic

if TYPE_CHECKING:
    from backend.core.access.identity import StaffIdentity

# A machine's suggestion raises nothing: only a person opens words to the duty reader.
RAISED_BY_PEOPLE = ("reader", "unread")
Raised = Mapping[int, frozenset[int]]  # answers that were raised, with their recorded readers


def raised_topics(
    session: Session, topic_row_ids: Collection[int] | None = None
) -> dict[int, dict[int, frozenset[int]]]:
    """By topic, the answers that a person raised, each with the readers that duty recorded.

    Only what worries travels further: the other answers of the same topic stay where they were.
    """
    statement = select(Concern).where(
        col(Concern.source).in_(RAISED_BY_PEOPLE), col(Concern.topic_row_id).is_not(None)
    )
    if topic_row_ids is not None:
        statement = statement.where(col(Concern.topic_row_id).in_(topic_row_ids))
    concerns = session.exec(statement).all()
    readers = recorded_readers(session, [concern.id or 0 for concern in concerns])
    found: dict[int, dict[int, frozenset[int]]] = {}
    for concern in concerns:
        answers = found.setdefault(concern.topic_row_id or 0, {})
        recorded = readers.get(concern.id or 0, frozenset())
        for answer_id in concern.answer_ids:
            answers[answer_id] = answers.get(answer_id, frozenset()) | recorded
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


class Desk:
    """Who does the duty for what was sent: the duty readers, or where the writer hid it from each
    of them a manager of the team, else any manager, so that a named human always reads it."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._holders: dict[tuple[Role, str | None], frozenset[int]] = {}

    def stand_ins(self, case: Case, hidden_from: Collection[int]) -> frozenset[int]:
        """Managers who do the duty for words that are hidden from every duty reader."""
        if self._holders_of(Role.DUTY_READER) - set(hidden_from):
            return frozenset()
        of_team = self._holders_of(Role.MANAGER, case.team) if case.team else frozenset()
        return (of_team - set(hidden_from)) or (
            self._holders_of(Role.MANAGER) - frozenset(hidden_from)
        )

    def has_reader(self, case: Case, answer: SentAnswer) -> bool:
        """Whether somebody who works here today may read this answer without the duty desk."""
        return bool(self._named(case, answer.reach) - answer.hidden_from)

    def _named(self, case: Case, reach: Reach) -> frozenset[int]:
        lead = case.personal_adviser_id if case.is_care_leaver else case.iro_id
        lead_role = Role.PERSONAL_ADVISER if case.is_care_leaver else Role.IRO
        of_case = {(lead, lead_role)}
        if reach not in (Reach.ONLY_IRO, Reach.WORKER_TAPS):
            of_case |= {
                (case.worker_id, Role.SOCIAL_WORKER),
                (case.personal_adviser_id, Role.PERSONAL_ADVISER),
            }
        named = {key for key, role in of_case if key is not None and key in self._holders_of(role)}
        if reach in (Reach.WORKER_TAPS, Reach.KEEP_IN_TOUCH) and case.team:
            named |= self._holders_of(Role.MANAGER, case.team)
        return frozenset(named)

    def _holders_of(self, role: Role, team: str | None = None) -> frozenset[int]:
        if (role, team) not in self._holders:
            found = accounts.holders_of(self._session, role, team)
            self._holders[role, team] = frozenset(found)
        return self._holders[role, team]


def words_of(session: Session, topic: SentTopic, answer: SentAnswer | None = None) -> Words:
    """What the policy needs to know about one answer, or about the widest of a topic."""
    raised = raised_topics(session, [topic.topic_row_id]).get(topic.topic_row_id, {})
    case = people.cases(session, [topic.person_id])[topic.person_id]
    return _words(case, raised, topic, answer, Desk(session))


def _words(
    case: Case, raised: Raised, topic: SentTopic, answer: SentAnswer | None, desk: Desk
) -> Words:
    hidden = answer.hidden_from if answer else hidden_from_all(topic)
    is_raised = answer.answer_id in raised if answer else bool(raised)
    readers = raised.get(answer.answer_id, frozenset()) if answer else frozenset()
    return Words(
        case=case,
        reach=answer.reach if answer else topic.reach,
        is_raised=is_raised,
        # Whoever does the duty in the duty readers' place reads as they would have.
        recorded_readers=readers | (desk.stand_ins(case, hidden) if is_raised else frozenset()),
        hidden_from=hidden,
    )


def may_take_over(session: Session, viewer: "StaffIdentity", case: Case, topic: SentTopic) -> bool:
    """Whether this viewer could read anything of a topic once it was raised."""
    return bool(open_once_raised(session, viewer, case, topic=topic))


def open_once_raised(
    session: Session, viewer: "StaffIdentity", case: Case, *, topic: SentTopic
) -> tuple[SentAnswer, ...]:
    """The answers of a topic that this viewer could read once they were raised."""
    desk = Desk(session)
    raised: Raised = {answer.answer_id: frozenset() for answer in topic.answers}
    return tuple(
        answer
        for answer in topic.answers
        if may_read(viewer, _words(case, raised, topic, answer, desk))
    )


def does_duty(session: Session, viewer: "StaffIdentity", case: Case, topic: SentTopic) -> bool:
    """Whether the duty for this topic is this viewer's; never somebody's from whom the writer hid
    any of it, because what is hidden may be about them."""
    hidden = hidden_from_any(topic)
    if viewer.staff_id in hidden:
        return False
    return Role.DUTY_READER in viewer.roles or viewer.staff_id in Desk(session).stand_ins(
        case, hidden
    )


def hidden_from_all(topic: SentTopic) -> frozenset[int]:
    """Staff from whom every answer of a topic is hidden."""
    hidden = [answer.hidden_from for answer in topic.answers]
    return frozenset.intersection(*hidden) if hidden else frozenset()


def hidden_from_any(topic: SentTopic) -> frozenset[int]:
    """Staff from whom some answer of a topic is hidden: they learn of no concern about it."""
    return frozenset().union(*(answer.hidden_from for answer in topic.answers))


def readable_answers(
    session: Session, viewer: "StaffIdentity", topics: Iterable[SentTopic]
) -> dict[int, tuple[SentAnswer, ...]]:
    """The answers that this viewer may read, by topic; a topic with none is absent."""
    found = list(topics)
    cases = people.cases(session, {topic.person_id for topic in found})
    raised = raised_topics(session, {topic.topic_row_id for topic in found}) if found else {}
    desk, readable = Desk(session), {}
    for topic in found:
        of_topic = raised.get(topic.topic_row_id, {})
        answers = tuple(
            answer
            for answer in topic.answers
            if may_read(viewer, _words(cases[topic.person_id], of_topic, topic, answer, desk))
        )
        if answers:
            readable[topic.topic_row_id] = answers
    return readable
