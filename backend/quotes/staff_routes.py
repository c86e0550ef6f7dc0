"""The staff's pages of quotations: ask a writer, see what they said, print what may be printed."""

from typing import Annotated

from fastapi import APIRouter, Request
from sqlmodel import Session
from starlette.responses import RedirectResponse, Response

from backend.core.access.permissions import Permission
from backend.core.access.requires import RequestSession, Viewer, staff_with
from backend.core.forms import Fields, Posted
from backend.core.templates import render
from backend.quotes import queries, service
from backend.quotes.telling import marked_words

router = APIRouter()
Asking = Annotated[Viewer, staff_with(Permission.PROPOSE_QUOTE)]


@router.get("/quotes")
def quotes(request: Request, session: RequestSession, viewer: Asking) -> Response:
    return render(request, "quotes/quotes.html", lines=queries.quote_lines(session, viewer))


@router.get("/quotes/new/{topic_row_id}/{answer_id}")
def propose(
    request: Request, session: RequestSession, viewer: Asking, topic_row_id: int, answer_id: int
) -> Response:
    return propose_page(request, session, viewer, topic_row_id=topic_row_id, answer_id=answer_id)


def propose_page(
    request: Request,
    session: Session,
    viewer: Viewer,
    *,
    topic_row_id: int,
    answer_id: int,
    form: Fields | None = None,
    errors: dict[str, str] | None = None,
) -> Response:
    """The words as they were written, and what to ask their writer."""
    topic, answer = service.open_answer(session, viewer, topic_row_id, answer_id=answer_id)
    return render(
        request,
        "quotes/propose.html",
        status=422 if errors else 200,
        topic=topic,
        answer=answer,
        pieces=marked_words(session, topic, answer.display),
        audiences=service.AUDIENCES,
        errors=errors or {},
        words=form.text("words") if form else answer.display,
        place=form.text("place") if form else "",
        audience=form.word("audience") if form else "",
    )


@router.post("/quotes/new/{topic_row_id}/{answer_id}")
def submit_propose(
    request: Request,
    session: RequestSession,
    viewer: Asking,
    topic_row_id: int,
    answer_id: int,
    form: Posted,
) -> Response:
    try:
        until = form.day("until")
    except ValueError:
        until = None
    try:
        service.propose_quote(
            session,
            viewer,
            topic_row_id,
            answer_id=answer_id,
            words=form.text("words"),
            place=form.text("place"),
            audience=form.word("audience"),
            until=until,
        )
    except service.QuoteRefused as refused:
        return propose_page(
            request,
            session,
            viewer,
            topic_row_id=topic_row_id,
            answer_id=answer_id,
            form=form,
            errors=refused.errors,
        )
    return RedirectResponse("/staff/quotes", 303)


@router.post("/quotes/{quote_id}/drop")
def drop(session: RequestSession, viewer: Asking, quote_id: int) -> Response:
    service.drop_quote(session, viewer, quote_id)
    return RedirectResponse("/staff/quotes", 303)


@router.get("/quotes/{quote_id}/print")
def printed(request: Request, session: RequestSession, viewer: Asking, quote_id: int) -> Response:
    found = service.print_quote(session, viewer, quote_id)
    return render(request, "quotes/print.html", quote=found)
