"""Gathers the reviews of a return: what returns told of before, and what Heard knows since."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from sqlmodel import Session

from backend.core import clock
from backend.exports.return_rows import (
    ReviewRow,
    ReviewsReturn,
    as_they_came,
    choose_rows,
    last_year_end,
)
from backend.history import queries as history
from backend.people import queries as people
from backend.reviews import queries as reviews

if TYPE_CHECKING:
    from backend.people.models import Person
    from backend.reviews.models import Review

STATUTORY = "review"  # a pathway-plan review is in no return
SHORT_BREAKS = frozenset({"V3", "V4"})
EARLIEST = date(1990, 1, 1)
SAME_REVIEW = timedelta(days=5)
FROM_RETURN = "a return"


def reviews_return(
    session: Session, *, year: int | None = None, is_as_imported: bool = False
) -> ReviewsReturn:
    """The reviews of the year that ends on 31 March of `year`, else of the year that ended last.

    `is_as_imported`: what returns told of and nothing else, held against no rule; all years unless
    one is named. ValueError for a year that cannot be.
    """
    today = clock.today()
    year_end = date(year, 3, 31) if year else None
    past = _past_rows(session)
    if is_as_imported:
        return as_they_came([row for row, _ in past], year_end=year_end)
    rows = [row for row, _ in past] + _living_rows(session, past)
    return choose_rows(rows, year_end=year_end or last_year_end(today), today=today)


def _past_rows(session: Session) -> list[tuple[ReviewRow, int | None]]:
    births, times = history.births_in_headers(session), history.times_in_care(session)
    return [
        (
            ReviewRow(
                child=row.child,
                date_of_birth=row.date_of_birth,
                reviewed_on=row.reviewed_on,
                code=row.code,
                source=FROM_RETURN,
                flags=row.flags | _flags_beside(row, births, times),
                occurrence=row.occurrence,
            ),
            row.person_id,
        )
        for row in history.reviews_of_returns(session)
    ]


def _flags_beside(
    row: history.PastReview,
    births: Mapping[str, set[date]],
    times: Mapping[int, list[tuple[date, date]]],
) -> set[str]:
    """What can be said of a review only beside the header and the episodes of returns."""
    flags = set()
    if births and not row.is_in_header:
        flags.add("other_birth" if row.child in births else "not_in_header")
    mine = times.get(row.return_child_id, [])
    if mine and not any(start <= row.reviewed_on <= end for start, end in mine):
        flags.add("outside_care")
    return flags


def _living_rows(session: Session, past: list[tuple[ReviewRow, int | None]]) -> list[ReviewRow]:
    """Reviews that were held since, as rows of a return, without those that a return told of.

    A review goes by the day of its record or of its meeting, so within five days of one in a
    return it is the same. What a person confirmed with another code is not passed over: on the
    same day both wait for a person, else Heard's does.
    """
    told: dict[int | tuple[str, date | None], list[ReviewRow]] = defaultdict(list)
    for row, person_id in past:
        told[person_id if person_id else (row.child, row.date_of_birth)].append(row)
    found = [
        row
        for row in reviews.held_between(session, EARLIEST, clock.today())
        if row.kind == STATUTORY and row.cancelled_on is None
    ]
    persons = people.people(session, {row.person_id for row in found})
    rows = []
    for review in found:
        row = _row_of(review, persons[review.person_id])
        known = told[review.person_id] + told[row.child, row.date_of_birth]
        near = [one for one in known if abs(one.reviewed_on - row.reviewed_on) <= SAME_REVIEW]
        if not near:
            rows.append(row)
        elif review.confirmed_at is not None and row.code not in {one.code for one in near}:
            rows.append(_beside(row, near))
    return rows


def _beside(row: ReviewRow, near: list[ReviewRow]) -> ReviewRow:
    """A review that Heard has otherwise than a return, under the return's number and birth."""
    same = next((one for one in near if one.reviewed_on == row.reviewed_on), None)
    it = same or near[0]
    flags = row.flags if same else row.flags | {"near_another"}
    return replace(row, child=it.child, date_of_birth=it.date_of_birth, flags=flags)


def _row_of(review: "Review", person: "Person") -> ReviewRow:
    has_short_breaks = person.group == "short_breaks" or person.legal_status in SHORT_BREAKS
    held = review.held_on or review.due_on
    is_before = held < (person.became_looked_after_on or held)
    return ReviewRow(
        child=person.id_903 or "",
        date_of_birth=person.date_of_birth,
        reviewed_on=held,
        code=review.participation_code or "",
        source=f"Heard, review {review.id} of {person.child_id}",
        flags=frozenset(
            {
                *(("399",) if has_short_breaks else ()),
                *(("before_care",) if is_before else ()),
            }
        ),
    )
