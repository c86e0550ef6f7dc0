"""Reads of what was sent, and of which forms are open; a draft never leaves this feature."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, func, select

from backend.core import clock
from backend.core.access.identity import StaffIdentity
from backend.core.access.permissions import Kind
from backend.people import queries as people
from backend.placements import queries as placements
from backend.surveys import catalogue
from backend.surveys.models import Answer, Consultation, Response, Topic
from backend.surveys.rounds import Invitable, begun_on, heard_for_reviews, invitable
from backend.surveys.sent import SentAnswer, SentTopic, make_sent_topic

if TYPE_CHECKING:
    from backend.people.models import Contributor, Person

__all__ = [
    "HeldBack", "Invitable", "OpenForm", "SentAnswer", "SentTopic", "asked_about", "begun_for",
    "begun_on", "heard_for_reviews", "invitable",
    "count_answers", "held_back_for", "open_for", "own_responses", "sent_topic", "sent_topics",
    "title_of",
]  # fmt: skip

HOME = "home"
TOLD_AFTER = timedelta(days=3)


@dataclass(frozen=True)
class OpenForm:
    """One form that is open for one contributor; `state` is new, begun or sent."""

    consultation_id: int
    instrument_id: str
    title: str
    person_id: int
    person_name: str
    moment: str
    closes_on: date
    state: str


@dataclass(frozen=True)
class HeldBack:
    """Questions for the worker's next private visit: a helper in the home was beside the child."""

    person_id: int
    topic_title: str
    questions: tuple[str, ...]
    noted_on: date


def asked_about(session: Session, contributor: "Contributor") -> list["Person"]:
    """The people about whom a contributor may answer today: oneself, one's child, one's cases."""
    if contributor.staff_id is None:
        person = people.subject_of(session, contributor)
        contact = people.contact_of(session, contributor)
        is_past = contact is not None and (contact.ended_on is not None or contact.invite == "no")
        return [] if person is None or person.left_on or is_past else [person]
    worker = StaffIdentity(staff_id=contributor.staff_id, name="", roles=frozenset())
    return people.people_worked_by(session, worker)


def open_for(session: Session, contributor: "Contributor") -> list[OpenForm]:
    """The forms that are open for a contributor today, the soonest to close first."""
    subjects = {person.id or 0: person for person in asked_about(session, contributor)}
    today = clock.today()
    rounds = session.exec(
        select(Consultation)
        .where(
            col(Consultation.person_id).in_(subjects),
            col(Consultation.opens_on) <= today,
            col(Consultation.closes_on) >= today,
        )
        .order_by(col(Consultation.closes_on), col(Consultation.id))
    ).all()
    if not rounds:
        return []
    homes = placements.homes_of(session, subjects)
    responses = own_responses(session, contributor.id or 0, [row.id or 0 for row in rounds])
    states = states_of(session, responses.values())
    forms = []
    for row in rounds:
        home = homes.get(row.person_id)
        if row.moment == HOME and (home is None or home.id != row.home_id):
            continue
        person = subjects[row.person_id]
        response = responses.get(row.id or 0)
        form = open_form(row, person, kind=Kind(contributor.kind), response=response)
        if form is not None:
            state = states.get(response.id or 0, "new") if response else "new"
            forms.append(OpenForm(**form, state=state))
    return forms


def open_form(
    row: Consultation, person: "Person", *, kind: Kind, response: Response | None
) -> dict[str, Any] | None:
    """What an open form is called, by the form that was begun or else by age; None if none."""
    if response is not None:
        instrument = catalogue.instruments().get(response.instrument_id)
    else:
        age = people.age_on(person.date_of_birth, clock.today())
        instrument = catalogue.find_form(kind, age=age, moment=row.moment)
    if instrument is None:
        return None
    words = instrument.words("en", names={"child": person.known_as, "me": person.known_as})
    return {
        "consultation_id": row.id or 0,
        "instrument_id": instrument.id,
        "title": words.title,
        "person_id": row.person_id,
        "person_name": person.known_as,
        "moment": row.moment,
        "closes_on": row.closes_on,
    }


def own_responses(
    session: Session, contributor_id: int, consultation_ids: Collection[int]
) -> dict[int, Response]:
    """A contributor's responses by consultation."""
    rows = session.exec(
        select(Response).where(
            Response.contributor_id == contributor_id,
            col(Response.consultation_id).in_(consultation_ids),
        )
    )
    return {row.consultation_id: row for row in rows}


def states_of(session: Session, responses: Iterable[Response]) -> dict[int, str]:
    """How far each response is: begun while any topic waits, sent when none does."""
    ids = [row.id or 0 for row in responses]
    rows = session.exec(
        select(Topic.response_id, Topic.sent_at)
        .where(col(Topic.response_id).in_(ids))
        .where(col(Topic.id).in_(select(Answer.topic_row_id)))
    ).all()
    states: dict[int, str] = {}
    for response_id, sent_at in rows:
        is_begun = sent_at is None or states.get(response_id) == "begun"
        states[response_id] = "begun" if is_begun else "sent"
    return states


def count_answers(session: Session, response_id: int) -> dict[int, int]:
    """How many answers each topic of a response has."""
    rows = session.exec(
        select(Answer.topic_row_id, func.count())
        .join(Topic, col(Topic.id) == col(Answer.topic_row_id))
        .where(Topic.response_id == response_id)
        .group_by(col(Answer.topic_row_id))
    )
    return dict(rows.all())


def title_of(response: Response, topic: Topic) -> str:
    """A topic's title, with no names filled in."""
    return catalogue.topic_title(response.instrument_id, topic.topic_id)


def sent_topics(
    session: Session,
    *,
    person_ids: Collection[int] | None = None,
    since: datetime | None = None,
    topic_row_ids: Collection[int] | None = None,
) -> list[SentTopic]:
    """What was sent, the oldest first. Who may read it is the caller's to ask of the policy."""
    chosen: list[ColumnElement[bool]] = [col(Topic.sent_at).is_not(None)]
    if person_ids is not None:
        chosen.append(col(Consultation.person_id).in_(person_ids))
    if since is not None:
        chosen.append(col(Topic.sent_at) >= since)
    if topic_row_ids is not None:
        chosen.append(col(Topic.id).in_(topic_row_ids))
    joined = (
        (Response, col(Response.id) == col(Topic.response_id)),
        (Consultation, col(Consultation.id) == col(Response.consultation_id)),
    )
    topics = select(Topic, Response, Consultation)
    answers = select(Answer).join(Topic, col(Topic.id) == col(Answer.topic_row_id))
    for table, condition in joined:
        topics, answers = topics.join(table, condition), answers.join(table, condition)
    by_topic: dict[int, list[Answer]] = {}
    for answer in session.exec(answers.where(*chosen).order_by(col(Answer.id))):
        by_topic.setdefault(answer.topic_row_id, []).append(answer)
    ordered = topics.where(*chosen).order_by(col(Topic.sent_at), col(Topic.id))
    return [
        make_sent_topic(topic, response, consultation, answers=by_topic.get(topic.id or 0, []))
        for topic, response, consultation in session.exec(ordered)
    ]


def sent_topic(session: Session, topic_row_id: int) -> SentTopic | None:
    """One sent topic, or None; a draft is None too."""
    found = sent_topics(session, topic_row_ids=[topic_row_id])
    return found[0] if found else None


def begun_for(session: Session, person_id: int) -> date | None:
    """Since when the young person has words kept and not sent, once three days have passed.

    That something was begun is all that the IRO learns.
    """
    own = people.contributor_of_person(session, person_id)
    if own is None:
        return None
    begun_at = session.exec(
        select(Topic.begun_at)
        .join(Response, col(Response.id) == col(Topic.response_id))
        .where(Response.contributor_id == own.id, col(Topic.sent_at).is_(None))
        .where(col(Topic.begun_at) <= clock.now() - TOLD_AFTER)
        .where(col(Topic.id).in_(select(Answer.topic_row_id)))
        .order_by(col(Topic.begun_at))
    ).first()
    return clock.in_london(begun_at).date() if begun_at else None


def held_back_for(session: Session, person_ids: Collection[int]) -> list[HeldBack]:
    """What a worker asks in private at the next visit, because a helper was there."""
    rows = session.exec(
        select(Topic, Response, Consultation.person_id)
        .join(Response, col(Response.id) == col(Topic.response_id))
        .join(Consultation, col(Consultation.id) == col(Response.consultation_id))
        .where(col(Consultation.person_id).in_(person_ids))
        .order_by(col(Topic.begun_at))
    ).all()
    return [
        HeldBack(
            person_id=person_id,
            topic_title=catalogue.topic_title(response.instrument_id, topic.topic_id),
            questions=tuple(
                catalogue.asked(response.instrument_id, one).text for one in topic.held_back
            ),
            noted_on=clock.in_london(topic.sent_at or topic.kept_at).date(),
        )
        for topic, response, person_id in rows
        if topic.held_back
    ]
