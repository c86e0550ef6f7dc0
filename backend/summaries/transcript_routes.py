"""Writing down what a drawing shows, from the page before a review."""

from typing import Annotated

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from backend.core.access.permissions import Permission
from backend.core.access.requires import Denied, RequestSession, Viewer, staff_with
from backend.core.forms import Posted
from backend.core.templates import render
from backend.summaries import queries, transcripts

router = APIRouter()
Lead = Annotated[Viewer, staff_with(Permission.READ_SUMMARY)]


@router.post("/reviews/{review_id}/transcripts")
def submit_transcript(
    request: Request, session: RequestSession, viewer: Lead, review_id: int, form: Posted
) -> Response:
    found = queries.summary(session, viewer, review_id)
    if found is None:
        return render(request, "not_found.html", status=404)
    answer_id = form.whole_number("answer_id")
    drawn = {one.answer_id: one for one in queries.drawn_on(found.page)}
    if answer_id not in drawn:
        raise Denied(viewer, Permission.READ_SUMMARY)
    try:
        transcripts.write_transcript(
            session,
            viewer,
            drawn[answer_id],
            words=form.text("words"),
            person_id=found.review.person_id,
        )
    except transcripts.TranscriptRefused as refused:
        return render(
            request,
            "summaries/transcript.html",
            status=422,
            found=found,
            one=drawn[answer_id],
            words=form.text("words"),
            errors={"words": str(refused)},
        )
    return RedirectResponse(f"/staff/reviews/{review_id}#answer-{answer_id}", 303)
