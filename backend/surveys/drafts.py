"""What stands in a question's boxes when something else than Next is tapped: kept as Next would.

What Next would ask about again (a day that is none, an answer changed on another phone) is put
beside the answer that stands, unread by anybody, until its writer is back.
"""

from collections.abc import Sequence

from fastapi import APIRouter, Depends, Request
from sqlmodel import Session, col, select
from starlette.datastructures import FormData
from starlette.responses import Response

from backend.core.access.identity import ContributorIdentity
from backend.core.access.permissions import Permission
from backend.core.access.policy import may
from backend.core.access.requires import RequestSession, public
from backend.core.drafts import AT, PLACE, keep_draft
from backend.core.forms import Fields, Posted
from backend.entry import service as entry
from backend.preferences import queries as preferences
from backend.surveys import answers, next_home, queued, screens
from backend.surveys.instruments import Question
from backend.surveys.models import SecondAnswer
from backend.surveys.pages import TopicPage, open_topic_page
from backend.surveys.screens import Given

router = APIRouter()
UNDECIDED = "undecided"
# What leaves a page by its own form, so that what was typed is kept on the way.
BACK, HELP = "back", "help"
ASIDE = (BACK, HELP)


def keep_typed(session: Session, page: TopicPage, form: Fields) -> None:
    """Keep a page of questions as it stands, whatever it holds; nothing is asked, nothing lost."""
    if page.topic.sent_at is not None:
        return
    given = answers.read_page(page, form)
    # Of two answers that the writer has not chosen between, neither is written over the other.
    undecided = set(form.all(UNDECIDED))
    apart = [one for one in given if one.error or one.question.id in undecided]
    changes = answers.keep_page(session, page, [one for one in given if one not in apart])
    changed = {change.question_id for change in changes}
    for one in given:
        if one in apart or one.question.id in changed:
            queued.keep_apart(session, page, one)


def keep_typed_at(
    request: Request, session: Session, identity: ContributorIdentity, form: Fields
) -> bool:
    """Keep what was typed on the page that the form names, if it is one of ours and theirs."""
    at = form.word(AT)
    if not PLACE.fullmatch(at):
        return False
    _, _, kind, *numbers = at.split("/")
    if kind == "next-home":
        return keep_for_next_home(session, identity, form, place=int(numbers[0]))
    page = open_topic_page(
        request,
        session,
        identity,
        consultation_id=int(numbers[0]),
        topic_row_id=int(numbers[1]),
    )
    keep_typed(session, page, form)
    return True


def keep_for_next_home(
    session: Session, identity: ContributorIdentity, form: Fields, *, place: int
) -> bool:
    """Keep one of the words for a next home."""
    if not may(identity, Permission.KEEP_NEXT_HOME_WORDS):
        return False
    asked = next_home.form_for(session, identity)
    questions = list(asked.questions)
    if not 1 <= place <= len(questions):
        return False
    question = questions[place - 1]
    given = screens.read_given(form, question, name="words", hearers={})
    can_be_emptied = question.type in answers.EMPTIED or question.several
    if not given.error and (given.value is not None or can_be_emptied):
        next_home.keep_answer(
            session,
            identity,
            asked,
            question_id=question.id,
            value=given.value,
            based_on_revision=given.revision,
        )
    return True


@router.post("/draft", dependencies=[Depends(public)])
def draft(request: Request, session: RequestSession, form: Posted) -> Response:
    # Sent as somebody leaves: the visit may have ended a moment before this arrives. It only adds
    # to that visit's own draft, and answers the same whoever asks and whatever came of it.
    identity = entry.just_left(session, request.cookies.get(entry.COOKIE, ""))
    if identity is not None and may(identity, Permission.ANSWER):
        request.state.preferences = preferences.preferences_of(session, identity.contributor_id)
        keep_draft(request, session, identity, form)
    return Response(status_code=204)


def unread_in(session: Session, page: TopicPage) -> dict[str, SecondAnswer]:
    """What this visit typed here and could not be read, by question."""
    rows = session.exec(
        select(SecondAnswer).where(
            SecondAnswer.topic_row_id == page.topic.id,
            SecondAnswer.given_in == page.identity.session_id,
        )
    )
    return {row.question_id: row for row in rows if read_again(page, row).error}


def read_again(page: TopicPage, row: SecondAnswer) -> Given:
    """A second answer, read from what was posted."""
    fields = [*((name, text) for name, text in row.posted), ("asked", row.question_id)]
    (given,) = answers.read_page(page, Fields(FormData(fields)))
    return given


def as_left(session: Session, page: TopicPage, asked: Sequence[Question]) -> list[screens.Screen]:
    """The questions as their writer left them: what could not be read stands in its box again."""
    unread = unread_in(session, page)
    return [
        answers.as_typed(page, read_again(page, unread[question.id]))
        if question.id in unread
        else page.screen(question)
        for question in asked
    ]


def forget_undecided(session: Session, page: TopicPage, form: Fields) -> None:
    """The writer chose between two answers where they were shown: they are not asked again."""
    for row in session.exec(
        select(SecondAnswer).where(
            SecondAnswer.topic_row_id == page.topic.id,
            SecondAnswer.given_in == page.identity.session_id,
            col(SecondAnswer.question_id).in_(form.all(UNDECIDED)),
        )
    ):
        session.delete(row)
    session.flush()


def forget_unread(session: Session, page: TopicPage, given: Sequence[Given]) -> None:
    """What could not be read was put right in its own place: it is not asked about again."""
    unread = unread_in(session, page)
    for one in given:
        if not one.error and one.question.id in unread:
            session.delete(unread[one.question.id])
