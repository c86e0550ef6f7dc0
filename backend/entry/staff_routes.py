"""The staff's side of the way in: see and print a code, switch it off, make an opening link."""

from typing import Annotated

import segno
from fastapi import APIRouter, Request
from sqlmodel import Session
from starlette.responses import RedirectResponse, Response

from backend.core.access.permissions import Kind, Permission
from backend.core.access.requires import Denied, RequestSession, Viewer, staff_with
from backend.core.templates import render
from backend.entry import queries, service

router = APIRouter()
Around = Annotated[Viewer, staff_with(Permission.OPEN_DOOR)]
KIND_WORDS = {
    Kind.CHILD: "Child",
    Kind.CARE_LEAVER: "Care leaver",
    Kind.CARER: "Carer",
    Kind.PROVIDER_STAFF: "Provider's staff",
    Kind.PARENT: "Parent",
    Kind.SOCIAL_WORKER: "Social worker",
}


def line_of(
    session: Session, viewer: Viewer, person_id: int, contributor_id: int
) -> tuple[queries.Door, queries.DoorLine]:
    """One contributor's line on a person's page; raises Denied for one who is not around them."""
    door = queries.door_of(session, viewer, person_id)
    for line in door.lines:
        if line.contributor_id == contributor_id:
            return door, line
    raise Denied(viewer, Permission.OPEN_DOOR)


def picture_of(address: str) -> str:
    """A QR code of an address, as a picture inside the page."""
    return str(segno.make(address, error="m").svg_data_uri(scale=4, border=2))


@router.get("/people/{person_id}/door")
def door(request: Request, session: RequestSession, viewer: Around, person_id: int) -> Response:
    found = queries.door_of(session, viewer, person_id)
    return render(request, "entry/door.html", door=found, kind_words=KIND_WORDS)


@router.post("/people/{person_id}/door/opening-links")
def make_opening_link(
    request: Request, session: RequestSession, viewer: Around, person_id: int
) -> Response:
    link = service.make_opening_link(session, viewer, person_id)
    found = queries.door_of(session, viewer, person_id)
    return render(
        request,
        "entry/opening_link.html",
        door=found,
        link=link,
        picture=picture_of(link.url),
        way_in=queries.own_address("/me/"),
    )


@router.get("/people/{person_id}/door/{contributor_id}/card")
def card(
    request: Request,
    session: RequestSession,
    viewer: Around,
    person_id: int,
    contributor_id: int,
) -> Response:
    found, line = line_of(session, viewer, person_id, contributor_id)
    if line.door is None:
        return RedirectResponse(f"/staff/people/{person_id}/door", 303)
    return render(
        request,
        "entry/card.html",
        door=found,
        line=line,
        is_young=line.kind in (Kind.CHILD, Kind.CARE_LEAVER),
        is_child=line.kind is Kind.CHILD,
        picture=picture_of(line.door.link_url),
        way_in=queries.own_address("/me/"),
        telephone=request.app.state.settings.heard_duty_telephone,
    )


@router.post("/people/{person_id}/door/{contributor_id}/code")
def make_code(
    session: RequestSession, viewer: Around, person_id: int, contributor_id: int
) -> Response:
    line_of(session, viewer, person_id, contributor_id)
    service.ensure_pass(session, contributor_id, by=viewer.actor)
    return RedirectResponse(f"/staff/people/{person_id}/door", 303)


@router.get("/people/{person_id}/door/{contributor_id}/revoke")
def revoke(
    request: Request,
    session: RequestSession,
    viewer: Around,
    person_id: int,
    contributor_id: int,
) -> Response:
    found, line = line_of(session, viewer, person_id, contributor_id)
    return render(request, "entry/revoke.html", door=found, line=line)


@router.post("/people/{person_id}/door/{contributor_id}/revoke")
def submit_revoke(
    session: RequestSession, viewer: Around, person_id: int, contributor_id: int
) -> Response:
    line_of(session, viewer, person_id, contributor_id)
    service.revoke_pass(session, viewer, contributor_id)
    return RedirectResponse(f"/staff/people/{person_id}/door", 303)
