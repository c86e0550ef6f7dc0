"""What the staff's application is made of: its routers, who is asking, its page frame."""

from datetime import timedelta
from typing import Any

from fastapi import APIRouter, Request
from sqlmodel import Session

from backend.accounts import service as accounts_service
from backend.accounts import staff_routes as accounts
from backend.annual import staff_routes as annual
from backend.asks import following_routes as following
from backend.asks import raising_routes as raising
from backend.asks import staff_routes as asks
from backend.asks import translating_routes as translating
from backend.coding import sample_routes as coding_samples
from backend.coding import staff_routes as coding
from backend.coding import theme_routes as coding_themes
from backend.core.access.identity import StaffIdentity
from backend.core.access.permissions import Permission
from backend.core.access.policy import may
from backend.core.access.requires import NotSignedIn
from backend.desk import staff_routes as desk
from backend.digests import staff_routes as digests
from backend.entry import staff_routes as entry
from backend.exports import staff_routes as exports
from backend.forum import staff_routes as forum
from backend.imports import queries as imports_queries
from backend.imports import staff_routes as imports
from backend.insight import staff_routes as insight
from backend.messaging import staff_routes as messaging
from backend.paper import letter_routes as paper_letters
from backend.paper import staff_routes as paper
from backend.quotes import staff_routes as quotes
from backend.reach import staff_routes as reach
from backend.reviews import staff_routes as reviews
from backend.safeguarding import staff_routes as safeguarding
from backend.summaries import staff_routes as summaries
from backend.surveys import person_routes as persons
from backend.surveys import staff_routes as surveys

COOKIE = accounts_service.COOKIE
# A password that somebody else gave opens the page that replaces it, and nothing more.
BEFORE_THAT = ("/staff/account", "/staff/sign-out")
ROUTERS: tuple[APIRouter, ...] = (
    accounts.router,
    desk.router,
    digests.router,
    summaries.router,
    reviews.router,
    annual.router,
    exports.router,
    safeguarding.router,
    quotes.router,
    raising.router,
    following.router,
    asks.router,
    translating.router,
    entry.router,
    surveys.router,
    persons.router,
    forum.router,
    messaging.router,
    paper.router,
    paper_letters.router,
    imports.router,
    insight.router,
    coding.router,
    coding_samples.router,
    coding_themes.router,
    reach.router,
)

# The one menu: an entry shows when the table lets this identity see its page.
MENU = (
    (Permission.SEE_REVIEWS, "My reviews", "/staff/reviews"),
    (Permission.SEE_CASELOAD, "My caseload", "/staff/caseload"),
    (Permission.SEE_START, "My week", "/staff/digest"),
    (Permission.SEE_READING_LIST, "To read", "/staff/reading"),
    (Permission.SEE_DUTY_LIST, "Duty", "/staff/duty"),
    (Permission.SEE_ASKS, "Asks", "/staff/asks"),
    (Permission.SEE_COMPLAINTS, "Complaints", "/staff/complaints"),
    (Permission.TYPE_SHEET, "Paper", "/staff/paper"),
    (Permission.READ_SHARED_WORDS, "Next homes", "/staff/shared-words"),
    (Permission.READ_REPORT, "Reports", "/staff/reports"),
    (Permission.SEE_TIMELINESS, "On time", "/staff/reviews-on-time"),
    (Permission.SEE_REACH, "Reach", "/staff/reach"),
    (Permission.SEE_UNHEARD, "Not heard", "/staff/not-heard"),
    (Permission.PROPOSE_QUOTE, "Quotations", "/staff/quotes"),
    (Permission.SEE_FORUM, "Forum", "/staff/forum"),
    (Permission.MANAGE_STAFF, "Staff", "/staff/accounts"),
    (Permission.CONFIRM_ACCESS, "Confirm", "/staff/confirmations"),
    (Permission.RUN_IMPORTS, "Imports", "/staff/imports"),
    (Permission.EXPORT_RETURN, "Exports", "/staff/exports"),
    (Permission.SEE_AUDIT, "Audit", "/staff/audit"),
    (Permission.SEE_OUTBOX, "Outbox", "/staff/outbox"),
)


def identify(session: Session, request: Request) -> StaffIdentity | None:
    """Who is behind the staff cookie; a contributor's cookie means nothing here."""
    token = request.cookies.get(COOKIE)
    idle = timedelta(minutes=request.app.state.settings.heard_staff_idle_minutes)
    identity = accounts_service.identify(session, token, idle=idle) if token else None
    if identity and identity.must_choose_password and request.url.path not in BEFORE_THAT:
        raise NotSignedIn("/staff/account")
    return identity


def frame(request: Request, identity: StaffIdentity | None) -> dict[str, Any]:
    """What every staff page needs around its own content."""
    menu = [
        {"text": text, "href": href, "active": f"{request.url.path}/".startswith(f"{href}/")}
        for permission, text, href in MENU
        if may(identity, permission)
    ]
    session = getattr(request.state, "session", None)
    stale_since = None
    # After a denial the request's session is closed: asking it would open a transaction that
    # nobody ends, and every other writer would wait for it.
    if session is not None and not session.in_transaction():
        session = None
    if identity is not None and session is not None and imports_queries.is_stale(session):
        stale_since = imports_queries.as_at(session)
    return {
        "menu": menu,
        "council": request.app.state.settings.heard_council,
        "stale_since": stale_since,
        "is_stood_in_for": identity is not None
        and session is not None
        and accounts_service.is_stood_in_for(session, identity.staff_id),
    }
