"""Reads across many people's rounds: who was heard, who has begun, whom to invite."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, func, select

from backend.core import clock
from backend.core.access.permissions import Kind
from backend.people import queries as people
from backend.reviews import queries as reviews
from backend.surveys import choices, folding, moments
from backend.surveys.models import HAS_ANSWERS, Consultation, Response, Topic
from backend.surveys.readers import meeting_day
from backend.surveys.sent import kind_of_audience

TOLD_AFTER_DAYS = 3


@dataclass(frozen=True)
class Invitable:
    """One contributor whose form is open in one round."""

    consultation_id: int
    contributor_id: int
    kind: Kind
    moment: str
    person_id: int
    opens_on: date
    closes_on: date
    meeting_on: date | None = None  # of the review that the round is for, while it is to come


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
            | (
                col(Consultation.moment).in_(moments.HOME_NOW)
                & (col(Consultation.closes_on) >= today)
            )
        )
        # An adult's reading of a child is not that child's, nor the adult's own form.
        .where(col(Consultation.moment) != moments.OBSERVER)
        .distinct()
    ).all()
    heard: dict[int, set[Kind]] = {}
    for consultation, audience in rows:
        wanted = reviews[consultation.person_id]
        kind = kind_of_audience(audience)
        is_about_home = consultation.moment in moments.HOME_NOW and kind not in moments.YOUNG
        if is_about_home or (wanted is not None and consultation.review_id == wanted):
            heard.setdefault(consultation.person_id, set()).add(kind)
    return {person_id: frozenset(kinds) for person_id, kinds in heard.items()}


def begun_on(session: Session, person_ids: Collection[int]) -> dict[int, date]:
    """By person, since when words are kept and not sent, once three days have passed."""
    rows = session.exec(
        select(Consultation.person_id, func.min(Topic.begun_at))
        .join(Response, col(Response.consultation_id) == col(Consultation.id))
        .join(Topic, col(Topic.response_id) == col(Response.id))
        .where(col(Consultation.person_id).in_(person_ids), col(Topic.sent_at).is_(None))
        .where(col(Response.audience).in_(["child_5_10", "child_11_17", "care_leaver"]))
        .where(HAS_ANSWERS)
        .group_by(col(Consultation.person_id))
    ).all()
    today = clock.today()
    days = {person_id: clock.in_london(begun_at).date() for person_id, begun_at in rows}
    return {key: day for key, day in days.items() if (today - day).days >= TOLD_AFTER_DAYS}


def invitable(session: Session) -> list[Invitable]:
    """Everybody who may be invited to a round that is open today, and not through a worker. Nobody
    is to a review that was held meanwhile."""
    today = clock.today()
    rounds = session.exec(
        select(Consultation)
        .where(col(Consultation.opens_on) <= today, col(Consultation.closes_on) >= today)
        .order_by(col(Consultation.id))
    ).all()
    found = []
    folded = folding.folded_rounds(session, rounds, today=today)
    asked = [row for row in rounds if row.moment not in moments.ALWAYS_OPEN]
    persons = people.people(session, {row.person_id for row in asked}, are_named=False)
    around = people.around_each(session, persons, are_named=False)
    before = reviews.reviews(session, {row.review_id for row in asked if row.review_id})
    chosen = choices.chosen_for(session, persons)
    for row in asked:
        person = persons[row.person_id]
        review = before.get(row.review_id or 0)
        if person.left_on or (review is not None and reviews.is_over(review)):
            continue
        for line in asked_in(session, row, today, around=around[row.person_id]):
            is_folded = line.kind in moments.YOUNG and row.id in folded
            if line.invite != "yes" or is_folded:
                continue
            if choices.form_for(session, person, kind=line.kind, moment=row.moment, among=chosen):
                found.append(_invitable(session, row, line))
    return found


def _invitable(session: Session, row: Consultation, line: people.ContributorLine) -> Invitable:
    return Invitable(
        consultation_id=row.id or 0,
        contributor_id=line.contributor_id,
        kind=line.kind,
        moment=row.moment,
        person_id=row.person_id,
        opens_on=row.opens_on,
        closes_on=row.closes_on,
        meeting_on=meeting_day(session, row),
    )


def asked_in(
    session: Session,
    row: Consultation,
    day: date,
    *,
    around: list[people.ContributorLine] | None = None,
) -> list[people.ContributorLine]:
    """Everybody with a door of their own who is asked in a round; `around` where the caller has
    everybody around the person already."""
    if row.moment in moments.ALWAYS_OPEN:
        return []
    lines = people.contributors_around(session, row.person_id) if around is None else around
    if row.moment == moments.HOME_ENDED:
        # Those who care for a child now know nothing of the home before, and learn nothing of it.
        lines = [line for line in lines if line.kind not in moments.CARERS]
        lines += people.carers_until_lately(session, row.person_id, day)
    return [line for line in lines if moments.is_asked(line.kind, row.moment)]


def observed_now(session: Session, person_ids: Collection[int]) -> set[int]:
    """Of these people, those whom an adult is asked to observe in a round that is open today."""
    today = clock.today()
    return set(
        session.exec(
            select(Consultation.person_id).where(
                col(Consultation.person_id).in_(person_ids),
                Consultation.moment == moments.OBSERVER,
                col(Consultation.opens_on) <= today,
                col(Consultation.closes_on) >= today,
            )
        ).all()
    )
