"""One's own digest: what waits today, and what was sent in the last weeks."""

from typing import Annotated

from fastapi import APIRouter, Request
from starlette.responses import Response

from backend.core.access.permissions import Permission
from backend.core.access.requires import RequestSession, Viewer, staff_with
from backend.core.templates import render
from backend.digests import queries

router = APIRouter()
Everybody = Annotated[Viewer, staff_with(Permission.SEE_START)]


@router.get("/digest")
def digest(request: Request, session: RequestSession, viewer: Everybody) -> Response:
    return render(
        request,
        "digests/digest.html",
        groups=queries.by_heading(queries.lines_for(session, viewer)),
        sent=queries.last_digests(session, viewer),
    )
