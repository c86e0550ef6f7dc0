"""From whom an answer is hidden today, and a writer's yes to whoever came after them.

A hide follows the person who was named, for good, and the place that they had: docs/decisions/0037.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlmodel import Session, col, select

from backend.core import audit
from backend.core.access.identity import ContributorIdentity
from backend.core.access.policy import hidden_now
from backend.core.access.predicates import Case, Place
from backend.people import queries as people
from backend.surveys.models import Answer, Response, Topic

LET_SEE = audit.declare("answers.let_see", "place", "answers")


def hidden_of(answer: Answer, case: Case | None) -> frozenset[int]:
    """The staff from whom an answer is hidden today; without a case, those who were named."""
    if case is None:
        return frozenset(answer.hidden_from)
    return hidden_now(answer.hidden_from, map(Place, answer.hidden_places), case)


def cases_for(session: Session, answers: Iterable[tuple[int, Answer]]) -> Mapping[int, Case]:
    """The cases of those who hid an answer from somebody in a place, by the person's id."""
    wanted = {person_id for person_id, answer in answers if answer.hidden_places}
    return people.cases(session, wanted) if wanted else {}


def may_see(session: Session, identity: ContributorIdentity, topic: Topic) -> bool:
    """Whether this visit may see a topic's words, or that it exists at all.

    Without the young person's secret that is only what was written in this very visit; with a
    secret that was set without worker or IRO, only what was written after it. What was hidden
    from whoever let them in stays shut.
    """
    if topic.begun_in_session == identity.session_id or not identity.is_young_person:
        return True
    if not identity.is_known:
        return False
    reads_from = identity.reads_from
    if reads_from is not None and topic.begun_at < datetime.fromisoformat(reads_from):
        return False
    return identity.let_in_by is None or not _is_hidden_from(session, identity, topic)


def _is_hidden_from(session: Session, identity: ContributorIdentity, topic: Topic) -> bool:
    person = people.person(session, identity.person_id or 0)
    case = people.case_of(person) if person is not None else None
    answers = session.exec(select(Answer).where(Answer.topic_row_id == topic.id))
    return any(identity.let_in_by in hidden_of(answer, case) for answer in answers)


def places_hidden(session: Session, identity: ContributorIdentity) -> frozenset[Place]:
    """The places from which a young person hid anything that they sent, as far as this visit sees
    it; none while somebody on the staff let them in, who may stand beside them."""
    if not identity.is_known or identity.let_in_by is not None:
        return frozenset()
    found = (Place(one) for answer in _sent(session, identity) for one in answer.hidden_places)
    return frozenset(found)


def let_see(session: Session, identity: ContributorIdentity, place: Place) -> int:
    """Let whoever has a place today read what was hidden from somebody who had it before; how many
    answers. Who was named stays shut out. A care leaver's PA came after both."""
    person = people.person(session, identity.person_id or 0)
    is_leaver = person is not None and person.group == people.CARE_LEAVER
    lifted = set(Place) if is_leaver else {place}
    if not lifted & places_hidden(session, identity):
        return 0
    count = 0
    for answer in _sent(session, identity):
        left = [one for one in answer.hidden_places if one not in lifted]
        if left != answer.hidden_places:
            answer.hidden_places = left
            session.add(answer)
            count += 1
    audit.record(
        session,
        LET_SEE,
        actor=identity.actor,
        person_id=identity.person_id,
        place=place.value,
        answers=count,
    )
    session.flush()
    return count


def _sent(session: Session, identity: ContributorIdentity) -> list[Answer]:
    rows = session.exec(
        select(Answer, Topic)
        .join(Topic, col(Topic.id) == col(Answer.topic_row_id))
        .join(Response, col(Response.id) == col(Topic.response_id))
        .where(Response.contributor_id == identity.contributor_id, col(Topic.sent_at).is_not(None))
    ).all()
    topics = {topic.id: topic for _, topic in rows}
    seen = {key for key, topic in topics.items() if may_see(session, identity, topic)}
    return [answer for answer, topic in rows if topic.id in seen]
