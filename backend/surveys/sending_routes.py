"""What ends a form: send it or keep it, tick for the meeting, what happens next, take it back."""

from typing import Annotated, Any

from fastapi import APIRouter, Request
from sqlmodel import Session
from starlette.responses import RedirectResponse, Response

from backend.core.access.permissions import Permission
from backend.core.access.predicates import Reach
from backend.core.access.requires import Contributor, RequestSession, contributor_with
from backend.core.forms import Posted
from backend.core.translations import phrase
from backend.preferences import queries as preferences
from backend.surveys import answers, readers, service
from backend.surveys.consultations import BEFORE_REVIEW
from backend.surveys.pages import (
    FormPage,
    TopicPage,
    after_topic,
    drafts_of,
    lines_of,
    open_form_page,
    open_topic_page,
    progress_of,
)
from backend.surveys.screens import HIDE

router = APIRouter()
Writer = Annotated[Contributor, contributor_with(Permission.ANSWER)]
NOTHING = phrase("There is nothing to send yet. Say something first, or leave it.")
LABEL_LENGTH = 160


@router.get("/forms/{consultation_id:int}/{topic_row_id:int}/end")
def end(
    request: Request,
    session: RequestSession,
    identity: Writer,
    consultation_id: int,
    topic_row_id: int,
) -> Response:
    page = open_topic_page(
        request, session, identity, consultation_id=consultation_id, topic_row_id=topic_row_id
    )
    if page.topic.sent_at is not None:
        return RedirectResponse(page.topic_address, 303)
    if not page.answers or not page.around.is_own:
        return RedirectResponse(after_topic(session, page), 303)
    return end_page(request, session, page)


def end_page(request: Request, session: Session, page: TopicPage, *, error: str = "") -> Response:
    """One topic read again, with its two ways on."""
    said = answers.all_said(page)
    return page.show(
        request,
        "end",
        status=422 if error else 200,
        errors=[{"text": error, "href": ""}] if error else [],
        topic_title=page.words.topic(page.topic.topic_id),
        topic_row_id=page.topic.id,
        said=said,
        hidden_readers=(hidden := hidden_readers(session, page, said)),
        # A name that may read none of it does not stand on the button.
        send_to="" if len(hidden) < len(said) else ", ".join(sorted(set().union(*hidden.values()))),
        waits=page.waits,
        back_url=f"{page.topic_address}/{max(1, len(page.questions))}",
    )


def hidden_readers(
    session: Session, page: TopicPage, said: list[answers.Said]
) -> dict[int, list[str]]:
    """Who reads each answer that was hidden from somebody, by the answer's id."""
    return {
        one.answer.id or 0: readers.readers_of_hidden(session, page.around, one.answer)
        for one in said
        if one.reach == HIDE
    }


@router.post("/forms/{consultation_id:int}/{topic_row_id:int}/end")
def finish(
    request: Request,
    session: RequestSession,
    identity: Writer,
    consultation_id: int,
    topic_row_id: int,
    form: Posted,
) -> Response:
    page = open_topic_page(
        request, session, identity, consultation_id=consultation_id, topic_row_id=topic_row_id
    )
    if form.word("action") != "send":
        return RedirectResponse(f"{page.address}?done=kept", 303)
    try:
        service.send_topic(session, topic_row_id, beside=page.sitting)
    except service.AlreadySent:
        return RedirectResponse(page.topic_address, 303)
    except service.NothingToSend:
        return end_page(request, session, page, error=NOTHING)
    if is_for_meeting(page) and said_options(page):
        return RedirectResponse(f"{page.topic_address}/meeting", 303)
    return RedirectResponse(after_topic(session, page), 303)


def is_for_meeting(page: FormPage) -> bool:
    """Whether a young person decides what of this form is said in a meeting."""
    return page.around.is_own and page.consultation.moment == BEFORE_REVIEW


def said_options(page: TopicPage) -> list[dict[str, Any]]:
    """The answers that the young person may tick for the meeting."""
    return [
        {
            "value": str(one.answer.id),
            "text": shorten(one.display),
            "hint": one.text,
            "sign": one.symbol,
        }
        for one in answers.all_said(page)
        if one.answer.reach == Reach.ASK_FIRST
    ]


def shorten(text: str) -> str:
    """A long text as a tick box can show it; the text itself stays whole."""
    return text if len(text) <= LABEL_LENGTH else f"{text[:LABEL_LENGTH].rstrip()}…"


@router.get("/forms/{consultation_id:int}/{topic_row_id:int}/meeting")
def meeting(
    request: Request,
    session: RequestSession,
    identity: Writer,
    consultation_id: int,
    topic_row_id: int,
) -> Response:
    page = open_topic_page(
        request, session, identity, consultation_id=consultation_id, topic_row_id=topic_row_id
    )
    options = said_options(page)
    if not options or not is_for_meeting(page) or page.topic.taken_back_at is not None:
        return RedirectResponse(f"{page.address}/next", 303)
    return page.show(
        request,
        "meeting",
        topic_row_id=topic_row_id,
        options=options,
        progress=progress_of(session, page),
        ticked=[one.answer.id for one in answers.all_said(page) if one.answer.may_be_said],
        back_url=page.topic_address,
    )


@router.post("/forms/{consultation_id:int}/{topic_row_id:int}/meeting")
def tick(
    request: Request,
    session: RequestSession,
    identity: Writer,
    consultation_id: int,
    topic_row_id: int,
    form: Posted,
) -> Response:
    page = open_topic_page(
        request, session, identity, consultation_id=consultation_id, topic_row_id=topic_row_id
    )
    offered = {option["value"] for option in said_options(page)}
    ticked = {int(value) for value in form.all("said") if value in offered}
    if page.topic.sent_at is not None and page.topic.taken_back_at is None:
        service.tick_for_meeting(session, [topic_row_id], ticked)
    return RedirectResponse(after_topic(session, page), 303)


@router.get("/forms/{consultation_id:int}/{topic_row_id:int}")
def sent(
    request: Request,
    session: RequestSession,
    identity: Writer,
    consultation_id: int,
    topic_row_id: int,
) -> Response:
    page = open_topic_page(
        request, session, identity, consultation_id=consultation_id, topic_row_id=topic_row_id
    )
    if page.topic.sent_at is None:
        return RedirectResponse(f"{page.topic_address}/1", 303)
    said = answers.all_said(page)
    # What was for one reader alone is never shown again: somebody may look over a shoulder.
    shown = [one for one in said if one.answer.reach != Reach.ONLY_IRO]
    return page.show(
        request,
        "sent",
        topic_title=page.words.topic(page.topic.topic_id),
        topic_row_id=topic_row_id,
        said=shown,
        has_private=len(shown) < len(said),
        can_tick=is_for_meeting(page) and bool(said_options(page)),
        is_taken_back=page.topic.taken_back_at is not None,
        sent_at=page.topic.sent_at,
        back_url="/me/home",
    )


@router.post("/forms/{consultation_id:int}/{topic_row_id:int}/take-back")
def take_back(
    request: Request,
    session: RequestSession,
    identity: Writer,
    consultation_id: int,
    topic_row_id: int,
) -> Response:
    page = open_topic_page(
        request, session, identity, consultation_id=consultation_id, topic_row_id=topic_row_id
    )
    if page.around.is_own:
        service.take_back_topic(session, topic_row_id)
    return RedirectResponse(page.topic_address, 303)


@router.get("/forms/{consultation_id:int}/next")
def next_steps(
    request: Request, session: RequestSession, identity: Writer, consultation_id: int
) -> Response:
    page = open_form_page(request, session, identity, consultation_id)
    kept = [topic for topic, count in drafts_of(session, page) if count]
    return page.show(
        request,
        "next",
        drafts=lines_of(page, kept),
        has_meeting=is_for_meeting(page),
        may_offer_words=may_offer_words(session, page),
        back_url=page.address,
    )


def may_offer_words(session: Session, page: FormPage) -> bool:
    """Whether to ask, once and after the first answer, what a young person calls their home."""
    is_known = page.around.is_own and page.identity.is_known
    return is_known and not preferences.own_words(session, page.identity).was_asked


@router.get("/forms/{consultation_id:int}/send")
def whole(
    request: Request, session: RequestSession, identity: Writer, consultation_id: int
) -> Response:
    page = open_form_page(request, session, identity, consultation_id)
    return whole_page(request, session, page)


def whole_page(request: Request, session: Session, page: FormPage, *, error: str = "") -> Response:
    """An adult's whole form, read again before it is sent."""
    said = [
        one
        for topic, count in drafts_of(session, page)
        if count
        for one in answers.all_said(page.at(session, topic))
    ]
    return page.show(
        request,
        "send",
        status=422 if error else 200,
        errors=[{"text": error, "href": ""}] if error else [],
        said=said,
        back_url=page.address,
    )


@router.post("/forms/{consultation_id:int}/send")
def send_whole(
    request: Request,
    session: RequestSession,
    identity: Writer,
    consultation_id: int,
    form: Posted,
) -> Response:
    page = open_form_page(request, session, identity, consultation_id)
    if page.around.is_own or form.word("action") != "send":
        return RedirectResponse(f"{page.address}?done=kept", 303)
    waiting = [topic for topic, count in drafts_of(session, page) if count]
    if not waiting:
        return whole_page(request, session, page, error=NOTHING)
    for topic in waiting:
        service.send_topic(session, topic.id or 0)
    return RedirectResponse(f"{page.address}/next", 303)
