"""Sending a topic, once; what may be said in the meeting; taking back, never unseen."""

from collections.abc import Callable, Collection, Sequence
from datetime import date

from sqlmodel import Session, col, select

from backend.core import audit, clock, jobs
from backend.core.access.permissions import Kind
from backend.core.access.predicates import Reach
from backend.surveys import catalogue
from backend.surveys.instruments import (
    Instrument,
    QuestionType,
    held_back_questions,
    visible_questions,
)
from backend.surveys.models import Answer, Consultation, Response, Sitting, Topic

SENT = audit.declare("topic.sent", "topic_row_id")
TAKEN_BACK = audit.declare("topic.taken_back", "topic_row_id")
TICKED = audit.declare("meeting.ticked", "response_id", "ticked")
ON_PAPER = "on_paper"
TOPIC_SENT_JOB = "safeguarding.topic_sent"

# Called when a topic is sent, in the same transaction, with (session, topic row, person).
ON_SENT: list[Callable[[Session, int, int], None]] = []


class AlreadySent(Exception):
    """The topic was sent: its words stand, and nothing in it changes any more."""


class NothingToSend(Exception):
    """No question of the topic has an answer yet."""


class NotForTheMeeting(Exception):
    """An answer that its writer kept for one reader, or took back, is never said in the meeting."""


def hold(session: Session, topic_row_id: int) -> Topic:
    """The draft, held against another device until this transaction ends; raises AlreadySent."""
    topic = session.exec(select(Topic).where(Topic.id == topic_row_id).with_for_update()).one()
    if topic.sent_at is not None:
        raise AlreadySent
    return topic


def is_in_home(beside: Sitting | None) -> bool:
    """Whether the helper of this visit lives or works in the writer's home."""
    return beside is not None and beside.is_helper_in_home


def form_of(response: Response) -> Instrument:
    """The instrument that a response answers."""
    return catalogue.instruments()[response.instrument_id]


def send_topic(session: Session, topic_row_id: int, *, beside: Sitting | None = None) -> Topic:
    """Send a draft, once: from now on the table "Who reads what" opens it, and the queue has it.

    Raises AlreadySent, or NothingToSend.
    """
    topic = hold(session, topic_row_id)
    answers = session.exec(select(Answer).where(Answer.topic_row_id == topic_row_id)).all()
    response = session.get_one(Response, topic.response_id)
    if topic.how_given != ON_PAPER:
        # On paper every question is there to be answered: what was written stands.
        answers = drop_closed(session, topic, answers, form=form_of(response))
    if not answers:
        raise NothingToSend
    consultation = session.get_one(Consultation, response.consultation_id)
    given = {answer.question_id for answer in answers}
    waits = held_back_questions(form_of(response).topic(topic.topic_id))
    topic.held_back = [one.id for one in waits if is_in_home(beside) and one.id not in given]
    note_last_seen(response, answers)
    topic.sent_at, topic.draft_key = clock.now(), None
    session.add(topic)
    session.flush()
    pass_on(session, topic, response=response, person_id=consultation.person_id)
    return topic


def drop_closed(
    session: Session, topic: Topic, answers: Sequence[Answer], *, form: Instrument
) -> list[Answer]:
    """Without the answers to questions that a changed answer closed: nobody would see them go."""
    values = {answer.question_id: answer.value for answer in answers}
    opened = {asked.id for asked in visible_questions(form.topic(topic.topic_id), values)}
    for answer in answers:
        if answer.question_id not in opened:
            session.delete(answer)
    return [answer for answer in answers if answer.question_id in opened]


def note_last_seen(response: Response, answers: Collection[Answer]) -> None:
    """A worker's taps say when the child was last seen there, alone."""
    if response.audience != Kind.SOCIAL_WORKER.value:
        return
    for answer in answers:
        question = catalogue.find_question(response.instrument_id, answer.question_id)
        if question is not None and question.type is QuestionType.DATE:
            response.seen_alone_on = date.fromisoformat(answer.value)


def pass_on(session: Session, topic: Topic, *, response: Response, person_id: int) -> None:
    """Tell everybody who waits for a sent topic, in the same transaction."""
    row_id = topic.id or 0
    actor = f"contributor:{response.contributor_id}"
    audit.record(session, SENT, actor=actor, person_id=person_id, topic_row_id=row_id)
    jobs.enqueue(session, TOPIC_SENT_JOB, topic_row_id=row_id)
    for call in ON_SENT:
        call(session, row_id, person_id)


def take_back_topic(session: Session, topic_row_id: int) -> Topic:
    """Keep it out of the meeting. It is still kept and still read: nobody can make a child
    withdraw unseen."""
    topic = session.get_one(Topic, topic_row_id)
    if topic.sent_at is None or topic.taken_back_at is not None:
        return topic
    topic.taken_back_at = clock.now()
    for answer in session.exec(select(Answer).where(Answer.topic_row_id == topic_row_id)):
        answer.may_be_said = False
    response = session.get_one(Response, topic.response_id)
    consultation = session.get_one(Consultation, response.consultation_id)
    audit.record(
        session,
        TAKEN_BACK,
        actor=f"contributor:{response.contributor_id}",
        person_id=consultation.person_id,
        topic_row_id=topic_row_id,
    )
    session.flush()
    return topic


def tick_for_meeting(
    session: Session, topic_row_ids: Collection[int], answer_ids: set[int]
) -> None:
    """Of these sent topics of one response, exactly these answers may be said in the meeting.

    Raises NotForTheMeeting for an answer that is for one reader alone, unsent or taken back.
    """
    rows = session.exec(
        select(Answer, Topic)
        .join(Topic, col(Topic.id) == col(Answer.topic_row_id))
        .where(col(Topic.id).in_(topic_row_ids))
    ).all()
    for answer, topic in rows:
        answer.may_be_said = answer.id in answer_ids
        if answer.may_be_said and not can_be_said(answer, topic):
            raise NotForTheMeeting
    if rows:
        response = session.get_one(Response, rows[0][1].response_id)
        audit.record(
            session,
            TICKED,
            actor=f"contributor:{response.contributor_id}",
            response_id=response.id,
            ticked=len(answer_ids),
        )
    session.flush()


def can_be_said(answer: Answer, topic: Topic) -> bool:
    """Whether its writer may tick this answer for the meeting."""
    is_open = topic.sent_at is not None and topic.taken_back_at is None
    return is_open and answer.reach == Reach.ASK_FIRST
