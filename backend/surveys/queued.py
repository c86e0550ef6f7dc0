"""Answers and sends that waited on a phone without a signal: nothing lost, nothing written over.

Of two answers from the same visit the one said later counts, in whatever order they come: its
writer changed their mind on the same phone. One that comes behind a later one never takes its
place. What was given in another visit meanwhile is never written over unseen: texts and lists are
joined, anything else is kept beside it until its writer chooses. A late answer never goes further
than the one that stood.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlmodel import Session, select

from backend.core import clock
from backend.core.access.identity import ContributorIdentity
from backend.core.forms import Fields
from backend.offline import service as offline
from backend.offline.service import Outcome, Ticket
from backend.people import queries as people
from backend.surveys import answers, next_home_offline, own, queries, readers, screens, service
from backend.surveys.models import Answer, Consultation, Response, SecondAnswer, Topic
from backend.surveys.pages import TopicPage
from backend.surveys.screens import Given


def take_answer(
    session: Session, identity: ContributorIdentity, ticket: Ticket, fields: Fields
) -> Outcome:
    """Keep a page of questions that was answered without a signal; raises Refused."""
    if next_home_offline.PLACE in ticket.place:
        return next_home_offline.take_words(session, identity, ticket, fields)
    response = own_response(session, identity, ticket.place)
    standing = own.answers_of(session, ticket.place["row"])
    draft = draft_of(session, identity, response, ticket.place)
    topic = draft or begin_again(session, identity, response, ticket.place)
    page = page_of(session, identity, response, topic)
    outcomes = {
        keep_late(session, page, given, said_at=ticket.said_at)
        for given in answers.read_page(page, fields)
        if not is_said_already(given, standing)
    }
    if draft is None:
        service.drop_topic(session, topic)
    for outcome in (Outcome.APART, Outcome.KEPT):
        if outcome in outcomes:
            return outcome
    return Outcome.NOTHING


def take_send(
    session: Session, identity: ContributorIdentity, ticket: Ticket, fields: Fields
) -> Outcome:
    """Send a topic, as was asked for without a signal; raises Refused."""
    response = own_response(session, identity, ticket.place)
    topic = draft_of(session, identity, response, ticket.place)
    if topic is None:
        return Outcome.NOTHING
    beside = own.sitting_of(session, identity, response)
    try:
        service.send_topic(session, topic.id or 0, beside=beside)
    except (service.NothingToSend, service.AlreadySent):
        return Outcome.NOTHING
    return Outcome.SENT


def take_whole(
    session: Session, identity: ContributorIdentity, ticket: Ticket, fields: Fields
) -> Outcome:
    """Send all that an adult said in a form, as was asked for without a signal; raises Refused."""
    response = own_response(session, identity, ticket.place)
    if identity.is_young_person:
        raise offline.Refused
    counted = queries.count_answers(session, response.id or 0)
    rows = session.exec(
        select(Topic).where(Topic.response_id == response.id).with_for_update()
    ).all()
    waiting = [row for row in rows if row.sent_at is None and counted.get(row.id or 0)]
    for topic in waiting:
        service.send_topic(session, topic.id or 0)
    return Outcome.SENT if waiting else Outcome.NOTHING


TAKES: dict[str, offline.Take] = {
    "answer": take_answer,
    "send": take_send,
    "send_whole": take_whole,
}


def place_of(topic: Topic) -> dict[str, Any]:
    """What a ticket says about a draft: enough to begin it again, were it gone by then."""
    return {"response": topic.response_id, "topic": topic.topic_id, "row": topic.id}


def own_response(
    session: Session, identity: ContributorIdentity, place: Mapping[str, Any]
) -> Response:
    """The response that a ticket is for; raises Refused unless it is the contributor's own."""
    response = session.get(Response, place.get("response", 0))
    if response is None or response.contributor_id != identity.contributor_id:
        raise offline.Refused
    return response


def draft_of(
    session: Session, identity: ContributorIdentity, response: Response, place: Mapping[str, Any]
) -> Topic | None:
    """The ticket's draft; once that was sent or dropped, this visit's own draft of the topic. An
    adult has one draft, whichever door it was begun by."""
    row = session.get(Topic, place["row"], with_for_update=True)
    if row is not None and row.sent_at is None and row.response_id == response.id:
        return row
    statement = select(Topic).where(
        Topic.response_id == response.id,
        Topic.topic_id == place["topic"],
        Topic.begun_in_session == draft_owner(identity),
    )
    return next((one for one in session.exec(statement) if one.sent_at is None), None)


def begin_again(
    session: Session, identity: ContributorIdentity, response: Response, place: Mapping[str, Any]
) -> Topic:
    """A new draft for what came after its topic was sent or dropped from another page."""
    return service.begin_topic(session, response, place["topic"], session_id=draft_owner(identity))


def draft_owner(identity: ContributorIdentity) -> int | None:
    """The visit that a new draft belongs to; an adult's belongs to none."""
    return identity.session_id if identity.is_young_person else None


def is_said_already(given: Given, sent: Mapping[str, Answer]) -> bool:
    """Whether the same stands already: the phone never heard that it had arrived."""
    standing = sent.get(given.question.id)
    return standing is not None and not given.error and given.value == standing.value


def page_of(
    session: Session, identity: ContributorIdentity, response: Response, topic: Topic
) -> TopicPage:
    """The draft as its pages see it."""
    consultation = session.get_one(Consultation, response.consultation_id)
    person = people.person(session, consultation.person_id)
    if person is None:
        raise offline.Refused
    return TopicPage(
        identity=identity,
        consultation=consultation,
        response=response,
        form=service.form_of(response),
        around=readers.around(
            session, person, kind=identity.kind, consultation=consultation, read_within_days=1
        ),
        sitting=own.sitting_of(session, identity, response),
        topic=topic,
        answers=own.answers_of(session, topic.id or 0),
    )


def keep_late(
    session: Session, page: TopicPage, given: Given, *, said_at: datetime | None = None
) -> Outcome:
    """Keep one late answer. An empty one takes nothing out: the phone never showed what stood."""
    if given.error:
        return keep_apart(session, page, given)
    if given.value is None:
        return Outcome.NOTHING
    standing = page.answers.get(given.question.id)
    if standing is None:
        return keep(session, page, given, said_at=said_at)
    late = answers.narrowest(given, standing)
    is_mine = standing.saved_in == page.identity.session_id
    is_seen = standing.revision == given.revision
    if is_seen or (is_mine and not is_behind(said_at, standing)):
        return keep(session, page, late, said_at=said_at)
    if not answers.can_join(given.question):
        return keep_apart(session, page, given)
    both = screens.joined(standing.value, given.value)
    keep(session, page, replace(late, value=both))
    return Outcome.APART


def is_behind(said_at: datetime | None, standing: Answer) -> bool:
    """Whether what comes now was said before what stands."""
    return said_at is not None and said_at < (standing.said_at or standing.saved_at)


def keep(
    session: Session, page: TopicPage, given: Given, *, said_at: datetime | None = None
) -> Outcome:
    """Write one answer into the draft."""
    service.keep_answer(
        session,
        page.topic.id or 0,
        given.question.id,
        given.value,
        reach=service.reach_for(page.identity.kind, given.reach, page.consultation.moment),
        hidden_from=given.hidden_from,
        hidden_places=given.hidden_places,
        hidden_from_carers=given.hidden_from_carers,
        hidden_from_words=given.hidden_from_words,
        beside=page.sitting,
        saved_in=page.identity.session_id,
        said_at=said_at,
    )
    return Outcome.KEPT


def keep_apart(session: Session, page: TopicPage, given: Given) -> Outcome:
    """Put an answer beside the one that stands; a later one of the same visit takes its place."""
    row = session.exec(
        select(SecondAnswer).where(
            SecondAnswer.topic_row_id == page.topic.id,
            SecondAnswer.question_id == given.question.id,
            SecondAnswer.given_in == page.identity.session_id,
        )
    ).first()
    row = row or SecondAnswer(
        topic_row_id=page.topic.id or 0,
        question_id=given.question.id,
        posted=None,
        given_in=page.identity.session_id,
        kept_at=clock.now(),
    )
    row.posted, row.kept_at = [list(pair) for pair in given.posted], clock.now()
    session.add(row)
    page.topic.kept_at = clock.now()
    session.flush()
    return Outcome.APART
