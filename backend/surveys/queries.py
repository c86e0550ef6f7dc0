"""Reads of what was sent, and of which forms are open; a draft never leaves this feature."""

from collections.abc import Collection
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, func, select

from backend.core import clock
from backend.people import queries as people
from backend.surveys import catalogue, hiding
from backend.surveys.budget import YEAR, Heard, Occasion, may_invite
from backend.surveys.changes import Line, changes_for
from backend.surveys.choices import shown_by_others, with_own_form
from backend.surveys.drawings import Drawing
from backend.surveys.heard_before import HeardFor, heard_for, indicators_asked, scores_for
from backend.surveys.invitations import (
    ToHandOver,
    called_before_review,
    invitations,
    open_to_worker,
    reviews_asked_about,
    silent_before_reviews,
    to_hand_over,
    wrote_in,
)
from backend.surveys.models import (
    HAS_ANSWERS,
    Answer,
    Consultation,
    Invitation,
    Response,
    Topic,
)
from backend.surveys.next_home import has_shared_with
from backend.surveys.open_forms import (
    OpenForm,
    asked_about,
    open_for,
    own_responses,
)
from backend.surveys.private_visits import HeldBack, held_back_for, seen_alone, tasks_for
from backend.surveys.rounds import Invitable, begun_on, heard_for_reviews, invitable, observed_now
from backend.surveys.sent import SentAnswer, SentTopic, make_sent_topic
from backend.surveys.sent_lines import SentLine, sent_lines

__all__ = [
    "has_shared_with", "observed_now", "Line", "changes_for",
    "Invitation", "ToHandOver", "invitations", "open_to_worker", "silent_before_reviews",
    "called_before_review", "reviews_asked_about", "to_hand_over", "wrote_in",
    "YEAR", "Heard", "Occasion", "may_invite", "moments_of",
    "Drawing", "HeldBack", "Invitable", "OpenForm", "SentAnswer", "SentTopic", "asked_about",
    "HeardFor", "heard_for", "indicators_asked", "scores_for",
    "begun_for", "begun_on", "heard_for_reviews", "invitable", "shown_by_others", "with_own_form",
    "rounds_of_review", "seen_alone",
    "closed_on", "count_answers", "ends_of", "held_back_for", "open_for", "own_responses",
    "sent_topic", "sent_topics", "tasks_for", "title_of",
    "SentLine", "sent_lines", "topics_of_answers",
]  # fmt: skip

TOLD_AFTER = timedelta(days=3)


def moments_of(session: Session, consultation_ids: Collection[int | None]) -> dict[int, str]:
    """At which moment each of these rounds asks."""
    rows = session.exec(
        select(Consultation.id, Consultation.moment).where(
            col(Consultation.id).in_([one for one in consultation_ids if one])
        )
    ).all()
    return {key or 0: moment for key, moment in rows}


def ends_of(
    session: Session, consultation_ids: Collection[int]
) -> dict[int, tuple[date, int | None]]:
    """By round, its last day, and the review that it is before."""
    rows = session.exec(
        select(Consultation.id, col(Consultation.closes_on), Consultation.review_id).where(
            col(Consultation.id).in_(consultation_ids)
        )
    ).all()
    return {key or 0: (closes_on, review_id) for key, closes_on, review_id in rows}


def closed_on(session: Session, consultation_id: int) -> date | None:
    """The day on which a round closed; None for one that is open, or that there is none of."""
    row = session.get(Consultation, consultation_id)
    return row.closes_on if row is not None and row.closes_on < clock.today() else None


def rounds_of_review(session: Session, review_id: int) -> list[int]:
    """The rounds that belong to one review: its form, and the observer's beside it."""
    rows = select(Consultation.id).where(Consultation.review_id == review_id)
    return [key or 0 for key in session.exec(rows)]


def count_answers(session: Session, response_id: int) -> dict[int, int]:
    """How many answers each topic of a response has."""
    rows = session.exec(
        select(Answer.topic_row_id, func.count())
        .join(Topic, col(Topic.id) == col(Answer.topic_row_id))
        .where(Topic.response_id == response_id)
        .group_by(col(Answer.topic_row_id))
    )
    return dict(rows.all())


def title_of(response: Response, topic: Topic, *, language: str) -> str:
    """A topic's title in its reader's language, with no names filled in."""
    return catalogue.topic_title(response.instrument_id, topic.topic_id, language=language)


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
    rows = session.exec(topics.where(*chosen).order_by(col(Topic.sent_at), col(Topic.id))).all()
    cases = hiding.cases_for(
        session,
        (
            (consultation.person_id, answer)
            for topic, _, consultation in rows
            for answer in by_topic.get(topic.id or 0, [])
        ),
    )
    return [
        make_sent_topic(
            topic,
            response,
            consultation,
            answers=by_topic.get(topic.id or 0, []),
            case=cases.get(consultation.person_id),
        )
        for topic, response, consultation in rows
    ]


def sent_topic(session: Session, topic_row_id: int) -> SentTopic | None:
    """One sent topic, or None; a draft is None too."""
    found = sent_topics(session, topic_row_ids=[topic_row_id])
    return found[0] if found else None


def topics_of_answers(session: Session, answer_ids: Collection[int]) -> list[SentTopic]:
    """The sent topics that these answers belong to, whole; drafts are none."""
    if not answer_ids:
        return []
    rows = session.exec(select(Answer.topic_row_id).where(col(Answer.id).in_(answer_ids)))
    return sent_topics(session, topic_row_ids=sorted(set(rows)))


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
        .where(HAS_ANSWERS)
        .order_by(col(Topic.begun_at))
    ).first()
    return clock.in_london(begun_at).date() if begun_at else None
