"""The reviews of a return, for whoever runs the imports: what goes out, what stays and why."""

from typing import Annotated

from fastapi import APIRouter, Request
from starlette.responses import Response

from backend.core import clock
from backend.core.access.permissions import Permission
from backend.core.access.requires import RequestSession, Viewer, staff_with
from backend.core.templates import render
from backend.exports import return_files, service
from backend.exports.return_rows import last_year_end
from backend.exports.returns import reviews_return

router = APIRouter()
Exporter = Annotated[Viewer, staff_with(Permission.EXPORT_RETURN)]
YEARS_SHOWN, MOST_SHOWN = 6, 30  # rows of one reason; the file has all
AS_IMPORTED = "as-imported"
FILES = (return_files.REVIEWS, return_files.LEFT_OUT, return_files.TO_CHECK)


@router.get("/exports")
def exports(
    request: Request, session: RequestSession, viewer: Exporter, year: str = ""
) -> Response:
    chosen = year_of(year)
    found = reviews_return(session, year=chosen)
    return render(
        request,
        "exports/exports.html",
        found=found,
        year=chosen,
        years=years(),
        groups=service.groups_of(found),
        most=MOST_SHOWN,
    )


@router.get("/exports/{year}/{name}")
def return_file(
    request: Request,
    session: RequestSession,
    viewer: Exporter,
    year: int,
    name: str,
    rows: str = "",
) -> Response:
    if name not in FILES or year not in years():
        return render(request, "not_found.html", status=404)
    _, files = service.export_return(
        session, viewer.actor, year=year, is_as_imported=rows == AS_IMPORTED
    )
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(files[name], media_type="text/csv; charset=utf-8", headers=headers)


def years() -> list[int]:
    """The years that a page offers: the one that goes on now, then those that ended."""
    last = last_year_end(clock.today()).year
    return [last + 1 - back for back in range(YEARS_SHOWN)]


def year_of(given: str) -> int:
    """The year that was asked for, else the one that ended last."""
    year = int(given) if given.isascii() and given.isdecimal() and len(given) == 4 else 0
    return year if year in years() else last_year_end(clock.today()).year
