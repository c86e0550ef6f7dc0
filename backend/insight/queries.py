"""Reads of the reports that were frozen."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlmodel import Session, col, select

from backend.core import clock
from backend.core.access.permissions import Permission
from backend.core.access.requires import check
from backend.insight.count_sheets import Sheet as Sheet
from backend.insight.disclosure import SMALLEST_PERCENTAGE_BASE as SMALLEST_PERCENTAGE_BASE
from backend.insight.disclosure import SMALLEST_SHOWN as SMALLEST_SHOWN
from backend.insight.disclosure import Body as Body
from backend.insight.disclosure import is_small as is_small
from backend.insight.disclosure import protect as protect
from backend.insight.disclosure_audit import Sum as Sum
from backend.insight.models import Report
from backend.insight.periods import Period as Period
from backend.insight.periods import period_of as period_of
from backend.insight.periods import read_period as read_period
from backend.insight.reports import Picture, read_picture
from backend.insight.titles import INDICATORS as INDICATORS

if TYPE_CHECKING:
    from backend.core.access.identity import StaffIdentity

PERIODS_LISTED = 3


@dataclass(frozen=True)
class PeriodLine:
    """One half-year on the list of reports."""

    period: Period
    is_running: bool
    published_at: datetime | None
    drafted_at: datetime | None


@dataclass(frozen=True)
class FrozenReport:
    """One report or draft as it was frozen."""

    period: Period
    is_draft: bool
    first_day: date
    last_day: date
    published_at: datetime
    picture: Picture


def period_lines(session: Session, viewer: "StaffIdentity") -> list[PeriodLine]:
    """The running half-year, the two before it, and every one that has a report; newest first."""
    check(viewer, Permission.READ_REPORT)
    rows = session.exec(select(Report)).all()
    periods = {found for row in rows if (found := read_period(row.period))}
    running = one = period_of(clock.today())
    for _ in range(PERIODS_LISTED):
        periods.add(one)
        one = one.before()
    made = {(row.period, row.is_draft): row.published_at for row in rows}
    return [
        PeriodLine(
            period,
            is_running=period == running,
            published_at=made.get((period.name, False)),
            drafted_at=made.get((period.name, True)),
        )
        for period in sorted(periods, reverse=True)
    ]


def frozen_report(session: Session, viewer: "StaffIdentity", period: Period) -> FrozenReport | None:
    """The report of a half-year, else its draft, else None."""
    check(viewer, Permission.READ_REPORT)
    row = session.exec(
        select(Report).where(Report.period == period.name).order_by(col(Report.is_draft))
    ).first()
    if row is None:
        return None
    return FrozenReport(
        period=period,
        is_draft=row.is_draft,
        first_day=row.first_day,
        last_day=row.last_day,
        published_at=row.published_at,
        picture=read_picture(row.body),
    )
