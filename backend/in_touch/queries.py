"""Reads of who kept in touch, for the care leaver's own page and for those who work with them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from backend.core.access.identity import ContributorIdentity, StaffIdentity
from backend.core.access.policy import may_read
from backend.core.access.predicates import Reach, Words
from backend.in_touch.models import Touch
from backend.people import queries as people

# These two say nothing without a line of words.
NEEDS_WORDS = frozenset({"new_number", "moved"})
LABELS = {
    "ok": "I’m OK",
    "ring_me": "Ring me",
    "new_number": "New number",
    "moved": "I’ve moved",
    "nobody_called": "Nobody has called",
}


@dataclass(frozen=True)
class TouchLine:
    """One tap as the PA and the PA's manager see it."""

    person_id: int
    label: str
    tapped_at: datetime
    ask_id: int | None
    topic_row_id: int | None


def own_touch(session: Session, identity: ContributorIdentity, touch_id: int) -> Touch | None:
    """A tap that this very page made: shown once more, and nowhere else."""
    touch = session.get(Touch, touch_id)
    is_own = touch is not None and touch.contributor_id == identity.contributor_id
    return touch if touch and is_own and touch.tapped_in == identity.session_id else None


def newest_touches(
    session: Session, viewer: StaffIdentity, person_ids: Collection[int]
) -> dict[int, TouchLine]:
    """By person, the newest tap that this viewer may see (the table's row "keep-in-touch")."""
    rows = session.exec(
        select(Touch)
        .where(col(Touch.person_id).in_(set(person_ids)))
        .order_by(col(Touch.tapped_at), col(Touch.id))
    ).all()
    cases = people.cases(session, {row.person_id for row in rows})
    return {
        row.person_id: TouchLine(
            row.person_id,
            LABELS.get(row.tap, row.tap),
            row.tapped_at,
            row.ask_id,
            row.topic_row_id,
        )
        for row in rows
        if may_read(viewer, Words(case=cases[row.person_id], reach=Reach.KEEP_IN_TOUCH))
    }
