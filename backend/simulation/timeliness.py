"""The reviews of a simulated year with their last lawful days, for anybody to reckon again."""

from collections import defaultdict
from datetime import date
from typing import Any

from sqlmodel import Session, col, select

from backend.people.models import Person
from backend.reviews import timescales
from backend.reviews.limits import REVIEW, counted_on
from backend.reviews.measures import Measures, measure
from backend.reviews.models import Review
from backend.reviews.timeliness import children_to_measure, reviews_to_measure
from backend.reviews.timescales import Rule
from backend.simulation.checks import Finding


def lines_of(session: Session) -> list[dict[str, Any]]:
    """Every statutory review that was held, by child and day, with what it was judged by."""
    rows = session.exec(
        select(Review, Person)
        .join(Person, col(Person.id) == col(Review.person_id))
        .where(Review.kind == REVIEW, col(Review.held_on).is_not(None))
    ).all()
    lines = [_line(review, person) for review, person in rows]
    return sorted(lines, key=lambda one: (one["child"], one["counted_on"]))


def _line(review: Review, person: Person) -> dict[str, Any]:
    days = {
        "became_looked_after_on": person.became_looked_after_on,
        "due_on": review.due_on,
        "held_on": review.held_on,
        "counted_on": counted_on(review),
        "counted_from": review.counted_from,
        "last_lawful_day": review.latest_on,
    }
    return {
        "child": person.child_id,
        "rule": review.rule,
        "is_confirmed_here": review.confirmed_at is not None,
        **{key: day.isoformat() if day else None for key, day in days.items()},
    }


def measured(session: Session, first: date, last: date) -> Measures:
    """The council's own measure over the year."""
    return measure(
        children_to_measure(session), reviews_to_measure(session), first=first, last=last
    )


def follows_from_the_one_before(session: Session) -> Finding:
    """Of each review confirmed here: its last lawful day counts from the review before it."""
    by_child: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for line in lines_of(session):
        by_child[line["child"]].append(line)
    looked_at, broken = 0, []
    for child, lines in by_child.items():
        for before, line in zip(lines, lines[1:], strict=False):
            if not line["is_confirmed_here"] or line["rule"] not in (Rule.SECOND, Rule.LATER):
                continue
            looked_at += 1
            months = timescales.SECOND_WITHIN if line["rule"] == Rule.SECOND else 6
            last = timescales.add_months(date.fromisoformat(before["counted_on"]), months)
            if line["last_lawful_day"] != last.isoformat():
                broken.append(f"{child}: {line['held_on']} judged by {line['last_lawful_day']}")
    return Finding("Each review is judged from the day of the one before it", looked_at, broken)
