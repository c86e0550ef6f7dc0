"""The staff's pages of asks: what is mine, what waits for my look, and one ask with its answer."""

from typing import Annotated

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from backend.asks import queries, service
from backend.asks.kinds import AskKind, Outcome
from backend.core.access.permissions import Permission
from backend.core.access.requires import Denied, RequestSession, Viewer, staff_with
from backend.core.forms import Fields, Posted
from backend.core.templates import render

router = APIRouter()
Seeing = Annotated[Viewer, staff_with(Permission.SEE_ASKS)]
Answering = Annotated[Viewer, staff_with(Permission.ANSWER_ASK)]
Complaints = Annotated[Viewer, staff_with(Permission.SEE_COMPLAINTS)]
OUTCOMES = {Outcome.YES: "Yes", Outcome.PARTLY: "Partly", Outcome.NO: "No"}


@router.get("/asks")
def asks(request: Request, session: RequestSession, viewer: Seeing) -> Response:
    return asks_page(request, queries.asks_for(session, viewer), title="Asks")


@router.get("/complaints")
def complaints(request: Request, session: RequestSession, viewer: Complaints) -> Response:
    lines = queries.asks_for(session, viewer)
    only = [line for line in lines if line.kind is AskKind.COMPLAINT]
    return asks_page(request, only, title="Complaints")


def asks_page(request: Request, lines: list[queries.AskLine], *, title: str) -> Response:
    """The list in the order of what to do: mine, to look at, did not happen, the others."""
    is_mine = [line for line in lines if line.state == "open" and line.is_mine]
    to_look_at = [line for line in lines if line.state == "with_lead" and line.is_led]
    not_done = [line for line in lines if line.has_happened in ("no", "not_yet")]
    others = [line for line in lines if line not in (*is_mine, *to_look_at, *not_done)]
    return render(
        request,
        "asks/asks.html",
        title=title,
        mine=is_mine,
        to_look_at=to_look_at,
        not_done=not_done,
        others=others,
    )


@router.get("/asks/{ask_id}")
def ask(request: Request, session: RequestSession, viewer: Seeing, ask_id: int) -> Response:
    return ask_page(request, session, viewer, ask_id=ask_id)


def ask_page(
    request: Request,
    session: RequestSession,
    viewer: Viewer,
    *,
    ask_id: int,
    errors: dict[str, str] | None = None,
    form: Fields | None = None,
) -> Response:
    """One ask; what was typed is kept when something was wrong."""
    line = queries.ask_line(session, viewer, ask_id)
    if line is None:
        raise Denied(viewer, Permission.SEE_ASKS)
    service.note_read(session, viewer, line)
    names = ("words", "outcome", "added", "why")
    return render(
        request,
        "asks/ask.html",
        status=422 if errors else 200,
        line=line,
        before=queries.escalations_of(session, ask_id),
        outcomes=OUTCOMES,
        errors=errors or {},
        typed={name: form.text(name) if form else "" for name in names},
    )


@router.post("/asks/{ask_id}/answer")
def submit_answer(
    request: Request, session: RequestSession, viewer: Answering, ask_id: int, form: Posted
) -> Response:
    words, outcome = form.text("words"), form.word("outcome")
    try:
        service.answer_ask(session, viewer, ask_id, words=words, outcome=outcome)
    except service.AskRefused as refused:
        errors = {"words" if not words.strip() else "outcome": str(refused)}
        return ask_page(request, session, viewer, ask_id=ask_id, errors=errors, form=form)
    return RedirectResponse(f"/staff/asks/{ask_id}", 303)


@router.post("/asks/{ask_id}/release")
def submit_release(
    request: Request, session: RequestSession, viewer: Seeing, ask_id: int, form: Posted
) -> Response:
    try:
        service.release(session, viewer, ask_id, added=form.text("added"))
    except service.AskRefused as refused:
        errors = {"added": str(refused)}
        return ask_page(request, session, viewer, ask_id=ask_id, errors=errors, form=form)
    return RedirectResponse(f"/staff/asks/{ask_id}", 303)


@router.post("/asks/{ask_id}/escalate")
def submit_escalation(
    request: Request, session: RequestSession, viewer: Seeing, ask_id: int, form: Posted
) -> Response:
    try:
        service.escalate(session, viewer, ask_id, why=form.text("why"))
    except service.AskRefused as refused:
        errors = {"why": str(refused)}
        return ask_page(request, session, viewer, ask_id=ask_id, errors=errors, form=form)
    return RedirectResponse(f"/staff/asks/{ask_id}", 303)
