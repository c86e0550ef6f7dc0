"""Lets a contributor in by code, link, birthday or opening link; and leave, lock and help."""

from collections.abc import Callable
from functools import partial

from fastapi import APIRouter, Depends, Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from backend.core import clock
from backend.core.access.requires import RequestSession, identify, public
from backend.core.drafts import place_in
from backend.core.forms import Fields, Posted
from backend.core.templates import render
from backend.core.translations import phrase
from backend.entry import (
    about_routes,
    doors,
    help_numbers,
    opening_links,
    other_checks,
    pages,
    passes,
    secret_routes,
    sessions,
    tries,
)
from backend.entry.models import Pass

router = APIRouter()
NO_CODE = phrase("Type the code from your letter or card.")
NO_BIRTHDAY = phrase("Type the day and the month, like 9 and 3.")
NO_WORD = phrase("Type the word or number that you chose.")
router.include_router(secret_routes.router)
router.include_router(about_routes.router)


@router.get("/", dependencies=[Depends(public)])
def code(request: Request, session: RequestSession, code: str = "", locked: str = "") -> Response:
    identity = request.app.state.identify(session, request)
    if identity is not None:
        return RedirectResponse(sessions.first_page(session, identity), 303)
    # A code in the address only fills the box: a robot that fetches it opens nothing.
    return pages.code_page(request, typed=code, became=locked)


@router.post("/", dependencies=[Depends(public)])
def submit_code(request: Request, session: RequestSession, form: Posted) -> Response:
    typed = doors.short(form.text("code"))
    if not typed:
        return pages.code_page(request, error=NO_CODE)

    def ask_birthday() -> Response:
        response = RedirectResponse(pages.in_language(request, "/me/birthday"), 303)
        pages.carry_code(request, response, typed)
        return response

    address = pages.address_of(request)
    opened = partial(doors.open_by_code, session, typed, address=address)
    return _come_in_if(request, session, opened, otherwise=ask_birthday)


def _come_in_if(
    request: Request,
    session: RequestSession,
    opened: Callable[[], str | None],
    *,
    otherwise: Callable[[], Response],
    link: str = "",
) -> Response:
    """The first page inside when the door gave a token; else `otherwise`, a pause, or the reason
    why the link or code has ended."""
    try:
        token = opened()
    except tries.TooManyTries as pause:
        return pages.paused(request, pause, link=link)
    except passes.PassEnded as ended:
        return pages.ended(request, ended.reason, link=link)
    return pages.come_in(request, session, token) if token else otherwise()


@router.get("/birthday", dependencies=[Depends(public)])
def birthday(request: Request) -> Response:
    if not pages.carried_code(request):
        return RedirectResponse(pages.in_language(request, "/me/"), 303)
    return pages.birthday_page(request, action="/me/birthday")


@router.post("/birthday", dependencies=[Depends(public)])
def submit_birthday(request: Request, session: RequestSession, form: Posted) -> Response:
    typed = pages.carried_code(request)
    if not typed:
        return RedirectResponse(pages.in_language(request, "/me/"), 303)
    row = passes.pass_by_code(session, typed)
    return _open_by_birthday(request, session, form, row=row, typed=typed, action="/me/birthday")


@router.get("/word", dependencies=[Depends(public)])
def word(request: Request) -> Response:
    if not pages.carried_code(request):
        return RedirectResponse(pages.in_language(request, "/me/"), 303)
    return pages.word_page(request, action="/me/word")


@router.post("/word", dependencies=[Depends(public)])
def submit_word(request: Request, session: RequestSession, form: Posted) -> Response:
    typed = pages.carried_code(request)
    if not typed:
        return RedirectResponse(pages.in_language(request, "/me/"), 303)
    row = passes.pass_by_code(session, typed)
    return _open_by_word(request, session, form, row=row, typed=typed, action="/me/word")


def _open_by_word(
    request: Request,
    session: RequestSession,
    form: Fields,
    *,
    row: Pass | None,
    typed: str,
    action: str,
) -> Response:
    if not form.word("word"):
        return pages.word_page(request, action=action, error=NO_WORD)
    opened = partial(
        doors.open_by_word,
        session,
        row,
        typed=typed,
        word=form.word("word"),
        address=pages.address_of(request),
        how="code" if typed else "link",
    )
    no_match = pages.NO_MATCH_WORD[bool(typed)]
    again = partial(pages.word_page, request, action=action, error=no_match)
    return _come_in_if(request, session, opened, otherwise=again, link="" if typed else action)


def _open_by_birthday(
    request: Request,
    session: RequestSession,
    form: Fields,
    *,
    row: Pass | None,
    typed: str,
    action: str,
) -> Response:
    day, month = form.whole_number("birthday_day"), pages.as_month(form.word("birthday_month"))
    if not day or not month or day > 31 or month > 12:
        return pages.birthday_page(request, action=action, form=form, error=NO_BIRTHDAY)
    opened = partial(
        doors.open_by_birthday,
        session,
        row,
        typed=typed,
        day=day,
        month=month,
        address=pages.address_of(request),
        how="code" if typed else "link",
    )
    no_match = pages.NO_MATCH[bool(typed)]
    again = partial(pages.birthday_page, request, action=action, form=form, error=no_match)
    return _come_in_if(request, session, opened, otherwise=again, link="" if typed else action)


@router.get("/o/{link}", dependencies=[Depends(public)])
def link(request: Request, session: RequestSession, link: str) -> Response:
    row, here = passes.pass_by_link(session, link), f"/me/o/{link}"
    if row is None:
        return pages.ended(request, "unknown", status=404, link=here)
    pages.speak_as(request, session, row.contributor_id)
    try:
        passes.refuse_ended(session, row)
    except passes.PassEnded as ended:
        return pages.ended(request, ended.reason, link=here)
    if other_checks.asks_for_word(session, row):
        return pages.word_page(request, action=here)
    if doors.needs_birthday(session, row):
        return pages.birthday_page(request, action=here)
    return pages.start_page(request, action=here)


@router.post("/o/{link}", dependencies=[Depends(public)])
def submit_link(request: Request, session: RequestSession, link: str, form: Posted) -> Response:
    row, here = passes.pass_by_link(session, link), f"/me/o/{link}"
    if row is None:
        return pages.ended(request, "unknown", status=404, link=here)
    pages.speak_as(request, session, row.contributor_id)
    if other_checks.asks_for_word(session, row):
        return _open_by_word(request, session, form, row=row, typed="", action=here)
    if doors.needs_birthday(session, row):
        return _open_by_birthday(request, session, form, row=row, typed="", action=here)
    try:
        token = doors.open_at_once(session, row, how="link")
    except passes.PassEnded as ended:
        return pages.ended(request, ended.reason, link=here)
    return pages.come_in(request, session, token)


@router.get("/once/{token}", dependencies=[Depends(public)])
def opening_link(request: Request, session: RequestSession, token: str) -> Response:
    owner = opening_links.find_owner(session, token)
    if owner is None:
        return pages.ended(request, "used", link=f"/me/once/{token}")
    pages.speak_as(request, session, owner)
    return pages.start_page(request, action=f"/me/once/{token}", is_young=True)


@router.post("/once/{token}", dependencies=[Depends(public)])
def submit_opening_link(request: Request, session: RequestSession, token: str) -> Response:
    opened = opening_links.use_opening_link(session, token)
    if opened is None:
        return pages.ended(request, "used", link=f"/me/once/{token}")
    return pages.come_in(request, session, opened)


@router.get("/another-way", dependencies=[Depends(public)])
def another_way(request: Request) -> Response:
    return render(request, "entry/another_way.html", back_url="/me/", **pages.telephones(request))


@router.get("/help", dependencies=[Depends(public), Depends(identify)])
def help_card(request: Request) -> Response:
    return render(
        request,
        "entry/help.html",
        numbers=help_numbers.numbers_for(request.state.identity, request.app.state.settings),
        next_reading=help_numbers.next_reading_words(clock.now()),
        back_url=place_in(request) or "/me/",
        who_reads=None,
    )


@router.get("/leave", dependencies=[Depends(public)])
def leave(request: Request, session: RequestSession) -> Response:
    return pages.go_out(request, session, to=request.app.state.settings.heard_leave_to, how="left")


@router.post("/lock", dependencies=[Depends(public)])
def lock(request: Request, session: RequestSession) -> Response:
    return pages.go_out(request, session, to="/me/", how="locked")


@router.get("/here", dependencies=[Depends(public)])
def time_left(request: Request, session: RequestSession) -> Response:
    row = sessions.live_session(session, pages.token_of(request))
    left = (sessions.idles_at(row) - clock.now()).total_seconds() if row else 0
    return JSONResponse({"seconds_left": int(left)})


@router.post("/here", dependencies=[Depends(public), Depends(identify)])
def stay(request: Request, session: RequestSession) -> Response:
    return time_left(request, session)
