"""Small makers for tests of the page before a review: a child and everybody who told something."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from sqlmodel import Session

from backend.core import clock
from backend.people import service as people_service
from backend.people.models import Contributor
from backend.placements.models import Home, Placement
from backend.surveys import catalogue, service
from backend.surveys.consultations import open_home_round
from backend.surveys.models import Topic
from tests.safeguarding.cases import Around

MOVED = date(2026, 4, 1)


def settle(
    session: Session, case: Around, *, since: date = MOVED, until: date | None = None
) -> Home:
    """A home where the child of a case lives, or lived."""
    home = Home(home_ref=f"H{case.person_id}-{since}", name="Larch House", type_code="U6")
    session.add(home)
    session.flush()
    stay = Placement(
        person_id=case.person_id, home_id=home.id or 0, started_on=since, ended_on=until
    )
    session.add(stay)
    session.flush()
    return home


def round_of(session: Session, case: Around) -> int:
    """The round before this case's review."""
    opens_on = min(clock.today(), case.review.due_on - timedelta(days=14))
    row = service.open_consultation(
        session,
        person_id=case.person_id,
        moment="before_review",
        review_id=case.review.id,
        opens_on=opens_on,
        closes_on=case.review.due_on,
    )
    return row.id or 0


def tell(
    session: Session,
    writer: Contributor,
    consultation_id: int,
    answers: Mapping[str, Any],
    **values: Any,
) -> list[Topic]:
    """Send these answers (question id to value) of one contributor, topic by topic; `values` set
    fields of the topics, such as how they were given."""
    response = service.begin_response(session, writer.id or 0, consultation_id)
    form = catalogue.instruments()[response.instrument_id]
    sent = []
    for topic in form.topics:
        mine = {one.id: answers[one.id] for one in topic.questions if one.id in answers}
        if not mine:
            continue
        row = service.begin_topic(session, response, topic.id, session_id=1)
        for name, value in values.items():
            setattr(row, name, value)
        for question_id, value in mine.items():
            service.keep_answer(session, row.id or 0, question_id, value)
        sent.append(service.send_topic(session, row.id or 0))
    return sent


def tell_own(session: Session, case: Around, answers: Mapping[str, Any], **values: Any) -> None:
    """Send the young person's own answers for the review of a case."""
    tell(session, case.contributor, round_of(session, case), answers, **values)


def tell_taps(
    session: Session, case: Around, home: Home, answers: Mapping[str, Any], seen_on: date | None
) -> None:
    """The worker's eight taps about a home, with when they last saw the child there, alone."""
    writer = people_service.ensure_staff_contributor(session, case.worker.staff_id)
    row = open_home_round(session, case.person_id, home.id or 0)
    tell(session, writer, row.id or 0, answers)
    response = service.begin_response(session, writer.id or 0, row.id or 0)
    response.seen_alone_on = seen_on
    session.flush()
