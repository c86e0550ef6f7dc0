"""What the invented council does in a year: when each review is met, moved, adjourned or held."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from backend.core import clock
from backend.demo.borough.draws import Chance, age_on, on_weekday, stream
from backend.demo.borough.records import Borough, Person

ADULT_AT = 18


class Fate(StrEnum):
    """What becomes of one review's date."""

    KEPT = "kept"
    MOVED = "moved"
    ADJOURNED = "adjourned"
    BROUGHT_FORWARD = "brought_forward"


# Share of reviews, in percent.
SHARES = ((Fate.KEPT, 84), (Fate.MOVED, 7), (Fate.ADJOURNED, 4), (Fate.BROUGHT_FORWARD, 5))
FORWARD_BY, TOLD_BEFORE = 18, 20  # days before the due day, and before the new day
MOVED_BY, MOVED_TOLD = 8, 4  # days after the due day, and told before it
LATEST_CONFIRMED = 9  # days after the meeting, for the one IRO in ten who is late with it


@dataclass(frozen=True, slots=True)
class Meeting:
    """One review as the case system has it, and as it truly comes about."""

    child_id: str
    kind: str  # review | pathway
    due: date
    held: date
    fate: Fate
    decided_on: date  # when a change of the day is decided; the due day where none is
    confirmed_on: date
    number: int

    def next_named(self, day: date) -> date:
        """The day that an extract of `day` names as the next review."""
        is_changed = self.fate in (Fate.MOVED, Fate.BROUGHT_FORWARD) and day > self.decided_on
        return self.held if is_changed else self.due


Courses = dict[str, list[Meeting]]


def plan(borough: Borough, people: Iterable[Person], first: date, last: date) -> Courses:
    """Every review of these people that is held from one day to the last, and the next after it."""
    return {person.child_id: _course(borough, person, first, last) for person in people}


def _course(borough: Borough, person: Person, first: date, last: date) -> list[Meeting]:
    calendars = (
        ("review", borough.care_reviews.get(person.child_id, ())),
        ("pathway", borough.pathway_reviews[person.child_id]),
    )
    dates = sorted(
        (one.due, one.held, kind)
        for kind, calendar in calendars
        for one in calendar
        if one.held > first  # what was held on the first day itself, Annex A tells
        and (age_on(person.date_of_birth, one.due) >= ADULT_AT) == (kind == "pathway")
    )
    meetings: list[Meeting] = []
    free_from = date.min
    for due, held, kind in dates:
        meeting = _meet(borough.seed, person.child_id, (kind, due, held), len(meetings))
        if meeting.due < free_from:
            continue  # two reviews within days of each other: the case system knows one of them
        meetings.append(meeting)
        free_from = max(meeting.held, meeting.due) + timedelta(days=30)
        if meeting.held > last:
            break
    return meetings


def _meet(seed: int, child_id: str, planned: tuple[str, date, date], number: int) -> Meeting:
    kind, due, held = planned
    chance = stream(seed, "fate", child_id, due)
    fates, weights = [fate for fate, _ in SHARES], [share for _, share in SHARES]
    fate = chance.choices(fates, weights=weights)[0]
    decided = due
    if held > due:
        fate = Fate.KEPT  # it is held late anyway, as the borough has it
    elif fate is Fate.MOVED:
        decided, held = due - timedelta(days=MOVED_TOLD), due + timedelta(days=MOVED_BY)
    elif fate is Fate.ADJOURNED:
        held = clock.add_working_days(due, chance.randint(5, 20))
    elif fate is Fate.BROUGHT_FORWARD and number:
        held = due - timedelta(days=FORWARD_BY)
        decided = held - timedelta(days=TOLD_BEFORE)
    else:
        fate = Fate.KEPT
    held = on_weekday(held)
    confirmed = held + timedelta(days=_delay(chance))
    return Meeting(child_id, kind, due, held, fate, decided, confirmed, number)


def _delay(chance: Chance) -> int:
    """Days from a meeting until its IRO confirms it: mostly the same day."""
    days: int = chance.choices((0, 1, 2, LATEST_CONFIRMED), weights=(60, 20, 10, 10))[0]
    return days


def next_meeting(course: list[Meeting], day: date) -> Meeting | None:
    """The one that the case system names as next on a day: what was held is behind it."""
    return next((one for one in course if one.held >= day), None)


def by_day(courses: Courses) -> dict[date, list[Meeting]]:
    """What happens on which day: a change decided, an adjournment, a confirmation."""
    found: dict[date, list[Meeting]] = defaultdict(list)
    for course in courses.values():
        for one in course:
            for day in {one.decided_on, one.due, one.confirmed_on}:
                found[day].append(one)
    return found
