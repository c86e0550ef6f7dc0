"""“This is not safe”: sent at once without a word, then how to be reached, then who reads next."""

from typing import Annotated, Any

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from backend.accounts import queries as accounts
from backend.core import clock
from backend.core.access.permissions import Permission, Role
from backend.core.access.requires import Contributor, Denied, RequestSession, contributor_with
from backend.core.drafts import AT, keep_draft, place_in
from backend.core.forms import Fields, Posted
from backend.core.templates import render
from backend.core.translations import either, safe_phrase
from backend.entry import service as entry
from backend.people import queries as people
from backend.safeguarding import service
from backend.safeguarding.concern_lines import lead_id

router = APIRouter()
Young = Annotated[Contributor, contributor_with(Permission.SAY_NOT_SAFE)]
MOST_NAMES = 2
OFFICE_OPENS = 9
# What each way needs to know; in the order in which it is offered.
WAYS = {
    "text": safe_phrase("Text me"),
    "call": safe_phrase("Call me at this time"),
    "school": safe_phrase("Find me at school or college"),
    "come": safe_phrase("Don’t call, come"),
    "no_call": safe_phrase("Leave it to you, but don’t ring my home"),
}


@router.get("/not-safe")
def not_safe(request: Request, session: RequestSession, me: Young) -> Response:
    return render(request, "safeguarding/not_safe.html", **around(request, session, me))


@router.post("/not-safe")
def say_not_safe(request: Request, session: RequestSession, me: Young, form: Posted) -> Response:
    concern = service.say_not_safe(session, me)
    # What was typed on the page comes second, and can hold up nothing.
    back = keep_draft(request, session, me, form)
    return RedirectResponse(f"/me/not-safe/{concern.id}{back}", 303)


@router.get("/not-safe/{concern_id}")
def how_to_reach(request: Request, session: RequestSession, me: Young, concern_id: int) -> Response:
    return reach_page(request, session, me, concern_id=concern_id)


def reach_page(
    request: Request,
    session: RequestSession,
    me: Contributor,
    *,
    concern_id: int,
    form: Fields | None = None,
    error: str = "",
) -> Response:
    """It is sent already; this only asks how to be reached safely, and can be skipped."""
    if service.said_here(session, me, concern_id) is None:
        raise Denied(me, Permission.SAY_NOT_SAFE)
    return render(
        request,
        "safeguarding/reach.html",
        status=422 if error else 200,
        concern_id=concern_id,
        onward=way_back(request),
        ways=[{"value": way, "text": text} for way, text in WAYS.items()],
        way=form.word("way") if form else "",
        words=form.text("words") if form else "",
        error=error,
        **around(request, session, me),
    )


@router.post("/not-safe/{concern_id}")
def submit_how_to_reach(
    request: Request, session: RequestSession, me: Young, concern_id: int, form: Posted
) -> Response:
    way, words = form.word("way"), form.text("words")
    try:
        if way or words.strip():
            service.set_how_to_reach(session, me, concern_id, words, way=way)
    except service.ConcernRefused as refused:
        return reach_page(
            request, session, me, concern_id=concern_id, form=form, error=str(refused)
        )
    return RedirectResponse(f"/me/not-safe/{concern_id}/next{way_back(request)}", 303)


@router.get("/not-safe/{concern_id}/next")
def what_happens_next(
    request: Request, session: RequestSession, me: Young, concern_id: int
) -> Response:
    if service.said_here(session, me, concern_id) is None:
        raise Denied(me, Permission.SAY_NOT_SAFE)
    place = place_in(request)
    common = around(request, session, me) | {"back_url": place}
    return render(request, "safeguarding/next.html", place=place, **common)


def way_back(request: Request) -> str:
    """The end of an address that remembers the question that the reader came from."""
    place = place_in(request)
    return f"?{AT}={place}" if place else ""


def around(request: Request, session: RequestSession, me: Contributor) -> dict[str, Any]:
    """Who reads next and when, and the numbers for now; the same whatever was said."""
    duty = accounts.holders_of(session, Role.DUTY_READER)
    case = people.cases(session, [me.person_id or 0])[me.person_id or 0]
    lead = lead_id(case)
    names = accounts.names_of(session, {*duty, *({lead} if lead else set())})
    next_read = service.next_reading(clock.now())
    is_office_open = next_read.is_today and clock.in_london(clock.now()).hour >= OFFICE_OPENS
    now = ("emergency", "duty" if is_office_open else "night")
    numbers = entry.numbers_for(me, request.app.state.settings)
    named = [names[key] for key in duty if key in names]
    return {
        "reader": either(named) if len(named) <= MOST_NAMES else "",
        "lead": names.get(lead or 0, ""),
        "when": entry.next_reading_words(clock.now()),
        "is_today": next_read.is_today,
        "numbers": numbers,
        "for_now": [number for number in numbers if number.id in now],
        "who_reads": None,
        "back_url": "",
    }
