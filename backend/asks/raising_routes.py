"""The staff's pages of what is raised: disputes by the IRO, complaints by young people."""

from datetime import date
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Request
from starlette.responses import Response

from backend.asks import complaints, disputes, queries, service
from backend.asks.disputes import DisputeOutcome
from backend.asks.staff_routes import Answering, Seeing, do
from backend.core import clock
from backend.core.access.permissions import Permission
from backend.core.access.requires import Denied, RequestSession, Viewer, staff_with
from backend.core.forms import Fields, Posted
from backend.core.templates import render

router = APIRouter()
Complaints = Annotated[Viewer, staff_with(Permission.SEE_COMPLAINTS)]
OUTCOMES = {
    DisputeOutcome.AGREED: "Agreed: what was asked is done or will be",
    DisputeOutcome.PARTLY: "Agreed in part",
    DisputeOutcome.NOT_AGREED: "Not agreed",
    DisputeOutcome.WITHDRAWN: "Withdrawn",
}
TYPED = ("why", "with_whom", "level", "note", "outcome", "outcome_words")
DAY_PARTS = ("on-day", "on-month", "on-year")


def levels_of(request: Request) -> list[str]:
    """The council's formal levels, in their order."""
    named = request.app.state.settings.heard_dispute_levels.split(",")
    return [one.strip() for one in named if one.strip()]


def level_words(request: Request) -> dict[str, str]:
    """Each stage that a step can be of, in words."""
    formal = {str(place): f"Formal: {name}" for place, name in enumerate(levels_of(request))}
    return {disputes.INFORMAL: "Informal", **formal, disputes.CAFCASS: "Cafcass"}


def day_in(form: Fields) -> date:
    """The day typed, or today where none was; raises AskRefused for what is no day."""
    if not any(form.word(part) for part in DAY_PARTS):
        return clock.today()
    try:
        return form.day("on")
    except ValueError:
        message = "Enter the day as numbers, like 24 11 2026, or leave it empty for today."
        raise service.AskRefused(message, field="on") from None


@router.get("/disputes")
def disputes_page(request: Request, session: RequestSession, viewer: Seeing) -> Response:
    return render(request, "asks/disputes.html", disputes=disputes.disputes_for(session, viewer))


@router.get("/asks/{ask_id}/dispute")
def dispute(request: Request, session: RequestSession, viewer: Seeing, ask_id: int) -> Response:
    return dispute_page(request, session, viewer, ask_id=ask_id)


def dispute_page(
    request: Request,
    session: RequestSession,
    viewer: Viewer,
    *,
    ask_id: int,
    errors: dict[str, str] | None = None,
    form: Fields | None = None,
) -> Response:
    """The dispute about one ask, or the form that raises it; closed to everybody without a part."""
    found = disputes.dispute_of(session, viewer, ask_id)
    line = queries.ask_line(session, viewer, ask_id)
    if found is None and (line is None or not line.is_led):
        raise Denied(viewer, Permission.SEE_ASKS)
    if line is not None:
        service.note_read(session, viewer, line)
    return render(
        request,
        "asks/dispute.html",
        status=422 if errors else 200,
        ask_id=ask_id,
        line=line,
        dispute=found,
        levels=level_words(request),
        outcomes=OUTCOMES,
        errors=errors or {},
        typed={name: form.text(name) if form else "" for name in (*TYPED, *DAY_PARTS)},
    )


# The same as for an ask, with the dispute's own page and address.
do_dispute = partial(do, page=dispute_page, place="/dispute")


@router.post("/asks/{ask_id}/dispute")
def submit_dispute(
    request: Request, session: RequestSession, viewer: Seeing, ask_id: int, form: Posted
) -> Response:
    why, with_whom = form.text("why"), form.word("with_whom")
    return do_dispute(
        request,
        session,
        viewer,
        ask_id=ask_id,
        form=form,
        field="why",
        action=lambda: disputes.open_dispute(session, viewer, ask_id, why=why, with_whom=with_whom),
    )


@router.post("/asks/{ask_id}/dispute/steps")
def submit_step(
    request: Request, session: RequestSession, viewer: Seeing, ask_id: int, form: Posted
) -> Response:
    return do_dispute(
        request,
        session,
        viewer,
        ask_id=ask_id,
        form=form,
        field="level",
        action=lambda: disputes.add_step(
            session,
            viewer,
            ask_id,
            level=form.word("level"),
            on=day_in(form),
            with_whom=form.word("with_whom"),
            note=form.text("note"),
            levels=levels_of(request),
        ),
    )


@router.post("/asks/{ask_id}/dispute/told")
def submit_told(request: Request, session: RequestSession, viewer: Seeing, ask_id: int) -> Response:
    return do_dispute(
        request,
        session,
        viewer,
        ask_id=ask_id,
        form=None,
        field="told",
        action=lambda: disputes.tell_child(session, viewer, ask_id),
    )


@router.post("/asks/{ask_id}/dispute/close")
def submit_close(
    request: Request, session: RequestSession, viewer: Seeing, ask_id: int, form: Posted
) -> Response:
    outcome, words = form.word("outcome"), form.text("outcome_words")
    return do_dispute(
        request,
        session,
        viewer,
        ask_id=ask_id,
        form=form,
        field="outcome",
        action=lambda: disputes.close_dispute(
            session, viewer, ask_id, outcome=outcome, words=words
        ),
    )


@router.get("/complaints")
def complaints_page(request: Request, session: RequestSession, viewer: Complaints) -> Response:
    found = complaints.complaints_for(session, viewer)
    today = clock.today()
    return render(
        request,
        "asks/complaints.html",
        complaints=[one for one in found if one.is_open],
        answered=[one for one in found if not one.is_open],
        figure=queries.complaint_figures(session, first=today.replace(month=1, day=1), last=today),
    )


@router.post("/asks/{ask_id}/steps")
def submit_complaint_step(
    request: Request, session: RequestSession, viewer: Answering, ask_id: int, form: Posted
) -> Response:
    return do(
        request,
        session,
        viewer,
        ask_id=ask_id,
        form=form,
        field="what",
        action=lambda: complaints.record_step(
            session,
            viewer,
            ask_id,
            what=form.word("what"),
            on=day_in(form),
            note=form.text("note"),
        ),
    )
