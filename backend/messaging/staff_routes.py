"""The outbox: what was written to whom, by which channel, and what waits for a person."""

from typing import Annotated

from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from backend.core.access.permissions import Permission
from backend.core.access.requires import RequestSession, Viewer, staff_with
from backend.core.forms import Posted
from backend.core.templates import render
from backend.messaging import letters, outbox, service, settling, way_routes

router = APIRouter()
router.include_router(way_routes.router)
Officer = Annotated[Viewer, staff_with(Permission.SEE_OUTBOX)]
Settler = Annotated[Viewer, staff_with(Permission.SETTLE_OUTBOX)]
HOWS = (settling.ARRIVED, settling.AGAIN, settling.PRINT, settling.LEFT)


@router.get("/outbox")
def show_outbox(
    request: Request, session: RequestSession, viewer: Officer, state: str = "", before: str = ""
) -> Response:
    state = state if state in outbox.STATES else ""
    # Eighteen digits fit into a row's number on both engines.
    last = int(before) if before.isascii() and before.isdecimal() and len(before) < 19 else None
    shown = outbox.lines(session, viewer, state=state, before=last)
    return render(
        request,
        "messaging/outbox.html",
        lines=shown,
        is_older=last is not None,
        older=shown[-1].message_id if len(shown) == outbox.MOST_SHOWN else None,
        open=outbox.for_a_person(session, viewer),
        counts=outbox.counts(session, viewer),
        troubles=outbox.troubles(session, viewer),
        hand=outbox.hand_counts(session),
        states=outbox.STATES,
        state=state,
    )


@router.post("/outbox/{message_id}")
def settle_message(
    session: RequestSession, viewer: Settler, message_id: int, form: Posted
) -> Response:
    how = form.word("how")
    if how not in HOWS:
        raise HTTPException(404)
    try:
        service.settle(session, viewer, message_id, how=how)
    except LookupError:
        raise HTTPException(404) from None
    return RedirectResponse("/staff/outbox", 303)


@router.get("/posting")
def letter_queue(request: Request, session: RequestSession, viewer: Settler) -> Response:
    return render(
        request,
        "messaging/letters.html",
        waiting=letters.lines(session, viewer, "waiting"),
        printed=letters.lines(session, viewer, "printed"),
    )


@router.post("/posting/print")
def print_letters(session: RequestSession, viewer: Settler) -> Response:
    service.print_letters(session, viewer)
    return RedirectResponse("/staff/posting", 303)


@router.get("/posting/pile.pdf")
def letter_pile(session: RequestSession, viewer: Settler) -> Response:
    pile = letters.pile(session, viewer)
    if not pile:
        raise HTTPException(404)
    headers = {"Content-Disposition": 'inline; filename="letters.pdf"'}
    return Response(letters.print_pile(pile), media_type="application/pdf", headers=headers)


@router.post("/posting/posted")
def post_letters(session: RequestSession, viewer: Settler, form: Posted) -> Response:
    chosen = {int(one) for one in form.all("letter") if one.isascii() and one.isdigit()}
    service.post_letters(session, viewer, chosen)
    return RedirectResponse("/staff/posting", 303)
