"""The reviews and children that the shares on time rest on, one by one, to be counted by hand."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from backend.annual.years import Span
from backend.core.access.identity import StaffIdentity
from backend.core.access.permissions import Permission
from backend.core.access.policy import may
from backend.people import queries as people
from backend.reviews import queries as reviews
from backend.reviews.queries import Child, Counted

STATES = {
    "on_time": "Every review on time",
    "late": "At least one late",
    "first_not_yet_due": "Left out: first review not yet due",
    "not_judged": "Left out: nothing known to judge by",
}


@dataclass(frozen=True)
class ReviewLine:
    """One review that counts in a span, or is left out as not judged (`days_late` is None)."""

    review_id: int
    person_id: int
    name: str
    is_open_to: bool  # whether the viewer may open its dates
    last_day: date | None
    counted_on: date | None  # None: not held by the span's end
    days_late: int | None
    reason: str


@dataclass(frozen=True)
class ChildLine:
    """One child looked after at a span's end, and what the measure makes of them."""

    person_id: int
    name: str
    state: str


@dataclass(frozen=True)
class Recount:
    """All that the two shares rest on; `late` are the late ones among `reviews`."""

    reviews: tuple[ReviewLine, ...]
    children: tuple[ChildLine, ...]

    @property
    def late(self) -> tuple[ReviewLine, ...]:
        """The late reviews, the latest first."""
        late = [one for one in self.reviews if one.days_late]
        return tuple(sorted(late, key=lambda one: -(one.days_late or 0)))


def recount(
    session: Session,
    viewer: StaffIdentity,
    children: Iterable[Child],
    counted: Iterable[Counted],
    *,
    span: Span,
) -> Recount:
    """Every review and every child behind the measures of a span: by name where the viewer may see
    that child's dates, else by our own number."""
    theirs: dict[int, list[Counted]] = defaultdict(list)
    for one in counted:
        theirs[one.person_id].append(one)
    here = [child.person_id for child in children]
    names, seen = {}, set()
    for key, person in people.people(session, {*here, *theirs}).items():
        names[key] = f"Child {key}"
        if may(viewer, Permission.SEE_REVIEW_DATES, people.case_of(person)):
            names[key] = person.known_as
            seen.add(key)
    lines = [
        _line(one, names[one.person_id], span, is_open_to=one.person_id in seen)
        for rows in theirs.values()
        for one in rows
        if reviews.falls_in(one, span.first, span.last)
    ]
    states = [
        ChildLine(key, names[key], reviews.state_of(theirs[key], span.first, span.last))
        for key in here
    ]
    return Recount(
        tuple(sorted(lines, key=lambda one: (one.name, one.counted_on or date.max))),
        tuple(sorted(states, key=lambda one: one.name)),
    )


def _line(one: Counted, name: str, span: Span, *, is_open_to: bool) -> ReviewLine:
    was_held = one.counted_on is not None and one.counted_on <= span.last
    as_then = reviews.as_at(one, span.last)
    return ReviewLine(
        review_id=one.review_id,
        person_id=one.person_id,
        name=name,
        is_open_to=is_open_to,
        last_day=one.last_day,
        counted_on=one.counted_on if was_held else None,
        days_late=reviews.days_late(as_then, span.last),
        reason=reviews.LATE_REASONS.get(one.reason or "", ""),
    )
