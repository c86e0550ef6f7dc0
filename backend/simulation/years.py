"""Runs a year of the demo borough day by day on a fake clock, through the worker's own loop."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Engine
from sqlmodel import Session, col, select

from backend.core import clock
from backend.core.database import unit_of_work
from backend.demo.borough import generate
from backend.demo.doors import let_staff_in
from backend.imports import queries as imports
from backend.messaging.providers import standing_in
from backend.people.models import Person
from backend.reviews.models import Review
from backend.simulation.checks import Finding, check_year
from backend.simulation.colleagues import Colleagues
from backend.simulation.courses import by_day, plan
from backend.simulation.extracts import Extracts, choose
from backend.simulation.ledgers import Ledger
from backend.simulation.providers import Provider
from backend.simulation.reckoning import judged_by_regulation, recounted
from backend.simulation.timeliness import children_of, lines_of, measured, told_measures
from backend.simulation.writers import Writers
from backend.surveys.consultations import ASKED_BEFORE
from backend.surveys.models import Consultation
from backend.worker import Worker

MORNING, AFTERNOON = time(8, 10), time(17, 10)
MOST_STEPS = 100_000
REVIEWED_UNTIL = 25  # years of age
PASSWORD = "nobody signs in to a simulated year"  # noqa: S105  (an account needs one to work)


@dataclass(frozen=True)
class Terms:
    """Which year, of whom, and by which chance."""

    first: date
    last: date
    people: int | None = None
    seed: int = 1


def end_of(day: date) -> datetime:
    """The last moment at which anything happens on a simulated day."""
    return datetime.combine(day, AFTERNOON, clock.LONDON)


class Year:
    """One simulated year in a database of its own."""

    def __init__(self, engine: Engine, folder: Path, terms: Terms) -> None:
        self.engine, self.terms = engine, terms
        self.ledger = Ledger()
        borough = generate.make_borough(seed=terms.seed, founded_on=terms.first, today=terms.last)
        people = choose(borough, terms.people)
        self.courses = plan(borough, people, terms.first, terms.last)
        self.extracts = Extracts(borough, people, self.courses, folder)
        self._borough = borough
        self._by_day = by_day(self.courses)
        self._writers = Writers(terms.seed, self.ledger)
        self._colleagues = Colleagues(terms.seed, self.ledger)
        self._worker = Worker(engine)
        self.provider = Provider(terms.first, terms.seed)

    def run(
        self,
        say: Callable[[str], object] = lambda _: None,
        begin: Callable[[date], object] = lambda _: None,
    ) -> Ledger:
        """Every day from the first to the last; `say` hears of each month that is over, and
        `begin` of each day."""
        day = self.terms.first
        while day <= self.terms.last:
            begin(day)
            with standing_in(self.provider):
                with clock.set_to(datetime.combine(day, MORNING, clock.LONDON)):
                    self._morning(day)
                with clock.set_to(datetime.combine(day, AFTERNOON, clock.LONDON)):
                    self._afternoon(day)
            tomorrow = day + timedelta(days=1)
            if tomorrow.day == 1 or day == self.terms.last:
                say(self._so_far(day))
            day = tomorrow
        return self.ledger

    def _morning(self, day: date) -> None:
        if self.extracts.is_due(day):
            self.extracts.bring_in(self.engine, day)
            if day == self.terms.first:
                self._let_in()
        self._work()
        with unit_of_work(self.engine) as session:
            self._look_round(session, day)
            self._writers.hear(session, day)

    def _afternoon(self, day: date) -> None:
        is_quiet = not (
            day in self._by_day or self._writers.has_plans(day) or self._colleagues.has_plans(day)
        )
        if is_quiet:
            return  # nobody did anything, so nothing came up before tomorrow
        with unit_of_work(self.engine) as session:
            self._writers.answer(session, day)
            self._colleagues.hear(session, day)
            for meeting in self._by_day.get(day, ()):
                self._colleagues.meet(session, meeting, day)
            self._colleagues.answer(session, day)
        self._work()
        with unit_of_work(self.engine) as session:
            self._writers.hear(session, day)

    def _let_in(self) -> None:
        with unit_of_work(self.engine) as session:
            let_staff_in(session, self._borough, PASSWORD)
        self.extracts.bring_in_past(self.engine)

    def _work(self) -> None:
        for _ in range(MOST_STEPS):
            if not self._worker.step():
                return

    def _look_round(self, session: Session, day: date) -> None:
        """What holds on every morning: nobody is without an open review, and no review within two
        weeks without its open round."""
        if imports.is_stale(session):
            self.ledger.stale_days.append(day)
        self._look_for_the_missed(session, day)
        rows = session.exec(
            select(Review, col(Consultation.opens_on), col(Consultation.closes_on))
            .join(Person, col(Person.id) == col(Review.person_id))
            .join(
                Consultation,
                (col(Consultation.review_id) == col(Review.id))
                & (col(Consultation.moment) == "before_review"),
                isouter=True,
            )
            .where(
                col(Review.held_on).is_(None),
                col(Review.cancelled_on).is_(None),
                col(Review.due_on) <= day + ASKED_BEFORE,
                col(Person.left_on).is_(None),
            )
        ).all()
        for review, opens_on, closes_on in rows:
            self.ledger.rounds_looked_at.add(review.id or 0)
            if opens_on is None or not opens_on <= day <= closes_on:
                self.ledger.seen_wrong.append(
                    f"{day}: review {review.id}, due {review.due_on}, has no open round"
                )

    def _look_for_the_missed(self, session: Session, day: date) -> None:
        seen = set(
            session.exec(
                select(Review.person_id).where(
                    col(Review.held_on).is_(None), col(Review.cancelled_on).is_(None)
                )
            )
        )
        here = select(col(Person.id), col(Person.date_of_birth)).where(
            col(Person.left_on).is_(None)
        )
        for person_id, born in session.exec(here):
            self.ledger.people_looked_at.add(person_id or 0)
            is_young = (born.year + REVIEWED_UNTIL, born.month, born.day) > (
                day.year,
                day.month,
                day.day,
            )
            if is_young and person_id not in seen:
                self.ledger.without_review.append(f"{day}: person {person_id} has no open review")

    def examine(self, session: Session) -> list[Finding]:
        """What held of what Heard promises; the clock stands at the year's end."""
        told = self.told(session)
        return [
            *check_year(session, self.ledger, self.provider),
            judged_by_regulation(told["reviews"]),
            recounted(told),
        ]

    def told(self, session: Session) -> dict[str, Any]:
        """The year in figures, and every review and child that the shares on time rest on."""
        first, last = self.terms.first, self.terms.last
        timely = measured(session, first, last)
        return {
            "from": first.isoformat(),
            "to": last.isoformat(),
            "seed": self.terms.seed,
            "people": len(self.courses),
            "done": dict(self.ledger.done),
            "refused": dict(self.ledger.refused),
            "counts": {
                **{f"forms: {kind}": n for kind, n in self.ledger.forms_sent.items()},
                "answers sent": len(self.ledger.answers),
                "messages taken by the provider": len(self.provider.taken),
                "tries while the provider was away": self.provider.refused_while_away,
                "days with a stale extract": len(self.ledger.stale_days),
                "reviews on time": timely.reviews_on_time,
                "reviews late": timely.reviews_late,
                "children with every review on time": timely.children_on_time,
                "children with a late review": timely.children_late,
            },
            "timeliness": told_measures(timely),
            "children": children_of(session, first, last),
            "reviews": lines_of(session, first, last),
        }

    def _so_far(self, day: date) -> str:
        sent = sum(self.ledger.forms_sent.values())
        held = self.ledger.done["reviews confirmed"]
        return f"{day:%B %Y}: {held} reviews confirmed, {sent} forms answered so far"
