"""Reviews on time, and the year's figures of reviews, on a page and as a file."""

import csv
import io
from typing import Annotated

from fastapi import APIRouter, Request
from sqlmodel import Session
from starlette.exceptions import HTTPException
from starlette.responses import Response

from backend.annual import figures, queries
from backend.annual.recounts import STATES, Recount
from backend.annual.scopes import Scope, choose, scopes_for
from backend.annual.years import Year, read_year, year_of
from backend.core import audit, clock
from backend.core.access.permissions import Permission
from backend.core.access.policy import may
from backend.core.access.requires import RequestSession, Viewer, staff_with
from backend.core.templates import render
from backend.reviews import queries as reviews

router = APIRouter()
Reader = Annotated[Viewer, staff_with(Permission.SEE_TIMELINESS)]
SHOWN_YEARS = 3
NO_TALK = "Why talking in private was not appropriate"
LISTED = audit.declare("reviews_on_time.listed", "year", "scope")
FETCHED = audit.declare("annual_figures.fetched", "year", "scope")


def _chosen(request: Request, session: Session, viewer: Viewer) -> tuple[list[Scope], Scope, Year]:
    """What was chosen in the address: whose children, and which year; today's where nothing was."""
    scopes = scopes_for(session, viewer)
    scope = choose(scopes, request.query_params.get("of", ""))
    this_year = year_of(clock.today())
    name = request.query_params.get("year", "")
    year = read_year(name) if name else this_year
    if scope is None or year is None or year > this_year:
        raise HTTPException(404)
    return scopes, scope, year


def _years() -> list[Year]:
    starts = year_of(clock.today()).starts
    return [Year(starts - back) for back in range(SHOWN_YEARS)]


@router.get("/reviews-on-time")
def reviews_on_time(request: Request, session: RequestSession, viewer: Reader) -> Response:
    scopes, scope, year = _chosen(request, session, viewer)
    settings = request.app.state.settings
    return render(
        request,
        "annual/on_time.html",
        scopes=scopes,
        scope=scope,
        years=_years(),
        year=year,
        found=queries.on_time(session, viewer, scope, year),
        share=figures.share_words,
        reasons=reviews.LATE_REASONS,
        target=settings.heard_review_target,
        can_have_calendar=may(viewer, Permission.KEEP_CALENDAR),
        by_first=settings.heard_review_counts_by == "first",
    )


@router.get("/reviews-on-time.csv")
def reviews_on_time_file(request: Request, session: RequestSession, viewer: Reader) -> Response:
    _, scope, year = _chosen(request, session, viewer)
    found = queries.on_time(session, viewer, scope, year)
    if found is None or found.recount is None:
        raise HTTPException(404)
    audit.record(session, LISTED, actor=viewer.actor, year=year.name, scope=scope.key)
    return Response(
        listed(found.recount),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="reviews-on-time-{year.name}.csv"'},
    )


def cell(text: str) -> str:
    """A name as a spreadsheet takes it: never as a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@")) else text


def listed(found: Recount) -> str:
    """Every review that counts or is left out, and under them every child, to count again."""
    text = io.StringIO()
    rows = csv.writer(text)
    days = ["last day allowed", "counts on", "days late", "on time"]
    rows.writerow(["our number", "child", "review", *days, "why"])
    for line in found.reviews:
        judged = "not judged" if line.days_late is None else "no" if line.days_late else "yes"
        days = [day.isoformat() if day else "" for day in (line.last_day, line.counted_on)]
        days += ["" if line.days_late is None else str(line.days_late), judged]
        rows.writerow([line.person_id, cell(line.name), line.review_id, *days, line.reason])
    rows.writerow([])
    rows.writerow(["our number", "child", "counts as"])
    for child in found.children:
        rows.writerow([child.person_id, cell(child.name), STATES[child.state]])
    return text.getvalue()


@router.get("/annual-figures")
def annual_figures(request: Request, session: RequestSession, viewer: Reader) -> Response:
    scopes, scope, year = _chosen(request, session, viewer)
    return render(
        request,
        "annual/figures.html",
        scopes=scopes,
        scope=scope,
        years=_years(),
        year=year,
        found=queries.year_figures(session, scope, year),
        held_back=figures.HELD_BACK,
    )


@router.get("/annual-figures.csv")
def annual_figures_file(request: Request, session: RequestSession, viewer: Reader) -> Response:
    _, scope, year = _chosen(request, session, viewer)
    found = queries.year_figures(session, scope, year)
    audit.record(session, FETCHED, actor=viewer.actor, year=year.name, scope=scope.key)
    return Response(
        as_csv(found),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="annual-figures-{year.name}.csv"'},
    )


def as_csv(found: queries.Figures) -> str:
    """The tables of a year one under the other; what each rests on stands in its last column, and
    under them why talking in private was not appropriate, review by review."""
    text = io.StringIO()
    rows = csv.writer(text)
    rows.writerow(["table", "figure", *(one.name for one in found.spans), "year", "what it counts"])
    for table in found.tables:
        for line in table.lines:
            numbers = [figures.HELD_BACK if one is None else one for one in line.numbers]
            rows.writerow([table.title, line.label, *numbers, table.rests_on])
    blanks = [""] * (len(found.spans) + 1)
    for no_talk in found.no_talks:
        rows.writerow([NO_TALK, no_talk.held_on.isoformat(), *blanks, no_talk.why])
    return text.getvalue()
