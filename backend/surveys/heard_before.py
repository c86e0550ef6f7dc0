"""Which reviews the young person sent something for, how it was given, and what the faces said."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from sqlmodel import Session, col, select

from backend.core.access.permissions import Kind
from backend.core.access.predicates import Reach
from backend.surveys import catalogue
from backend.surveys.models import Answer, Consultation, Response, Topic
from backend.surveys.moments import BEFORE_REVIEW

YOUNG_AUDIENCES = ("child_5_10", "child_11_17", "care_leaver")
# Where topics of one form were given in several ways, the way that needed most of others counts.
MOST_HELP_FIRST = ("by_telephone", "on_paper", "with_help", "alone")
IDS_AT_ONCE = 500


@dataclass
class HeardFor:
    """What a young person sent for one review: when, and how it was given, topic by topic."""

    sent_at: list[datetime] = field(default_factory=list)
    ways: list[str] = field(default_factory=list)

    def first(self) -> datetime:
        """When the first of it was sent."""
        return min(self.sent_at)

    @property
    def way(self) -> str:
        """How it was given, as one word."""
        return min(self.ways, key=MOST_HELP_FIRST.index)


def heard_for(session: Session, review_ids: Collection[int]) -> dict[int, HeardFor]:
    """By review, what its young person sent for it themselves; of words nothing is read."""
    found: dict[int, HeardFor] = {}
    for some in _in_parts(review_ids):
        rows = session.exec(
            select(Consultation.review_id, Topic.sent_at, Topic.how_given)
            .join(Response, col(Response.consultation_id) == col(Consultation.id))
            .join(Topic, col(Topic.response_id) == col(Response.id))
            .where(
                col(Consultation.review_id).in_(some),
                Consultation.moment == BEFORE_REVIEW,
                col(Response.audience).in_(YOUNG_AUDIENCES),
                col(Topic.sent_at).is_not(None),
            )
        ).all()
        for review_id, sent_at, how_given in rows:
            one = found.setdefault(review_id or 0, HeardFor())
            if sent_at is not None:
                one.sent_at.append(sent_at)
                one.ways.append(how_given if how_given in MOST_HELP_FIRST else "alone")
    return found


def scores_for(
    session: Session, review_ids: Collection[int], indicators: Collection[str]
) -> dict[int, dict[str, int]]:
    """By review, the young person's scores (1 worst to 5 best) on these shared questions.

    "This is not safe" is no answer, and what was taken back is none any more.
    """
    wanted = _questions(indicators)
    found: dict[int, dict[str, int]] = {}
    for some in _in_parts(review_ids):
        rows = session.exec(
            select(Consultation.review_id, Response.instrument_id, Answer)
            .join(Response, col(Response.consultation_id) == col(Consultation.id))
            .join(Topic, col(Topic.response_id) == col(Response.id))
            .join(Answer, col(Answer.topic_row_id) == col(Topic.id))
            .where(
                col(Consultation.review_id).in_(some),
                Consultation.moment == BEFORE_REVIEW,
                col(Response.audience).in_(YOUNG_AUDIENCES),
                col(Topic.sent_at).is_not(None),
                col(Topic.taken_back_at).is_(None),
                col(Answer.question_id).in_(wanted),
                Answer.reach != Reach.NOT_SAFE.value,
            )
            .order_by(col(Answer.saved_at))
        ).all()
        for review_id, form, answer in rows:
            score = catalogue.score(form, answer.question_id, answer.value)
            if score is not None:
                found.setdefault(review_id or 0, {})[wanted[answer.question_id]] = score
    return found


def _questions(indicators: Collection[str]) -> dict[str, str]:
    """The indicator of each question of ours that asks one of these."""
    return {
        asked.id: asked.indicator.value
        for form in catalogue.instruments().values()
        for asked in form.questions
        if asked.indicator is not None and asked.indicator.value in indicators
    }


def _in_parts(ids: Iterable[int]) -> list[list[int]]:
    """A database takes only so many values at once."""
    every = sorted(set(ids))
    return [every[start : start + IDS_AT_ONCE] for start in range(0, len(every), IDS_AT_ONCE)]


def indicators_asked(kind: Kind, age: int) -> frozenset[str]:
    """The shared questions that the review form of this kind and age asks."""
    form = catalogue.find_form(kind, age=age, moment=BEFORE_REVIEW)
    if form is None:
        return frozenset()
    return frozenset(asked.indicator.value for asked in form.questions if asked.indicator)
