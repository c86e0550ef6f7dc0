"""The reviews of a simulated year with their last lawful days, for anybody to reckon again."""

from datetime import date
from typing import Any

from sqlmodel import Session, col, select

from backend.people.models import Person
from backend.reviews import measures, timeliness
from backend.reviews.limits import REVIEW, counted_on
from backend.reviews.measures import Counted, Measures
from backend.reviews.models import Review

Told = dict[str, Any]


def lines_of(session: Session, first: date, last: date) -> list[Told]:
    """Every statutory review that was held, and every one that stands open, by child and day: with
    what it is judged by, and whether it counts between two days."""
    judged = {one.review_id: one for one in timeliness.reviews_to_measure(session)}
    rows = session.exec(
        select(Review, Person)
        .join(Person, col(Person.id) == col(Review.person_id))
        .where(Review.kind == REVIEW)
    ).all()
    lines = [
        _line(review, person, judged.get(review.id or 0), (first, last))
        for review, person in rows
        if review.cancelled_on is None or review.id in judged
    ]
    return sorted(lines, key=lambda one: (one["child"], one["counted_on"] or "9", one["due_on"]))


def _line(review: Review, person: Person, judged: Counted | None, span: tuple[date, date]) -> Told:
    first, last = span
    days = {
        "became_looked_after_on": person.became_looked_after_on,
        "due_on": review.due_on,
        "held_on": review.held_on,
        "counted_on": counted_on(review),
        "counted_from": review.counted_from,
        "last_lawful_day": review.latest_on,
        "judged_by": judged.last_day if judged else None,
        "ended_on": judged.ended_on if judged else None,
        "adjourned_until": judged.waits_until if judged else None,
    }
    counts = judged is not None and measures.falls_in(judged, first, last)
    return {
        "child": person.child_id,
        "rule": review.rule,
        "is_confirmed_here": review.confirmed_at is not None,
        **{key: day.isoformat() if day else None for key, day in days.items()},
        "counts": counts,
        "days_late": measures.days_late(judged, last) if judged and counts else None,
    }


def children_of(session: Session, first: date, last: date) -> list[Told]:
    """Every child looked after at the end, and what the measure makes of them: on_time, late,
    first_not_yet_due or not_judged."""
    reviews = timeliness.reviews_to_measure(session)
    names = {one.id: one.child_id for one in session.exec(select(Person)).all()}
    found = []
    for child in timeliness.children_to_measure(session, last):
        theirs = [one for one in reviews if one.person_id == child.person_id]
        state = measures.state_of(theirs, first, last)
        found.append({"child": names[child.person_id], "state": state})
    return sorted(found, key=lambda one: str(one["child"]))


def measured(session: Session, first: date, last: date) -> Measures:
    """The council's own measure over the year."""
    return measures.measure(
        timeliness.children_to_measure(session, last),
        timeliness.reviews_to_measure(session),
        first=first,
        last=last,
    )


def told_measures(found: Measures) -> Told:
    """The measures with all that each share rests on, by name."""
    return {
        "children": found.children,
        "children_on_time": found.children_on_time,
        "children_share": _share(found.children_on_time, found.children),
        "children_first_not_yet_due": found.first_not_yet_due,
        "children_not_judged": found.children_not_judged,
        "children_without_review": found.children_without_review,
        "reviews": found.reviews,
        "reviews_on_time": found.reviews_on_time,
        "reviews_share": _share(found.reviews_on_time, found.reviews),
        "reviews_not_judged": found.reviews_not_judged,
        "reviews_still_to_hold": found.still_to_hold,
        "days_late": list(found.days_late),
        "reasons": dict(found.reasons),
    }


def _share(part: int, whole: int) -> float | None:
    share = measures.share(part, whole)
    return None if share is None else round(share, 1)
