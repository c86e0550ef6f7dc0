"""Lays down what was sent in the past, through the same rows as what is sent today."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlmodel import Session, select

from backend.core import clock
from backend.core.access.predicates import Reach
from backend.placements import queries as placements
from backend.surveys import catalogue, responses, sending
from backend.surveys.consultations import (
    ASKED_BEFORE,
    BEFORE_REVIEW,
    HOME,
    days_of_window,
    open_consultation,
)
from backend.surveys.models import Answer, Consultation, Response, Topic


def record_past(
    session: Session,
    *,
    person_id: int,
    contributor_id: int,
    moment: str,
    window_or_review: str | int,
    topic_id: str,
    answers: Mapping[str, Any],
    given_at: datetime,
    reach: str = Reach.ASK_FIRST,
    how_given: str = responses.ALONE,
    may_be_said: bool = True,
    home_id: int | None = None,
) -> int:
    """One topic that was sent at `given_at`; returns the id of its row.

    `window_or_review` is a half-year such as 2026H1 for a home, the review's id before a review.
    Options are given by id or by their number on the scale. Whoever waits for sent topics is told
    as usual. The same topic of the same round is laid down once. KeyError for a topic or question
    that the form has not, ValueError for an option that the question does not offer, NoSuchForm.
    """
    with clock.set_to(given_at):
        consultation = past_consultation(
            session,
            person_id=person_id,
            moment=moment,
            window_or_review=window_or_review,
            day=clock.today(),
            home_id=home_id,
        )
        response = responses.begin_response(session, contributor_id, consultation.id or 0)
        found = session.exec(
            select(Topic.id).where(Topic.response_id == response.id, Topic.topic_id == topic_id)
        ).first()
        if found is not None:
            return found
        topic = past_topic(session, response, topic_id, given_at=given_at, how_given=how_given)
        kind = responses.kind_of(session, contributor_id)
        for question_id, value in answers.items():
            answer = past_answer(response, topic, question_id, value)
            answer.reach = responses.reach_for(kind, Reach(reach)).value
            answer.may_be_said = may_be_said and sending.can_be_said(answer, topic)
            session.add(answer)
        session.flush()
        sending.pass_on(session, topic, response=response, person_id=person_id)
        return topic.id or 0


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
    if moment == BEFORE_REVIEW:
        return open_consultation(
            session,
            person_id=person_id,
            moment=moment,
            review_id=int(window_or_review),
            opens_on=day - ASKED_BEFORE,
            closes_on=day,
        )
    if home_id is None and moment == HOME:
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


def past_topic(
    session: Session, response: Response, topic_id: str, *, given_at: datetime, how_given: str
) -> Topic:
    """A topic that was begun, kept and sent at one moment."""
    sending.form_of(response).topic(topic_id)
    topic = Topic(
        response_id=response.id or 0,
        topic_id=topic_id,
        how_given=how_given,
        begun_at=given_at,
        kept_at=given_at,
        sent_at=given_at,
    )
    session.add(topic)
    session.flush()
    return topic


def past_answer(response: Response, topic: Topic, question_id: str, value: Any) -> Answer:
    """One answer as it was sent."""
    form = sending.form_of(response)
    return Answer(
        topic_row_id=topic.id or 0,
        question_id=question_id,
        value=catalogue.normal_value(form, topic.topic_id, question_id=question_id, value=value),
        saved_at=topic.kept_at,
    )
