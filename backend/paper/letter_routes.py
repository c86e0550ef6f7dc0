"""Gives the letter with a review's answers as a PDF: to the child, and to whoever opened it."""

from typing import Annotated

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from backend.asks import queries as asks
from backend.core import audit
from backend.core.access.permissions import Permission
from backend.core.access.requires import (
    Contributor,
    Denied,
    RequestSession,
    Viewer,
    contributor_with,
    staff_with,
)
from backend.paper.answer_letters import print_letter

own_router = APIRouter()
router = APIRouter()
Young = Annotated[Contributor, contributor_with(Permission.MAKE_ASK)]
Seeing = Annotated[Viewer, staff_with(Permission.SEE_ASKS)]
PRINTED = audit.declare("letter.printed", "review_id")
LARGE = "large"


@own_router.get("/letters/{review_id}/letter.pdf")
def own_letter_pdf(session: RequestSession, me: Young, review_id: int) -> Response:
    letter = asks.own_letter(session, me, review_id)
    if letter is None:
        return RedirectResponse("/me/last-time", 303)
    return as_pdf(print_letter(letter))


@router.get("/letters/{review_id}/letter.pdf")
def letter_pdf(session: RequestSession, viewer: Seeing, review_id: int, size: str = "") -> Response:
    letter = asks.letter_of(session, viewer, review_id)
    if letter is None or letter.opening is None:
        raise Denied(viewer, Permission.SEE_ASKS)
    audit.record(
        session, PRINTED, actor=viewer.actor, person_id=letter.person_id, review_id=review_id
    )
    return as_pdf(print_letter(letter, is_large=size == LARGE))


def as_pdf(content: bytes) -> Response:
    """A PDF that the browser shows; its name says nothing of whose it is."""
    headers = {"Content-Disposition": 'inline; filename="letter.pdf"'}
    return Response(content, media_type="application/pdf", headers=headers)
