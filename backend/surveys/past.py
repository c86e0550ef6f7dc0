"""Lays down what was sent in the past, through the same rows as what is sent today."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlmodel import Session, select

from backend.core import clock
from backend.core.access.predicates import Reach
from backend.placements import queries as placements
from backend.surveys import catalogue, moments, responses, sending
from backend.surveys.consultations import (
    ASKED_BEFORE,
    BEFORE_REVIEW,
    days_of_window,
    open_consultation,
)
from backend.surveys.models import Answer, Consultation, Response, Topic


@dataclass(frozen=True)
class PastTopic:
    """What was sent of one topic: answers by question, how far they travel, what may be said.

    Options are given by id or by their number on the scale.
    """

    answers: Mapping[str, Any]
    reach: str = Reach.ASK_FIRST
    may_be_said: bool = True


def record_past(
    session: Session,
    *,
    topic_id: str,
    answers: Mapping[str, Any],
    reach: str = Reach.ASK_FIRST,
    may_be_said: bool = True,
    **occasion: Any,
) -> int:
    """One topic that was sent in the past; `occasion` is as for `record_past_form`."""
    topics = {topic_id: PastTopic(answers, reach, may_be_said)}
    return record_past_form(session, topics=topics, **occasion)[topic_id]


def record_past_form(
    session: Session,
    *,
    person_id: int,
    contributor_id: int,
    moment: str,
    window_or_review: str | int,
    topics: Mapping[str, PastTopic],
    given_at: datetime,
    how_given: str = responses.ALONE,
    home_id: int | None = None,
    consultation: Consultation | None = None,
) -> dict[str, int]:
    """Topics that were sent together at `given_at`; the ids of their rows by topic.

    `window_or_review` is a half-year such as 2026H1 for a home, the review's id before a review;
    `consultation` is the round itself, where it was opened already.
    Whoever waits for sent topics is told as usual. The same topic of the same round is laid down
    once. KeyError for a topic or question that the form has not, ValueError for an option that
    the question does not offer, NoSuchForm.
    """
    with clock.set_to(given_at):
        consultation = consultation or past_consultation(
            session,
            person_id=person_id,
            moment=moment,
            window_or_review=window_or_review,
            day=clock.today(),
            home_id=home_id,
        )
        response = responses.begin_response(session, contributor_id, consultation.id or 0)
        known = session.exec(select(Topic).where(Topic.response_id == response.id)).all()
        rows = {row.topic_id: row.id or 0 for row in known if row.topic_id in topics}
        fresh = {
            topic_id: past_topic(response, topic_id, given_at=given_at, how_given=how_given)
            for topic_id in topics
            if topic_id not in rows
        }
        session.add_all(fresh.values())
        session.flush()
        kind = responses.kind_of(session, contributor_id)
        for topic_id, topic in fresh.items():
            past = topics[topic_id]
            reach = responses.reach_for(kind, Reach(past.reach), moment)
            session.add_all(past_answers(response, topic, past, reach))
        session.flush()
        for topic in fresh.values():
            sending.pass_on(session, topic, response=response, person_id=person_id)
        return rows | {topic_id: topic.id or 0 for topic_id, topic in fresh.items()}


def past_consultation(
    session: Session,
    *,
    person_id: int,
    moment: str,
    window_or_review: str | int,
    day: date,
    home_id: int | None,
) -> Consultation:
    """The round of that time, as it would have been opened then."""
    if moment in (BEFORE_REVIEW, moments.OBSERVER):
        return open_consultation(
            session,
            person_id=person_id,
            moment=moment,
            review_id=int(window_or_review),
            opens_on=day - ASKED_BEFORE,
            closes_on=day,
        )
    if home_id is None and moment in moments.HOME_NOW:
        home = placements.home_of(session, person_id)
        home_id = home.id if home else None
    first, last = days_of_window(day)
    return open_consultation(
        session,
        person_id=person_id,
        moment=moment,
        home_id=home_id,
        window=str(window_or_review),
        opens_on=first,
        closes_on=last,
    )


def past_topic(response: Response, topic_id: str, *, given_at: datetime, how_given: str) -> Topic:
    """A topic that was begun, kept and sent at one moment."""
    sending.form_of(response).topic(topic_id)
    return Topic(
        response_id=response.id or 0,
        topic_id=topic_id,
        how_given=how_given,
        begun_at=given_at,
        kept_at=given_at,
        sent_at=given_at,
    )


def past_answers(response: Response, topic: Topic, past: PastTopic, reach: Reach) -> list[Answer]:
    """The answers of a topic as they were sent."""
    answers = []
    for question_id, value in past.answers.items():
        answer = past_answer(response, topic, question_id, value)
        answer.reach = reach.value
        answer.may_be_said = past.may_be_said and sending.can_be_said(answer, topic)
        answers.append(answer)
    return answers


def past_answer(response: Response, topic: Topic, question_id: str, value: Any) -> Answer:
    """One answer as it was sent."""
    form = sending.form_of(response)
    return Answer(
        topic_row_id=topic.id or 0,
        question_id=question_id,
        value=catalogue.normal_value(form, topic.topic_id, question_id=question_id, value=value),
        saved_at=topic.kept_at,
    )
