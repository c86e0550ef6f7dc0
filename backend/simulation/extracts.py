"""The weekly extracts of a simulated year: changed workers and IROs, and a stale fortnight."""

from collections.abc import Collection
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from sqlalchemy import Engine

from backend.core.database import unit_of_work
from backend.demo.borough import generate
from backend.demo.borough.draws import stream
from backend.demo.borough.records import Borough, Case, Person
from backend.imports import service as imports
from backend.simulation.courses import Courses, next_meeting

WEEKLY_ON = 0  # Monday
STALE_FROM = 150  # days into the year: from then on no extract comes for three weeks
STALE_FOR = 21
CHANGES_SHARE = 0.3  # of people who get another IRO or worker once in the year
RUN_BY = "simulation"


def choose(borough: Borough, number: int | None) -> tuple[Person, ...]:
    """So many of the borough's people by chance, or all of them."""
    if number is None or number >= len(borough.people):
        return borough.people
    order = sorted(borough.people, key=lambda one: one.child_id)
    stream(borough.seed, "chosen").shuffle(order)
    return tuple(sorted(order[:number], key=lambda one: one.child_id))


class Extracts:
    """Writes and imports what the case system says, week by week."""

    def __init__(
        self, borough: Borough, people: Collection[Person], courses: Courses, folder: Path
    ) -> None:
        self._whole = borough
        self._borough = replace(borough, people=tuple(people))
        self._courses = courses
        self._folder = folder
        self.first = borough.founded_on
        self.brought_in: list[date] = []

    def is_due(self, day: date) -> bool:
        """Whether an extract comes today: on Mondays, but for the fortnight in which none does."""
        since = (day - self.first).days
        is_stale = STALE_FROM <= since < STALE_FROM + STALE_FOR
        return day == self.first or (day.weekday() == WEEKLY_ON and not is_stale)

    def bring_in(self, engine: Engine, day: date) -> None:
        """Import today's extract, as the nightly command would."""
        borough = generate.on_day(self._borough, day)
        cases = tuple(self._at(case, day) for case in borough.cases)
        path, _ = generate.write_extract(replace(borough, cases=cases), self._folder)
        with unit_of_work(engine) as session:
            imports.import_people(session, path, ran_by=RUN_BY)
        self.brought_in.append(day)

    def bring_in_past(self, engine: Engine) -> None:
        """Import the annual return of the year before, and Annex A as at the first day: when care
        began, what was held, and the newest review of each child."""
        folder, book = self._folder / "ssda903", self._folder / "annex-a.xlsx"
        # The council's return, whoever was chosen: of few children, none may have come in its year.
        generate.write_return(self._whole, folder)
        generate.write_annex(generate.on_day(self._borough, self.first), book)
        with unit_of_work(engine) as session:
            imports.import_return(session, folder, ran_by=RUN_BY)
        with unit_of_work(engine) as session:
            imports.import_annex(session, book, ran_by=RUN_BY)

    def _at(self, case: Case, day: date) -> Case:
        course = self._courses[case.person.child_id]
        meeting = next_meeting(course, day)
        named = meeting.next_named(day) if meeting else case.next_review
        return replace(case, person=self._with_others(case.person, day), next_review=named)

    def _with_others(self, person: Person, day: date) -> Person:
        """With another IRO or worker from some day on, for those to whom that happens."""
        chance = stream(self._borough.seed, "changed hands", person.child_id)
        since = self.first + timedelta(days=chance.randint(20, 330))
        if chance.random() > CHANGES_SHARE or day < since:
            return person
        if chance.random() < 0.5:
            return replace(person, iro_email=self._other("iro", person.iro_email))
        return replace(person, worker_email=self._other("social_worker", person.worker_email))

    def _other(self, role: str, email: str) -> str:
        emails = [one.email for one in self._borough.staff if one.role == role]
        return emails[(emails.index(email) + 1) % len(emails)] if email in emails else email
