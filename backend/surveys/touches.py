"""The form of keeping in touch as its own pages use it: taps, their boxes, one sent topic."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlmodel import Session

from backend.core.access.identity import ContributorIdentity
from backend.core.access.permissions import Kind
from backend.core.access.predicates import Reach
from backend.core.forms import Fields
from backend.surveys import catalogue, moments, screens
from backend.surveys.consultations import open_always
from backend.surveys.instruments import Instrument, Question, visible_questions
from backend.surveys.models import Answer, Topic
from backend.surveys.responses import begin_response, begin_topic
from backend.surveys.sending import send_topic


class TouchUnreadable(ValueError):
    """Something was posted that cannot be kept."""


def form_of_touch() -> Instrument | None:
    """The form of keeping in touch, or None where no such form ships."""
    return catalogue.find_form(Kind.CARE_LEAVER, age=None, moment=moments.KEEP_IN_TOUCH)


def taps_of_touch() -> tuple[str, ...]:
    """The one-tap answers, as the first question of the form offers them."""
    form = form_of_touch()
    return tuple(option.id for option in form.topics[0].questions[0].options) if form else ()


def questions_of(tap: str) -> list[Question]:
    """What may be said beside a tap: the questions that this tap opens."""
    form = form_of_touch()
    if form is None:
        return []
    first, *_ = form.topics[0].questions
    return [
        question
        for question in visible_questions(form.topics[0], {first.id: tap})
        if question.id != first.id
    ]


def touch_screens(tap: str, *, speaks: str, typed: Fields | None = None) -> list[screens.Screen]:
    """The boxes beside a tap, with what was typed."""
    form = form_of_touch()
    if form is None:
        return []
    shown = []
    for place, question in enumerate(questions_of(tap)):
        name = f"touch_{place}"
        screen = screens.make_screen(
            question, form.words(speaks), name=name, answer=None, hearers={}
        )
        shown.append(replace(screen, value=typed.text(name)) if typed else screen)
    return shown


def read_touch(tap: str, posted: Fields) -> dict[str, Any]:
    """What was said beside a tap, by question; raises TouchUnreadable."""
    said = {}
    for place, question in enumerate(questions_of(tap)):
        given = screens.read_given(posted, question, name=f"touch_{place}", hearers={})
        if given.error:
            raise TouchUnreadable(given.error)
        if given.value is not None:
            said[question.id] = given.value
    return said


def send_touch(
    session: Session, identity: ContributorIdentity, tap: str, said: Mapping[str, Any]
) -> int:
    """Send what was said beside a tap, at once; the id of the topic's row. The PA and the PA's
    manager read it, with a clock like all that is sent."""
    person_id = identity.person_id or 0
    consultation = open_always(session, person_id, moments.KEEP_IN_TOUCH)
    response = begin_response(session, identity.contributor_id, consultation.id or 0)
    form = catalogue.instruments()[response.instrument_id]
    first = form.topics[0].questions[0]
    topic = begin_topic(session, response, form.topics[0].id, session_id=identity.session_id)
    for question_id, value in {first.id: tap, **said}.items():
        session.add(_answer(topic, question_id, value))
    session.flush()
    return send_topic(session, topic.id or 0).id or 0


def _answer(topic: Topic, question_id: str, value: Any) -> Answer:
    return Answer(
        topic_row_id=topic.id or 0,
        question_id=question_id,
        value=value,
        reach=Reach.KEEP_IN_TOUCH.value,
        saved_at=topic.kept_at,
    )
