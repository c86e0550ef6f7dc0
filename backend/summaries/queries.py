"""Gathers the one page before a review for the person who leads it."""

from dataclasses import dataclass, field, replace
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
from backend.summaries.after_meeting import private_talk_why as private_talk_why
from backend.summaries.last_time import AskParts, part_asks
from backend.summaries.neighbours import Neighbours, day_of, neighbours
from backend.summaries.page import AGENDA, Page, compose
from backend.summaries.places import Place
from backend.summaries.said import YOUNG, Said
from backend.summaries.silences import Silence, silences
from backend.summaries.suggestions import Suggestion, how_own_was_given, suggest_code
from backend.summaries.transcripts import TranscriptLine, transcripts_of
from backend.surveys import queries as surveys

if TYPE_CHECKING:
    from collections.abc import Callable

    from backend.asks.queries import AskLine
    from backend.in_touch.queries import TouchLine
    from backend.people.models import Person
    from backend.reviews.models import Review
    from backend.reviews.queries import ChangeLine
    from backend.safeguarding.queries import ConcernLine
    from backend.surveys.queries import HeldBack, SentTopic

    Chosen = Callable[[list[SentTopic]], list[SentTopic]]

__all__ = [
    "AGENDA", "AskParts", "Page", "Said", "Silence", "Summary", "TranscriptLine", "day_of",
    "led_review", "own_of_review", "readable_topics", "summary",
]  # fmt: skip

MOST_DATE_NEWS = 3


@dataclass(frozen=True)
class Summary:
    """Everything on the page. Fields are added, never taken away: prints and copies read it too.

    `parts`: the same asks as `asks`, what came of last time apart from what is asked now.
    `silences`: who was asked and has not answered. `transcripts`: by answer id, what people say
    that a drawing shows. `moved_on`: since when they live at their home, where that is after the
    last review. `meeting_on`: the meeting's day, else the day on which the review is due.
    `has_own_form`: whether they are asked themselves; the youngest are not. `date_news`: the newest
    changes of the dates since the review before; the page of dates has them all.
    """

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
    parts: AskParts = AskParts((), ())
    silences: tuple[Silence, ...] = ()
    transcripts: dict[int, tuple[TranscriptLine, ...]] = field(default_factory=dict)
    neighbours: Neighbours = Neighbours(None, None)
    meeting_on: date | None = None
    home_name: str = ""
    moved_on: date | None = None
    date_news: "tuple[ChangeLine, ...]" = ()
    has_own_form: bool = True


def readable_topics(session: Session, viewer: StaffIdentity, person_id: int) -> "list[SentTopic]":
    """What was sent about one person, each answer only where this reader may read it."""
    return readable(session, viewer, surveys.sent_topics(session, person_ids=[person_id]))


def readable(
    session: Session, viewer: StaffIdentity, topics: "list[SentTopic]"
) -> "list[SentTopic]":
    """These topics with the answers that this reader may read; without any, none of a topic."""
    allowed = safeguarding.readable_answers(session, viewer, topics)
    return [
        replace(topic, answers=allowed[topic.topic_row_id])
        for topic in topics
        if topic.topic_row_id in allowed
    ]


def led_review(
    session: Session, viewer: StaffIdentity, review_id: int
) -> "tuple[Person, Review] | None":
    """A review with its person, or None; raises Denied for a reader who does not lead it."""
    review = reviews.review(session, review_id)
    person = people.person(session, review.person_id) if review else None
    if review is None or person is None:
        return None
    check(viewer, Permission.READ_SUMMARY, people.case_of(person))
    return person, review


def own_of_review(topics: "list[SentTopic]", review_id: int) -> "list[SentTopic]":
    """What the young person sent for one review."""
    return [topic for topic in topics if topic.kind in YOUNG and topic.review_id == review_id]


def summary(
    session: Session, viewer: StaffIdentity, review_id: int, *, only: "Chosen | None" = None
) -> Summary | None:
    """The page of one review, or None; raises Denied for a reader who does not lead it.

    `only` chooses, of what this reader may read, what goes on a print.
    """
    led = led_review(session, viewer, review_id)
    if led is None:
        return None
    person, review = led
    person_id, today = review.person_id, clock.today()
    sent = surveys.sent_topics(session, person_ids=[person_id])
    topics = readable(session, viewer, sent)
    topics = only(topics) if only else topics
    writers = writers_of(session, topics)
    place = place_of(session, review)
    own = own_of_review(topics, review_id)
    home = placements.home_of(session, person_id)
    lines = asks.asks_of_person(session, viewer, person_id)
    last = reviews.review_before(session, review)
    has_own_form = bool(surveys.with_own_form(session, {person_id: person}))
    page = compose(
        topics,
        current_consultation_id=_current_round(topics, review_id),
        place=place,
        names=writers | {0: person.known_as},
    )
    return Summary(
        person=person,
        age=people.age_on(person.date_of_birth, today),
        review=review,
        number=reviews.number_of_reviews(session, person_id) + 1,
        days_left=(day_of(review) - today).days,
        home=f"{home.name}, {placements.type_label(home.type_code, today)}" if home else "",
        concerns=tuple(safeguarding.open_concerns(session, viewer, person_id=person_id)),
        asks=tuple(lines),
        page=page,
        begun_on=surveys.begun_for(session, person_id),
        held_back=tuple(surveys.tasks_for(session, viewer, [person_id])),
        unread=tuple(safeguarding.not_opened(session, viewer, topics)),
        suggestion=suggest_code(
            date_of_birth=person.date_of_birth,
            due_on=day_of(review),
            has_sent=bool(own),
            how_given=how_own_was_given(own),
        ),
        writers=writers,
        has_next_home_words=surveys.has_shared_with(session, viewer, person_id),
        is_lead_of_child=person.group != people.CARE_LEAVER,
        touch=in_touch.newest_touches(session, viewer, [person_id]).get(person_id),
        codes=tuple(placements.participation_codes(review.due_on)),
        parts=part_asks(lines, review, last),
        silences=silences(
            session,
            person,
            review_id=review_id,
            consultation_ids=surveys.rounds_of_review(session, review_id),
            home_id=place.home_id,
            topics=sent,
            has_own_form=has_own_form,
        ),
        has_own_form=has_own_form,
        transcripts=transcripts_of(session, [one.answer_id for one in drawn_on(page)]),
        neighbours=neighbours(session, viewer, review),
        meeting_on=day_of(review),
        home_name=home.name if home else "",
        moved_on=_moved_since(place.moved_on, last),
        date_news=reviews.news_since(session, review, last)[:MOST_DATE_NEWS],
    )


def writers_of(session: Session, topics: "list[SentTopic]") -> dict[int, str]:
    """The adults who wrote these, as staff say them, by contributor id."""
    return {
        topic.contributor_id: safeguarding.writer_of(session, topic)
        for topic in topics
        if topic.kind not in YOUNG
    }


def place_of(session: Session, review: "Review") -> Place:
    """Which review a page is of, and where the young person lives since when."""
    stay = placements.present_stays(session, [review.person_id]).get(review.person_id)
    return Place(review.id, stay.home_id if stay else None, stay.started_on if stay else None)


def drawn_on(page: Page) -> list[Said]:
    """Every drawing of the young person's on a page."""
    sections = [one for section in page.sections for one in section.said]
    placed = [*page.wanted, *page.taking_part, *page.not_said, *page.anytime]
    return [one for one in [*sections, *placed] if one.is_drawn]


def _moved_since(moved_on: date | None, last: "Review | None") -> date | None:
    since = last.held_on if last else None
    return moved_on if moved_on and since and moved_on > since else None


def _current_round(topics: "list[SentTopic]", review_id: int) -> int | None:
    return next(
        (
            topic.consultation_id
            for topic in topics
            if topic.review_id == review_id and topic.kind in YOUNG
        ),
        None,
    )
