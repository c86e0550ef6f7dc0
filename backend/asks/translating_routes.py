"""Takes what a person translated of an answer, and of what the lead wrote beside it."""

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from backend.asks import service
from backend.asks.following_routes import letter_page
from backend.asks.staff_routes import Seeing, do
from backend.core.access.requires import RequestSession
from backend.core.forms import Posted

router = APIRouter()


@router.post("/asks/{ask_id}/translation")
def submit_translation(
    request: Request, session: RequestSession, viewer: Seeing, ask_id: int, form: Posted
) -> Response:
    words, translator = form.text("translation"), form.word("translator")
    return do(
        request,
        session,
        viewer,
        ask_id=ask_id,
        form=form,
        field="translation",
        action=lambda: service.translate_answer(
            session, viewer, ask_id, words=words, translator=translator
        ),
    )


@router.post("/asks/{ask_id}/added-translation")
def submit_added_translation(
    request: Request, session: RequestSession, viewer: Seeing, ask_id: int, form: Posted
) -> Response:
    words, translator = form.text("added_translation"), form.word("added_translator")
    return do(
        request,
        session,
        viewer,
        ask_id=ask_id,
        form=form,
        field="added_translation",
        action=lambda: service.translate_added(
            session, viewer, ask_id, words=words, translator=translator
        ),
    )


@router.post("/letters/{review_id}/translation")
def submit_opening_translation(
    request: Request, session: RequestSession, viewer: Seeing, review_id: int, form: Posted
) -> Response:
    words, translator = form.text("translation"), form.word("translator")
    try:
        service.translate_opening(session, viewer, review_id, words=words, translator=translator)
    except service.AskRefused as refused:
        errors = {refused.field or "translation": str(refused)}
        return letter_page(request, session, viewer, review_id=review_id, errors=errors, form=form)
    return RedirectResponse(f"/staff/letters/{review_id}", 303)
