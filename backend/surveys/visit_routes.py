"""The worker's page of what to ask in private: which topics, and what came of it."""

from typing import Annotated

from fastapi import APIRouter, Request
from sqlmodel import Session
from starlette.responses import RedirectResponse, Response

from backend.core.access.permissions import Permission
from backend.core.access.requires import RequestSession, Viewer, staff_with
from backend.core.forms import Posted
from backend.core.templates import render
from backend.people import queries as people
from backend.surveys import private_visits

router = APIRouter()
Around = Annotated[Viewer, staff_with(Permission.ASK_ALONE)]


@router.get("/people/{person_id}/private-visit")
def private_visit(
    request: Request, session: RequestSession, viewer: Around, person_id: int
) -> Response:
    return visit_page(request, session, viewer, person_id)


def visit_page(
    request: Request,
    session: Session,
    viewer: Viewer,
    person_id: int,
    *,
    errors: dict[str, str] | None = None,
    outcome: str = "",
) -> Response:
    """What waits for a private visit, as topics alone."""
    tasks = private_visits.visit_tasks(session, viewer, person_id)
    person = people.person(session, person_id)
    return render(
        request,
        "surveys/private_visit.html",
        status=422 if errors else 200,
        person=person,
        tasks=tasks,
        is_open=any(task.is_open for task in tasks),
        outcomes=private_visits.OUTCOMES,
        outcome=outcome,
        errors=errors or {},
    )


@router.post("/people/{person_id}/private-visit")
def submit_private_visit(
    request: Request, session: RequestSession, viewer: Around, person_id: int, form: Posted
) -> Response:
    try:
        asked_on = form.day("asked_on")
    except ValueError:
        asked_on = None
    outcome = form.word("outcome")
    try:
        private_visits.record_visit(session, viewer, person_id, asked_on=asked_on, outcome=outcome)
    except private_visits.VisitRefused as refused:
        return visit_page(
            request, session, viewer, person_id, errors=refused.errors, outcome=outcome
        )
    return RedirectResponse(f"/staff/people/{person_id}/private-visit", 303)
