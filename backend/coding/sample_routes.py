"""The pages of those who lead the coding: blind samples and how far people and machine agree."""

from datetime import date, timedelta
from typing import Annotated

from fastapi import APIRouter, Request
from sqlmodel import Session
from starlette.responses import RedirectResponse, Response

from backend.accounts import queries as accounts
from backend.coding import learning, measures, samples
from backend.coding.agreement import FEWEST_OF_A_KIND, FEWEST_TEXTS
from backend.core import clock
from backend.core.access.permissions import Permission
from backend.core.access.policy import CASE_HOLDERS
from backend.core.access.requires import RequestSession, Viewer, staff_with
from backend.core.forms import Fields, Posted
from backend.core.templates import render

router = APIRouter()
Leader = Annotated[Viewer, staff_with(Permission.LEAD_CODING)]
QUALITY = "/staff/coding-quality"
HALF_A_YEAR = timedelta(days=182)


@router.get("/coding-quality")
def coding_quality(request: Request, session: RequestSession, viewer: Leader) -> Response:
    return quality_page(request, session, viewer)


def quality_page(
    request: Request,
    session: Session,
    viewer: Viewer,
    *,
    form: Fields | None = None,
    errors: dict[str, str] | None = None,
) -> Response:
    """The samples so far, and a form to draw one."""
    return render(
        request,
        "coding/quality.html",
        status=422 if errors else 200,
        lines=measures.sample_lines(session, viewer),
        learning=learning.learning_state(session, viewer),
        colleagues=coders(session),
        chosen=tuple(form.word(name) if form else "" for name in ("first_coder", "second_coder")),
        size=form.word("size") if form else samples.USUAL,
        days={name: typed_day(form, name) for name in ("first_day", "last_day")},
        errors=errors or {},
    )


def coders(session: Session) -> dict[int, str]:
    """Colleagues whom forms name as readers, by name."""
    ids = {one for role in CASE_HOLDERS for one in accounts.holders_of(session, role)}
    named = accounts.names_of(session, ids)
    return dict(sorted(named.items(), key=lambda one: one[1]))


def typed_day(form: Fields | None, name: str) -> str:
    """What a day's field begins with: what was typed, else the last six months."""
    if form is not None:
        return form.word(name)
    today = clock.today()
    return (today if name == "last_day" else today - HALF_A_YEAR).isoformat()


@router.post("/coding-quality")
def draw(request: Request, session: RequestSession, viewer: Leader, form: Posted) -> Response:
    try:
        sample = samples.draw(
            session,
            viewer,
            first_day=read_day(form.word("first_day")),
            last_day=read_day(form.word("last_day")),
            size=form.whole_number("size"),
            coders=(form.whole_number("first_coder"), form.whole_number("second_coder")),
        )
    except samples.SampleRefused as refused:
        return quality_page(request, session, viewer, form=form, errors=refused.errors)
    return RedirectResponse(f"{QUALITY}/{sample.id}", 303)


def read_day(text: str) -> date | None:
    """A day as a date field sends it, or None."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


@router.post("/coding-quality/learn")
def learn(session: RequestSession, viewer: Leader) -> Response:
    learning.ask_to_learn(session, viewer)
    return RedirectResponse(f"{QUALITY}#learning", 303)


@router.get("/coding-quality/{sample_id}")
def coding_sample(
    request: Request, session: RequestSession, viewer: Leader, sample_id: int
) -> Response:
    found = measures.agreement(session, viewer, sample_id)
    return render(
        request,
        "coding/sample.html",
        found=found,
        line=found.line,
        fewest=(measures.FEWEST_WRITERS, FEWEST_TEXTS, FEWEST_OF_A_KIND),
    )


@router.post("/coding-quality/{sample_id}/end")
def end_sample(session: RequestSession, viewer: Leader, sample_id: int) -> Response:
    samples.end_sample(session, viewer, sample_id)
    return RedirectResponse(f"{QUALITY}/{sample_id}", 303)
