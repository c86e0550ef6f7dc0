"""The administrator's page of imports: how fresh, what the last brought, what waits to decide."""

from datetime import date
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import RedirectResponse, Response

from backend.core.access.permissions import Permission
from backend.core.access.requires import RequestSession, Viewer, staff_with
from backend.core.forms import Fields, Posted, read_uploads
from backend.core.templates import render
from backend.imports import merge_routes, previews, queries, reports, service, undo
from backend.imports.report_groups import change_groups, unusable_groups

GONE = (
    "That file is gone from here: a file is kept for one hour, and only for whoever chose it. "
    "Choose it again."
)
# Rows of one kind that stand open on a page; more are folded, and the longest list has an end.
FEW, MOST_SHOWN = 8, 200
router = APIRouter()
router.include_router(merge_routes.router)
Administrator = Annotated[Viewer, staff_with(Permission.RUN_IMPORTS)]


async def uploaded(request: Request, _viewer: Administrator) -> tuple[Fields, dict[str, bytes]]:
    """The chosen files, read only once it is known that an administrator sends them."""
    return await read_uploads(request, "files")


Uploaded = Annotated[tuple[Fields, dict[str, bytes]], Depends(uploaded)]


@router.get("/imports")
def imports(request: Request, session: RequestSession, viewer: Administrator) -> Response:
    return imports_page(request, session, viewer)


@router.post("/imports/preview")
def look_at_upload(
    request: Request, session: RequestSession, viewer: Administrator, sent: Uploaded
) -> Response:
    form, files = sent
    options = {"is_older_allowed": form.word("older") == "yes"}
    try:
        token = previews.look_at_upload(session, viewer, form.word("kind"), files, options=options)
    except service.ImportUnusable as unusable:
        wrong = {"files": str(unusable)}
        return imports_page(request, session, viewer, errors=wrong, chosen=form.word("kind"))
    return RedirectResponse(f"/staff/imports/preview/{token}", 303)


@router.post("/imports/waiting")
def look_at_waiting(
    request: Request, session: RequestSession, viewer: Administrator, form: Posted
) -> Response:
    folder, name = _folder(request), form.word("name")
    try:
        token = previews.look_at_waiting(session, viewer, folder, name, options={})
    except service.ImportUnusable as unusable:
        return imports_page(request, session, viewer, errors={"waiting": str(unusable)})
    return RedirectResponse(f"/staff/imports/preview/{token}", 303)


@router.get("/imports/preview/{token}")
def import_preview(
    request: Request, session: RequestSession, viewer: Administrator, token: str
) -> Response:
    return _preview_page(request, session, viewer, token)


@router.post("/imports/preview/{token}")
def decide_preview(
    request: Request, session: RequestSession, viewer: Administrator, token: str, form: Posted
) -> Response:
    try:
        if form.word("decision") != "bring_in":
            previews.leave(session, viewer, token)
            return RedirectResponse("/staff/imports", 303)
        is_sure = form.word("sure") == "yes"
        previews.bring_in(session, viewer, token, folder=_folder(request), is_sure=is_sure)
    except previews.PreviewGone:
        return imports_page(request, session, viewer, errors={"files": GONE})
    except service.ImportDoubtful:
        errors = {"sure": "Tick that you have checked this file, or leave it."}
        return _preview_page(request, session, viewer, token, errors=errors)
    except service.ImportUnusable as unusable:
        return _preview_page(request, session, viewer, token, errors={"again": str(unusable)})
    return RedirectResponse("/staff/imports?done=import", 303)


@router.post("/imports/undo")
def undo_import(
    request: Request, session: RequestSession, viewer: Administrator, form: Posted
) -> Response:
    try:
        service.undo_last(session, viewer.actor, run_id=form.whole_number("run"))
    except service.UndoRefused as refused:
        return imports_page(request, session, viewer, errors={"undo": str(refused)})
    return RedirectResponse("/staff/imports?done=undo#undo", 303)


def _folder(request: Request) -> Path | None:
    folder: Path | None = request.app.state.settings.heard_imports_folder
    return folder


def _preview_page(
    request: Request,
    session: RequestSession,
    viewer: Administrator,
    token: str,
    *,
    errors: dict[str, str] | None = None,
) -> Response:
    try:
        preview = previews.find(session, viewer, token)
    except previews.PreviewGone:
        return imports_page(request, session, viewer, errors={"files": GONE})
    unreadable = unusable_groups(preview.report["unusable"])
    return render(
        request,
        "imports/preview.html",
        status=422 if errors else 200,
        errors=errors or {},
        preview=preview,
        report=preview.report,
        unreadable=unreadable,
        rows_lost=sum(len(one.lines) for one in unreadable if not one.is_row_used),
        cells_lost=sum(len(one.lines) for one in unreadable if one.is_row_used),
        changes=change_groups(preview.report["changes"]),
        days={
            name: date.fromisoformat(day)
            for name in ("as_at", "year_end")
            if (day := preview.report[name])
        },
        title=reports.TITLES[preview.kind],
        few=FEW,
        most=MOST_SHOWN,
    )


def imports_page(
    request: Request,
    session: RequestSession,
    viewer: Administrator,
    *,
    errors: dict[str, str] | None = None,
    chosen: str = "people",
) -> Response:
    """The page, with what was wrong with a decision or a file; `chosen` is the kind of file."""
    previews.sweep(session)
    runs = queries.last_runs(session, viewer)
    can_undo = undo.can_undo(session)
    return render(
        request,
        "imports/imports.html",
        status=422 if errors else 200,
        errors=errors or {},
        as_at=queries.as_at(session),
        runs=runs,
        titles=reports.TITLES,
        chosen=chosen,
        can_undo=can_undo,
        undo_until=can_undo.ran_at + undo.KEPT_FOR if can_undo else None,
        done=request.query_params.get("done", ""),
        waiting=previews.waiting(_folder(request)),
        newest=runs[0] if runs else None,
        unreadable=unusable_groups(runs[0].counts.get("unusable", [])) if runs else [],
        proposals=queries.open_proposals(session, viewer),
        without_lead=queries.without_lead(session, viewer),
    )


@router.post("/imports/proposals/{proposal_id}")
def decide_proposal(
    request: Request,
    session: RequestSession,
    viewer: Administrator,
    proposal_id: int,
    form: Posted,
) -> Response:
    try:
        service.decide_proposal(session, viewer, proposal_id, decision=form.word("decision"))
    except service.ProposalRefused as refused:
        return imports_page(request, session, viewer, errors={"proposals": str(refused)})
    return RedirectResponse("/staff/imports#proposals", 303)
