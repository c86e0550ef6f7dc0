"""Lays down the demo borough's past year: what was said, asked, answered and voted for."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import TYPE_CHECKING, Any

from sqlmodel import Session, select

from backend.core import clock
from backend.core.access.permissions import Kind
from backend.demo.borough.draws import stream
from backend.demo.borough.generate import past_year
from backend.demo.borough.returns import took_part
from backend.demo.past_asks import lay_down_ask
from backend.people import queries as people
from backend.people import service as people_service
from backend.people.models import Contributor, Person
from backend.reviews import queries as reviews_queries
from backend.reviews import service as reviews
from backend.surveys import catalogue
from backend.surveys.consultations import BEFORE_REVIEW, HOME, window_of
from backend.surveys.past import PastTopic, record_past_form

if TYPE_CHECKING:
    from backend.demo.borough.records import Borough, PastComment
    from backend.surveys.instruments import Instrument

HOME_AUDIENCES = ("carer", "provider_staff", "social_worker")
# Where the year's topics stand in the forms; a form without that topic takes its last box.
TOPICS = {
    "friends": "friends_fun",
    "fun": "friends_fun",
    "health": "feelings",
    "safety": "being_safe",
    "identity": "being_me",
    "moving_on": "next_steps",
}


@dataclass(frozen=True)
class Filled:
    """A filled-in form: answers by topic and question, each topic's reach and comments."""

    answers: dict[str, dict[str, Any]]
    reach: dict[str, str]
    comments: "defaultdict[str, list[PastComment]]"


def lay_down_past(session: Session, borough: "Borough") -> int:
    """Reviews held and everything said in the past year; returns how many comments stand."""
    persons = {
        person.child_id: person for person in session.exec(select(Person)) if person.id is not None
    }
    held = _lay_down_reviews(session, borough, persons)
    comments = past_year(borough)
    key = _occasion
    laid = 0
    for (child_id, audience, given_on), group in groupby(sorted(comments, key=key), key=key):
        person = persons.get(child_id)
        if person is not None:
            review = next((row for day, row in held.get(child_id, []) if day > given_on), None)
            laid += _lay_down_occasion(session, person, audience, given_on, review, list(group))
    return laid


def _occasion(comment: "PastComment") -> tuple[str, str, date]:
    return comment.person_ref, comment.audience, comment.given_on


def _lay_down_reviews(
    session: Session, borough: "Borough", persons: dict[str, Person]
) -> dict[str, list[tuple[date, int]]]:
    found: dict[str, list[tuple[date, int]]] = {}
    invented = {one.child_id: one for one in borough.people}
    for kind, calendar in (
        ("review", borough.care_reviews),
        ("pathway", borough.pathway_reviews),
    ):
        for child_id, rows in calendar.items():
            person = persons.get(child_id)
            for row in rows if person else ():
                if person is None or not borough.today - timedelta(days=400) < row.held:
                    continue
                if row.held >= borough.today:
                    continue
                is_adult = people.age_on(person.date_of_birth, row.held) >= people.ADULT_AT
                if is_adult != (kind == "pathway"):
                    continue
                code = None if is_adult else took_part(borough.seed, invented[child_id], row.held)
                review = reviews.record_held(
                    session, person.id or 0, kind=kind, held_on=row.held, participation_code=code
                )
                review.private_talk = _private_talk(borough.seed, child_id, row.held)
                found.setdefault(child_id, []).append((row.held, review.id or 0))
    for child_id, person in persons.items():
        coming = reviews_queries.next_review(session, person.id or 0)
        if coming is not None:
            found.setdefault(child_id, []).append((date.max, coming.id or 0))
    return {child_id: sorted(rows) for child_id, rows in found.items()}


def _private_talk(seed: int, child_id: str, held: date) -> str:
    """What the IRO wrote down about talking in private; some reviews have nothing."""
    chance = stream(seed, "talk", child_id, held)
    return chance.choices(("done", "offered", "refused", ""), weights=(68, 14, 8, 10))[0]


def _lay_down_occasion(
    session: Session,
    person: Person,
    audience: str,
    given_on: date,
    review_id: int | None,
    comments: "list[PastComment]",
) -> int:
    """One form that was sent on one day; comments for which it has no box are left out."""
    kind = Kind.CHILD if audience.startswith("child_") else Kind(audience)
    contributor = _contributor(session, person, kind)
    moment = HOME if audience in HOME_AUDIENCES else BEFORE_REVIEW
    age = people.age_on(person.date_of_birth, given_on)
    form = catalogue.find_form(kind, age=age, moment=moment)
    if contributor is None or form is None or (moment == BEFORE_REVIEW and review_id is None):
        return 0
    filled = _fill_in(form, comments)
    given_at = datetime.combine(given_on, time(16, 30), clock.LONDON)
    topics = {
        topic_id: PastTopic(values, filled.reach.get(topic_id, "ask_first"))
        for topic_id, values in filled.answers.items()
    }
    rows = record_past_form(
        session,
        person_id=person.id or 0,
        contributor_id=contributor.id or 0,
        moment=moment,
        window_or_review=window_of(given_on) if moment == HOME else review_id or 0,
        topics=topics,
        given_at=given_at,
    )
    for topic_id, topic_row_id in rows.items():
        for comment in filled.comments[topic_id]:
            if comment.ask and contributor.person_id is not None:
                lay_down_ask(session, contributor, comment, topic_row_id, review_id)
    return sum(map(len, filled.comments.values()))


def _contributor(session: Session, person: Person, kind: Kind) -> Contributor | None:
    if kind in (Kind.CHILD, Kind.CARE_LEAVER):
        return people.contributor_of_person(session, person.id or 0)
    if kind is Kind.SOCIAL_WORKER:
        staff_id = person.worker_id or person.personal_adviser_id
        return people_service.ensure_staff_contributor(session, staff_id) if staff_id else None
    lines = people.contributors_around(session, person.id or 0)
    found = next((line for line in lines if line.kind is kind), None)
    return people.contributor(session, found.contributor_id) if found else None


def _fill_in(form: "Instrument", comments: "list[PastComment]") -> Filled:
    """The form as these comments fill it in; a comment for which it has no box is left out."""
    filled = Filled({}, {}, defaultdict(list))
    answers = filled.answers
    for comment in comments:
        free = (box for box in _boxes(form, comment) if box[1] not in answers.get(box[0], {}))
        box = next(free, None)
        if box is None:
            continue
        topic_id, question_id = box
        answers.setdefault(topic_id, {})[question_id] = comment.text
        filled.reach[topic_id] = comment.visibility
        filled.comments[topic_id].append(comment)
        for topic in form.topics:
            for question in topic.questions:
                if question.indicator and str(question.indicator) in comment.faces:
                    face = comment.faces[str(question.indicator)]
                    answers.setdefault(topic.id, {})[question.id] = face
    return filled


def _boxes(form: "Instrument", comment: "PastComment") -> Iterator[tuple[str, str]]:
    """The boxes for words in a form, those of the comment's own topic first."""
    wanted = TOPICS.get(comment.topic, comment.topic)
    if comment.ask:
        wanted = "most_wanted"  # what a child asks for is what they want talked about
    own = [topic for topic in form.topics if topic.id == wanted]
    rest = [topic for topic in reversed(form.topics) if topic.id != wanted]
    for topic in own + rest:
        for question in topic.questions:
            if question.type == "long_text" and not question.show_when:
                yield topic.id, question.id
