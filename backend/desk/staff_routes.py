"""First pages: an IRO's reviews by date or by the week, a worker's caseload."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Request
from starlette.responses import Response

from backend.core import clock
from backend.core.access.permissions import Permission
from backend.core.access.requires import RequestSession, Viewer, staff_with
from backend.core.templates import render
from backend.desk import queries
from backend.desk.weeks import day_to_prepare, week_of

router = APIRouter()
YEARS = (2000, 2100)
Iro = Annotated[Viewer, staff_with(Permission.SEE_REVIEWS)]
Worker = Annotated[Viewer, staff_with(Permission.SEE_CASELOAD)]


@router.get("/reviews")
def reviews(request: Request, session: RequestSession, viewer: Iro, week: str = "") -> Response:
    lines = queries.review_lines(session, viewer)
    if week:
        return render(request, "desk/week.html", week=week_of(lines, read_day(week)))
    return render(
        request, "desk/reviews.html", lines=lines, soon=queries.SOON, to_prepare=day_to_prepare()
    )


def read_day(text: str) -> date:
    """The day in an address; today for one that names none."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return clock.today()
    # A week before or after it must still be a date.
    return day if YEARS[0] <= day.year <= YEARS[1] else clock.today()


@router.get("/caseload")
def caseload(request: Request, session: RequestSession, viewer: Worker) -> Response:
    lines = queries.caseload_lines(session, viewer)
    return render(request, "desk/caseload.html", lines=lines)
