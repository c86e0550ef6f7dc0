"""The staff's side of the way in: see and print a code, switch it off, make an opening link."""

from typing import Annotated

import segno
from fastapi import APIRouter, Depends, Request
from sqlmodel import Session
from starlette.responses import RedirectResponse, Response

from backend.accounts import service as accounts
from backend.core.access.permissions import Kind, Permission
from backend.core.access.requires import Denied, RequestSession, Viewer, public, staff_with
from backend.core.forms import Posted
from backend.core.templates import render
from backend.entry import queries, service
from backend.entry.statements import statement

router = APIRouter()
Around = Annotated[Viewer, staff_with(Permission.OPEN_DOOR)]
KIND_WORDS = {
    Kind.CHILD: "Child",
    Kind.CARE_LEAVER: "Care leaver",
    Kind.CARER: "Carer",
    Kind.PROVIDER_STAFF: "Provider's staff",
    Kind.PARENT: "Parent",
    Kind.SOCIAL_WORKER: "Social worker",
    Kind.OTHER: "School, health or other",
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
    return door_page(request, session, viewer, person_id)


def door_page(
    request: Request, session: Session, viewer: Viewer, person_id: int, *, error: str = ""
) -> Response:
    """Everybody's ways in around one person; a refused word is never shown again."""
    found = queries.door_of(session, viewer, person_id)
    return render(
        request,
        "entry/door.html",
        status=422 if error else 200,
        door=found,
        kind_words=KIND_WORDS,
        errors={"word": error} if error else {},
    )


@router.post("/people/{person_id}/door/word")
def submit_word(
    request: Request, session: RequestSession, viewer: Around, person_id: int, form: Posted
) -> Response:
    try:
        service.set_other_check(session, viewer, person_id, word=form.text("word"))
    except service.CheckRefused as refused:
        return door_page(request, session, viewer, person_id, error=str(refused))
    return RedirectResponse(f"/staff/people/{person_id}/door", 303)


@router.post("/people/{person_id}/door/birthday")
def ask_birthday_again(session: RequestSession, viewer: Around, person_id: int) -> Response:
    service.remove_other_check(session, viewer, person_id)
    return RedirectResponse(f"/staff/people/{person_id}/door", 303)


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


@router.post("/people/{person_id}/door/hand-over")
def hand_over(
    request: Request, session: RequestSession, viewer: Around, person_id: int
) -> Response:
    token = request.cookies.get(accounts.COOKIE, "")
    onward = service.hand_over(session, viewer, person_id, staff_token=token)
    # Nothing of what this browser showed the worker may come back by its back button.
    response = RedirectResponse(onward, 303, headers={"Clear-Site-Data": '"cache"'})
    response.delete_cookie(accounts.COOKIE, path="/staff")
    return response


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
        types_word=found.word_set_at is not None,
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


@router.get("/accessibility", dependencies=[Depends(public)])
def accessibility(request: Request) -> Response:
    settings = request.app.state.settings
    return render(
        request,
        "entry/accessibility.html",
        statement=statement(),
        contact_email=settings.heard_accessibility_email,
        telephone=settings.heard_duty_telephone,
    )
