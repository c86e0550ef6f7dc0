"""What each member of staff sees first: reviews by date for IROs, people for workers."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from sqlmodel import Session

from backend.asks import queries as asks
from backend.core import clock
from backend.core.access.identity import StaffIdentity
from backend.core.access.permissions import Kind
from backend.core.access.predicates import is_lead
from backend.in_touch import queries as in_touch
from backend.messaging import queries as messaging
from backend.people import queries as people
from backend.placements import queries as placements
from backend.reviews import queries as reviews
from backend.safeguarding import queries as safeguarding
from backend.surveys import queries as surveys

if TYPE_CHECKING:
    from backend.in_touch.queries import TouchLine
    from backend.messaging.queries import ToHandOver, Undelivered
    from backend.people.models import Person
    from backend.reviews.models import Review

SIDES = {
    Kind.CHILD: "young_person",
    Kind.CARE_LEAVER: "young_person",
    Kind.CARER: "carer",
    Kind.PROVIDER_STAFF: "carer",
    Kind.PARENT: "parent",
    Kind.SOCIAL_WORKER: "worker",
    Kind.OTHER: "other",
}
ORDER = ("young_person", "carer", "parent", "worker", "other")
# Nobody is silent before the round is open: two weeks before the review.
SOON = 14
WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Line:
    """One person on a desk: the next review, who has answered for it, what waits."""

    person_id: int
    name: str
    age: int
    group: str
    home: str
    home_id: int | None
    review_id: int | None
    due_on: date | None
    days_left: int | None
    heard: frozenset[str]
    begun_on: date | None
    has_concern: bool
    open_asks: int
    overdue_asks: int
    held_back: int
    touch: "TouchLine | None"
    is_observed: bool
    meeting_at: datetime | None = None
    expected_on: date | None = None  # the meeting's day, else the day on which the review is due
    asked: frozenset[str] = frozenset()  # the sides that have somebody to ask
    undelivered: "tuple[Undelivered, ...]" = ()
    to_hand_over: "tuple[ToHandOver, ...]" = ()  # messages that wait for the worker
    decisions_to_look_at: int = 0  # whether a parent is invited, due to be looked at again
    cards_to_give: int = 0  # parents whom nobody but the worker calls, and who have nothing yet

    @property
    def silent(self) -> tuple[str, ...]:
        """The sides that are asked now and have not answered; nobody before the round opens."""
        is_open = self.days_left is not None and self.days_left <= SOON
        missing = (side for side in ORDER if side in self.asked and side not in self.heard)
        return tuple(missing) if is_open else ()

    @property
    def when(self) -> str:
        """Which part of the list it belongs to."""
        if self.days_left is None:
            return "undated"
        if self.days_left < 0:
            return "overdue"
        return "soon" if self.days_left <= SOON else "later"


def review_lines(session: Session, viewer: StaffIdentity) -> list[Line]:
    """The reviews that this IRO chairs or stands in for, by date."""
    return _lines(session, viewer, people.people_led_by(session, viewer))


def caseload_lines(session: Session, viewer: StaffIdentity) -> list[Line]:
    """The children and care leavers that this worker works with, by the next review's date."""
    return _lines(session, viewer, people.people_worked_by(session, viewer))


@dataclass(frozen=True)
class Around:
    """What stands around many people, asked once for all of them: the number of questions to the
    database does not grow with the caseload."""

    reviews: "dict[int, Review]"
    heard: dict[int, frozenset[Kind]]
    homes: "dict[int, tuple[str, int | None]]"
    worried: set[int]
    asks: dict[int, tuple[int, int]]
    held_back: dict[int, int]
    begun: dict[int, date]
    touches: "dict[int, TouchLine]"
    observed: set[int]
    asked: dict[int, frozenset[str]]
    undelivered: "dict[int, list[Undelivered]]"
    to_hand_over: "dict[int, list[ToHandOver]]"
    decisions: dict[int, int]
    cards: dict[int, int]


def _around(session: Session, viewer: StaffIdentity, persons: "dict[int, Person]") -> Around:
    open_reviews = reviews.next_reviews(session, persons)
    review_ids = {key: row.id for key, row in open_reviews.items()}
    homes = placements.homes_of(session, persons)
    tasks = surveys.tasks_for(session, viewer, persons)
    to_look_at = [one for one in people.parents_of(session, persons) if one.is_to_look_at]
    return Around(
        reviews=open_reviews,
        heard=surveys.heard_for_reviews(session, {key: review_ids.get(key) for key in persons}),
        homes={key: (home.name, home.id) for key, home in homes.items()},
        worried={line.person_id for line in safeguarding.open_concerns(session, viewer)},
        asks=asks.counts_by_person(session, viewer, persons),
        held_back=Counter(one.person_id for one in tasks if not one.outcome),
        begun=surveys.begun_on(session, persons),
        touches=in_touch.newest_touches(session, viewer, persons),
        observed=surveys.observed_now(session, persons),
        asked=_asked(session, persons),
        undelivered=messaging.undelivered(session, viewer, persons),
        to_hand_over=messaging.to_hand_over(session, viewer, persons),
        decisions=Counter(one.person_id for one in to_look_at),
        cards=Counter(one.person_id for one in surveys.to_hand_over(session, persons)),
    )


def _asked(session: Session, persons: "dict[int, Person]") -> dict[int, frozenset[str]]:
    """Which sides of each person have somebody who may answer."""
    found = {}
    own = surveys.with_own_form(session, persons)
    for person_id, lines in people.around_each(session, persons).items():
        sides = {SIDES[line.kind] for line in lines if line.invite != "no"}
        sides -= set() if person_id in own else {"young_person"}
        person = persons[person_id]
        has_worker = person.worker_id is not None or person.personal_adviser_id is not None
        # The eight taps are about a child's home, and not about a care leaver's own place.
        has_taps = has_worker and person.group != people.CARE_LEAVER
        found[person_id] = frozenset(sides | ({"worker"} if has_taps else set()))
    return found


def _lines(session: Session, viewer: StaffIdentity, found: "Iterable[Person]") -> list[Line]:
    persons = {person.id or 0: person for person in found}
    around = _around(session, viewer, persons)
    lines = [_line(viewer, person, around) for person in persons.values()]
    return sorted(lines, key=lambda line: (line.expected_on or date.max, line.name))


def _line(viewer: StaffIdentity, person: "Person", around: Around) -> Line:
    person_id, today = person.id or 0, clock.today()
    review = around.reviews.get(person_id)
    home, home_id = around.homes.get(person_id, ("", None))
    open_asks, overdue_asks = around.asks.get(person_id, (0, 0))
    expected_on = reviews.expected_on(review) if review else None
    leads = is_lead(viewer, people.case_of(person))
    return Line(
        person_id=person_id,
        name=person.known_as,
        age=people.age_on(person.date_of_birth, today),
        group=person.group,
        home=home,
        home_id=home_id,
        review_id=review.id if review else None,
        due_on=review.due_on if review else None,
        days_left=(expected_on - today).days if expected_on else None,
        heard=frozenset(SIDES[kind] for kind in around.heard.get(person_id, ())),
        begun_on=around.begun.get(person_id) if leads else None,
        has_concern=person_id in around.worried,
        open_asks=open_asks,
        overdue_asks=overdue_asks,
        touch=around.touches.get(person_id),
        is_observed=person_id in around.observed,
        held_back=around.held_back.get(person_id, 0),
        meeting_at=review.meeting_at if review else None,
        expected_on=expected_on,
        asked=around.asked.get(person_id, frozenset()),
        undelivered=tuple(around.undelivered.get(person_id, ())),
        to_hand_over=tuple(around.to_hand_over.get(person_id, ())),
        decisions_to_look_at=around.decisions.get(person_id, 0),
        cards_to_give=around.cards.get(person_id, 0),
    )
