"""The forum's pages for young people."""

from typing import Annotated

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from backend.core.access.permissions import Permission
from backend.core.access.requires import Contributor, RequestSession, contributor_with
from backend.core.forms import Posted
from backend.core.templates import render
from backend.forum import queries, service

router = APIRouter()
Member = Annotated[Contributor, contributor_with(Permission.TAKE_PART_IN_FORUM)]


@router.get("/forum")
def forum(request: Request, session: RequestSession, member: Member) -> Response:
    return forum_page(request, session, member)


def forum_page(
    request: Request,
    session: RequestSession,
    member: Member,
    *,
    error: str = "",
    words: str = "",
    kind: str = "idea",
) -> Response:
    """The member's space; with an error, what was written stays in the box."""
    return render(
        request,
        "forum/forum.html",
        status=422 if error else 200,
        space=queries.space_of(session, member),
        posts=queries.posts_for_member(session, member),
        error=error,
        words=words,
        kind=kind,
        back_url="/me/home",
    )


@router.post("/forum")
def add_post(request: Request, session: RequestSession, member: Member, form: Posted) -> Response:
    words, kind = form.text("words"), form.word("kind")
    try:
        service.add_post(session, member, kind=kind, words=words)
    except service.ForumRefused as refused:
        return forum_page(request, session, member, error=str(refused), words=words, kind=kind)
    return RedirectResponse("/me/forum#posts", 303)


@router.post("/forum/{post_id}/vote")
def vote(request: Request, session: RequestSession, member: Member, post_id: int) -> Response:
    try:
        service.vote(session, member, post_id)
    except service.ForumRefused as refused:
        return forum_page(request, session, member, error=str(refused))
    return RedirectResponse(f"/me/forum#post-{post_id}", 303)
