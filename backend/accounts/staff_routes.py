"""Signing in and out, and the administrator's page of accounts."""

from typing import Annotated

import segno
from fastapi import APIRouter, Depends, Request
from starlette.responses import RedirectResponse, Response

from backend.accounts import confirmation_routes, queries, service, totp
from backend.accounts.confirmation_routes import account_page
from backend.accounts.onward import carried, onward_of
from backend.core import audit
from backend.core.access.permissions import Permission, Role
from backend.core.access.requires import (
    NotSignedIn,
    RequestSession,
    Viewer,
    public,
    staff_with,
)
from backend.core.forms import Posted
from backend.core.templates import render

router = APIRouter()
router.include_router(confirmation_routes.router)
Administrator = Annotated[Viewer, staff_with(Permission.MANAGE_STAFF)]
AuditReader = Annotated[Viewer, staff_with(Permission.SEE_AUDIT)]
Anyone = Annotated[Viewer, staff_with(Permission.SEE_START)]
WRONG = "That email address and password do not go together. Check both and try again."
WRONG_CODE = "That code did not work. Wait for the next one and try again."
PAUSED = "There were too many tries. Wait 15 minutes, or ask an administrator for a new password."


@router.get("/", dependencies=[Depends(public)])
def start(request: Request, session: RequestSession) -> Response:
    identity = request.app.state.identify(session, request)
    if identity is None:
        return RedirectResponse("/staff/sign-in", 303)
    menu = request.app.state.frame(request, identity)["menu"]
    return RedirectResponse(menu[0]["href"] if menu else "/staff/account", 303)


@router.get("/sign-in", dependencies=[Depends(public)])
def sign_in(request: Request) -> Response:
    return sign_in_page(request, errors={})


def sign_in_page(
    request: Request, *, errors: dict[str, str], email: str = "", status: int = 200
) -> Response:
    """Where email address and password are asked; it remembers what was to be opened."""
    to = carried(onward_of(request))
    return render(
        request, "accounts/sign_in.html", status=status, errors=errors, email=email, to=to
    )


@router.post("/sign-in", dependencies=[Depends(public)])
def submit_sign_in(request: Request, session: RequestSession, form: Posted) -> Response:
    email = form.word("email")
    try:
        signed_in = service.check_password(session, email, form.text("password"))
        error, status = WRONG, 422
    except service.TooManyTries:
        signed_in, error, status = None, PAUSED, 429
    if signed_in is None:
        return sign_in_page(request, errors={"email": error}, email=email, status=status)
    to = onward_of(request)
    onward = f"/staff/code{carried(to)}" if signed_in.needs_code else after_sign_in(signed_in, to)
    response = RedirectResponse(onward, 303)
    set_cookie(request, response, signed_in.token)
    return response


def after_sign_in(signed_in: service.SignedIn, to: str) -> str:
    """Where a finished sign-in leads: a given password must be replaced first."""
    return "/staff/account" if signed_in.must_choose_password else to or "/staff/"


def set_cookie(request: Request, response: Response, token: str) -> None:
    """The staff cookie: for /staff alone, unreadable for scripts, gone with the browser."""
    response.set_cookie(
        service.COOKIE,
        token,
        path="/staff",
        httponly=True,
        samesite="lax",
        secure=request.app.state.settings.secure_cookies,
    )


@router.get("/code", dependencies=[Depends(public)])
def code(request: Request, session: RequestSession) -> Response:
    return code_page(request, session, errors={})


def code_page(
    request: Request, session: RequestSession, errors: dict[str, str], status: int = 200
) -> Response:
    """The page of the second step; it shows the QR until an authenticator was set up."""
    token = request.cookies.get(service.COOKIE, "")
    found = service.pending_staff(session, token)
    if found is None:
        raise NotSignedIn
    secret = service.start_totp(session, token)
    address = totp.setup_address(secret, found[1].email) if secret else None
    picture = segno.make(address).svg_data_uri(scale=4, border=2) if address else None
    return render(
        request,
        "accounts/code.html",
        status=status,
        errors=errors,
        to=carried(onward_of(request)),
        secret=secret,
        picture=picture,
        waits=found[1].waits_since is not None,
        needs_setup_code=found[1].setup_code_hash is not None,
    )


@router.post("/code", dependencies=[Depends(public)])
def submit_code(request: Request, session: RequestSession, form: Posted) -> Response:
    token = request.cookies.get(service.COOKIE, "")
    try:
        is_right = service.check_code(
            session, token, form.word("code"), setup_code=form.word("setup_code")
        )
    except service.TooManyTries:
        return code_page(request, session, {"code": PAUSED}, 429)
    if not is_right:
        return code_page(request, session, {"code": WRONG_CODE}, 422)
    found = service.pending_staff(session, token)
    must_choose = found is not None and found[1].must_choose_password
    onward = "/staff/account" if must_choose else onward_of(request) or "/staff/"
    response = RedirectResponse(onward, 303)
    set_cookie(request, response, service.renew_token(session, token))
    return response


@router.post("/sign-out", dependencies=[Depends(public)])
def sign_out(request: Request, session: RequestSession) -> Response:
    service.sign_out(session, request.cookies.get(service.COOKIE, ""))
    response = RedirectResponse("/staff/sign-in", 303)
    response.delete_cookie(service.COOKIE, path="/staff")
    return response


@router.get("/account")
def account(request: Request, session: RequestSession, viewer: Anyone) -> Response:
    return account_page(request, session, viewer)


@router.post("/account")
def submit_account(
    request: Request, session: RequestSession, viewer: Anyone, form: Posted
) -> Response:
    try:
        service.choose_password(session, viewer, form.text("password"))
    except service.AccountRefused as refused:
        return account_page(request, session, viewer, errors={"password": str(refused)})
    return account_page(request, session, viewer, is_done=True)


@router.get("/accounts")
def accounts(request: Request, session: RequestSession, viewer: Administrator) -> Response:
    return accounts_page(request, session)


def accounts_page(
    request: Request,
    session: RequestSession,
    *,
    errors: dict[str, str] | None = None,
    given: tuple[str, str] | None = None,
    typed: dict[str, str] | None = None,
) -> Response:
    """The list of accounts, with what went wrong, or the password that was just given."""
    return render(
        request,
        "accounts/accounts.html",
        status=422 if errors else 200,
        lines=queries.staff_lines(session),
        deputies=queries.deputies(session),
        roles=[role.value for role in Role],
        teams=queries.teams_named(session),
        errors=errors or {},
        given=given,
        typed=typed or {},
    )


@router.post("/accounts")
def create_account(
    request: Request, session: RequestSession, viewer: Administrator, form: Posted
) -> Response:
    roles = frozenset(Role(role) for role in form.all("roles") if role in set(Role))
    typed = {name: form.word(name) for name in ("name", "email", "team")}
    try:
        _, password = service.create_staff(session, viewer.actor, roles=roles, **typed)
    except service.AccountRefused as refused:
        session.rollback()
        return accounts_page(request, session, errors={"name": str(refused)}, typed=typed)
    return accounts_page(request, session, given=(typed["name"], password))


@router.post("/accounts/{staff_id}/{change}")
def change_account(
    request: Request,
    session: RequestSession,
    viewer: Administrator,
    staff_id: int,
    change: str,
) -> Response:
    line = queries.staff_line(session, staff_id)
    if line is None:
        return render(request, "not_found.html", status=404)
    try:
        if change == "disable":
            service.disable_staff(session, viewer, staff_id)
        elif change == "enable":
            service.enable_staff(session, viewer, staff_id)
        elif change == "reset-code":
            service.reset_totp(session, viewer.actor, staff_id)
        elif change == "give-password":
            password = service.give_password(session, viewer.actor, staff_id)
            return accounts_page(request, session, given=(line.name, password))
        else:
            return render(request, "not_found.html", status=404)
    except service.AccountRefused as refused:
        return accounts_page(request, session, errors={"name": str(refused)})
    return RedirectResponse("/staff/accounts", 303)


@router.post("/teams")
def move_to_team(
    request: Request, session: RequestSession, viewer: Administrator, form: Posted
) -> Response:
    staff_id, team = form.whole_number("moved_id") or 0, form.word("new_team")
    try:
        service.move_to_team(session, viewer, staff_id, team=team)
    except service.AccountRefused as refused:
        return accounts_page(request, session, errors={"new_team": str(refused)})
    return RedirectResponse("/staff/accounts#moved", 303)


@router.post("/deputies")
def set_deputy(
    request: Request, session: RequestSession, viewer: Administrator, form: Posted
) -> Response:
    try:
        service.set_deputy(
            session,
            viewer.actor,
            staff_id=form.whole_number("staff_id") or 0,
            deputy_id=form.whole_number("deputy_id") or 0,
            first_day=form.day("first_day"),
            last_day=form.day("last_day"),
            is_asked=True,
        )
    except service.AccountRefused as refused:
        return accounts_page(request, session, errors={"deputy_id": str(refused)})
    except ValueError:
        return accounts_page(request, session, errors={"first_day": "Enter both days."})
    return RedirectResponse("/staff/accounts#deputies", 303)


@router.get("/audit")
def audit_trail(
    request: Request, session: RequestSession, viewer: AuditReader, event: str = ""
) -> Response:
    return render(
        request,
        "accounts/audit.html",
        lines=queries.audit_lines(session, event=event if event in audit.EVENTS else ""),
        events=sorted(audit.EVENTS),
        event=event,
    )
