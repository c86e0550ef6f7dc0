"""The half-yearly report for managers and participation officers: counts and themes, no text."""

from typing import Annotated

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from backend.core import clock
from backend.core.access.permissions import Permission
from backend.core.access.requires import RequestSession, Viewer, staff_with
from backend.core.templates import render
from backend.insight import queries, service, titles
from backend.insight.charts import draw_chart
from backend.insight.periods import Period, period_of, read_period
from backend.insight.report_pages import Sheets, told

router = APIRouter()
Reader = Annotated[Viewer, staff_with(Permission.READ_REPORT)]


@router.get("/reports")
def reports(request: Request, session: RequestSession, viewer: Reader) -> Response:
    return render(request, "insight/reports.html", lines=queries.period_lines(session, viewer))


@router.get("/reports/{name}")
def report(request: Request, session: RequestSession, viewer: Reader, name: str) -> Response:
    period = read_period(name)
    if period is None or period > period_of(clock.today()):
        return render(request, "not_found.html", status=404)
    frozen = queries.frozen_report(session, viewer, period)
    if frozen is None:
        return waiting_page(request, period)
    sheets = Sheets(frozen.picture)
    indicators = sheets.indicator_groups()
    return render(
        request,
        "insight/report.html",
        frozen=frozen,
        sheets=sheets,
        themes=sheets.theme_rows(),
        indicators=indicators,
        apart=told(sheets.apart_rows()),
        pairs=sheets.pair_rows(),
        sides=list(titles.SOURCES.values()),
        pair_sides=["carers", "provider's staff", "social workers"],
        chart=draw_chart(indicators, list(titles.SOURCES.values())),
    )


def waiting_page(request: Request, period: Period, *, status: int = 200) -> Response:
    """A half-year of which nothing was released yet, with the one thing that can be done."""
    is_running = period == period_of(clock.today())
    return render(
        request, "insight/waiting.html", status=status, period=period, is_running=is_running
    )


@router.post("/reports/{name}/report")
def publish_report(
    request: Request, session: RequestSession, viewer: Reader, name: str
) -> Response:
    period = read_period(name)
    if period is None:
        return render(request, "not_found.html", status=404)
    try:
        service.publish_report(session, viewer, period)
    except service.NotYetEnded:
        return waiting_page(request, period, status=422)
    except service.AlreadyMade:
        pass  # somebody was quicker: the frozen report is there to be read
    return RedirectResponse(f"/staff/reports/{period.name}", 303)


@router.post("/reports/{name}/draft")
def make_draft(request: Request, session: RequestSession, viewer: Reader, name: str) -> Response:
    period = read_period(name)
    if period is None:
        return render(request, "not_found.html", status=404)
    try:
        service.make_draft(session, viewer, period)
    except service.AlreadyEnded:
        return waiting_page(request, period, status=422)
    except service.AlreadyMade:
        pass
    return RedirectResponse(f"/staff/reports/{period.name}", 303)
