"""Reads across many people's rounds: who was heard, who has begun, whom to invite."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, func, select

from backend.core import clock
from backend.core.access.permissions import Kind
from backend.people import queries as people
from backend.surveys import catalogue
from backend.surveys.consultations import BEFORE_REVIEW, HOME
from backend.surveys.models import Answer, Consultation, Response, Topic
from backend.surveys.sent import kind_of_audience

# A parent's form before a review is theirs; carers, staff and workers are asked about the home.
ASKED = {
    BEFORE_REVIEW: (Kind.CHILD, Kind.CARE_LEAVER, Kind.PARENT),
    HOME: (Kind.CARER, Kind.PROVIDER_STAFF),
}
TOLD_AFTER_DAYS = 3


@dataclass(frozen=True)
class Invitable:
    """One contributor whose form is open in one round."""

    consultation_id: int
    contributor_id: int
    kind: Kind
    moment: str


def heard_for_reviews(
    session: Session, reviews: dict[int, int | None]
) -> dict[int, frozenset[Kind]]:
    """By person, who has sent something for the review named, or about today's home.

    `reviews` maps each person's id to the id of their open review, or None.
    """
    today = clock.today()
    rows = session.exec(
        select(Consultation, Response.audience)
        .join(Response, col(Response.consultation_id) == col(Consultation.id))
        .join(Topic, col(Topic.response_id) == col(Response.id))
        .where(col(Consultation.person_id).in_(reviews), col(Topic.sent_at).is_not(None))
        .where(
            (col(Consultation.review_id).in_([one for one in reviews.values() if one]))
            | ((col(Consultation.moment) == HOME) & (col(Consultation.closes_on) >= today))
        )
        .distinct()
    ).all()
    heard: dict[int, set[Kind]] = {}
    for consultation, audience in rows:
        wanted = reviews[consultation.person_id]
        if consultation.moment == HOME or consultation.review_id == wanted:
            heard.setdefault(consultation.person_id, set()).add(kind_of_audience(audience))
    return {person_id: frozenset(kinds) for person_id, kinds in heard.items()}


def begun_on(session: Session, person_ids: Collection[int]) -> dict[int, date]:
    """By person, since when words are kept and not sent, once three days have passed."""
    rows = session.exec(
        select(Consultation.person_id, func.min(Topic.begun_at))
        .join(Response, col(Response.consultation_id) == col(Consultation.id))
        .join(Topic, col(Topic.response_id) == col(Response.id))
        .where(col(Consultation.person_id).in_(person_ids), col(Topic.sent_at).is_(None))
        .where(col(Response.audience).in_(["child_5_10", "child_11_17", "care_leaver"]))
        .where(col(Topic.id).in_(select(Answer.topic_row_id)))
        .group_by(col(Consultation.person_id))
    ).all()
    today = clock.today()
    days = {person_id: clock.in_london(begun_at).date() for person_id, begun_at in rows}
    return {key: day for key, day in days.items() if (today - day).days >= TOLD_AFTER_DAYS}


def invitable(session: Session) -> list[Invitable]:
    """Everybody who may be invited to a round that is open today, and not through a worker."""
    today = clock.today()
    rounds = session.exec(
        select(Consultation)
        .where(col(Consultation.opens_on) <= today, col(Consultation.closes_on) >= today)
        .order_by(col(Consultation.id))
    ).all()
    found = []
    for row in rounds:
        person = people.person(session, row.person_id)
        if person is None or person.left_on:
            continue
        age = people.age_on(person.date_of_birth, today)
        for line in people.contributors_around(session, row.person_id):
            is_asked = line.kind in ASKED.get(row.moment, ()) and line.invite == "yes"
            if is_asked and catalogue.find_form(line.kind, age=age, moment=row.moment):
                found.append(Invitable(row.id or 0, line.contributor_id, line.kind, row.moment))
    return found
