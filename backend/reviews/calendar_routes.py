"""The page of one's own calendar address, and the address itself, which asks for no cookie."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from sqlmodel import Session
from starlette.responses import RedirectResponse, Response

from backend.core.access.permissions import Permission
from backend.core.access.requires import RequestSession, Viewer, public, staff_with
from backend.core.templates import render
from backend.reviews import calendars

router = APIRouter()
Owner = Annotated[Viewer, staff_with(Permission.KEEP_CALENDAR)]


@router.get("/calendar")
def calendar(request: Request, session: RequestSession, viewer: Owner) -> Response:
    return calendar_page(request, session, viewer)


def calendar_page(
    request: Request, session: Session, viewer: Viewer, *, address: str = ""
) -> Response:
    """The page; `address` is a new one, shown this once."""
    feed = calendars.feed_of(session, viewer.staff_id)
    settings = request.app.state.settings
    return render(
        request,
        "reviews/calendar.html",
        feed=feed,
        address=address,
        shows_initials=settings.heard_calendar_shows == "initials",
        shows_place=settings.heard_calendar_shows_place,
    )


@router.post("/calendar")
def make_calendar(request: Request, session: RequestSession, viewer: Owner) -> Response:
    token = calendars.make_feed(session, viewer)
    base = request.app.state.settings.heard_base_url
    return calendar_page(request, session, viewer, address=f"{base}/staff/calendar/{token}.ics")


@router.post("/calendar/revoke")
def revoke_calendar(request: Request, session: RequestSession, viewer: Owner) -> Response:
    calendars.revoke_feed(session, viewer)
    return RedirectResponse("/staff/calendar", 303)


@router.get("/calendar/{token}.ics", dependencies=[Depends(public)])
def calendar_feed(request: Request, session: RequestSession, token: str) -> Response:
    found = calendars.fetch(session, token, settings=request.app.state.settings)
    if found is None:
        return render(request, "not_found.html", status=404)
    return Response(found, media_type="text/calendar; charset=utf-8")
