"""Saying yes to what another asked for, and naming who stands in for oneself."""

from typing import Annotated

from fastapi import APIRouter, Request
from sqlmodel import Session
from starlette.responses import RedirectResponse, Response

from backend.accounts import confirmations, queries, service
from backend.core.access.permissions import Permission
from backend.core.access.requires import Denied, RequestSession, Viewer, staff_with
from backend.core.forms import Posted
from backend.core.templates import render

router = APIRouter()
SecondPerson = Annotated[Viewer, staff_with(Permission.CONFIRM_ACCESS)]
Anyone = Annotated[Viewer, staff_with(Permission.SEE_START)]


def account_page(
    request: Request,
    session: Session,
    viewer: Viewer,
    *,
    errors: dict[str, str] | None = None,
    is_done: bool = False,
) -> Response:
    """One's own account: the password, and who stands in."""
    return render(
        request,
        "accounts/account.html",
        status=422 if errors else 200,
        errors=errors or {},
        is_done=is_done,
        standing=confirmations.standing_in_for(session, viewer.staff_id),
        colleagues=queries.colleagues_of(session, viewer.staff_id),
    )


@router.post("/account/deputies")
def name_deputy(
    request: Request, session: RequestSession, viewer: Anyone, form: Posted
) -> Response:
    try:
        service.set_deputy(
            session,
            viewer.actor,
            staff_id=viewer.staff_id,
            deputy_id=form.whole_number("deputy_id") or 0,
            first_day=form.day("first_day"),
            last_day=form.day("last_day"),
        )
    except service.AccountRefused as refused:
        return account_page(request, session, viewer, errors={"deputy_id": str(refused)})
    except ValueError:
        return account_page(request, session, viewer, errors={"first_day": "Enter both days."})
    return RedirectResponse("/staff/account#deputies", 303)


@router.post("/account/deputies/{row_id}")
def decide_own_deputy(
    session: RequestSession, viewer: Anyone, row_id: int, form: Posted
) -> Response:
    decide(session, viewer, row_id, decision=form.word("decision"), is_any=False)
    return RedirectResponse("/staff/account#deputies", 303)


@router.get("/confirmations")
def confirm(request: Request, session: RequestSession, viewer: SecondPerson) -> Response:
    return confirmations_page(request, session, viewer)


def confirmations_page(
    request: Request, session: Session, viewer: Viewer, *, given: tuple[str, str] | None = None
) -> Response:
    """What waits for this viewer's yes, and the code that was just given."""
    return render(
        request,
        "accounts/confirmations.html",
        accounts=confirmations.waiting_accounts(session, viewer),
        deputies=confirmations.waiting_deputies(session, viewer),
        given=given,
    )


@router.post("/confirmations/accounts/{staff_id}")
def confirm_account(
    request: Request, session: RequestSession, viewer: SecondPerson, staff_id: int, form: Posted
) -> Response:
    is_right = form.word("decision") == "yes"
    try:
        code = confirmations.decide_account(session, viewer, staff_id, is_right=is_right)
    except confirmations.NotTheirs as refused:
        raise Denied(viewer, Permission.CONFIRM_ACCESS) from refused
    session.flush()
    name = queries.names_of(session, {staff_id})[staff_id]
    return confirmations_page(request, session, viewer, given=(name, code) if code else None)


@router.post("/confirmations/deputies/{row_id}")
def confirm_deputy(
    session: RequestSession, viewer: SecondPerson, row_id: int, form: Posted
) -> Response:
    decide(session, viewer, row_id, decision=form.word("decision"), is_any=True)
    return RedirectResponse("/staff/confirmations", 303)


def decide(session: Session, viewer: Viewer, row_id: int, *, decision: str, is_any: bool) -> None:
    """Say yes or no to a deputy; anything that is no yes counts as no."""
    try:
        confirmations.decide_deputy(session, viewer, row_id, decision=decision, is_any=is_any)
    except confirmations.NotTheirs as refused:
        raise Denied(viewer, Permission.CONFIRM_ACCESS) from refused
