"""The one page before a review, reading it, and confirming after the meeting how it was held."""

from typing import Annotated

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from backend.core.access.permissions import Permission
from backend.core.access.requires import RequestSession, Viewer, check, staff_with
from backend.core.forms import Posted
from backend.core.templates import render
from backend.people import queries as people
from backend.reviews import queries as reviews
from backend.reviews import service as reviews_service
from backend.summaries import queries, service
from backend.summaries.sides import SIDE_NAMES

router = APIRouter()
Reader = Annotated[Viewer, staff_with(Permission.READ_SUMMARY)]


@router.get("/reviews/{review_id}")
def summary(request: Request, session: RequestSession, viewer: Reader, review_id: int) -> Response:
    return summary_page(request, session, viewer, review_id)


def summary_page(
    request: Request,
    session: RequestSession,
    viewer: Viewer,
    review_id: int,
    *,
    errors: dict[str, str] | None = None,
) -> Response:
    """The page; every opening of it is audited with what it showed."""
    found = queries.summary(session, viewer, review_id)
    if found is None:
        return render(request, "not_found.html", status=404)
    service.record_reading(session, viewer, found)
    return render(
        request,
        "summaries/summary.html",
        status=422 if errors else 200,
        found=found,
        page=found.page,
        side_names=SIDE_NAMES,
        errors=errors or {},
    )


@router.post("/reviews/{review_id}/read")
def mark_read(
    request: Request, session: RequestSession, viewer: Reader, review_id: int
) -> Response:
    found = queries.summary(session, viewer, review_id)
    if found is None:
        return render(request, "not_found.html", status=404)
    service.mark_all_read(session, viewer, found)
    return RedirectResponse(f"/staff/reviews/{review_id}", 303)


@router.post("/reviews/{review_id}/outcome")
def confirm_outcome(
    request: Request, session: RequestSession, viewer: Reader, review_id: int, form: Posted
) -> Response:
    review = reviews.review(session, review_id)
    person = people.person(session, review.person_id) if review else None
    if review is None or person is None:
        return render(request, "not_found.html", status=404)
    check(viewer, Permission.READ_SUMMARY, people.case_of(person))
    try:
        reviews_service.confirm(
            session,
            viewer,
            review,
            held_on=form.day("held_on"),
            participation_code=form.word("participation_code"),
            private_talk=form.word("private_talk"),
        )
    except reviews_service.ReviewRefused as refused:
        errors = {"held_on": str(refused)}
        return summary_page(request, session, viewer, review_id, errors=errors)
    except ValueError:
        errors = {"held_on": "Enter the day on which the review was held."}
        return summary_page(request, session, viewer, review_id, errors=errors)
    return RedirectResponse(f"/staff/reviews/{review_id}", 303)
