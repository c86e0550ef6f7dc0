"""The pages of new themes: suggested groups, what is made of them, and the council's codebook."""

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Request
from sqlmodel import Session
from starlette.responses import RedirectResponse, Response

from backend.coding import book_changes, codebooks, discoveries, new_themes
from backend.coding.book_changes import DecidedMeanwhile
from backend.coding.codebooks import BookRefused, Wording
from backend.coding.forms import WRITERS
from backend.coding.measures import FEWEST_WRITERS
from backend.core.access.permissions import Permission
from backend.core.access.policy import may
from backend.core.access.requires import Denied, RequestSession, Viewer, staff_with
from backend.core.forms import Fields, Posted
from backend.core.templates import render

router = APIRouter()
Shaper = Annotated[Viewer, staff_with(Permission.SHAPE_CODEBOOK)]
NEW_THEMES, CODEBOOK = "/staff/new-themes", "/staff/codebook"
UNDECIDED = {"what": "Choose what to do."}
WHATS = {
    "accepted": "made a theme",
    "renamed": "called otherwise",
    "merged": "merged",
    "dropped": "dropped",
    "reworded": "worded anew",
    "retired": "retired",
}


@router.get("/new-themes")
def new_themes_list(request: Request, session: RequestSession, viewer: Shaper) -> Response:
    return render(
        request,
        "coding/new-themes.html",
        found=new_themes.suggested_groups(session, viewer),
        progress=book_changes.progress(session),
        fewest=FEWEST_WRITERS,
        may_code=may(viewer, Permission.CODE_TEXTS),
    )


@router.post("/new-themes")
def look_for_themes(session: RequestSession, viewer: Shaper) -> Response:
    discoveries.ask_to_look(session, viewer)
    return RedirectResponse(NEW_THEMES, 303)


@router.get("/new-themes/{suggestion_id}")
def new_theme(
    request: Request, session: RequestSession, viewer: Shaper, suggestion_id: int
) -> Response:
    return group_page(request, session, viewer, suggestion_id)


def group_page(
    request: Request,
    session: Session,
    viewer: Viewer,
    suggestion_id: int,
    *,
    form: Fields | None = None,
    errors: dict[str, str] | None = None,
    is_changed: bool = False,
) -> Response:
    """One group with its examples and the form to decide it; with faults, or what changed."""
    page = new_themes.group_page(session, viewer, suggestion_id)
    names = ("what", "title", "covers", "excludes", "into", "why")
    typed = {name: form.text(name) if form else "" for name in names}
    if form is None:
        typed |= {"title": page.line.row.title, "covers": ", ".join(page.line.words)}
    return render(
        request,
        "coding/new-theme.html",
        status=422 if errors or is_changed else 200,
        page=page,
        typed=typed,
        errors=errors or {},
        is_changed=is_changed,
        themes=codebooks.codebook_in_use(session).themes,
        titles=codebooks.titles_ever(session),
        writers=WRITERS,
        whats=WHATS,
        may_code=may(viewer, Permission.CODE_TEXTS),
    )


@router.post("/new-themes/{suggestion_id}")
def decide_new_theme(
    request: Request, session: RequestSession, viewer: Shaper, suggestion_id: int, form: Posted
) -> Response:
    why, version = form.text("why").strip(), form.whole_number("version") or 0
    acts: dict[str, Callable[[], int]] = {
        "accept": lambda: new_themes.accept(
            session, viewer, suggestion_id, read_wording(form), why=why, version=version
        ),
        "merge": lambda: new_themes.merge(
            session, viewer, suggestion_id, form.word("into"), why=why, version=version
        ),
        "rename": lambda: new_themes.rename(
            session, viewer, suggestion_id, read_wording(form).title, why=why, version=version
        ),
        "drop": lambda: new_themes.drop(session, viewer, suggestion_id, why=why, version=version),
    }
    act = acts.get(form.word("what"))
    if act is None:
        return group_page(request, session, viewer, suggestion_id, form=form, errors=UNDECIDED)
    try:
        act()
    except BookRefused as refused:
        found = refused.errors
        return group_page(request, session, viewer, suggestion_id, form=form, errors=found)
    except DecidedMeanwhile:
        return group_page(request, session, viewer, suggestion_id, form=form, is_changed=True)
    return RedirectResponse(NEW_THEMES, 303)


def read_wording(form: Fields) -> Wording:
    """How a theme is worded in a posted form."""
    title = " ".join(form.word("title").split())
    return Wording(title, form.text("covers").strip(), form.text("excludes").strip())


@router.get("/codebook")
def codebook(
    request: Request, session: RequestSession, viewer: Shaper, version: int | None = None
) -> Response:
    newest = codebooks.version_in_use(session)
    shown = codebooks.codebook_of(session, newest if version is None else version)
    if shown is None:
        raise Denied(viewer, Permission.SHAPE_CODEBOOK)
    return render(
        request,
        "coding/codebook.html",
        book=shown,
        newest=newest,
        versions=codebooks.versions(session),
        progress=book_changes.progress(session),
        steps=codebooks.steps(session),
        titles=codebooks.titles_ever(session),
        whats=WHATS,
    )


@router.get("/codebook/{theme_id}")
def theme(request: Request, session: RequestSession, viewer: Shaper, theme_id: str) -> Response:
    return theme_page(request, session, viewer, theme_id)


def theme_page(
    request: Request,
    session: Session,
    viewer: Viewer,
    theme_id: str,
    *,
    form: Fields | None = None,
    errors: dict[str, str] | None = None,
    is_changed: bool = False,
) -> Response:
    """One theme of today's codebook, with the forms to word it anew and to retire it."""
    book = codebooks.codebook_in_use(session)
    found = next((one for one in book.themes if one.id == theme_id), None)
    if found is None:
        raise Denied(viewer, Permission.SHAPE_CODEBOOK)
    typed = {"title": found.title, "covers": found.covers, "excludes": found.excludes, "why": ""}
    if form is not None:
        typed = {name: form.text(name) for name in typed}
    return render(
        request,
        "coding/theme.html",
        status=422 if errors or is_changed else 200,
        theme=found,
        version=book.version,
        typed=typed,
        errors=errors or {},
        is_changed=is_changed,
    )


@router.post("/codebook/{theme_id}")
def change_theme(
    request: Request, session: RequestSession, viewer: Shaper, theme_id: str, form: Posted
) -> Response:
    why, version = form.text("why").strip(), form.whole_number("version") or 0
    try:
        if form.word("action") == "retire":
            book_changes.retire(session, viewer, theme_id, why=why, version=version)
        else:
            wording = read_wording(form)
            book_changes.reword(session, viewer, theme_id, wording, why=why, version=version)
    except BookRefused as refused:
        return theme_page(request, session, viewer, theme_id, form=form, errors=refused.errors)
    except DecidedMeanwhile:
        return theme_page(request, session, viewer, theme_id, form=form, is_changed=True)
    return RedirectResponse(CODEBOOK, 303)
