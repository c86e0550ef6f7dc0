"""What the contributors' application is made of: its routers, who is asking, its page frame."""

from contextlib import suppress
from datetime import date
from functools import partial
from typing import Any

from fastapi import APIRouter, Request
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from backend.asks import own as own_asks
from backend.asks import queued as queued_asks
from backend.asks import routes as asks
from backend.core import drafts
from backend.core.access.identity import ContributorIdentity
from backend.core.access.permissions import Permission
from backend.core.access.policy import may
from backend.core.database import unit_of_work
from backend.core.forms import Fields
from backend.entry import routes as entry
from backend.entry import service as entry_service
from backend.exports import queries as exports
from backend.forum import routes as forum
from backend.in_touch import routes as in_touch
from backend.messaging import routes as messaging
from backend.offline import routes as offline
from backend.offline import service as offline_service
from backend.paper import letter_routes as paper_letters
from backend.preferences import frames as preferences_frames
from backend.preferences import queries as preferences_queries
from backend.preferences import routes as preferences
from backend.quotes import routes as quotes
from backend.safeguarding import queued as queued_concerns
from backend.safeguarding import routes as safeguarding
from backend.safeguarding import service as safeguarding_service
from backend.surveys import drafts as survey_drafts
from backend.surveys import queries as survey_queries
from backend.surveys import queued as queued_answers
from backend.surveys import routes as surveys

COOKIE = entry_service.COOKIE
ALARM = "/me/not-safe"
ROUTERS: tuple[APIRouter, ...] = (
    entry.router,
    offline.router,
    preferences.router,
    asks.router,
    paper_letters.own_router,
    in_touch.router,
    surveys.router,
    safeguarding.router,
    quotes.router,
    forum.router,
    messaging.router,
)

# What may come from a phone that had no signal, by the feature that takes it in.
offline_service.TAKES.update(queued_answers.TAKES | queued_concerns.TAKES | queued_asks.TAKES)

drafts.KEEPERS.append(survey_drafts.keep_typed_at)


def identify(session: Session, request: Request) -> ContributorIdentity | None:
    """Who is behind the contributors' cookie; a staff cookie means nothing here."""
    token = request.cookies.get(COOKIE)
    identity = entry_service.identify(session, token) if token else None
    if identity is not None:
        request.state.preferences = preferences_queries.preferences_of(
            session, identity.contributor_id
        )
    return identity


def take_late(request: Request, session: Session, form: Fields) -> str:
    """Take what was posted from a page that had locked by itself: an alarm, and words typed into a
    question. Nothing is shown for it; how the way in says what came of it, or an empty text."""
    identity = entry_service.locked_since_idle(session, request.cookies.get(COOKIE, ""))
    if identity is None:
        return ""
    path = request.url.path
    if path == ALARM and may(identity, Permission.SAY_NOT_SAFE):
        safeguarding_service.say_not_safe(session, identity)
        drafts.keep_draft(request, session, identity, form)
        return "said"
    if not may(identity, Permission.ANSWER):
        return "locked"
    request.state.preferences = preferences_queries.preferences_of(session, identity.contributor_id)
    typed = form if form.word(drafts.AT) else form.beside(drafts.AT, path)
    return "kept" if drafts.keep_draft(request, session, identity, typed) else "locked"


def frame(request: Request, identity: ContributorIdentity | None) -> dict[str, Any]:
    """What every contributor's page needs around its own content."""
    if identity is None:
        speak_as_before(request)
    entered = entry_service.page_frame(request, identity)
    preferred = preferences_frames.page_frame(request, identity)
    calls = {
        "newest_ask": partial(newest_ask, request, identity),
        "foot_asks": partial(foot_asks, request, identity),
        "filed_on": partial(filed_on, request, identity),
        "changes_around": partial(changes_around, request, identity),
    }
    return entered | preferred | calls


def foot_asks(
    request: Request, identity: ContributorIdentity | None, *, is_named: bool = True
) -> list[asks.Button]:
    """The buttons at the foot of a young person's screens; without a name where nothing can be
    looked up, or where the page lies on a phone."""
    if identity is None or not identity.is_young_person:
        return []
    session: Session | None = getattr(request.state, "session", None)
    if is_named and session is not None and session.in_transaction():
        return asks.buttons_of(session, identity)
    return asks.unnamed_buttons(identity)


def speak_as_before(request: Request) -> None:
    """A page that asks nobody who they are, or is not there, still speaks as the pages before it.

    Only the language is taken from who is in: the page may be the door of somebody else.
    """
    if not request.cookies.get(COOKIE) or hasattr(request.state, "language_of_link"):
        return
    session: Session | None = getattr(request.state, "session", None)
    if session is not None and session.in_transaction():
        identify(session, request)
    else:
        # A fault may be the database's own: its page must still come.
        with suppress(SQLAlchemyError), unit_of_work(request.app.state.engine) as reading:
            identify(reading, request)
    if hasattr(request.state, "preferences"):
        request.state.language_of_link = request.state.preferences.speaks


def changes_around(
    request: Request, identity: ContributorIdentity | None
) -> list[survey_queries.Line]:
    """What is new around a young person since they last looked; nothing on a page for a phone."""
    session: Session | None = getattr(request.state, "session", None)
    if identity is None or session is None or not session.in_transaction():
        return []
    return survey_queries.changes_for(session, identity)


def newest_ask(request: Request, identity: ContributorIdentity | None) -> own_asks.OwnAsk | None:
    """For the first page, which belongs to a feature that knows no asks: what came of last time."""
    session: Session | None = getattr(request.state, "session", None)
    return own_asks.newest_for(session, identity) if session and identity else None


def filed_on(
    request: Request, identity: ContributorIdentity | None, topic_row_id: int
) -> dict[str, date]:
    """For what one sent, which belongs to a feature that knows no exports: since when it stands in
    one's file, by place. The page has asked whose the topic is."""
    session: Session | None = getattr(request.state, "session", None)
    if session is None or identity is None or identity.person_id is None:
        return {}
    return exports.filed_on(session, identity.person_id, topic_row_id)
