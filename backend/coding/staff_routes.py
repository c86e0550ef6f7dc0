"""The pages of those who code: what waits, one text at a time, and their part of blind samples."""

from typing import Annotated, Any

from fastapi import APIRouter, Request
from sqlmodel import Session
from starlette.responses import RedirectResponse, Response

from backend.coding import blind, codebooks, forms, histories, reviewing
from backend.coding.decisions import Marks
from backend.coding.forms import MarksForm, read_marks
from backend.core.access.permissions import Permission
from backend.core.access.requires import RequestSession, Viewer, staff_with
from backend.core.forms import Posted
from backend.core.templates import render

router = APIRouter()
Coder = Annotated[Viewer, staff_with(Permission.CODE_TEXTS)]
CODING = "/staff/coding"
A_PAGE, MOST_PAGES = 25, 10_000


@router.get("/coding")
def coding(request: Request, session: RequestSession, viewer: Coder) -> Response:
    return render(
        request,
        "coding/coding.html",
        standing=reviewing.standing(session, viewer),
        shares=blind.shares(session, viewer),
    )


@router.get("/coding/next")
def next_text(
    request: Request, session: RequestSession, viewer: Coder, after: int | None = None
) -> Response:
    answer_id = reviewing.next_text(session, viewer, after=after)
    if answer_id is None:
        return RedirectResponse(CODING, 303)
    return RedirectResponse(f"{CODING}/texts/{answer_id}", 303)


@router.get("/coding/decided")
def decided(request: Request, session: RequestSession, viewer: Coder, page: int = 1) -> Response:
    number = min(max(page, 1), MOST_PAGES)
    count, lines = histories.decided_lines(session, viewer, page=number, a_page=A_PAGE)
    return render(
        request,
        "coding/decided.html",
        lines=lines,
        count=count,
        page=number,
        pages=max(1, -(-count // A_PAGE)),
        **words_for_marks(session),
    )


def words_for_marks(session: Session) -> dict[str, Any]:
    """What the pages call themes, views and urgencies."""
    return {
        "titles": codebooks.titles_ever(session),
        "themes": codebooks.codebook_in_use(session).themes,
        "views": forms.VIEWS,
        "urgencies": forms.URGENCIES,
        "writers": forms.WRITERS,
        "hows": forms.HOWS,
    }


@router.get("/coding/texts/{answer_id}")
def text(request: Request, session: RequestSession, viewer: Coder, answer_id: int) -> Response:
    return text_page(request, session, viewer, answer_id)


def text_page(
    request: Request,
    session: Session,
    viewer: Viewer,
    answer_id: int,
    *,
    form: MarksForm | None = None,
    is_changed: bool = False,
) -> Response:
    """One text with what is suggested for it; with a form's faults, or what changed meanwhile."""
    page = reviewing.text_page(session, viewer, answer_id)
    return render(
        request,
        "coding/text.html",
        status=422 if form or is_changed else 200,
        page=page,
        marks=form.marks if form else page.marks,
        errors=form.errors if form else {},
        is_changed=is_changed,
        earlier=codebooks.earlier_suggestions(session, answer_id),
        waiting=len(reviewing.standing(session, viewer).waiting),
        **words_for_marks(session),
    )


@router.post("/coding/texts/{answer_id}")
def decide(
    request: Request, session: RequestSession, viewer: Coder, answer_id: int, form: Posted
) -> Response:
    revision = form.whole_number("revision") or 0
    said = read_marks(form, codebooks.codebook_in_use(session))
    try:
        if form.word("action") == "confirm":
            seen = form.word("seen")
            reviewing.confirm(session, viewer, answer_id, revision=revision, seen=seen)
        elif said.errors:
            return text_page(request, session, viewer, answer_id, form=said)
        else:
            reviewing.correct(session, viewer, answer_id, revision=revision, marks=said.marks)
    except reviewing.ChangedMeanwhile:
        return text_page(request, session, viewer, answer_id, is_changed=True)
    return RedirectResponse(f"{CODING}/next?after={answer_id}", 303)


@router.get("/coding/samples/{sample_id}/next")
def next_blind(session: RequestSession, viewer: Coder, sample_id: int) -> Response:
    text_id = blind.next_in(session, viewer, sample_id)
    return RedirectResponse(f"{CODING}/blind/{text_id}" if text_id else CODING, 303)


@router.get("/coding/blind/{text_id}")
def blind_text(request: Request, session: RequestSession, viewer: Coder, text_id: int) -> Response:
    return blind_page(request, session, viewer, text_id)


def blind_page(
    request: Request,
    session: Session,
    viewer: Viewer,
    text_id: int,
    *,
    form: MarksForm | None = None,
) -> Response:
    """A text to code by oneself, or what both said of it to settle; never the machine's codes."""
    try:
        page = blind.blind_page(session, viewer, text_id)
    except blind.AlreadyCoded as done:
        return RedirectResponse(f"{CODING}/samples/{done.sample_id}/next", 303)
    return render(
        request,
        "coding/blind.html",
        status=422 if form else 200,
        page=page,
        marks=form.marks if form else page.shared_marks,
        errors=form.errors if form else {},
        **words_for_marks(session),
    )


@router.post("/coding/blind/{text_id}")
def code_blind(
    request: Request, session: RequestSession, viewer: Coder, text_id: int, form: Posted
) -> Response:
    said = read_marks(form, codebooks.codebook_in_use(session))
    if said.errors:
        return blind_page(request, session, viewer, text_id, form=said)
    marks: Marks = said.marks
    try:
        sample_id = blind.code_blind(session, viewer, text_id, marks=marks).sample.id
    except blind.AlreadyCoded as done:
        sample_id = done.sample_id
    return RedirectResponse(f"{CODING}/samples/{sample_id}/next", 303)
