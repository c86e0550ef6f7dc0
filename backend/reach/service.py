"""Freezes who was heard in each half-year that is over, once."""

from datetime import date, timedelta
from typing import Any

from sqlmodel import Session, select

from backend.core import audit, clock
from backend.insight.queries import Period, period_of, protect
from backend.reach.cohorts import Held, gather
from backend.reach.counts import (
    CHILDREN,
    REVIEWS,
    Counting,
    children_body,
    put_together,
    reviews_of,
)
from backend.reach.models import ReachPicture

FROZEN = audit.declare("reach.frozen", "period", "figures", "held_back")
# IROs confirm some reviews late: a half-year is told once they had four weeks for it.
SETTLED_AFTER = timedelta(days=28)
LOOKS_BACK = 4  # half-years
LOOKED_AFTER, CARE_LEAVERS = "looked-after", "care-leavers"


def freeze_half_years(session: Session) -> None:
    """Daily: tell every half-year that is over and settled and was not told before."""
    known = set(session.exec(select(ReachPicture.period)).all())
    period = period_of(clock.today()).before()
    for _ in range(LOOKS_BACK):
        is_settled = period.last_day + SETTLED_AFTER <= clock.today()
        if is_settled and period.name not in known:
            freeze(session, period)
        period = period.before()


def freeze(session: Session, period: Period) -> ReachPicture | None:
    """The figures of one half-year, kept for good; None where no review was held in it."""
    body = draw(session, period.first_day, period.last_day)
    if body is None:
        return None
    row = ReachPicture(
        period=period.name,
        first_day=period.first_day,
        last_day=period.last_day,
        body=body,
        made_at=clock.now(),
    )
    session.add(row)
    audit.record(
        session,
        FROZEN,
        actor="heard",
        period=period.name,
        figures=_counts(body, "figures"),
        held_back=_counts(body, "held"),
    )
    session.flush()
    return row


def draw(session: Session, first: date, last: date) -> dict[str, Any] | None:
    """What may be told of the reviews held from one day to another; nothing is kept."""
    held = gather(session, first, last)
    if not held:
        return None
    # Nobody stands in both parts, and nothing is told of both together, so neither tells of the
    # other; in one body, the few whom a leaving-care team does not have would hold back the rest.
    return {
        LOOKED_AFTER: _suppress([one for one in held if not one.is_pathway]),
        CARE_LEAVERS: _suppress([one for one in held if one.is_pathway]),
    }


def _suppress(held: list[Held]) -> dict[str, object]:
    alike = put_together(held)
    bodies = {
        REVIEWS: Counting(reviews_of(alike)).body(),
        CHILDREN: children_body(held),
    }
    figures = {key: protect(body) for key, body in bodies.items()}
    return {
        "figures": dict(figures),
        "held": {key: sorted(body.shown - figures[key].keys()) for key, body in bodies.items()},
    }


def _counts(body: dict[str, Any], what: str) -> int:
    return sum(len(names) for part in body.values() for names in part[what].values())
