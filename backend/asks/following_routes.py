"""The lead's pages after a review: the letter with its answers, and the midpoint check."""

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from backend.asks import letters, midpoints, queries, service
from backend.asks.staff_routes import Seeing
from backend.core.access.permissions import Permission
from backend.core.access.requires import Denied, RequestSession, Viewer
from backend.core.forms import Fields, Posted
from backend.core.languages import language
from backend.core.templates import render

router = APIRouter()
SAID = {midpoints.DONE: "Done", midpoints.NOT_DONE: "Not done", midpoints.CHASED: "Chase it"}


@router.get("/letters/{review_id}")
def letter(request: Request, session: RequestSession, viewer: Seeing, review_id: int) -> Response:
    return letter_page(request, session, viewer, review_id=review_id)


def letter_page(
    request: Request,
    session: RequestSession,
    viewer: Viewer,
    *,
    review_id: int,
    errors: dict[str, str] | None = None,
    form: Fields | None = None,
) -> Response:
    """A review's letter as the child gets it, with the line that opens it to be written."""
    found = queries.letter_of(session, viewer, review_id)
    if found is None:
        raise Denied(viewer, Permission.SEE_ASKS)
    for one in found.asks:
        if line := queries.ask_line(session, viewer, one.ask_id):
            service.note_read(session, viewer, line)
    return render(
        request,
        "asks/letter.html",
        status=422 if errors else 200,
        letter=found,
        speaks=language(found.speaks).english_name,
        errors=errors or {},
        opening=(form.text("opening") if form else "") or found.opening or "",
        translation=form.text("translation") if form else "",
        translator=form.word("translator") if form else "",
    )


@router.post("/letters/{review_id}")
def submit_letter(
    request: Request, session: RequestSession, viewer: Seeing, review_id: int, form: Posted
) -> Response:
    opening = form.text("opening")
    try:
        letters.write_letter(session, viewer, review_id, opening=opening)
    except service.AskRefused as refused:
        errors = {"opening": str(refused)}
        return letter_page(request, session, viewer, review_id=review_id, errors=errors, form=form)
    return RedirectResponse(f"/staff/letters/{review_id}", 303)


@router.get("/midpoints")
def midpoints_page(request: Request, session: RequestSession, viewer: Seeing) -> Response:
    return render(request, "asks/midpoints.html", midpoints=queries.midpoints_due(session, viewer))


@router.post("/midpoints")
def submit_clear(session: RequestSession, viewer: Seeing, form: Posted) -> Response:
    chosen = [int(one) for one in form.all("review") if one.isascii() and one.isdigit()]
    midpoints.finish_clear(session, viewer, chosen)
    return RedirectResponse("/staff/midpoints", 303)


@router.get("/midpoints/{review_id}")
def midpoint(request: Request, session: RequestSession, viewer: Seeing, review_id: int) -> Response:
    return midpoint_page(request, session, viewer, review_id=review_id)


def midpoint_page(
    request: Request,
    session: RequestSession,
    viewer: Viewer,
    *,
    review_id: int,
    errors: dict[str, str] | None = None,
) -> Response:
    """What did not happen since a review, with one tap for each."""
    found = midpoints.midpoint_of(session, viewer, review_id)
    for one in found.lines:
        service.note_read(session, viewer, one.line)
    return render(
        request,
        "asks/midpoint.html",
        status=422 if errors else 200,
        midpoint=found,
        said=SAID,
        marks=midpoints.MARKS,
        errors=errors or {},
    )


@router.post("/midpoints/{review_id}/asks/{ask_id}")
def submit_mark(
    request: Request,
    session: RequestSession,
    viewer: Seeing,
    review_id: int,
    ask_id: int,
    form: Posted,
) -> Response:
    mark = form.word("mark")
    try:
        midpoints.mark_ask(session, viewer, review_id, ask_id=ask_id, mark=mark)
    except service.AskRefused as refused:
        errors = {f"ask-{ask_id}": str(refused)}
        return midpoint_page(request, session, viewer, review_id=review_id, errors=errors)
    if mark == midpoints.RAISED:
        return RedirectResponse(f"/staff/asks/{ask_id}/dispute", 303)
    return RedirectResponse(f"/staff/midpoints/{review_id}#ask-{ask_id}", 303)


@router.post("/midpoints/{review_id}")
def submit_check(
    request: Request, session: RequestSession, viewer: Seeing, review_id: int
) -> Response:
    try:
        midpoints.finish_check(session, viewer, review_id)
    except service.AskRefused as refused:
        errors = {"finish": str(refused)}
        return midpoint_page(request, session, viewer, review_id=review_id, errors=errors)
    return RedirectResponse("/staff/midpoints", 303)
