"""Questions that a helper in the home must not hear, as tasks for the next private visit."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel import Session, col, select

from backend.core import audit, clock
from backend.core.access.identity import StaffIdentity
from backend.core.access.permissions import Permission
from backend.core.access.requires import Denied, check
from backend.people import queries as people
from backend.surveys import catalogue, hiding
from backend.surveys.models import Answer, Consultation, PrivateVisit, Response, Topic

RECORDED = audit.declare("private_visit.recorded", "topic_row_id", "outcome")
OUTCOMES = {
    "asked": "They answer on their own form",
    "declined": "They did not want to",
}
# A child who did not want to is not asked about it again; the IRO still sees that for a while.
DECLINED_SHOWN = timedelta(days=180)
# When a contributor sent answers to a question.
Answered = dict[tuple[int, str], list[tuple[int, datetime]]]


class VisitRefused(Exception):
    """What was entered about a private visit cannot be; `errors` says why, by field."""

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__(errors)
        self.errors = errors


@dataclass(frozen=True)
class HeldBack:
    """One topic whose questions wait until the young person is alone: somebody who lives or works
    in the home was beside them. Who that was stands nowhere in it."""

    topic_row_id: int
    person_id: int
    topic_title: str
    questions: tuple[str, ...]
    noted_on: date
    asked_on: date | None
    outcome: str  # "" | asked | declined
    hidden_from: frozenset[int]

    @property
    def is_open(self) -> bool:
        """Whether it still waits for a private visit, or for the answers after one."""
        return self.outcome != "declined"


def held_back_for(session: Session, person_ids: Collection[int]) -> list[HeldBack]:
    """What waits for a private visit, the oldest first, and what was declined at one lately.

    A question is done once the young person has sent an answer to it: beside a helper from the
    home it is never asked, so that answer was given without one. Only on paper can it stand in the
    very topic that was written beside them, and there it does not count.
    """
    rows = session.exec(
        select(Topic, Response, Consultation.person_id)
        .join(Response, col(Response.id) == col(Topic.response_id))
        .join(Consultation, col(Consultation.id) == col(Response.consultation_id))
        .where(col(Consultation.person_id).in_(person_ids))
        .order_by(col(Topic.begun_at), col(Topic.id))
    ).all()
    waiting = [row for row in rows if row[0].held_back]
    if not waiting:
        return []
    answered = _answered_at(session, {response.contributor_id for _, response, _ in waiting})
    visits = _last_visits(session, [topic.id or 0 for topic, _, _ in waiting])
    hidden = _hidden(session, {topic.id or 0: person_id for topic, _, person_id in waiting})
    found: list[HeldBack] = []
    seen: set[tuple[int, str]] = set()
    for topic, response, person_id in waiting:
        left = _left(topic, response, answered) - seen
        visit = visits.get(topic.id or 0)
        if not left or (visit is not None and _is_long_over(visit)):
            continue
        seen |= left
        names = [one for one in topic.held_back if (response.contributor_id, one) in left]
        found.append(_task(topic, response, person_id, names=names, visit=visit, hidden=hidden))
    return found


def _left(topic: Topic, response: Response, answered: Answered) -> set[tuple[int, str]]:
    """What of a topic has had no answer since it was held back."""
    keys = {(response.contributor_id, one) for one in topic.held_back}
    since = topic.sent_at or topic.kept_at
    return {
        key
        for key in keys
        if not any(
            at >= since and topic_row_id != topic.id for topic_row_id, at in answered.get(key, ())
        )
    }


def _is_long_over(visit: PrivateVisit) -> bool:
    return visit.outcome == "declined" and visit.asked_on < clock.today() - DECLINED_SHOWN


def _task(
    topic: Topic,
    response: Response,
    person_id: int,
    *,
    names: list[str],
    visit: PrivateVisit | None,
    hidden: dict[int, frozenset[int]],
) -> HeldBack:
    return HeldBack(
        topic_row_id=topic.id or 0,
        person_id=person_id,
        topic_title=catalogue.topic_title(response.instrument_id, topic.topic_id),
        questions=tuple(catalogue.asked(response.instrument_id, one).text for one in names),
        noted_on=clock.in_london(topic.sent_at or topic.kept_at).date(),
        asked_on=visit.asked_on if visit else None,
        outcome=visit.outcome if visit else "",
        hidden_from=hidden.get(topic.id or 0, frozenset()),
    )


def _answered_at(session: Session, contributor_ids: Collection[int]) -> Answered:
    rows = session.exec(
        select(Response.contributor_id, Answer.question_id, Answer.topic_row_id, Topic.sent_at)
        .join(Topic, col(Topic.response_id) == col(Response.id))
        .join(Answer, col(Answer.topic_row_id) == col(Topic.id))
        .where(col(Response.contributor_id).in_(contributor_ids), col(Topic.sent_at).is_not(None))
    )
    found: Answered = {}
    for contributor_id, question_id, topic_row_id, sent_at in rows:
        if sent_at is not None:
            found.setdefault((contributor_id, question_id), []).append((topic_row_id, sent_at))
    return found


def _last_visits(session: Session, topic_row_ids: Collection[int]) -> dict[int, PrivateVisit]:
    rows = session.exec(
        select(PrivateVisit)
        .where(col(PrivateVisit.topic_row_id).in_(topic_row_ids))
        .order_by(col(PrivateVisit.id))
    )
    return {row.topic_row_id: row for row in rows}


def _hidden(session: Session, persons: Mapping[int, int]) -> dict[int, frozenset[int]]:
    """By topic, from whom something in it is hidden; `persons` are theirs."""
    rows = session.exec(select(Answer).where(col(Answer.topic_row_id).in_(persons))).all()
    of_person = [(persons[answer.topic_row_id], answer) for answer in rows]
    cases = hiding.cases_for(session, of_person)
    found: dict[int, frozenset[int]] = {}
    for person_id, answer in of_person:
        before = found.get(answer.topic_row_id, frozenset())
        found[answer.topic_row_id] = before | hiding.hidden_of(answer, cases.get(person_id))
    return found


def tasks_for(
    session: Session, viewer: StaffIdentity, person_ids: Collection[int]
) -> list[HeldBack]:
    """The same as a member of staff may know it: of a topic in which something was hidden from
    them, nothing; it is then for the others around the young person."""
    return [
        task
        for task in held_back_for(session, person_ids)
        if not task.hidden_from & {viewer.staff_id, *viewer.stands_in_for}
    ]


def visit_tasks(session: Session, viewer: StaffIdentity, person_id: int) -> list[HeldBack]:
    """One young person's tasks; raises Denied unless the viewer stands around them."""
    person = people.person(session, person_id)
    if person is None:
        raise Denied(viewer, Permission.ASK_ALONE)
    check(viewer, Permission.ASK_ALONE, people.case_of(person))
    return tasks_for(session, viewer, [person_id])


def record_visit(
    session: Session,
    viewer: StaffIdentity,
    person_id: int,
    *,
    asked_on: date | None,
    outcome: str,
) -> None:
    """Record that the young person was seen alone on a day and asked about what was held back.

    Raises Denied as `visit_tasks`, and VisitRefused.
    """
    tasks = [task for task in visit_tasks(session, viewer, person_id) if task.is_open]
    errors = {}
    if asked_on is None or asked_on > clock.today():
        errors["asked_on"] = "Enter the day on which you saw them alone, up to today."
    elif any(asked_on < task.noted_on for task in tasks):
        errors["asked_on"] = "That is before the questions were held back. Enter a later day."
    if outcome not in OUTCOMES:
        errors["outcome"] = "Choose what they wanted."
    if errors or asked_on is None:
        raise VisitRefused(errors)
    for task in tasks:
        session.add(
            PrivateVisit(
                topic_row_id=task.topic_row_id,
                staff_id=viewer.staff_id,
                asked_on=asked_on,
                outcome=outcome,
                recorded_at=clock.now(),
            )
        )
        audit.record(
            session,
            RECORDED,
            actor=viewer.actor,
            person_id=person_id,
            topic_row_id=task.topic_row_id,
            outcome=outcome,
        )
    session.flush()


def seen_alone(session: Session, *, first: date, last: date) -> set[int]:
    """Who was seen alone by their worker between two days, as the worker's own taps or the record
    of a private visit say."""
    by_taps = session.exec(
        select(Consultation.person_id)
        .join(Response, col(Response.consultation_id) == col(Consultation.id))
        .where(col(Response.seen_alone_on) >= first, col(Response.seen_alone_on) <= last)
    ).all()
    by_visit = session.exec(
        select(Consultation.person_id)
        .join(Response, col(Response.consultation_id) == col(Consultation.id))
        .join(Topic, col(Topic.response_id) == col(Response.id))
        .join(PrivateVisit, col(PrivateVisit.topic_row_id) == col(Topic.id))
        .where(col(PrivateVisit.asked_on) >= first, col(PrivateVisit.asked_on) <= last)
    ).all()
    return {*by_taps, *by_visit}
