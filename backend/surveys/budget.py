"""The one budget of attention (product principle 9): how often a young person may be invited."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

BETWEEN = timedelta(days=30)
MOST_A_YEAR = 6
YEAR = timedelta(days=365)


class Occasion(StrEnum):
    """Why somebody would hear from us."""

    REVIEW = "review"  # the meeting will be held, so its invitation always goes
    MOMENT = "moment"  # a home moment, or any other form that is open for a while
    REMINDER = "reminder"  # of a review's round, once, where nothing was begun
    OWN_ASK = "own_ask"  # the answer to what they asked for themselves
    ALWAYS_OPEN = "always_open"  # nobody is called to a form that is open at all times


# What was asked of the young person; the rest was asked by them, or is never sent.
SPENDS = frozenset({Occasion.REVIEW, Occasion.MOMENT, Occasion.REMINDER})


@dataclass(frozen=True)
class Heard:
    """One time that a young person heard from us, over all forms and channels."""

    on: date
    occasion: Occasion


def may_invite(occasion: Occasion, history: Iterable[Heard], today: date) -> bool:
    """Whether a message may go today, given everything that went before.

    At most one invitation in 30 days and six in a year; a review's goes whatever went before
    and counts; an answer to an own ask always goes and never counts. A reminder belongs to an
    invitation that went, so the 30 days do not hold it; it is one of the six of a year.
    """
    if occasion is Occasion.ALWAYS_OPEN:
        return False
    if occasion in (Occasion.REVIEW, Occasion.OWN_ASK):
        return True
    spent = [one.on for one in history if one.occasion in SPENDS and one.on > today - YEAR]
    if len(spent) >= MOST_A_YEAR:
        return False
    return occasion is Occasion.REMINDER or all(on <= today - BETWEEN for on in spent)


def is_topic_of_review(due_on: date, reviews: Iterable[tuple[date, date]]) -> bool:
    """Whether a home moment becomes a topic of a review's form instead of being asked by itself:
    it is due within 30 days of the first or the last day of that review's round."""
    return any(first - BETWEEN <= due_on <= last + BETWEEN for first, last in reviews)
