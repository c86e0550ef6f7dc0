"""Works reviews' last lawful days out anew, as more becomes known of the reviews before them."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from sqlmodel import Session, select

from backend.core import clock
from backend.history import queries as history
from backend.people import queries as people
from backend.reviews.limits import (
    REVIEW,
    SHORT_BREAKS_RULES,
    counted_on,
    has_short_breaks,
    is_recent,
    judged_limit,
    rows_of,
    set_limit,
)
from backend.reviews.models import Review
from backend.reviews.openings import (
    OPEN,
    ensure_next_review,
    free_day,
    kind_for,
    note_change,
)
from backend.reviews.timescales import Basis

if TYPE_CHECKING:
    from backend.people.models import Person
    from backend.reviews.timescales import Limit

# Where no extract named the day, and nobody here did: then it is the rule's.
BY_THE_RULE = (Basis.REGULATION_33, Basis.SHORT_BREAKS, Basis.PATHWAY)


def refresh_limits(session: Session, person: "Person") -> None:
    """Work out anew the limit of every review of a person, of those that were held too: one that is
    told of later may be one that others count from. A due day that the rule gave goes with it."""
    rows = rows_of(session, person.id or 0)
    past = history.reviewed_on(session, person.id or 0) if rows else []
    for number, row in enumerate(rows):
        if row.held_on is not None:
            _judge(session, person, row, rows[:number], past=past)
            continue
        before = row.latest_on
        limit = judged_limit(session, person, row, rows, past=past)
        set_limit(row, limit)
        session.add(row)
        if limit is not None and limit.latest_on != before:
            _follow_rule(session, row, limit)
    session.flush()


def _judge(
    session: Session, person: "Person", row: Review, rows: list[Review], *, past: Sequence[date]
) -> None:
    """Judge a review that was held, unless it is of an earlier time in care, or of a cycle that is
    no longer the child's: what was said of it then stands."""
    limit = judged_limit(session, person, row, rows, past=past)
    day = counted_on(row) or row.due_on
    if limit is None or (limit.counted_from <= day and not _is_of_other_cycle(row, limit)):
        set_limit(row, limit)
        session.add(row)


def _is_of_other_cycle(row: Review, limit: "Limit") -> bool:
    return row.rule is not None and (row.rule in SHORT_BREAKS_RULES) != (
        limit.rule in SHORT_BREAKS_RULES
    )


def _follow_rule(session: Session, row: Review, limit: "Limit") -> None:
    if row.basis not in BY_THE_RULE or not is_recent(limit, clock.today()):
        return
    before, wanted = row.due_on, limit.latest_on
    if before != wanted:
        row.due_on = free_day(session, row.person_id, row.kind, wanted)
        note_change(session, row, "reckoned_anew", before_on=before, after_on=row.due_on)


def ensure_all(session: Session) -> None:
    """The day's duty: nobody living is without an open review, and each knows its last day, where
    that can be known, or is another, since yesterday."""
    theirs: dict[int, list[Review]] = {}
    for row in session.exec(select(Review).where(*OPEN)):
        theirs.setdefault(row.person_id, []).append(row)
    for person in people.living(session, are_named=False):
        rows = theirs.get(person.id or 0, [])
        if {row.kind for row in rows} != {kind_for(person)}:
            ensure_next_review(session, person.id or 0)
        elif any(row.latest_on is None or _is_outdated(person, row) for row in rows):
            refresh_limits(session, person)


def _is_outdated(person: "Person", row: Review) -> bool:
    """Whether a review to come is still counted from before its child came back into care, or by a
    cycle (short breaks, regulation 33) that is no longer the child's."""
    if row.kind != REVIEW or row.counted_from is None:
        return False
    began_on = person.became_looked_after_on
    is_of_before = began_on is not None and row.counted_from < began_on
    return is_of_before or (row.rule in SHORT_BREAKS_RULES) != has_short_breaks(person)
