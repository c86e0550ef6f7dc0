"""What the staff's application is made of: its routers, who is asking, its page frame."""

from datetime import timedelta
from typing import Any

from fastapi import APIRouter, Request
from sqlmodel import Session

from backend.accounts import service as accounts_service
from backend.accounts import staff_routes as accounts
from backend.core.access.identity import StaffIdentity
from backend.core.access.permissions import Permission
from backend.core.access.policy import may

COOKIE = accounts_service.COOKIE
ROUTERS: tuple[APIRouter, ...] = (accounts.router,)

# The one menu: an entry shows when the table lets this identity see its page.
MENU = (
    (Permission.SEE_REVIEWS, "My reviews", "/staff/reviews"),
    (Permission.SEE_CASELOAD, "My caseload", "/staff/caseload"),
    (Permission.SEE_READING_LIST, "To read", "/staff/reading"),
    (Permission.SEE_DUTY_LIST, "Duty", "/staff/duty"),
    (Permission.SEE_ASKS, "Asks", "/staff/asks"),
    (Permission.READ_REPORT, "Reports", "/staff/reports"),
    (Permission.SEE_FORUM, "Forum", "/staff/forum"),
    (Permission.MANAGE_STAFF, "Staff", "/staff/accounts"),
    (Permission.RUN_IMPORTS, "Imports", "/staff/imports"),
)


def identify(session: Session, request: Request) -> StaffIdentity | None:
    """Who is behind the staff cookie; a contributor's cookie means nothing here."""
    token = request.cookies.get(COOKIE)
    idle = timedelta(minutes=request.app.state.settings.heard_staff_idle_minutes)
    return accounts_service.identify(session, token, idle=idle) if token else None


def frame(request: Request, identity: StaffIdentity | None) -> dict[str, Any]:
    """What every staff page needs around its own content."""
    menu = [
        {"text": text, "href": href, "active": request.url.path.startswith(href)}
        for permission, text, href in MENU
        if may(identity, permission)
    ]
    return {"menu": menu, "council": request.app.state.settings.heard_council}
