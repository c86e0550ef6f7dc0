"""The forum's pages for the participation officer and for managers who must answer."""

from typing import Annotated

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from backend.core import clock
from backend.core.access.permissions import Permission
from backend.core.access.policy import may
from backend.core.access.requires import RequestSession, Viewer, staff_with
from backend.core.forms import Posted
from backend.core.templates import render
from backend.forum import queries, service

router = APIRouter()
Reader = Annotated[Viewer, staff_with(Permission.SEE_FORUM)]
Moderator = Annotated[Viewer, staff_with(Permission.MODERATE_FORUM)]
Answerer = Annotated[Viewer, staff_with(Permission.ANSWER_FORUM)]


@router.get("/forum")
def forum(request: Request, session: RequestSession, viewer: Reader) -> Response:
    return forum_page(request, session, viewer)


def forum_page(
    request: Request,
    session: RequestSession,
    viewer: Viewer,
    *,
    errors: dict[str, str] | None = None,
    typed: str = "",
) -> Response:
    """Both spaces; with an error, what was typed stays in its box."""
    return render(
        request,
        "forum/forum.html",
        status=422 if errors else 200,
        waiting=queries.waiting_posts(session),
        shown=queries.shown_posts(session),
        may_moderate=may(viewer, Permission.MODERATE_FORUM),
        may_answer=may(viewer, Permission.ANSWER_FORUM),
        today=clock.today(),
        errors=errors or {},
        typed=typed,
    )


@router.post("/forum/{post_id}/moderation")
def moderate(
    request: Request, session: RequestSession, viewer: Moderator, post_id: int, form: Posted
) -> Response:
    because = form.text("because")
    try:
        service.moderate(
            session, viewer, post_id, is_shown=form.word("decision") == "show", because=because
        )
    except service.ForumRefused as refused:
        errors = {f"because-{post_id}": str(refused)}
        return forum_page(request, session, viewer, errors=errors, typed=because)
    return RedirectResponse("/staff/forum", 303)


@router.post("/forum/{post_id}/answer")
def answer(
    request: Request, session: RequestSession, viewer: Answerer, post_id: int, form: Posted
) -> Response:
    words = form.text("words")
    try:
        service.answer(session, viewer, post_id, words=words)
    except service.ForumRefused as refused:
        errors = {f"words-{post_id}": str(refused)}
        return forum_page(request, session, viewer, errors=errors, typed=words)
    return RedirectResponse(f"/staff/forum#post-{post_id}", 303)
