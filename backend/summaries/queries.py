"""Gathers the one page before a review for the person who leads it."""

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from sqlmodel import Session

from backend.asks import queries as asks
from backend.core import clock
from backend.core.access.identity import StaffIdentity
from backend.core.access.permissions import Permission
from backend.core.access.requires import check
from backend.in_touch import queries as in_touch
from backend.people import queries as people
from backend.placements import queries as placements
from backend.reviews import queries as reviews
from backend.safeguarding import queries as safeguarding
from backend.summaries.page import YOUNG, Page, compose
from backend.summaries.suggestions import Suggestion, suggest_code
from backend.surveys import queries as surveys

if TYPE_CHECKING:
    from backend.asks.queries import AskLine
    from backend.in_touch.queries import TouchLine
    from backend.people.models import Person
    from backend.reviews.models import Review
    from backend.safeguarding.queries import ConcernLine
    from backend.surveys.queries import HeldBack, SentTopic


@dataclass(frozen=True)
class Summary:
    """Everything on the page."""

    person: "Person"
    age: int
    review: "Review"
    number: int
    days_left: int
    home: str
    concerns: "tuple[ConcernLine, ...]"
    asks: "tuple[AskLine, ...]"
    page: Page
    begun_on: date | None
    held_back: "tuple[HeldBack, ...]"
    unread: tuple[int, ...]
    suggestion: Suggestion
    codes: tuple[tuple[str, str], ...]
    writers: dict[int, str]
    has_next_home_words: bool
    is_lead_of_child: bool
    touch: "TouchLine | None"


def readable_topics(session: Session, viewer: StaffIdentity, person_id: int) -> "list[SentTopic]":
    """What was sent about one person, each answer only where this reader may read it."""
    topics = surveys.sent_topics(session, person_ids=[person_id])
    readable = safeguarding.readable_answers(session, viewer, topics)
    return [
        replace(topic, answers=readable[topic.topic_row_id])
        for topic in topics
        if topic.topic_row_id in readable
    ]


def summary(session: Session, viewer: StaffIdentity, review_id: int) -> Summary | None:
    """The page of one review, or None; raises Denied for a reader who does not lead it."""
    review = reviews.review(session, review_id)
    person = people.person(session, review.person_id) if review else None
    if review is None or person is None:
        return None
    check(viewer, Permission.READ_SUMMARY, people.case_of(person))
    topics = readable_topics(session, viewer, review.person_id)
    page = compose(topics, current_consultation_id=_current_round(topics, review_id))
    home = placements.home_of(session, review.person_id)
    today = clock.today()
    own = [topic for topic in topics if topic.kind in YOUNG and topic.review_id == review_id]
    return Summary(
        person=person,
        age=people.age_on(person.date_of_birth, today),
        review=review,
        number=reviews.number_of_reviews(session, review.person_id) + 1,
        days_left=(review.due_on - today).days,
        home=f"{home.name}, {placements.type_label(home.type_code, today)}" if home else "",
        concerns=tuple(safeguarding.open_concerns(session, viewer, person_id=review.person_id)),
        asks=tuple(asks.asks_of_person(session, viewer, review.person_id)),
        page=page,
        begun_on=surveys.begun_for(session, review.person_id),
        held_back=tuple(surveys.tasks_for(session, viewer, [review.person_id])),
        unread=tuple(safeguarding.not_opened(session, viewer, topics)),
        suggestion=suggest_code(
            date_of_birth=person.date_of_birth,
            due_on=review.due_on,
            has_sent=bool(own),
            how_given="with_help" if any(t.how_given == "with_help" for t in own) else "alone",
        ),
        writers={
            topic.contributor_id: safeguarding.writer_of(session, topic)
            for topic in topics
            if topic.kind not in YOUNG
        },
        has_next_home_words=surveys.has_shared_with(session, viewer, review.person_id),
        is_lead_of_child=person.group != people.CARE_LEAVER,
        touch=in_touch.newest_touches(session, viewer, [review.person_id]).get(review.person_id),
        codes=tuple(placements.participation_codes(review.due_on)),
    )


def _current_round(topics: "list[SentTopic]", review_id: int) -> int | None:
    return next(
        (
            topic.consultation_id
            for topic in topics
            if topic.review_id == review_id and topic.kind in YOUNG
        ),
        None,
    )
