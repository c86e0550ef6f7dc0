"""The care leaver's one-tap pages: tap, see that it was sent, add a line where it helps."""

from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Request
from sqlmodel import Session
from starlette.responses import RedirectResponse, Response

from backend.accounts import queries as accounts
from backend.asks import queries as asks
from backend.core.access.permissions import Permission
from backend.core.access.requires import (
    Contributor,
    Denied,
    RequestSession,
    contributor_with,
)
from backend.core.forms import Fields, Posted
from backend.core.templates import render
from backend.core.translations import phrase
from backend.in_touch import queries, service
from backend.people import queries as people
from backend.preferences import queries as preferences
from backend.surveys import service as surveys

if TYPE_CHECKING:
    from backend.in_touch.models import Touch

router = APIRouter()
Leaver = Annotated[Contributor, contributor_with(Permission.KEEP_IN_TOUCH)]
NOTHING = phrase("Write it in the box, then send it.")


def page_of(
    request: Request,
    session: Session,
    me: Contributor,
    *,
    tap: str,
    action: str,
    touch: "Touch | None" = None,
    error: str = "",
    typed: Fields | None = None,
) -> Response:
    """A tap that was sent, or one that needs a line of words first; with the boxes for them."""
    person = people.person(session, me.person_id or 0)
    adviser = person.personal_adviser_id if person else None
    return render(
        request,
        "in_touch/touch.html",
        status=422 if error else 200,
        tap=tap,
        is_sent=touch is not None,
        has_said_more=touch is not None and touch.topic_row_id is not None,
        promise=asks.promise_of(session, touch.ask_id) if touch and touch.ask_id else None,
        pa=accounts.names_of(session, {adviser}).get(adviser, "") if adviser else "",
        screens=surveys.touch_screens(
            tap, speaks=preferences.preferences_of(session, me.contributor_id).speaks, typed=typed
        ),
        action=action,
        error=error,
        back_url="/me/home",
        who_reads=None,
    )


@router.post("/keep-in-touch")
def keep_in_touch(session: RequestSession, me: Leaver, form: Posted) -> Response:
    chosen = form.word("tap")
    if chosen in queries.NEEDS_WORDS:
        return RedirectResponse(f"/me/keep-in-touch/new/{chosen}", 303)
    try:
        touch = service.tap(session, me, chosen)
    except service.NoSuchTap:
        return RedirectResponse("/me/home", 303)
    return RedirectResponse(f"/me/keep-in-touch/{touch.id}", 303)


@router.get("/keep-in-touch/new/{tap}")
def write_touch(request: Request, session: RequestSession, me: Leaver, tap: str) -> Response:
    if tap not in queries.NEEDS_WORDS:
        raise Denied(me, Permission.KEEP_IN_TOUCH)
    return page_of(request, session, me, tap=tap, action=f"/me/keep-in-touch/new/{tap}")


@router.post("/keep-in-touch/new/{tap}")
def send_touch(
    request: Request, session: RequestSession, me: Leaver, tap: str, form: Posted
) -> Response:
    if tap not in queries.NEEDS_WORDS:
        raise Denied(me, Permission.KEEP_IN_TOUCH)
    action = f"/me/keep-in-touch/new/{tap}"
    try:
        answers = surveys.read_touch(tap, form)
        touch = service.send_words(session, me, tap, answers)
    except (service.NothingWritten, surveys.TouchUnreadable):
        return page_of(request, session, me, tap=tap, action=action, error=NOTHING, typed=form)
    return RedirectResponse(f"/me/keep-in-touch/{touch.id}", 303)


@router.get("/keep-in-touch/{touch_id:int}")
def touch(request: Request, session: RequestSession, me: Leaver, touch_id: int) -> Response:
    found = queries.own_touch(session, me, touch_id)
    if found is None:
        raise Denied(me, Permission.KEEP_IN_TOUCH)
    action = f"/me/keep-in-touch/{touch_id}"
    return page_of(request, session, me, tap=found.tap, action=action, touch=found)


@router.post("/keep-in-touch/{touch_id:int}")
def add_to_touch(
    request: Request, session: RequestSession, me: Leaver, touch_id: int, form: Posted
) -> Response:
    found = queries.own_touch(session, me, touch_id)
    if found is None:
        raise Denied(me, Permission.KEEP_IN_TOUCH)
    action = f"/me/keep-in-touch/{touch_id}"
    try:
        service.add_words(session, me, touch_id, surveys.read_touch(found.tap, form))
    except (service.NothingWritten, surveys.TouchUnreadable):
        return page_of(
            request,
            session,
            me,
            tap=found.tap,
            action=action,
            touch=found,
            error=NOTHING,
            typed=form,
        )
    return RedirectResponse(action, 303)
