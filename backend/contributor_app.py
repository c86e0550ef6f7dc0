"""What the contributors' application is made of: its routers, who is asking, its page frame."""

from typing import Any

from fastapi import APIRouter, Request
from sqlmodel import Session

from backend.asks import routes as asks
from backend.core.access.identity import ContributorIdentity
from backend.entry import routes as entry
from backend.entry import service as entry_service
from backend.forum import routes as forum
from backend.safeguarding import routes as safeguarding
from backend.surveys import routes as surveys

COOKIE = entry_service.COOKIE
ROUTERS: tuple[APIRouter, ...] = (
    entry.router,
    asks.router,
    surveys.router,
    safeguarding.router,
    forum.router,
)


def identify(session: Session, request: Request) -> ContributorIdentity | None:
    """Who is behind the contributors' cookie; a staff cookie means nothing here."""
    token = request.cookies.get(COOKIE)
    return entry_service.identify(session, token) if token else None


def frame(request: Request, identity: ContributorIdentity | None) -> dict[str, Any]:
    """What every contributor's page needs around its own content."""
    return entry_service.page_frame(request, identity)
