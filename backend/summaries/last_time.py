"""Parts the asks of one young person: what came of last time, and what is asked now."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from backend.core import clock

if TYPE_CHECKING:
    from backend.asks.queries import AskLine
    from backend.reviews.models import Review

# A review is prepared from two weeks before its day: what is asked from then on belongs to it.
PREPARED = timedelta(days=14)
BROKEN = "Promise broken"
STATES = {
    "no": (0, BROKEN),
    "overdue": (1, "No answer, overdue"),
    "not_yet": (2, "Not yet, they say"),
    "open": (3, "No answer yet"),
    "with_lead": (4, "Answered, not yet seen by them"),
    "unsaid": (5, "Answered; they have not said"),
    "yes": (6, "Happened, they say"),
}


@dataclass(frozen=True)
class AskState:
    """One ask with what came of it, as one word of ours; `is_broken`: asked for and not done."""

    line: "AskLine"
    state: str

    @property
    def label(self) -> str:
        """What came of it."""
        return STATES[self.state][1]

    @property
    def is_broken(self) -> bool:
        """Whether the young person was promised something that did not come."""
        return self.state in ("no", "overdue", "not_yet")

    @property
    def place(self) -> tuple[int, date, int]:
        """What was not kept first, then what waits, then what came; the oldest first in each."""
        return STATES[self.state][0], self.line.due_on, self.line.ask_id


@dataclass(frozen=True)
class AskParts:
    """The asks of last time, and those that belong to this review."""

    last_time: tuple[AskState, ...]
    now: tuple[AskState, ...]

    @property
    def broken(self) -> tuple[AskState, ...]:
        """Of last time, what was promised and did not come."""
        return tuple(one for one in self.last_time if one.is_broken)

    @property
    def others(self) -> tuple[AskState, ...]:
        """Of last time, all the others."""
        return tuple(one for one in self.last_time if not one.is_broken)

    def count(self, *states: str) -> int:
        """How many of last time are in these states."""
        return sum(one.state in states for one in self.last_time)


def state_of(line: "AskLine") -> str:
    """What came of one ask: what the young person says goes before what staff say."""
    if line.has_happened:
        return str(line.has_happened)
    if line.is_overdue:
        return "overdue"
    return "unsaid" if line.state == "answered" else line.state


def part_asks(lines: Iterable["AskLine"], review: "Review", last: "Review | None") -> AskParts:
    """Asks by the review that they belong to; `last` is the one that was held before.

    Of older ones only what was not done is shown: it is still owed.
    """
    since = review.due_on - PREPARED
    before = last.held_on - PREPARED if last and last.held_on else date.min
    now, last_time = [], []
    for line in lines:
        one = AskState(line, state_of(line))
        asked_on = clock.in_london(line.asked_at).date()
        if asked_on >= since:
            now.append(one)
        elif asked_on >= before or one.state != "yes":
            last_time.append(one)
    return AskParts(
        tuple(sorted(last_time, key=lambda one: one.place)),
        tuple(sorted(now, key=lambda one: one.place)),
    )
