"""When each instrument is asked and of whom: one table, so that every side is asked alike."""

from dataclasses import dataclass
from datetime import date, timedelta

from backend.core.access.permissions import Kind
from backend.surveys.instruments.structure import Moment

BEFORE_REVIEW, HOME = Moment.BEFORE_REVIEW.value, Moment.HOME.value
HOME_MOVE, HOME_FIRST = Moment.HOME_MOVE.value, Moment.HOME_FIRST.value
HOME_ENDED, ANYTIME = Moment.HOME_ENDED.value, Moment.ANYTIME.value
KEEP_IN_TOUCH, NEXT_HOME = Moment.KEEP_IN_TOUCH.value, Moment.NEXT_HOME.value
OBSERVER = Moment.OBSERVER.value

# What is said of the home of today, at whichever moment of the stay.
HOME_NOW = (HOME_MOVE, HOME_FIRST, HOME)
HOME_MOMENTS = (*HOME_NOW, HOME_ENDED)
# Open at all times, and never a reason to invite anybody.
ALWAYS_OPEN = (ANYTIME, KEEP_IN_TOUCH, NEXT_HOME)

YOUNG = (Kind.CHILD, Kind.CARE_LEAVER)
CARERS = (Kind.CARER, Kind.PROVIDER_STAFF)
ASKED: dict[str, tuple[Kind, ...]] = {
    BEFORE_REVIEW: (*YOUNG, *CARERS, Kind.PARENT, Kind.OTHER),
    # The young person's own answers about a home where they have lived for long are a topic of
    # their review form; the adults' stand beside it.
    HOME: (*CARERS, Kind.SOCIAL_WORKER),
    HOME_MOVE: (*YOUNG, *CARERS, Kind.SOCIAL_WORKER),
    HOME_FIRST: (*YOUNG, *CARERS, Kind.SOCIAL_WORKER),
    HOME_ENDED: (*YOUNG, *CARERS, Kind.SOCIAL_WORKER),
    OBSERVER: (*CARERS, Kind.SOCIAL_WORKER, Kind.OTHER),
    ANYTIME: YOUNG,
    KEEP_IN_TOUCH: (Kind.CARE_LEAVER,),
    NEXT_HOME: YOUNG,
}


@dataclass(frozen=True)
class Stretch:
    """From which day of a stay (or after its end) to which other a round is open."""

    opens_after: timedelta
    closes_after: timedelta

    def days(self, begins: date) -> tuple[date, date]:
        """The first and last day of the round of a stay that began (or ended) on that day."""
        return begins + self.opens_after, begins + self.closes_after


# The move is asked about at the statutory visit within a week of it (regulation 28 of the Care
# Planning Regulations 2010), with two more weeks for who was not reached.
SINCE_START = {
    HOME_MOVE: Stretch(timedelta(0), timedelta(days=21)),
    HOME_FIRST: Stretch(timedelta(weeks=4), timedelta(weeks=12)),
}
SINCE_END = Stretch(timedelta(0), timedelta(weeks=6))
# From then on a stay is asked about each half-year.
LONGER_TERM_AFTER = SINCE_START[HOME_FIRST].closes_after


def is_asked(kind: Kind, moment: str) -> bool:
    """Whether somebody of this kind is asked anything at this moment."""
    return kind in ASKED.get(moment, ())


def is_longer_term(started_on: date | None, today: date) -> bool:
    """Whether a stay is past its first weeks; one whose start nobody knows is taken as such."""
    return started_on is None or started_on + LONGER_TERM_AFTER < today


def is_shown_by_others(*, age: int, communication: str, is_chosen: bool) -> bool:
    """Whether an adult is asked to tell how a child shows what they feel: for under-fours, for
    whom the extract says "observer", and for whom the worker or IRO chose it."""
    return age < OBSERVED_UNDER or communication == OBSERVER or is_chosen


OBSERVED_UNDER = 4
