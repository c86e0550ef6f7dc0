"""A young person's own page of how they are reached, and "this is not for me" at the door."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from sqlmodel import Session
from starlette.responses import RedirectResponse, Response

from backend.core.access.permissions import Kind, Permission
from backend.core.access.requires import Contributor, RequestSession, contributor_with, public
from backend.core.forms import FieldErrors, Posted
from backend.core.templates import render
from backend.core.translations import phrase
from backend.entry import queries as entry
from backend.entry import service as doors
from backend.messaging import previews, revealing, service, texts, ways
from backend.messaging.way_routes import typed_way

router = APIRouter()
Known = Annotated[Contributor, contributor_with(Permission.CHOOSE_OWN_WAY)]
CHANNELS = (
    (ways.TEXT, phrase("A text"), "phone"),
    (ways.EMAIL, phrase("An e-mail"), "pencil"),
    (ways.LETTER, phrase("A letter"), "book"),
    (ways.CARD, phrase("A card from my worker"), "people"),
    (ways.IN_PERSON, phrase("Tell me when we meet"), "people"),
    (ways.NONE, phrase("Nothing. I look when I like"), "cross"),
)


@router.get("/reach-me")
def own_way(request: Request, session: RequestSession, me: Known, kept: str = "") -> Response:
    return own_page(request, session, me, ways.way_to(session, me.contributor_id), kept=bool(kept))


def own_page(
    request: Request,
    session: Session,
    me: Contributor,
    way: ways.Way,
    *,
    errors: dict[str, str] | None = None,
    kept: bool = False,
) -> Response:
    """Pick a way, say who it is from and what it says; see the very text that will come."""
    wrong = errors or {}
    shown = [] if wrong else previews.previews(session, me.contributor_id, way)
    return render(
        request,
        "messaging/own_way.html",
        status=422 if wrong else 200,
        way=way,
        channels=[{"value": value, "text": text} for value, text, _ in CHANNELS],
        words=[{"value": str(one), "text": one} for one in texts.OFFERED],
        is_own=bool(way.words) and way.words not in texts.OFFERED_BY_TEXT,
        previews=shown,
        wrong=wrong,
        errors=[{"text": text, "href": f"#{field}"} for field, text in wrong.items()],
        longest_words=revealing.LONGEST_WORDS,
        is_leaver=me.kind is Kind.CARE_LEAVER,
        is_kept=kept,
        back_url="/me/look",
        who_reads=None,
    )


@router.post("/reach-me")
def submit_own_way(request: Request, session: RequestSession, me: Known, form: Posted) -> Response:
    typed = typed_way(form)
    if form.word("action") == "stop":
        typed = ways.Way(ways.NONE)
    try:
        service.choose_way(session, me.contributor_id, typed, actor=me.actor)
    except FieldErrors as wrong:
        return own_page(request, session, me, typed, errors=wrong.errors)
    return RedirectResponse("/me/reach-me?kept=1", 303)


@router.post("/o/{link}/not-me", dependencies=[Depends(public)])
def say_not_me(session: RequestSession, link: str) -> Response:
    # The same answer for a link that there is none of: whoever holds one learns nothing.
    owner = entry.owner_of_link(session, link)
    if owner is not None:
        service.say_not_me(session, owner)
    return RedirectResponse("/me/not-me", 303)


@router.get("/not-me", dependencies=[Depends(public)])
def not_me(request: Request) -> Response:
    card = doors.door_card(request.app.state.settings)
    return render(request, "messaging/not_me.html", back_url=None, who_reads=None, **card)
