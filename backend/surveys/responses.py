"""Responses, visits and drafts as they begin: one record for each contributor and round."""

from dataclasses import dataclass

from sqlmodel import Session, select

from backend.core import clock
from backend.core.access.permissions import Kind
from backend.core.access.predicates import Reach
from backend.core.database import add_once
from backend.people import queries as people
from backend.surveys import choices, moments
from backend.surveys.instruments import held_back_questions
from backend.surveys.models import Answer, Consultation, Response, SecondAnswer, Sitting, Topic
from backend.surveys.sending import form_of, is_in_home

ALONE, WITH_HELP = "alone", "with_help"


class NoSuchForm(Exception):
    """Nobody of this kind and age is asked at this moment."""


@dataclass(frozen=True)
class Beside:
    """Who is beside the writer: nobody, or a helper in the writer's own words."""

    how_given: str = ALONE
    helped_by: str | None = None
    is_in_home: bool = False


def begin_response(
    session: Session,
    contributor_id: int,
    consultation_id: int,
    *,
    printed: tuple[str, int] | None = None,
) -> Response:
    """The one record of this contributor in this consultation, made when there is none.

    `printed` is the form of a sheet and its version: what was asked is what stands on the paper,
    whatever asks them today. Raises NoSuchForm when no instrument asks them.
    """

    def find() -> Response | None:
        return session.exec(
            select(Response).where(
                Response.consultation_id == consultation_id,
                Response.contributor_id == contributor_id,
            )
        ).first()

    found = find()
    if found is not None:
        return found
    consultation = session.get_one(Consultation, consultation_id)
    kind = kind_of(session, contributor_id)
    person = people.person(session, consultation.person_id)
    moment = consultation.moment
    asked = printed
    if person is not None and asked is None:
        instrument = choices.form_for(session, person, kind=kind, moment=moment)
        asked = (instrument.id, instrument.version) if instrument else None
    if person is None or asked is None:
        raise NoSuchForm
    age = people.age_on(person.date_of_birth, clock.today())
    response = Response(
        consultation_id=consultation_id,
        contributor_id=contributor_id,
        instrument_id=asked[0],
        instrument_version=asked[1],
        audience=people.audience_of(kind, age),
        begun_at=clock.now(),
    )
    return add_once(session, response, find)


def kind_of(session: Session, contributor_id: int) -> Kind:
    """Who a contributor is; KeyError for an id that is nobody's."""
    row = people.contributor(session, contributor_id)
    if row is None:
        raise KeyError(contributor_id)
    return Kind(row.kind)


def reach_for(kind: Kind, wanted: Reach, moment: str = "") -> Reach:
    """How far an answer travels: a young person chooses, an adult's form has a row of its own.

    A worker's taps about a home are theirs; what they tell of a child as an observer is an
    adult's form like anybody else's.
    """
    if moment == moments.KEEP_IN_TOUCH:
        return Reach.KEEP_IN_TOUCH
    if kind is Kind.SOCIAL_WORKER and moment != moments.OBSERVER:
        return Reach.WORKER_TAPS
    if kind in (Kind.CHILD, Kind.CARE_LEAVER):
        return Reach.ONLY_IRO if wanted is Reach.ONLY_IRO else Reach.ASK_FIRST
    return Reach.ADULT_FORM


def sit_down(session: Session, response: Response, *, session_id: int, beside: Beside) -> Sitting:
    """Note who is beside the writer in this visit; a later word replaces an earlier one."""

    def find() -> Sitting | None:
        return session.get(Sitting, (response.id, session_id))

    sitting = find()
    if sitting is None:
        begun = Sitting(response_id=response.id or 0, session_id=session_id, begun_at=clock.now())
        sitting = add_once(session, begun, find)
    sitting.how_given = beside.how_given
    sitting.helped_by = beside.helped_by
    sitting.is_helper_in_home = beside.is_in_home
    session.add(sitting)
    session.flush()
    return sitting


def begin_topic(
    session: Session,
    response: Response,
    topic_id: str,
    *,
    session_id: int | None = None,
    beside: Sitting | None = None,
) -> Topic:
    """A draft of a topic in this visit, the same one when it was begun before.

    Where every question of it must wait for a private visit, that is noted at once, because
    nothing of it will be sent. KeyError when the form has no such topic.
    """
    whole = form_of(response).topic(topic_id)
    waits = [asked.id for asked in held_back_questions(whole)]
    is_all_held_back = is_in_home(beside) and len(waits) == len(whole.questions)
    key = f"{response.id}:{topic_id}:{session_id}"

    def find() -> Topic | None:
        return session.exec(select(Topic).where(Topic.draft_key == key)).first()

    found = find()
    if found is not None:
        return found
    topic = Topic(
        response_id=response.id or 0,
        topic_id=topic_id,
        begun_in_session=session_id,
        draft_key=key,
        held_back=waits if is_all_held_back else [],
        begun_at=clock.now(),
        kept_at=clock.now(),
    )
    return add_once(session, topic, find)


def drop_topic(session: Session, topic: Topic) -> None:
    """Forget a chosen topic in which nothing was said."""
    late = select(SecondAnswer.id).where(SecondAnswer.topic_row_id == topic.id)
    if find_any_answer(session, topic.id or 0) is None and session.exec(late).first() is None:
        session.delete(topic)
        session.flush()


def find_any_answer(session: Session, topic_row_id: int) -> int | None:
    """The id of some answer of a topic, or None where there is none."""
    return session.exec(select(Answer.id).where(Answer.topic_row_id == topic_row_id)).first()
