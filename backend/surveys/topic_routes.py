"""A form's questions: one a screen for a young person and in easy-read, else a topic a page."""

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Request
from sqlmodel import Session
from starlette.responses import RedirectResponse, Response

from backend.core.access.permissions import Permission
from backend.core.access.requires import Contributor, RequestSession, contributor_with
from backend.core.drafts import AT
from backend.core.forms import Posted
from backend.surveys import answers, drafts, late_words, own, packs, queued, screens, service
from backend.surveys.instruments import Question
from backend.surveys.pages import TopicPage, after_topic, open_topic_page, preferences_on

router = APIRouter()
router.include_router(drafts.router)
Writer = Annotated[Contributor, contributor_with(Permission.ANSWER)]


def is_one_each(request: Request, page: TopicPage) -> bool:
    """Whether each question has a screen of its own: for young people, and in easy-read."""
    return page.around.is_own or preferences_on(request).easy_read


def on_screen(request: Request, page: TopicPage, number: int) -> list[Question]:
    """One question, or the whole topic for an adult in a hurry."""
    questions = page.questions
    return questions[number - 1 : number] if is_one_each(request, page) else questions


@router.get("/forms/{consultation_id:int}/{topic_row_id:int}/{number:int}")
def question(
    request: Request,
    session: RequestSession,
    identity: Writer,
    consultation_id: int,
    topic_row_id: int,
    number: int,
    kept: str = "",
) -> Response:
    page = open_topic_page(
        request, session, identity, consultation_id=consultation_id, topic_row_id=topic_row_id
    )
    if page.topic.sent_at is not None:
        return RedirectResponse(page.topic_address, 303)
    if page.around.is_own and page.sitting is None:
        return RedirectResponse(page.address, 303)
    if not page.questions:
        onward = after_topic(session, page)
        return page.show(
            request,
            "nothing_left",
            topic_title=page.words.topic(page.topic.topic_id),
            skip_url=onward,
            back_url=page.address,
        )
    asked = on_screen(request, page, number)
    if not asked:
        return RedirectResponse(f"{page.topic_address}/end", 303)
    shown = drafts.as_left(session, page, asked)
    pack = packs.pack_address(request, session, page)
    return question_page(request, page, number, shown=shown, is_kept=bool(kept), pack=pack)


def question_page(
    request: Request,
    page: TopicPage,
    number: int,
    *,
    shown: list[screens.Screen],
    is_kept: bool = False,
    pack: str = "",
    skip_url: str = "",
    status: int = 200,
) -> Response:
    """The screen of one question, or of one topic for an adult. `pack`: what to fetch for when
    there is no signal. `skip_url`: where Skip leads, if not to what comes next."""
    return page.show(
        request,
        "question",
        status=status,
        screens=shown,
        errors=[
            {"text": screen.text, "href": f"#{screen.name}"} for screen in shown if screen.error
        ],
        topic_title=page.words.topic(page.topic.topic_id),
        waits=page.waits and number == 1,
        is_helped=page.sitting is not None and page.sitting.how_given != service.ALONE,
        has_text=any(screen.is_written for screen in shown),
        action=f"{page.topic_address}/{number}",
        skip_url=skip_url or after_skipping(request, page, number),
        is_kept=is_kept,
        pack=pack,
        back_url=before(page, number),
    )


def after_skipping(request: Request, page: TopicPage, number: int) -> str:
    """Where Skip leads from a question, or from an adult's topic."""
    return f"{page.topic_address}/{number + 1 if is_one_each(request, page) else 'end'}"


def before(page: TopicPage, number: int) -> str:
    """Where Back leads from a question."""
    return f"{page.topic_address}/{number - 1}" if number > 1 else page.address


@router.post("/forms/{consultation_id:int}/{topic_row_id:int}/{number:int}")
def keep(
    request: Request,
    session: RequestSession,
    identity: Writer,
    consultation_id: int,
    topic_row_id: int,
    number: int,
    form: Posted,
) -> Response:
    place = {"consultation_id": consultation_id, "topic_row_id": topic_row_id}
    late = late_words.keep_after_deletion(request, session, identity, form=form, **place)
    if late is not None:
        return RedirectResponse(f"/me/forms/{consultation_id}/{late.id}/{number}?kept=1", 303)
    page = open_topic_page(request, session, identity, **place)
    if page.topic.sent_at is not None:
        late = late_words.keep_after_sending(session, page, form)
        onward = f"{page.address}/{late.id}/{number}?kept=1" if late else page.topic_address
        return RedirectResponse(onward, 303)
    if form.word("action") in drafts.ASIDE:
        drafts.keep_typed(session, page, form)
        here = f"{page.topic_address}/{number}"
        is_help = form.word("action") == drafts.HELP
        return RedirectResponse(f"/me/help?{AT}={here}" if is_help else before(page, number), 303)
    given = answers.read_page(page, form)
    drafts.forget_unread(session, page, given)
    drafts.forget_undecided(session, page, form)
    if form.word("action") == "remove":
        answers.remove(session, page, given)
        return RedirectResponse(f"{page.topic_address}/{number + 1}?kept=1", 303)
    changes = answers.keep_page(session, page, given)
    if changes:
        return changed_page(request, session, page, number, changes=changes, given=given)
    wrong = [answers.as_typed(page, one) for one in given if one.error]
    if wrong:
        return question_page(request, page, number, shown=wrong, status=422)
    is_alone = is_one_each(request, page)
    onward = after_question(session, page, number, given=given, is_alone=is_alone)
    return RedirectResponse(onward, 303)


def changed_page(
    request: Request,
    session: Session,
    page: TopicPage,
    number: int,
    *,
    changes: list[answers.Change],
    given: list[screens.Given],
) -> Response:
    """Two answers to choose between. The one of this page waits beside the other at once, since it
    lies nowhere else; so does what could not be read, and stands in its box again afterwards."""
    undecided = {change.question_id for change in changes}
    for one in given:
        if one.error or one.question.id in undecided:
            queued.keep_apart(session, page, one)
    here = f"{page.topic_address}/{number}"
    return page.show(
        request, "changed", status=409, changes=changes, action=here, at=here, back_url=here
    )


def after_question(
    session: Session,
    page: TopicPage,
    number: int,
    *,
    given: list[screens.Given],
    is_alone: bool,
) -> str:
    """The next question, where each stands alone; else the end of the topic."""
    fresh = replace(page, answers=own.answers_of(session, page.topic.id or 0))
    if is_alone:
        return f"{page.topic_address}/{number_after(fresh, number, given=given)}?kept=1"
    asked = {one.question.id for one in given}
    if any(question.id not in asked for question in fresh.questions):
        return f"{page.topic_address}/1?kept=1"
    return f"{page.topic_address}/end"


def number_after(page: TopicPage, number: int, *, given: list[screens.Given]) -> int:
    """The number of the screen after the question that was answered: it may have opened or closed
    others, and a screen that the phone kept for want of a signal may have another number."""
    places = [question.id for question in page.questions]
    answered = [places.index(one.question.id) for one in given if one.question.id in places]
    return max(answered) + 2 if answered else number + 1
