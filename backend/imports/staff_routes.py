"""The administrator's page of imports: how fresh, what the last brought, what waits to decide."""

from typing import Annotated

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from backend.core.access.permissions import Permission
from backend.core.access.requires import RequestSession, Viewer, staff_with
from backend.core.forms import Posted
from backend.core.templates import render
from backend.imports import queries, service

router = APIRouter()
Administrator = Annotated[Viewer, staff_with(Permission.RUN_IMPORTS)]


@router.get("/imports")
def imports(request: Request, session: RequestSession, viewer: Administrator) -> Response:
    return imports_page(request, session, viewer)


def imports_page(
    request: Request,
    session: RequestSession,
    viewer: Administrator,
    *,
    errors: dict[str, str] | None = None,
) -> Response:
    """The page, with what was wrong with a decision."""
    runs = queries.last_runs(session, viewer)
    return render(
        request,
        "imports/imports.html",
        status=422 if errors else 200,
        errors=errors or {},
        as_at=queries.as_at(session),
        runs=runs,
        newest=runs[0] if runs else None,
        proposals=queries.open_proposals(session, viewer),
    )


@router.post("/imports/proposals/{proposal_id}")
def decide_proposal(
    request: Request,
    session: RequestSession,
    viewer: Administrator,
    proposal_id: int,
    form: Posted,
) -> Response:
    try:
        service.decide_proposal(session, viewer, proposal_id, decision=form.word("decision"))
    except service.ProposalRefused as refused:
        return imports_page(request, session, viewer, errors={"proposals": str(refused)})
    return RedirectResponse("/staff/imports#proposals", 303)
