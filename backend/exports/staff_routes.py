"""A review on paper, and its record on the way to the case system: for whoever leads it alone."""

from typing import Annotated

from fastapi import APIRouter, Request
from sqlmodel import Session
from starlette.responses import RedirectResponse, Response

from backend.core.access.permissions import Permission
from backend.core.access.requires import RequestSession, Viewer, staff_with
from backend.core.forms import Posted
from backend.core.templates import render
from backend.exports import desks, place_routes, queries, return_routes, service
from backend.exports.clearance import Place
from backend.people import queries as people

router = APIRouter()
router.include_router(return_routes.router)
router.include_router(place_routes.router)
Lead = Annotated[Viewer, staff_with(Permission.READ_SUMMARY)]
COPIED, AS_TEXT, AS_PDF = "copied", "text", "pdf"
PDF, TEXT = "application/pdf", "text/plain; charset=utf-8"
# What a script asks for, to put it on the clipboard itself.
PLAIN = "text/plain"


@router.get("/reviews/{review_id}/meeting-sheet.pdf")
def meeting_sheet(
    request: Request, session: RequestSession, viewer: Lead, review_id: int
) -> Response:
    content = service.print_meeting_sheet(session, viewer, review_id)
    return file_or_none(request, content, name=f"meeting-sheet-{review_id}.pdf", kind=PDF)


@router.get("/reviews/{review_id}/iro-only.pdf")
def iro_only(request: Request, session: RequestSession, viewer: Lead, review_id: int) -> Response:
    led = queries.led(session, viewer, review_id)
    content = service.print_for_lead(session, viewer, review_id) if led else None
    who = "pa" if led and led[0].group == people.CARE_LEAVER else "iro"
    return file_or_none(request, content, name=f"{who}-only-{review_id}.pdf", kind=PDF)


@router.get("/reviews/{review_id}/record")
def record(request: Request, session: RequestSession, viewer: Lead, review_id: int) -> Response:
    return record_page(request, session, viewer, review_id)


@router.post("/reviews/{review_id}/record")
def copy_record(
    request: Request, session: RequestSession, viewer: Lead, review_id: int, form: Posted
) -> Response:
    place = place_of(form.word("place"))
    taken = service.take_out(session, viewer, review_id, place=place, how=COPIED)
    if taken is None:
        return render(request, "not_found.html", status=404)
    if PLAIN in request.headers.get("accept", ""):
        return Response(taken.record.text.encode("utf-8", "replace"), media_type=TEXT)
    return record_page(request, session, viewer, review_id, taken=taken)


@router.get("/reviews/{review_id}/record.txt")
def record_text(
    request: Request, session: RequestSession, viewer: Lead, review_id: int, place: str = ""
) -> Response:
    taken = service.take_out(session, viewer, review_id, place=place_of(place), how=AS_TEXT)
    content = taken.record.text.encode("utf-8", "replace") if taken else None
    name = f"{taken.record.place.value if taken else 'record'}-{review_id}.txt"
    return file_or_none(request, content, name=name, kind=TEXT, is_kept=True)


@router.get("/reviews/{review_id}/record.pdf")
def record_pdf(
    request: Request, session: RequestSession, viewer: Lead, review_id: int, place: str = ""
) -> Response:
    taken = service.take_out(session, viewer, review_id, place=place_of(place), how=AS_PDF)
    name = f"{taken.record.place.value if taken else 'record'}-{review_id}.pdf"
    content = taken.pdf if taken else None
    return file_or_none(request, content, name=name, kind=PDF, is_kept=True)


@router.post("/reviews/{review_id}/record/{receipt_id}")
def place_record(
    request: Request,
    session: RequestSession,
    viewer: Lead,
    review_id: int,
    receipt_id: int,
    form: Posted,
) -> Response:
    try:
        receipt = service.note_placed(
            session,
            viewer,
            review_id,
            receipt_id,
            reference=form.word("reference"),
            given_to=form.word("given_to"),
        )
    except service.PlacedWhere as refused:
        errors = {f"reference-{receipt_id}": str(refused)}
        return record_page(request, session, viewer, review_id, errors=errors)
    if receipt is None:
        return render(request, "not_found.html", status=404)
    return RedirectResponse(f"/staff/reviews/{review_id}/record#receipts", 303)


def record_page(
    request: Request,
    session: Session,
    viewer: Viewer,
    review_id: int,
    *,
    taken: service.TakenOut | None = None,
    errors: dict[str, str] | None = None,
) -> Response:
    """What would go, what stays and why, and every receipt; the words only once they are taken."""
    found = desks.record_desk(session, viewer, review_id)
    if found is None:
        return render(request, "not_found.html", status=404)
    return render(
        request,
        "exports/record.html",
        status=422 if errors else 200,
        desk=found,
        taken=taken,
        errors=errors or {},
    )


def place_of(given: str) -> Place:
    """The restricted place where it is asked for by name, else the child's file."""
    return Place.RESTRICTED if given == Place.RESTRICTED.value else Place.RECORD


def file_or_none(
    request: Request, content: bytes | None, *, name: str, kind: str, is_kept: bool = False
) -> Response:
    """A file whose name says nothing of whose it is; the page for what is not there, without."""
    if content is None:
        return render(request, "not_found.html", status=404)
    how = "attachment" if is_kept else "inline"
    headers = {"Content-Disposition": f'{how}; filename="{name}"'}
    return Response(content, media_type=kind, headers=headers)
