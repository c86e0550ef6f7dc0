"""What the pages of a form have in common: whose it is, who reads it, where one goes next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from fastapi import Request
from sqlmodel import Session
from starlette.responses import HTMLResponse

from backend.core.access.identity import ContributorIdentity
from backend.core.access.permissions import Permission
from backend.core.access.requires import Denied
from backend.core.templates import render
from backend.people import queries as people
from backend.preferences import queries as preferences
from backend.surveys import own, readers, screens, service
from backend.surveys.instruments import (
    Instrument,
    Question,
    QuestionType,
    Text,
    held_back_questions,
    visible_questions,
)
from backend.surveys.models import Answer, Consultation, Response, Sitting, Topic
from backend.surveys.readers import Around
from backend.surveys.spoken import follow_language

LARGEST_ID = 2**31


@dataclass(frozen=True)
class FormPage:
    """One contributor at one form: all that its pages are made of."""

    identity: ContributorIdentity
    consultation: Consultation
    response: Response
    form: Instrument
    around: Around
    sitting: Sitting | None

    @property
    def address(self) -> str:
        return f"/me/forms/{self.consultation.id}"

    @property
    def words(self) -> Text:
        """The form's words with the names around it."""
        return self.form.words(self.response.language, names=self.around.names)

    def at(self, session: Session, topic: Topic) -> "TopicPage":
        """The same form at one of its topics."""
        stands = own.answers_of(session, topic.id or 0)
        return TopicPage(**(vars(self) | {"topic": topic, "answers": stands}))

    def show(self, request: Request, template: str, **values: Any) -> HTMLResponse:
        """A page of this form."""
        common: dict[str, Any] = {
            "around": self.around,
            "consultation_id": self.consultation.id,
            "character": preferences_on(request).character or self.form.character.value,
            "errors": [],
        }
        return render(request, f"surveys/{template}.html", **(common | values))


@dataclass(frozen=True)
class TopicPage(FormPage):
    """The same at one topic, with what stands in it."""

    topic: Topic
    answers: Mapping[str, Answer]
    own_people: tuple[str, ...] = ()

    @property
    def topic_address(self) -> str:
        return f"{self.address}/{self.topic.id}"

    @property
    def questions(self) -> list[Question]:
        """The questions that are asked now: opened by the answers, and not held back."""
        values = {key: answer.value for key, answer in self.answers.items()}
        return visible_questions(
            self.form.topic(self.topic.topic_id),
            values,
            is_helper_in_home=service.is_in_home(self.sitting),
        )

    @property
    def waits(self) -> bool:
        """Whether some questions wait until the writer is on their own."""
        topic = self.form.topic(self.topic.topic_id)
        return service.is_in_home(self.sitting) and bool(held_back_questions(topic))

    def name_of(self, question: Question) -> str:
        """The name of a question's field."""
        place = self.form.topic(self.topic.topic_id).questions.index(question)
        return f"{self.topic.topic_id}_{place}"

    def screen(self, question: Question) -> screens.Screen:
        """One question with what stands."""
        return screens.make_screen(
            question,
            self.words,
            name=self.name_of(question),
            answer=self.answers.get(question.id),
            hearers=self.around.hearers,
            own_people=self.own_people,
        )


def preferences_on(request: Request) -> preferences.Preferences:
    """What the reader of this page chose; read once, when they were recognised."""
    return getattr(request.state, "preferences", preferences.Preferences())


def not_theirs(identity: ContributorIdentity) -> Denied:
    """Somebody else's form, or none: audited, and shown as not found."""
    return Denied(identity, Permission.ANSWER)


def around_of(
    request: Request,
    session: Session,
    identity: ContributorIdentity,
    consultation: Consultation | None,
) -> Around | None:
    """Who is around the form, or around the young person where there is none."""
    person_id = consultation.person_id if consultation else identity.person_id
    person = people.person(session, person_id) if person_id else None
    if person is None:
        return None
    found = readers.around(
        session,
        person,
        kind=identity.kind,
        consultation=consultation,
        read_within_days=request.app.state.settings.heard_read_within_days,
    )
    mine = preferences.own_words(session, identity)
    own_names = {"home": mine.home, "carers": mine.carers}
    return replace(
        found, names=found.names | {token: word for token, word in own_names.items() if word}
    )


def open_form_page(
    request: Request, session: Session, identity: ContributorIdentity, consultation_id: int
) -> FormPage:
    """One's own form that is open now, begun if it was not; raises Denied for any other."""
    if consultation_id > LARGEST_ID:
        raise not_theirs(identity)
    consultation = own.open_consultation_of(session, identity, consultation_id)
    around = around_of(request, session, identity, consultation) if consultation else None
    if consultation is None or around is None:
        raise not_theirs(identity)
    response = service.begin_response(session, identity.contributor_id, consultation_id)
    follow_language(response, preferences_on(request).speaks)
    return FormPage(
        identity=identity,
        consultation=consultation,
        response=response,
        form=service.form_of(response),
        around=around,
        sitting=own.sitting_of(session, identity, response),
    )


def open_topic_page(
    request: Request,
    session: Session,
    identity: ContributorIdentity,
    *,
    consultation_id: int,
    topic_row_id: int,
) -> TopicPage:
    """One topic of one's own that this visit may see; raises Denied for any other."""
    found = (
        own.own_topic(session, identity, consultation_id=consultation_id, topic_row_id=topic_row_id)
        if max(consultation_id, topic_row_id) <= LARGEST_ID
        else None
    )
    around = around_of(request, session, identity, found.consultation) if found else None
    if found is None or around is None:
        raise not_theirs(identity)
    follow_language(found.response, preferences_on(request).speaks)
    return TopicPage(
        identity=identity,
        consultation=found.consultation,
        response=found.response,
        form=service.form_of(found.response),
        around=around,
        sitting=found.sitting,
        topic=found.topic,
        answers=own.answers_of(session, topic_row_id),
        own_people=own_people_for(session, identity, found),
    )


def own_people_for(
    session: Session, identity: ContributorIdentity, found: own.OwnTopic
) -> tuple[str, ...]:
    """The important people whom the writer once named, where this topic asks about people."""
    topic = service.form_of(found.response).topic(found.topic.topic_id)
    if not any(question.type is QuestionType.PEOPLE for question in topic.questions):
        return ()
    return preferences.own_words(session, identity).people


def rows_of_adult(session: Session, page: FormPage) -> list[Topic]:
    """An adult's topics: all of the form, begun together, and the same by whichever door."""
    rows = [row for row, _ in own.visible_topics(session, page.identity, page.response, page.form)]
    if any(row.sent_at for row in rows):
        return [row for row in rows if row.sent_at]
    begun = {row.topic_id: row for row in rows}
    return [
        begun.get(topic.id) or service.begin_topic(session, page.response, topic.id)
        for topic in page.form.topics
    ]


def drafts_of(session: Session, page: FormPage) -> list[tuple[Topic, int]]:
    """The topics that wait, in the form's order, with how many answers each has."""
    rows = own.visible_topics(session, page.identity, page.response, page.form)
    return [(topic, count) for topic, count in rows if topic.sent_at is None]


def next_draft(session: Session, page: TopicPage) -> Topic | None:
    """The chosen topic after this one that still waits."""
    order = [topic.id for topic in page.form.topics]
    place = order.index(page.topic.topic_id)
    for topic, _ in drafts_of(session, page):
        if topic.id != page.topic.id and order.index(topic.topic_id) > place:
            return topic
    return None


def after_topic(session: Session, page: TopicPage) -> str:
    """The next chosen topic that waits, else what happens next."""
    following = next_draft(session, page)
    if following is not None:
        return f"{page.address}/{following.id}/1"
    if page.around.is_own:
        return f"{page.address}/next"
    return f"{page.address}/send"


def progress_of(session: Session, page: TopicPage) -> list[dict[str, Any]]:
    """The chosen topics, sent or not, as the page's list of them shows."""
    rows = own.visible_topics(session, page.identity, page.response, page.form)
    return [
        {
            "title": page.words.topic(topic.topic_id),
            "state": "done" if topic.sent_at else "begun" if count else "new",
            "now": topic.id == page.topic.id,
            "href": f"{page.address}/{topic.id}/1",
        }
        for topic, count in rows
    ]


def lines_of(page: FormPage, topics: Sequence[Topic]) -> list[dict[str, Any]]:
    """Topics as links show them."""
    return [{"id": topic.id, "title": page.words.topic(topic.topic_id)} for topic in topics]
