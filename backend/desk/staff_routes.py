"""First pages: an IRO's reviews by date, a worker's caseload."""

from typing import Annotated

from fastapi import APIRouter, Request
from starlette.responses import Response

from backend.core.access.permissions import Permission
from backend.core.access.requires import RequestSession, Viewer, staff_with
from backend.core.templates import render
from backend.desk import queries

router = APIRouter()
Iro = Annotated[Viewer, staff_with(Permission.SEE_REVIEWS)]
Worker = Annotated[Viewer, staff_with(Permission.SEE_CASELOAD)]


@router.get("/reviews")
def reviews(request: Request, session: RequestSession, viewer: Iro) -> Response:
    lines = queries.review_lines(session, viewer)
    return render(request, "desk/reviews.html", lines=lines, soon=queries.SOON)


@router.get("/caseload")
def caseload(request: Request, session: RequestSession, viewer: Worker) -> Response:
    lines = queries.caseload_lines(session, viewer)
    return render(request, "desk/caseload.html", lines=lines)
