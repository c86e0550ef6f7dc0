"""What the contributors' application is made of: its routers, who is asking, its page frame."""

from functools import partial
from typing import Any

from fastapi import APIRouter, Request
from sqlmodel import Session

from backend.asks import own as own_asks
from backend.asks import routes as asks
from backend.core.access.identity import ContributorIdentity
from backend.entry import routes as entry
from backend.entry import service as entry_service
from backend.forum import routes as forum
from backend.in_touch import routes as in_touch
from backend.offline import routes as offline
from backend.offline import service as offline_service
from backend.preferences import frames as preferences_frames
from backend.preferences import queries as preferences_queries
from backend.preferences import routes as preferences
from backend.quotes import routes as quotes
from backend.safeguarding import queued as queued_concerns
from backend.safeguarding import routes as safeguarding
from backend.surveys import queued as queued_answers
from backend.surveys import routes as surveys

COOKIE = entry_service.COOKIE
ROUTERS: tuple[APIRouter, ...] = (
    entry.router,
    offline.router,
    preferences.router,
    asks.router,
    in_touch.router,
    surveys.router,
    safeguarding.router,
    quotes.router,
    forum.router,
)

# What may come from a phone that had no signal, by the feature that takes it in.
offline_service.TAKES.update(queued_answers.TAKES | queued_concerns.TAKES)


def identify(session: Session, request: Request) -> ContributorIdentity | None:
    """Who is behind the contributors' cookie; a staff cookie means nothing here."""
    token = request.cookies.get(COOKIE)
    identity = entry_service.identify(session, token) if token else None
    if identity is not None:
        request.state.preferences = preferences_queries.preferences_of(
            session, identity.contributor_id
        )
    return identity


def frame(request: Request, identity: ContributorIdentity | None) -> dict[str, Any]:
    """What every contributor's page needs around its own content."""
    entered = entry_service.page_frame(request, identity)
    preferred = preferences_frames.page_frame(request, identity)
    return entered | preferred | {"newest_ask": partial(newest_ask, request, identity)}


def newest_ask(request: Request, identity: ContributorIdentity | None) -> own_asks.OwnAsk | None:
    """For the first page, which belongs to a feature that knows no asks: what came of last time."""
    session: Session | None = getattr(request.state, "session", None)
    return own_asks.newest_for(session, identity) if session and identity else None
