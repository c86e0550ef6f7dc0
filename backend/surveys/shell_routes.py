"""Gives a phone what it needs to go on without a signal."""

from typing import Annotated

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from backend.core.access.permissions import Permission
from backend.core.access.requires import Contributor, RequestSession, contributor_with
from backend.surveys import packs, shells
from backend.surveys.pages import not_theirs, open_form_page

router = APIRouter()
Writer = Annotated[Contributor, contributor_with(Permission.ANSWER)]


@router.get("/forms/{consultation_id:int}/offline")
def pack(
    request: Request, session: RequestSession, identity: Writer, consultation_id: int
) -> Response:
    page = open_form_page(request, session, identity, consultation_id)
    is_begun = page.sitting is not None or not page.around.is_own
    if not is_begun or not packs.pack_address(request, session, page):
        raise not_theirs(identity)
    return JSONResponse(shells.make_pack(request, session, page))
