"""What the page of a review's dates shows: the day and its rule, the meeting, what changed."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from sqlmodel import Session

from backend.core import clock
from backend.people import queries as people
from backend.reviews import queries, timescales
from backend.reviews.histories import ChangeLine, lines_of
from backend.reviews.limits import adult_on, counted_on, rows_of
from backend.reviews.models import Review
from backend.reviews.timescales import Basis, Rule

if TYPE_CHECKING:
    from backend.people.models import Person

# Practice, not law: a meeting at least once a year, even where not every review needs one.
MEETING_EVERY = 12  # months


@dataclass(frozen=True)
class Dates:
    """Everything on the page."""

    review: Review
    name: str
    is_pathway: bool
    why: str
    limit: str  # what the last day allowed rests on; "" where none is known
    is_later: bool
    is_local_rule: bool  # short breaks and pathway plans: what the council set
    is_open: bool
    days_late: int
    meeting_day: date | None
    turns_adult_on: date | None  # where that comes before the review
    no_meeting_since: date | None
    following: Review | None
    history: tuple[ChangeLine, ...]


def dates_of(session: Session, review: Review, person: "Person") -> Dates:
    """The dates of one review; who may see them is the caller's to ask."""
    rows = rows_of(session, review.person_id)
    following = queries.next_review(session, review.person_id)
    is_open = review.held_on is None and review.cancelled_on is None
    is_child = review.kind == "review" and person.group != people.CARE_LEAVER
    turns = adult_on(person)
    return Dates(
        review=review,
        name=person.known_as,
        is_pathway=review.kind == "pathway",
        why=why_due(review),
        limit=limit_words(review),
        is_later=is_open and queries.is_later_than_allowed(review),
        is_local_rule=review.rule not in (Rule.FIRST, Rule.SECOND, Rule.LATER),
        is_open=is_open,
        days_late=late_by(review),
        meeting_day=clock.in_london(review.meeting_at).date() if review.meeting_at else None,
        turns_adult_on=turns if is_open and is_child and turns <= review.due_on else None,
        no_meeting_since=_no_meeting_since(rows) if is_open else None,
        following=following if following and following.id != review.id else None,
        history=lines_of(session, review),
    )


def why_due(review: Review) -> str:
    """Where the day on which a review is due comes from, in a sentence."""
    sentences = {
        Basis.EXTRACT: "The case system gives this day.",
        Basis.MOVED: "It was moved to this day here: see what changed.",
        Basis.BROUGHT_FORWARD: "It was brought forward to this day here: see what changed.",
    }
    if (found := sentences.get(Basis(review.basis))) is not None:
        return found
    if review.latest_on is None:
        return (
            "The case system gives no day, and no earlier review is known here. Until somebody "
            "gives one, it stands 20 working days after that was noticed."
        )
    return f"The case system gives no day. {limit_words(review)}"


def limit_words(review: Review) -> str:
    """Which rule gives the last day that is allowed, and the day that it counts from."""
    if review.rule is None or review.counted_from is None:
        return ""
    day = f"{review.counted_from.day} {review.counted_from:%b %Y}"
    return {
        Rule.FIRST: f"Regulation 33: within 20 working days of coming into care on {day}.",
        Rule.SECOND: f"Regulation 33: within three months of the first review, on {day}.",
        Rule.LATER: f"Regulation 33: within six months of the review before, on {day}.",
        Rule.SHORT_BREAKS_FIRST: f"Short breaks, as the council set it, from {day}.",
        Rule.SHORT_BREAKS_LATER: f"Short breaks, as the council set it, from the review on {day}.",
        Rule.PATHWAY: f"Pathway plan, as the council set it, from {day}.",
    }[Rule(review.rule)]


def late_by(review: Review) -> int:
    """How many days a review was held after the last day allowed, or is overdue by today; one that
    began in time and was adjourned is not, while it may still be taken up."""
    day, last = counted_on(review), review.latest_on
    if last is None or review.cancelled_on is not None:
        return 0
    if (
        day is None
        and review.adjourned_on is not None
        and not queries.is_later_than_allowed(review)
    ):
        return 0
    return max(0, ((day or clock.today()) - last).days)


def _no_meeting_since(rows: list[Review]) -> date | None:
    """The day of the last meeting, where that was over a year ago and reviews were held since."""
    held = [row for row in rows if row.held_on is not None]
    met = [day for row in held if row.has_meeting and (day := counted_on(row))]
    if not met or (held and held[-1].has_meeting):
        return None
    return met[-1] if timescales.add_months(met[-1], MEETING_EVERY) < clock.today() else None
