"""The staff's pages of paper: find a sheet by its code, print one, type one in."""

from typing import Annotated, Any

from fastapi import APIRouter, Request
from sqlmodel import Session
from starlette.responses import RedirectResponse, Response

from backend.core.access.permissions import Permission
from backend.core.access.requires import RequestSession, Viewer, staff_with
from backend.core.forms import Fields, Posted
from backend.core.languages import language
from backend.core.templates import render
from backend.entry import service as entry
from backend.paper import drafts, pages, queries, service
from backend.paper.printing import Paper, print_paper
from backend.paper.queries import OpenSheet
from backend.paper.typed_sheets import Typed, read_typed_sheet
from backend.surveys.service import AnotherForm

router = APIRouter()
Printer = Annotated[Viewer, staff_with(Permission.PRINT_SHEET)]
Typist = Annotated[Viewer, staff_with(Permission.TYPE_SHEET)]
NO_SHEET = (
    "We found no sheet of yours with that code. It stands at the foot of every page, in two groups "
    "of four: look for letters that are alike. If it is right, the sheet is for somebody else to "
    "type: give it to the participation officer"
)
ANOTHER_FORM = (
    "This round was begun on another form since the sheet was printed, so it cannot go in under "
    "these numbers. What you typed is kept. Print the form that was begun, type it under its code, "
    "and give the paper to {lead}"
)
LONGEST_CODE = 40
AGAIN, LEAVE = "again", "leave"
LARGE = "large"
ABOUT_FIELDS = ("beside", "helper", "came-open", "written_on")


@router.get("/paper")
def paper(
    request: Request,
    session: RequestSession,
    viewer: Typist,
    code: str = "",
    named: str = "",
    kept: str = "",
) -> Response:
    errors = {}
    if code.strip():
        found = queries.sheet_by_code(session, viewer, code[:LONGEST_CODE])
        if found is not None:
            return RedirectResponse(f"/staff/paper/{found}", 303)
        errors = {"code": NO_SHEET}
    return render(
        request,
        "paper/paper.html",
        status=422 if errors else 200,
        errors=errors,
        people=queries.people_with_paper(session, viewer, named=named),
        named=named.strip(),
        blanks=pages.blank_lines(),
        drafts=drafts.own_drafts(session, viewer),
        is_kept=bool(kept),
    )


@router.get("/people/{person_id}/paper")
def print_page(
    request: Request, session: RequestSession, viewer: Printer, person_id: int
) -> Response:
    lines = queries.printable(session, viewer, person_id)
    return render(
        request,
        "paper/print.html",
        lines=lines,
        person_id=person_id,
        name=pages.name_of_person(session, person_id),
        kind_words=pages.KIND_WORDS,
        languages={code: language(code) for line in lines for code in line.languages},
    )


@router.post("/people/{person_id}/paper")
def make_sheet(session: RequestSession, viewer: Printer, person_id: int, form: Posted) -> Response:
    sheet_id = service.make_sheet(
        session,
        viewer,
        person_id,
        contributor_id=form.whole_number("contributor_id") or 0,
        consultation_id=form.whole_number("consultation_id") or 0,
        language=form.word("language"),
        topics=form.all("topics"),
    )
    size = "?size=large" if form.word("size") == LARGE else ""
    return RedirectResponse(f"/staff/paper/{sheet_id}/sheet.pdf{size}", 303)


@router.get("/paper/{sheet_id}/sheet.pdf")
def sheet_pdf(
    request: Request, session: RequestSession, viewer: Printer, sheet_id: int, size: str = ""
) -> Response:
    page = queries.open_sheet(session, viewer, sheet_id, permission=Permission.PRINT_SHEET)
    paper = Paper(
        sheet=page.sheet,
        kind=page.kind,
        code=page.row.code,
        address=entry.own_address(f"/staff/paper?code={page.row.code}"),
        numbers=pages.numbers_of(request, page.kind),
        is_large=size == LARGE,
    )
    return pdf(print_paper(paper), name=f"sheet-{page.row.code}.pdf")


@router.get("/paper/blank/{instrument_id}.pdf")
def blank_pdf(
    request: Request,
    viewer: Printer,
    instrument_id: str,
    lang: str = "en",
    size: str = "",
    only: str = "",
) -> Response:
    blank = pages.blank_of(instrument_id, lang)
    if blank is None:
        return render(request, "not_found.html", status=404)
    numbers = pages.numbers_of(request, blank[1])
    name = f"{instrument_id}-{blank[0].language}.pdf"
    paper = Paper(
        blank[0],
        blank[1],
        numbers=numbers,
        is_large=size == LARGE,
        is_cover=only == "topics" and blank[0].has_choice,
    )
    return pdf(print_paper(paper), name=name)


def pdf(content: bytes, *, name: str) -> Response:
    """A PDF that the browser shows; its name says nothing of whose it is."""
    headers = {"Content-Disposition": f'inline; filename="{name}"'}
    return Response(content, media_type="application/pdf", headers=headers)


@router.get("/paper/{sheet_id}")
def type_page(request: Request, session: RequestSession, viewer: Typist, sheet_id: int) -> Response:
    page = queries.open_sheet(session, viewer, sheet_id, permission=Permission.TYPE_SHEET)
    draft = drafts.draft_of(session, viewer, sheet_id)
    return typing_page(request, session, viewer, page, form=draft, is_draft=draft is not None)


def typing_page(
    request: Request,
    session: Session,
    viewer: Viewer,
    page: OpenSheet,
    *,
    form: Fields | None = None,
    errors: Any = None,
    is_draft: bool = False,
) -> Response:
    """The sheet as it was printed, with a place to type beside each question."""
    return render(
        request,
        "paper/type.html",
        status=422 if errors else 200,
        page=page,
        topics=pages.topics_of(page, form),
        errors=errors or {},
        before=pages.before_lines(session, viewer, page),
        typed_before=queries.typed_before(session, page),
        typed={name: form.text(name) if form else "" for name in ABOUT_FIELDS},
        is_draft=is_draft,
        begun_by=drafts.begun_by_others(session, viewer, page.id),
        beside=pages.beside_lines(page),
        has_marks=page.sheet.is_young,
        duty=request.app.state.settings.heard_duty_telephone,
    )


@router.post("/paper/{sheet_id}")
def type_sheet(
    request: Request, session: RequestSession, viewer: Typist, sheet_id: int, form: Posted
) -> Response:
    page = queries.open_sheet(session, viewer, sheet_id, permission=Permission.TYPE_SHEET)
    action = form.word("action")
    is_kept = drafts.keep_draft(session, viewer, sheet_id, form)
    if action == "keep":
        return RedirectResponse("/staff/paper?kept=1" if is_kept else "/staff/paper", 303)
    typed = read_typed_sheet(viewer, page, form)
    if typed.errors or action == "change":
        return typing_page(request, session, viewer, page, form=form, errors=typed.errors)
    asked = pages.asked_again(session, viewer, page, typed=typed)
    unsaid = {name: text for name, text in asked.items() if form.word(name) not in (AGAIN, LEAVE)}
    if action != "send" or unsaid:
        errors = unsaid if action == "send" else {}
        return check_page(request, page, typed=typed, form=form, asked=asked, errors=errors)
    try:
        with session.begin_nested():
            return take_in(session, viewer, page, typed=typed, form=form)
    except AnotherForm:
        errors = {"q1": f"{ANOTHER_FORM.format(lead=page.lead_name)}."}
        return typing_page(request, session, viewer, page, form=form, errors=errors)


def check_page(
    request: Request,
    page: OpenSheet,
    *,
    typed: Typed,
    form: Fields,
    asked: dict[str, str],
    errors: dict[str, str],
) -> Response:
    """What was typed, in words, before it is sent; and whether to add to what is there already."""
    return render(
        request,
        "paper/check.html",
        status=422 if errors else 200,
        page=page,
        typed=typed,
        topics=pages.checked_topics(page, typed),
        hidden=pages.posted_fields(form, but={"action", *asked}),
        asked=asked,
        chosen={name: form.word(name) for name in asked},
        errors=errors,
    )


def take_in(
    session: Session, viewer: Viewer, page: OpenSheet, *, typed: Typed, form: Fields
) -> Response:
    """Send it, but for the topics that were sent before and are not to be added; raises
    AnotherForm."""
    if form.word("again-sheet") == LEAVE:
        drafts.drop_draft(session, viewer, page.id)
        return RedirectResponse(f"/staff/paper/{page.id}/sent?left=1", 303)
    answers = [
        answer
        for answer in typed.answers
        if form.word(f"again-{page.sheet.questions[answer.question_id].topic_id}") != LEAVE
    ]
    if not answers:
        drafts.drop_draft(session, viewer, page.id)
        return RedirectResponse(f"/staff/paper/{page.id}/sent?left=1", 303)
    service.take_in(
        session,
        viewer,
        page,
        answers=answers,
        beside=typed.beside,
        written_on=typed.written_on,
        is_again=form.word("again-sheet") == AGAIN,
    )
    drafts.drop_draft(session, viewer, page.id)
    return RedirectResponse(f"/staff/paper/{page.id}/sent", 303)


@router.get("/paper/{sheet_id}/sent")
def sent(
    request: Request, session: RequestSession, viewer: Typist, sheet_id: int, left: str = ""
) -> Response:
    page = queries.open_sheet(session, viewer, sheet_id, permission=Permission.TYPE_SHEET)
    return render(request, "paper/sent.html", page=page, is_left=bool(left), errors={}, code="")
