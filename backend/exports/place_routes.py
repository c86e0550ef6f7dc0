"""The restricted place: named by one person and confirmed by another, none of whom sees a word."""

from typing import Annotated

from fastapi import APIRouter, Request
from sqlmodel import Session
from starlette.responses import RedirectResponse, Response

from backend.core.access.permissions import Permission
from backend.core.access.requires import Denied, RequestSession, Viewer, staff_with
from backend.core.forms import Posted
from backend.core.templates import render
from backend.exports import queries, service

router = APIRouter()
SecondPerson = Annotated[Viewer, staff_with(Permission.CONFIRM_ACCESS)]
ADDRESS = "/staff/restricted-place"


@router.get("/restricted-place")
def restricted_place(request: Request, session: RequestSession, viewer: SecondPerson) -> Response:
    return place_page(request, session, viewer)


@router.post("/restricted-place")
def name_place(
    request: Request, session: RequestSession, viewer: SecondPerson, form: Posted
) -> Response:
    try:
        service.name_place(session, viewer, form.word("name"))
    except service.PlaceRefused as refused:
        return place_page(request, session, viewer, errors={"name": str(refused)})
    return RedirectResponse(ADDRESS, 303)


@router.post("/restricted-place/{place_id}")
def decide_place(
    session: RequestSession, viewer: SecondPerson, place_id: int, form: Posted
) -> Response:
    try:
        service.decide_place(session, viewer, place_id, decision=form.word("decision"))
    except service.NotTheirs as refused:
        raise Denied(viewer, Permission.CONFIRM_ACCESS) from refused
    return RedirectResponse(ADDRESS, 303)


def place_page(
    request: Request,
    session: Session,
    viewer: Viewer,
    *,
    errors: dict[str, str] | None = None,
) -> Response:
    """The place as it stands, and what this viewer can do about it."""
    line = queries.place_line(session)
    return render(
        request,
        "exports/restricted_place.html",
        status=422 if errors else 200,
        place=line,
        is_own_wish=line is not None and line.asked_by_id == viewer.staff_id,
        errors=errors or {},
    )
