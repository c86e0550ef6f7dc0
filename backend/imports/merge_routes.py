"""Where a second person says whether two records are one child."""

from typing import Annotated

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from backend.core.access.permissions import Permission
from backend.core.access.requires import Denied, RequestSession, Viewer, staff_with
from backend.core.forms import Posted
from backend.core.templates import render
from backend.imports import merge_decisions, service

router = APIRouter()
SecondPerson = Annotated[Viewer, staff_with(Permission.CONFIRM_ACCESS)]


@router.get("/merges")
def merges(request: Request, session: RequestSession, viewer: SecondPerson) -> Response:
    return merges_page(request, session, viewer)


def merges_page(
    request: Request, session: RequestSession, viewer: Viewer, *, error: str = ""
) -> Response:
    """The merges that wait for this viewer, with why one could not be made."""
    return render(
        request,
        "imports/merges.html",
        status=422 if error else 200,
        errors={"merges": error} if error else {},
        merges=merge_decisions.waiting_merges(session, viewer),
        done=request.query_params.get("done", ""),
    )


@router.post("/merges/{proposal_id}")
def confirm_merge(
    request: Request, session: RequestSession, viewer: SecondPerson, proposal_id: int, form: Posted
) -> Response:
    # Anything that is no yes counts as no.
    is_yes = form.word("decision") == "yes"
    try:
        service.confirm_merge(session, viewer, proposal_id, is_yes=is_yes)
    except merge_decisions.NotTheirs as refused:
        raise Denied(viewer, Permission.CONFIRM_ACCESS) from refused
    except service.ProposalRefused as refused:
        return merges_page(request, session, viewer, error=str(refused))
    return RedirectResponse(f"/staff/merges?done={'yes' if is_yes else 'no'}", 303)
