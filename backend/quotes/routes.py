"""A writer's page: who wants to use which of my words, for what; yes, no, not now, taken back."""

from typing import Annotated

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from backend.core.access.permissions import Permission
from backend.core.access.requires import Contributor, RequestSession, contributor_with
from backend.core.forms import Posted
from backend.core.templates import render
from backend.quotes import queries, service

router = APIRouter()
Writer = Annotated[Contributor, contributor_with(Permission.DECIDE_QUOTE)]
NOTICES = ("yes", "no", "not_now", "taken_back")


@router.get("/quotes")
def quotes(request: Request, session: RequestSession, me: Writer, done: str = "") -> Response:
    return render(
        request,
        "quotes/quotes.html",
        lines=queries.own_quotes(session, me),
        notice=done if done in NOTICES else "",
        back_url="/me/home",
        who_reads=None,
    )


@router.post("/quotes/{quote_id}")
def decide(session: RequestSession, me: Writer, quote_id: int, form: Posted) -> Response:
    decision = form.word("decision")
    if decision == "taken_back":
        service.take_back(session, me, quote_id)
    else:
        service.decide(session, me, quote_id, decision=decision)
    return RedirectResponse(f"/me/quotes?done={decision if decision in NOTICES else ''}", 303)
