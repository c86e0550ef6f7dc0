"""Who is heard and who is not: the reach tables, their CSV, and the young people silent twice."""

import csv
from collections import Counter
from io import StringIO
from typing import Annotated

from fastapi import APIRouter, Request
from starlette.responses import Response

from backend.core import clock
from backend.core.access.permissions import Permission
from backend.core.access.policy import may
from backend.core.access.requires import RequestSession, Viewer, staff_with
from backend.core.templates import render
from backend.reach import queries
from backend.reach.queries import LOOKED_AFTER

A_PAGE = 25
router = APIRouter()
Reader = Annotated[Viewer, staff_with(Permission.SEE_REACH)]
Nudger = Annotated[Viewer, staff_with(Permission.SEE_UNHEARD)]


@router.get("/reach")
def reach(request: Request, session: RequestSession, viewer: Reader) -> Response:
    names = queries.told_names(session, viewer)
    newest = next((name for name, _ in names if name != queries.TWELVE_MONTHS), "")
    return reach_page(request, session, viewer, (newest, LOOKED_AFTER))


@router.get("/reach/{name}/{part}")
def reach_of(
    request: Request, session: RequestSession, viewer: Reader, name: str, part: str
) -> Response:
    return reach_page(request, session, viewer, (name, part))


def reach_page(
    request: Request, session: RequestSession, viewer: Viewer, which: tuple[str, str]
) -> Response:
    """One period's tables of one part; without any yet, when there will be some."""
    name, part = which
    told = queries.told(session, viewer, name, part)
    if told is None and name:
        return render(request, "not_found.html", status=404)
    bounds, quiet = told.picture.bounds() if told else ([], [])
    return render(
        request,
        "reach/reach.html",
        told=told,
        part=part,
        parts=queries.PARTS,
        names=queries.told_names(session, viewer),
        bounds=bounds,
        quiet=quiet,
        sees_names=may(viewer, Permission.SEE_UNHEARD),
    )


@router.get("/reach/{name}/{part}/tables.csv")
def reach_csv(
    request: Request, session: RequestSession, viewer: Reader, name: str, part: str
) -> Response:
    told = queries.told(session, viewer, name, part)
    if told is None:
        return render(request, "not_found.html", status=404)
    text = StringIO()
    csv.writer(text).writerows(told.picture.csv_rows())
    return Response(
        text.getvalue(),
        media_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="reach-{told.name}-{part}.csv"',
            "Cache-Control": "no-store",
        },
    )


@router.get("/not-heard")
def not_heard(
    request: Request, session: RequestSession, viewer: Nudger, team: str = "", page: str = ""
) -> Response:
    lines = queries.unheard_lines(session, viewer)
    teams = Counter(line.team for line in lines if line.team)
    team = team if team in teams else ""
    own = [line for line in lines if team in ("", line.team)]
    pages = max(1, -(-len(own) // A_PAGE))
    # More digits than any page has are no page: a number that long need not be read.
    number = min(int(page), pages) if page.isascii() and page.isdecimal() and len(page) < 5 else 1
    first = (max(number, 1) - 1) * A_PAGE
    return render(
        request,
        "reach/not_heard.html",
        lines=own[first : first + A_PAGE],
        count=len(lines),
        own_count=len(own),
        team=team,
        teams=sorted(teams.items()),
        page=max(number, 1),
        pages=pages,
        a_page=A_PAGE,
        today=clock.today(),
    )
