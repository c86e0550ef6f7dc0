"""Gathers a year's figures of reviews, and how many reviews were on time, for one scope."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from backend.accounts import queries as accounts
from backend.annual import figures
from backend.annual.figures import Judged, Table
from backend.annual.recounts import Recount, recount
from backend.annual.scopes import Scope
from backend.annual.years import Span, Year
from backend.asks import queries as asks
from backend.core import clock
from backend.core.access.identity import StaffIdentity
from backend.placements import queries as placements
from backend.reviews import queries as reviews
from backend.summaries import queries as summaries
from backend.surveys import queries as surveys


@dataclass(frozen=True)
class OnTime:
    """The measures of one span, and, where they may be shown, those of each IRO's children and all
    that they rest on."""

    span: Span
    measures: reviews.Measures
    by_iro: tuple[tuple[str, reviews.Measures], ...]
    recount: Recount | None


@dataclass(frozen=True)
class NoTalk:
    """A review before which talking in private was not appropriate, and why."""

    review_id: int
    held_on: date
    why: str


@dataclass(frozen=True)
class Figures:
    """One year's figures of one scope; `spans` are the columns before the year's own. `no_talks`
    stand with their reasons where the scope is exact, the earliest first."""

    year: Year
    scope: Scope
    spans: tuple[Span, ...]
    tables: tuple[Table, ...]
    no_talks: tuple[NoTalk, ...] = ()


def spans_of(year: Year, scope: Scope, today: date) -> list[Span]:
    """The quarters that are told: for the whole council those that are over, so that no two days'
    figures, one beside the other, tell of a single child."""
    quarters = year.quarters(today)
    return quarters if scope.is_exact else [one for one in quarters if one.last < today]


def on_time(session: Session, viewer: StaffIdentity, scope: Scope, year: Year) -> OnTime | None:
    """How many children and reviews were on time in the year so far; None before any of it."""
    spans = spans_of(year, scope, clock.today())
    if not spans:
        return None
    span = Span(year.name, year.first, spans[-1].last)
    everybody = reviews.children_to_measure(session, span.last)
    children = [one for one in everybody if scope.holds(one.person_id)]
    counted = [one for one in reviews.reviews_to_measure(session) if scope.holds(one.person_id)]
    measured = reviews.measure(children, counted, first=span.first, last=span.last)
    by_iro = reviews.by_iro(children, counted, first=span.first, last=span.last)
    names = accounts.names_of(session, {key for key in by_iro if key is not None})
    lines = [(names.get(key or 0, "No IRO named"), one) for key, one in by_iro.items()]
    if not scope.is_exact:
        return OnTime(span, measured, (), None)
    one_by_one = recount(session, viewer, children, counted, span=span)
    return OnTime(span, measured, tuple(sorted(lines, key=lambda pair: pair[0])), one_by_one)


def year_figures(session: Session, scope: Scope, year: Year) -> Figures:
    """Everything that the annual report of the IRO service counts, for one scope."""
    today = clock.today()
    spans = spans_of(year, scope, today)
    if not spans:
        return Figures(year, scope, (), ())
    held = [
        Judged(one, reviews.judge(one))
        for one in reviews.statutory_held(session, spans[0].first, spans[-1].last)
        if scope.holds(one.person_id)
    ]
    codes = placements.participation_codes(spans[-1].last)
    of_reviews = figures.review_tables(held, spans, codes)
    columns = [*spans, Span("Year", year.first, spans[-1].last)]
    others = [_asks(session, scope, columns), _children(session, scope, held, columns)]
    if not scope.is_exact:
        of_reviews = figures.hold_back(of_reviews)
        others = [figures.hold_back_small(table) for table in others]
    no_talks = tuple(_no_talks(session, held)) if scope.is_exact else ()
    return Figures(year, scope, tuple(spans), (*of_reviews, *others), no_talks)


def _no_talks(session: Session, held: list[Judged]) -> Iterator[NoTalk]:
    for review in sorted((one.review for one in held), key=lambda one: one.held_on or date.min):
        if review.private_talk == reviews.NOT_APPROPRIATE and review.held_on is not None:
            why = summaries.private_talk_why(session, review)
            yield NoTalk(review.id or 0, review.held_on, why or "no reason was written down")


def _asks(session: Session, scope: Scope, columns: list[Span]) -> Table:
    found = [
        asks.figures(session, first=one.first, last=one.last, person_ids=scope.person_ids)
        for one in columns
    ]
    rows: list[tuple[str, list[int], int | None]] = [
        ("Asks made", [one.asked for one in found], None),
        ("In their own words, due in the time", [one.in_time.of for one in found], None),
        ("Of these, answered by the day", [one.in_time.count for one in found], 1),
        ("To see or hear from somebody, due", [one.first_contact.of for one in found], None),
        ("Of these, contact in one working day", [one.first_contact.count for one in found], 3),
        ("The child said what came of the answer", [one.happened.of for one in found], None),
        ("Of these, it happened", [one.happened.count for one in found], 5),
        ("Answered with a no", [one.refused for one in found], None),
        ("Advocates asked for", [one.advocates_asked for one in found], 0),
        ("Of these, contact made about one", [one.advocates_reached for one in found], 8),
        ("Disputes opened, informally", [one.disputes_informal for one in found], None),
        ("Disputes that became formal", [one.disputes_formal for one in found], None),
    ]
    return Table(
        "Asks, advocates and disputes",
        "Of everybody in this choice, care leavers too. Complaints, and what goes past the IRO, are"
        " not counted here.",
        tuple(figures.Line(label, tuple(numbers), part_of) for label, numbers, part_of in rows),
    )


def _children(session: Session, scope: Scope, held: list[Judged], columns: list[Span]) -> Table:
    def reviewed(span: Span) -> set[int]:
        return {one.review.person_id for one in held if span.holds(one.review.held_on)}

    def talked(span: Span) -> set[int]:
        return {
            one.review.person_id
            for one in held
            if span.holds(one.review.held_on) and one.review.private_talk == "done"
        }

    def not_seen(span: Span) -> int:
        return len(reviewed(span) - surveys.seen_alone(session, first=span.first, last=span.last))

    counts: list[tuple[str, Callable[[Span], int], int | None]] = [
        ("Children with a review", lambda span: len(reviewed(span)), None),
        ("Of these, no talk in private", lambda span: len(reviewed(span) - talked(span)), 0),
        ("Of these, not seen alone by the worker", not_seen, 0),
    ]
    return Table(
        "Children not seen alone",
        "Children with a statutory review held in the time, each counted once. Whether the worker "
        "saw them alone is what the worker’s taps and private visits here say; a visit that stands "
        "only in the case system is not known.",
        tuple(
            figures.Line(label, tuple(count(one) for one in columns), part_of)
            for label, count, part_of in counts
        ),
    )
