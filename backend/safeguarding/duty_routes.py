"""The duty desk: every open concern with its clock, and what nobody entitled has read in time."""

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Request
from sqlmodel import Session
from starlette.responses import RedirectResponse, Response

from backend.accounts import queries as accounts
from backend.core.access.permissions import Permission
from backend.core.access.policy import READERS
from backend.core.access.requires import RequestSession, Viewer, staff_with
from backend.core.forms import Fields, Posted
from backend.core.templates import render
from backend.safeguarding import queries, service

router = APIRouter()
Duty = Annotated[Viewer, staff_with(Permission.SEE_DUTY_LIST)]
Handling = Annotated[Viewer, staff_with(Permission.HANDLE_CONCERN)]
Reading = Annotated[Viewer, staff_with(Permission.READ_SUBMISSION)]
WAYS = {
    "text": "Text only",
    "call": "Call, at the time given",
    "school": "Find them at school or college; do not ring the home",
    "come": "Do not call: go there",
    "no_call": "As you see fit; do not ring the home",
}


@router.get("/duty")
def duty(request: Request, session: RequestSession, viewer: Duty) -> Response:
    return render(
        request, "safeguarding/duty.html", desk=queries.duty_list(session, viewer), ways=WAYS
    )


@router.post("/duty/{topic_row_id}/take-over")
def take_over(
    request: Request, session: RequestSession, viewer: Handling, topic_row_id: int
) -> Response:
    service.raise_unread(session, viewer, topic_row_id)
    return RedirectResponse(f"/staff/reading/{topic_row_id}", 303)


@router.get("/concerns/{concern_id}")
def concern(
    request: Request, session: RequestSession, viewer: Reading, concern_id: int
) -> Response:
    return concern_page(request, session, viewer, concern_id=concern_id)


def concern_page(
    request: Request,
    session: Session,
    viewer: Viewer,
    *,
    concern_id: int,
    errors: dict[str, str] | None = None,
    form: Fields | None = None,
) -> Response:
    """One concern with what was done; duty writes, the others who may know of it read."""
    line = service.open_concern(session, viewer, concern_id)
    staff = [
        one
        for one in accounts.staff_lines(session)
        if not one.is_disabled and set(one.roles) & {role.value for role in READERS}
    ]
    return render(
        request,
        "safeguarding/concern.html",
        status=422 if errors else 200,
        line=line,
        notes=queries.notes_of(session, concern_id),
        readers=queries.readers_of(session, concern_id),
        staff=staff,
        outcomes=service.OUTCOMES,
        ways=WAYS,
        may_handle=queries.may_handle(session, viewer, line) and line.closed_at is None,
        errors=errors or {},
        typed=form.text("words") if form else "",
    )


def _change(
    request: Request,
    session: Session,
    viewer: Viewer,
    concern_id: int,
    *,
    form: Fields,
    field: str,
    change: Callable[[], None],
) -> Response:
    try:
        change()
    except service.ConcernRefused as refused:
        errors = {field: str(refused)}
        return concern_page(
            request, session, viewer, concern_id=concern_id, errors=errors, form=form
        )
    return RedirectResponse(f"/staff/concerns/{concern_id}", 303)


@router.post("/concerns/{concern_id}/seen")
def submit_seen(
    request: Request, session: RequestSession, viewer: Handling, concern_id: int, form: Posted
) -> Response:
    def change() -> None:
        service.mark_seen(session, viewer, concern_id)

    return _change(request, session, viewer, concern_id, form=form, field="words", change=change)


@router.post("/concerns/{concern_id}/notes")
def submit_note(
    request: Request, session: RequestSession, viewer: Handling, concern_id: int, form: Posted
) -> Response:
    def change() -> None:
        service.note_action(session, viewer, concern_id, words=form.text("words"))

    return _change(request, session, viewer, concern_id, form=form, field="words", change=change)


@router.post("/concerns/{concern_id}/readers")
def submit_reader(
    request: Request, session: RequestSession, viewer: Handling, concern_id: int, form: Posted
) -> Response:
    def change() -> None:
        staff_id = form.whole_number("staff_id") or 0
        service.add_reader(session, viewer, concern_id, staff_id=staff_id)

    return _change(request, session, viewer, concern_id, form=form, field="staff_id", change=change)


@router.post("/concerns/{concern_id}/outcome")
def submit_outcome(
    request: Request, session: RequestSession, viewer: Handling, concern_id: int, form: Posted
) -> Response:
    def change() -> None:
        service.close_concern(session, viewer, concern_id, outcome=form.word("outcome"))

    return _change(request, session, viewer, concern_id, form=form, field="outcome", change=change)
