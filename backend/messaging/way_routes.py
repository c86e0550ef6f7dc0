"""How to reach a young person: chosen beside them, on their worker's or IRO's phone."""

from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Request
from sqlmodel import Session
from starlette.responses import RedirectResponse, Response

from backend.core.access.permissions import Permission
from backend.core.access.requires import Denied, RequestSession, Viewer, check, staff_with
from backend.core.forms import FieldErrors, Fields, Posted
from backend.core.templates import render
from backend.messaging import choices, previews, queries, revealing, service, texts, ways
from backend.people import queries as people

if TYPE_CHECKING:
    from backend.people.models import Person

router = APIRouter()
Around = Annotated[Viewer, staff_with(Permission.CHOOSE_WAY)]
CHANNEL_WORDS = {
    ways.TEXT: "Text message",
    ways.EMAIL: "E-mail",
    ways.LETTER: "Letter",
    ways.CARD: "A card from my worker",
    ways.IN_PERSON: "Tell me in person",
    ways.NONE: "Nothing. I look when I like",
}
FIELDS = ("channel", "address", "sender", "words", "own_words")


def person_for(session: Session, viewer: Viewer, person_id: int) -> "tuple[Person, int]":
    """The person and their own contributor, where this viewer stands around them; else Denied."""
    person = people.person(session, person_id)
    own = people.contributor_of_person(session, person_id)
    if person is None or own is None or own.id is None:
        raise Denied(viewer, Permission.CHOOSE_WAY)
    check(viewer, Permission.CHOOSE_WAY, people.case_of(person))
    return person, own.id


@router.get("/people/{person_id}/way")
def choose_way(
    request: Request, session: RequestSession, viewer: Around, person_id: int, done: str = ""
) -> Response:
    person, own = person_for(session, viewer, person_id)
    way = ways.way_to(session, own)
    return way_page(request, session, viewer, person, way=way, is_kept=done == "kept")


def way_page(
    request: Request,
    session: Session,
    viewer: Viewer,
    person: "Person",
    *,
    way: ways.Way,
    errors: dict[str, str] | None = None,
    is_kept: bool = False,
) -> Response:
    """The choice with what will come by it, and what waits or did not arrive."""
    own = people.contributor_of_person(session, person.id or 0)
    person_id = person.id or 0
    shown = [] if errors or own is None else previews.previews(session, own.id or 0, way)
    return render(
        request,
        "messaging/way.html",
        status=422 if errors else 200,
        person=person,
        way=way,
        is_own=bool(way.words) and way.words not in texts.OFFERED_BY_TEXT,
        previews=shown,
        errors=errors or {},
        channels=CHANNEL_WORDS,
        offered=[str(one) for one in texts.OFFERED],
        longest_words=revealing.LONGEST_WORDS,
        undelivered=queries.undelivered(session, viewer, [person_id]).get(person_id, []),
        tasks=queries.to_hand_over(session, viewer, [person_id]).get(person_id, []),
        is_kept=is_kept,
    )


@router.post("/people/{person_id}/way")
def submit_way(
    request: Request, session: RequestSession, viewer: Around, person_id: int, form: Posted
) -> Response:
    person, own = person_for(session, viewer, person_id)
    typed = typed_way(form)
    try:
        if form.word("action") == "show":
            way = choices.checked(session, own, typed)
            return way_page(request, session, viewer, person, way=way)
        service.choose_way(session, own, typed, actor=viewer.actor, staff_id=viewer.staff_id)
    except FieldErrors as wrong:
        return way_page(request, session, viewer, person, way=typed, errors=wrong.errors)
    return RedirectResponse(f"/staff/people/{person_id}/way?done=kept", 303)


def typed_way(form: Fields) -> ways.Way:
    """A choice as it was typed: one of the offered words, or own ones."""
    is_own = form.word("words") == "own"
    return ways.Way(
        channel=form.word("channel"),
        address=form.word("address"),
        sender=form.word("sender"),
        words=form.word("own_words") if is_own else form.word("words"),
        is_chosen=True,
    )


@router.post("/people/{person_id}/way/handed-over")
def hand_over(session: RequestSession, viewer: Around, person_id: int, form: Posted) -> Response:
    person_for(session, viewer, person_id)
    service.hand_over(session, viewer, form.whole_number("message") or 0)
    return RedirectResponse(f"/staff/people/{person_id}/way", 303)
