"""Lays down the demo borough's past year: what was said, asked, answered and voted for."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import TYPE_CHECKING, Any

from sqlmodel import Session, col, select

from backend.accounts import queries as accounts
from backend.core import clock
from backend.core.access.permissions import Kind, Role
from backend.forum import service as forum
from backend.imports.borough.generate import past_forum, past_year
from backend.people import queries as people
from backend.people import service as people_service
from backend.people.models import Contributor, Person
from backend.reviews import service as reviews
from backend.surveys import catalogue
from backend.surveys import service as surveys
from backend.surveys.consultations import BEFORE_REVIEW, HOME, window_of

if TYPE_CHECKING:
    from backend.imports.borough.records import Borough, PastComment
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
                code = None if is_adult else _code(person, row.held)
                review = reviews.record_held(
                    session, person.id or 0, kind=kind, held_on=row.held, participation_code=code
                )
                found.setdefault(child_id, []).append((row.held, review.id or 0))
    return {child_id: sorted(rows) for child_id, rows in found.items()}


def _code(person: Person, day: date) -> str:
    return "PN0" if people.age_on(person.date_of_birth, day) < 4 else "PN1"


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
    answers, reach, laid = _fill_in(form, comments)
    given_at = datetime.combine(given_on, time(16, 30), clock.LONDON)
    for topic_id, values in answers.items():
        surveys.record_past(
            session,
            person_id=person.id or 0,
            contributor_id=contributor.id or 0,
            moment=moment,
            window_or_review=window_of(given_on) if moment == HOME else review_id or 0,
            topic_id=topic_id,
            answers=values,
            given_at=given_at,
            reach=reach.get(topic_id, "ask_first"),
        )
    return laid


def _contributor(session: Session, person: Person, kind: Kind) -> Contributor | None:
    if kind in (Kind.CHILD, Kind.CARE_LEAVER):
        return people.contributor_of_person(session, person.id or 0)
    if kind is Kind.SOCIAL_WORKER:
        staff_id = person.worker_id or person.personal_adviser_id
        return people_service.ensure_staff_contributor(session, staff_id) if staff_id else None
    lines = people.contributors_around(session, person.id or 0)
    found = next((line for line in lines if line.kind is kind), None)
    return people.contributor(session, found.contributor_id) if found else None


def _fill_in(
    form: "Instrument", comments: "list[PastComment]"
) -> tuple[dict[str, dict[str, Any]], dict[str, str], int]:
    """Answers by topic and question, the reach of each topic, and how many comments had a box."""
    answers: dict[str, dict[str, Any]] = {}
    reach: dict[str, str] = {}
    laid = 0
    for comment in comments:
        free = (box for box in _boxes(form, comment) if box[1] not in answers.get(box[0], {}))
        box = next(free, None)
        if box is None:
            continue
        topic_id, question_id = box
        answers.setdefault(topic_id, {})[question_id] = comment.text
        reach[topic_id] = comment.visibility
        laid += 1
        for topic in form.topics:
            for question in topic.questions:
                if question.indicator and str(question.indicator) in comment.faces:
                    face = comment.faces[str(question.indicator)]
                    answers.setdefault(topic.id, {})[question.id] = face
    return answers, reach, laid


def _boxes(form: "Instrument", comment: "PastComment") -> Iterator[tuple[str, str]]:
    """The boxes for words in a form, those of the comment's own topic first."""
    wanted = TOPICS.get(comment.topic, comment.topic)
    own = [topic for topic in form.topics if topic.id == wanted]
    rest = [topic for topic in reversed(form.topics) if topic.id != wanted]
    for topic in own + rest:
        for question in topic.questions:
            if question.type == "long_text" and not question.show_when:
                yield topic.id, question.id


def lay_down_forum(session: Session, borough: "Borough") -> None:
    """The forum's posts, votes and answers of the past year."""
    persons = {person.child_id: person for person in session.exec(select(Person))}
    own = {
        row.person_id: row
        for row in session.exec(select(Contributor).where(col(Contributor.person_id).is_not(None)))
    }
    managers = accounts.holders_of(session, Role.MANAGER)
    for post in past_forum(borough):
        person = persons.get(post.author)
        author = own.get(person.id) if person else None
        if author is None:
            continue
        members = [row.id or 0 for row in own.values() if row.kind == author.kind and row != author]
        forum.record_past_post(
            session,
            space=post.space,
            contributor_id=author.id or 0,
            kind=post.kind,
            words=post.text,
            posted_at=datetime.combine(post.posted_on, time(17), clock.LONDON),
            voters=members[: post.votes],
            answer_words=post.answer,
            answered_by=managers[0] if managers else None,
        )
