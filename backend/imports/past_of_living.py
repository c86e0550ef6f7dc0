"""What past returns tell of the living: since when they are looked after, and reviews held."""

from collections import defaultdict
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from sqlmodel import Session

from backend.history import queries as history
from backend.history.queries import LinkedPast, PastEpisode
from backend.imports.annex_values import ETHNICITIES, LEGAL_STATUSES
from backend.imports.reports import ImportReport
from backend.people import queries as people_queries
from backend.people import service as people
from backend.reviews import queries as reviews_queries
from backend.reviews import service as reviews

if TYPE_CHECKING:
    from backend.people.models import Person

GENDERS = {"1": "male", "M": "male", "2": "female", "F": "female", "U": "other"}
# The case system dates a review by its record or by its meeting: within this it is the same one.
SAME_REVIEW = timedelta(days=5)


def complete_the_living(session: Session, report: ImportReport, *, actor: str) -> None:
    """Complete people whom returns know: only what nothing newer has told us.

    A start of care later than the one we have replaces it, because then the child came back.
    """
    pasts = history.pasts_of_linked(session)
    if not pasts:
        return
    newest = history.newest_year_end(session)
    held = _held_days(session)
    for person in people_queries.living(session):
        past = pasts.get(person.id or 0)
        if past is None:
            continue
        began = period_began(past.episodes, newest)
        done = _complete(session, actor, person, past, began)
        report.count("living people", done)
        if person.group == "looked_after":
            since = person.became_looked_after_on or began or date.min
            _keep_reviews(session, report, person, past, since, held[person.id or 0])


def period_began(episodes: list[PastEpisode], newest: date | None) -> date | None:
    """When the present period of care began; None where it is over, or began before any return.

    `episodes` the oldest first; the period is present where its last episode is open in the newest
    return of all.
    """
    if not episodes:
        return None
    last = episodes[-1]
    if last.ended_on is not None or last.year_end != newest:
        return None
    began = None
    ended: date | None = None
    for episode in episodes:
        if ended is not None and episode.started_on > ended:
            began = None  # a gap: whatever went before was another period
        if episode.reason_started == "S":
            began = episode.started_on
        ended = episode.ended_on
    return began


def _complete(
    session: Session, actor: str, person: "Person", past: LinkedPast, began: date | None
) -> str:
    last = past.episodes[-1] if past.episodes else None
    values: dict[str, Any] = {
        "gender": GENDERS.get(past.sex.upper(), ""),
        "ethnicity": past.ethnicity if past.ethnicity in ETHNICITIES else "",
        "is_unaccompanied": past.is_unaccompanied or None,
    }
    if person.group == "looked_after" and last is not None and last.ended_on is None:
        status = last.legal_status
        values["legal_status"] = status if status in LEGAL_STATUSES else ""
    values = {key: value for key, value in values.items() if value not in (None, "")}
    done = people.complete_person(session, actor, person, values=values, is_filling=True)
    is_later = began is not None and (person.became_looked_after_on or date.min) < began
    if person.group == "looked_after" and is_later:
        values = {"became_looked_after_on": began}
        return people.complete_person(session, actor, person, values=values)
    return done


def _held_days(session: Session) -> dict[int, dict[date, bool]]:
    """Days on which each child's reviews were held, and whether we know how the child took part."""
    held: dict[int, dict[date, bool]] = defaultdict(dict)
    for review in reviews_queries.held_between(session, date.min, date.max):
        if review.held_on is not None and review.kind == "review":
            is_whole = bool(review.participation_code or review.confirmed_at)
            held[review.person_id][review.held_on] = is_whole
    return held


def _keep_reviews(
    session: Session,
    report: ImportReport,
    person: "Person",
    past: LinkedPast,
    since: date,
    held: dict[date, bool],
) -> None:
    """Reviews of the present period of care; one that we know by its day only gets its code."""
    for day, code in past.reviews:
        if day < since:
            continue
        is_near = any(abs(known - day) <= SAME_REVIEW for known in held)
        if is_near and held.get(day, True):
            report.count("reviews held", "unchanged")
            continue
        done = "changed" if day in held else "added"
        reviews.record_held(
            session,
            person.id or 0,
            kind="review",
            held_on=day,
            participation_code=code or None,
            closes_open=True,
        )
        held[day] = True
        report.count("reviews held", done)
