"""The outbox on screen: what was written to whom, by which channel."""

from typing import Annotated

from fastapi import APIRouter, Request
from starlette.responses import Response

from backend.core.access.permissions import Permission
from backend.core.access.requires import RequestSession, Viewer, staff_with
from backend.core.templates import render
from backend.messaging import queries

router = APIRouter()
Officer = Annotated[Viewer, staff_with(Permission.SEE_OUTBOX)]


@router.get("/outbox")
def outbox(request: Request, session: RequestSession, viewer: Officer) -> Response:
    return render(request, "messaging/outbox.html", lines=queries.outbox(session))
