"""Reads of who was heard: the half-years that were frozen, and who was silent twice."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, col, select

from backend.core.access.identity import StaffIdentity
from backend.core.access.permissions import Permission
from backend.core.access.requires import check
from backend.insight.queries import read_period
from backend.reach.models import ReachPicture
from backend.reach.service import CARE_LEAVERS, LOOKED_AFTER
from backend.reach.tables import Picture, add_up, read_body
from backend.reach.unheard import UnheardLine, unheard_lines, unheard_of

__all__ = [
    "LOOKED_AFTER",
    "TWELVE_MONTHS",
    "Told",
    "UnheardLine",
    "told",
    "told_names",
    "unheard_lines",
    "unheard_of",
]

TWELVE_MONTHS = "12-months"
PARTS = {LOOKED_AFTER: "Looked after", CARE_LEAVERS: "Care leavers"}


@dataclass(frozen=True)
class Told:
    """One period as it is told."""

    name: str
    title: str
    first_day: date
    last_day: date
    made_at: datetime
    picture: Picture


def told_names(session: Session, viewer: StaffIdentity) -> list[tuple[str, str]]:
    """The periods that can be looked at, by address and title, the newest first."""
    check(viewer, Permission.SEE_REACH)
    rows = _rows(session)
    names = [(row.period, _title(row.period)) for row in rows]
    if _are_a_year(rows):
        names.insert(0, (TWELVE_MONTHS, f"12 months to {_day(rows[0].last_day)}"))
    return names


def told(
    session: Session, viewer: StaffIdentity, name: str, part: str = LOOKED_AFTER
) -> Told | None:
    """One period of one part (looked-after, care-leavers), or None where nothing is told of it."""
    check(viewer, Permission.SEE_REACH)
    rows = _rows(session)
    if part not in PARTS:
        return None
    if name == TWELVE_MONTHS:
        if not _are_a_year(rows):
            return None
        later, earlier = rows[:2]
        title = f"12 months to {_day(later.last_day)}"
        picture = add_up(earlier.body[part], later.body[part])
        return Told(name, title, earlier.first_day, later.last_day, later.made_at, picture)
    row = next((row for row in rows if row.period == name), None)
    if row is None:
        return None
    picture = read_body(row.body[part])
    return Told(name, _title(name), row.first_day, row.last_day, row.made_at, picture)


def _rows(session: Session) -> list[ReachPicture]:
    statement = select(ReachPicture).order_by(col(ReachPicture.period).desc())
    return list(session.exec(statement).all())


def _are_a_year(rows: list[ReachPicture]) -> bool:
    """Whether the newest two half-years follow each other."""
    if len(rows) < 2:
        return False
    newest = read_period(rows[0].period)
    return newest is not None and newest.before().name == rows[1].period


def _title(name: str) -> str:
    period = read_period(name)
    return period.title if period else name


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
