"""Two answers to one question, one of them late from a phone: their writer chooses."""

from typing import Annotated, Any

from fastapi import APIRouter, Request
from sqlmodel import Session, col, select
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from backend.core.access.identity import ContributorIdentity
from backend.core.access.permissions import Permission
from backend.core.access.requires import Contributor, RequestSession, contributor_with
from backend.core.forms import Fields, Posted
from backend.core.templates import render
from backend.surveys import answers, own, queued, screens
from backend.surveys.models import Response as Given
from backend.surveys.models import SecondAnswer, Topic
from backend.surveys.pages import TopicPage, not_theirs

router = APIRouter()
Writer = Annotated[Contributor, contributor_with(Permission.ANSWER)]
HERE = "/me/second-answers"


def waiting_for(session: Session, identity: ContributorIdentity) -> list[SecondAnswer]:
    """The late answers of one contributor that this visit may see, the oldest first."""
    rows = session.exec(
        select(SecondAnswer, Topic)
        .join(Topic, col(Topic.id) == col(SecondAnswer.topic_row_id))
        .join(Given, col(Given.id) == col(Topic.response_id))
        .where(Given.contributor_id == identity.contributor_id)
        .order_by(col(SecondAnswer.id))
    )
    return [row for row, topic in rows if own.may_see(session, identity, topic)]


@router.get("/second-answers")
def second_answers(request: Request, session: RequestSession, identity: Writer) -> Response:
    waiting = waiting_for(session, identity)
    if not waiting:
        return RedirectResponse("/me/home", 303)
    row = waiting[0]
    page = page_of(session, identity, row)
    late = late_answer(page, row)
    common: dict[str, Any] = {"around": page.around, "action": f"{HERE}/{row.id}", "errors": []}
    if late.error:
        typed = "\n".join(text for name, text in late.posted if name == page.name_of(late.question))
        question = page.words.question(row.question_id).text
        return render(
            request, "surveys/unread.html", question=question, typed=typed, back_url="", **common
        )
    change = answers.make_change(page, late, page.answers.get(row.question_id))
    return render(request, "surveys/changed.html", changes=[change], back_url="/me/home", **common)


@router.post("/second-answers/{row_id:int}")
def choose_answer(
    request: Request, session: RequestSession, identity: Writer, row_id: int, form: Posted
) -> Response:
    row = next((one for one in waiting_for(session, identity) if one.id == row_id), None)
    if row is None:
        raise not_theirs(identity)
    page = page_of(session, identity, row)
    late = late_answer(page, row)
    choice = form.word(f"{page.name_of(late.question)}-keep")
    if choice == answers.MINE and not late.error:
        keep_chosen(session, page, late)
    session.delete(row)
    return RedirectResponse(HERE, 303)


def keep_chosen(session: Session, page: TopicPage, late: screens.Given) -> None:
    """Write the late answer in place of the other; into a new draft once its topic was sent."""
    standing = page.answers.get(late.question.id)
    if page.topic.sent_at is not None:
        place = queued.place_of(page.topic)
        draft = queued.draft_of(session, page.identity, page.response, place)
        draft = draft or queued.begin_again(session, page.identity, page.response, place)
        page = queued.page_of(session, page.identity, page.response, draft)
    elif standing is not None:
        late = answers.narrowest(late, standing)
    queued.keep(session, page, late)


def page_of(session: Session, identity: ContributorIdentity, row: SecondAnswer) -> TopicPage:
    """The topic that a late answer belongs to."""
    topic = session.get_one(Topic, row.topic_row_id)
    response = session.get_one(Given, topic.response_id)
    return queued.page_of(session, identity, response, topic)


def late_answer(page: TopicPage, row: SecondAnswer) -> screens.Given:
    """A late answer, read again from what was posted."""
    fields = [*row.posted, ("asked", row.question_id)]
    (late,) = answers.read_page(page, Fields(FormData([(name, text) for name, text in fields])))
    return late
