"""The one page before a review, and marking what it shows as read."""

from typing import Annotated

from fastapi import APIRouter, Request
from sqlmodel import Session
from starlette.responses import RedirectResponse, Response

from backend.core.access.permissions import Permission
from backend.core.access.requires import RequestSession, Viewer, staff_with
from backend.core.templates import render
from backend.summaries import queries, service
from backend.summaries.after_routes import router as after_router
from backend.summaries.transcript_routes import router as transcript_router

router = APIRouter()
router.include_router(after_router)
router.include_router(transcript_router)
Reader = Annotated[Viewer, staff_with(Permission.READ_SUMMARY)]


@router.get("/reviews/{review_id}")
def summary(request: Request, session: RequestSession, viewer: Reader, review_id: int) -> Response:
    return summary_page(request, session, viewer, review_id)


def summary_page(request: Request, session: Session, viewer: Viewer, review_id: int) -> Response:
    """The page; every opening of it is audited with what it showed."""
    found = queries.summary(session, viewer, review_id)
    if found is None:
        return render(request, "not_found.html", status=404)
    service.record_reading(session, viewer, found)
    return render(
        request,
        "summaries/summary.html",
        found=found,
        page=found.page,
        silent=[one for one in found.silences if one.is_missing],
        not_asked=[one for one in found.silences if not one.is_missing],
    )


@router.post("/reviews/{review_id}/read")
def mark_read(
    request: Request, session: RequestSession, viewer: Reader, review_id: int
) -> Response:
    found = queries.summary(session, viewer, review_id)
    if found is None:
        return render(request, "not_found.html", status=404)
    service.mark_all_read(session, viewer, found)
    return RedirectResponse(f"/staff/reviews/{review_id}", 303)
