"""Holds Annex A against the people of the extract: completes whom it knows, lists who is missing.

It adds nobody and ends nobody: see docs/decisions/0022.
"""

from collections import Counter, defaultdict
from datetime import date, timedelta
from typing import TYPE_CHECKING

from sqlmodel import Session

from backend.imports.annex_headings import CHILDREN, LEAVERS
from backend.imports.annex_lists import PATHWAY, REVIEW, AnnexRow, AnnexRows
from backend.imports.annex_values import same_id
from backend.imports.proposals import propose_other_annex, propose_other_annex_birth
from backend.imports.reports import ImportReport
from backend.people import queries as people_queries
from backend.people import service as people
from backend.placements import queries as placements_queries
from backend.placements import service as placements
from backend.reviews import queries as reviews_queries
from backend.reviews import service as reviews

if TYPE_CHECKING:
    from backend.people.models import Person

OTHER_BIRTH = "has another date of birth than the one we have for this id"
LIKELY = "is no id of ours, but one person here was born on that day"
LACKS = "Heard would not know who works with them, who looks after them or what they are called"
# The case system dates a review by its record or by its meeting: within this it is the same one.
SAME_REVIEW = timedelta(days=5)
NOT_HERE, NOT_THERE = "In the workbook and not in Heard", "In Heard and not in the workbook"
DIFFERENT = "Where the workbook and the extract differ"


class AnnexWriter:
    """One workbook while it is held against the living, in the caller's transaction."""

    def __init__(self, session: Session, report: ImportReport, *, actor: str) -> None:
        self.session = session
        self.report = report
        self.actor = actor
        self.living = people_queries.living(session)
        self.by_birth: dict[date, list[Person]] = defaultdict(list)
        self.by_id: dict[str, list[Person]] = defaultdict(list)
        for person in self.living:
            self.by_birth[person.date_of_birth].append(person)
            for one in _ids(person):
                self.by_id[one].append(person)
        self.births_there: Counter[date] = Counter()
        self.homes = placements_queries.homes_of(session, [one.id or 0 for one in self.living])
        self.held: dict[tuple[int, str], set[date]] = defaultdict(set)
        for review in reviews_queries.held_between(session, date.min, date.max):
            if review.held_on is not None:
                self.held[review.person_id, review.kind].add(review.held_on)

    def write(self, found: AnnexRows) -> None:
        """Complete whom the rows and the extract both know, and list everybody else."""
        matched: dict[int, AnnexRow] = {}
        waiting: set[int] = set()
        self.births_there = Counter(row.date_of_birth for row in found.people)
        for row in found.people:
            person, is_sure = self._person_of(row)
            if person is None:
                self._list_unknown(row)
            elif not is_sure:
                waiting.add(person.id or 0)
            elif (person.id or 0) in matched:
                self._refuse(
                    row, "child_id", f"is the child of {matched[person.id or 0].where} too"
                )
            else:
                matched[person.id or 0] = row
        for person in self.living:
            if (known := matched.get(person.id or 0)) is not None:
                self._complete(person, known)
        self._list_absent(set(matched) | waiting, found.list_names)

    def _person_of(self, row: AnnexRow) -> tuple["Person | None", bool]:
        """Who a row is, and whether that is sure: an id and a date of birth that both fit."""
        with_id = self.by_id.get(same_id(row.child_id), [])
        both = [one for one in with_id if one.date_of_birth == row.date_of_birth]
        exact = [one for one in both if row.child_id in (one.child_id, one.id_903)]
        if len(exact or both) == 1:
            return (exact or both)[0], True
        if (confirmed := self._confirmed(row, with_id)) is not None:
            return confirmed, True
        if with_id:
            return with_id[0], self._propose_birth(row, with_id[0])
        return self._likely(row)

    def _confirmed(self, row: AnnexRow, with_id: list["Person"]) -> "Person | None":
        """The person whom somebody confirmed for this id and birth, at an earlier import."""
        for person in [*with_id, *self.by_birth.get(row.date_of_birth, [])]:
            details = (person.id or 0, row.child_id, row.date_of_birth)
            _, decision = propose_other_annex(self.session, *details, is_dry=True)
            if decision == "accepted":
                return person
        return None

    def _propose_birth(self, row: AnnexRow, person: "Person") -> bool:
        is_new, decision = propose_other_annex_birth(
            self.session, person.id or 0, row.child_id, row.date_of_birth
        )
        if decision is None:
            self._wait(row, "date_of_birth", OTHER_BIRTH, is_new=is_new)
        return decision == "accepted"

    def _likely(self, row: AnnexRow) -> tuple["Person | None", bool]:
        """The one person of this birth whom no other row of the workbook fits, as a proposal."""
        same_birth = self.by_birth.get(row.date_of_birth, [])
        if len(same_birth) != 1 or self.births_there[row.date_of_birth] != 1:
            return None, False
        person = same_birth[0]
        is_new, decision = propose_other_annex(
            self.session, person.id or 0, row.child_id, row.date_of_birth
        )
        if decision is None:
            self._wait(row, "child_id", LIKELY, is_new=is_new)
            return person, False
        return (person, True) if decision == "accepted" else (None, False)

    def _wait(self, row: AnnexRow, column: str, reason: str, *, is_new: bool) -> None:
        self._refuse(row, column, f"{reason}: put to a person on Imports")
        if is_new:
            self.report.proposals.append(f"{row.where}: {column} {reason}")

    def _refuse(self, row: AnnexRow, column: str, reason: str) -> None:
        name, _, line = row.where.rpartition(" line ")
        self.report.refuse(name, int(line), column, reason)

    def _list_unknown(self, row: AnnexRow) -> None:
        if row.ceased_on is None:
            self.report.list_under(NOT_HERE, f"{row.child_id}: {LACKS}")

    def _list_absent(self, found: set[int], list_names: frozenset[str]) -> None:
        """Who should stand in a list that the workbook has; a list that it lacks says nothing."""
        lists = {"looked_after": CHILDREN, people_queries.CARE_LEAVER: LEAVERS}
        for person in self.living:
            if lists.get(person.group) in list_names and person.id not in found:
                self.report.list_under(NOT_THERE, person.child_id)

    def _complete(self, person: "Person", row: AnnexRow) -> None:
        wanted = dict(row.values)
        # The column asks about the last twelve months: a "no" there takes back no earlier "yes".
        if person.is_unaccompanied and wanted.get("is_unaccompanied") is False:
            del wanted["is_unaccompanied"]
        done = people.complete_person(self.session, self.actor, person, values=wanted)
        self.report.count("people", done)
        self._keep_review(person, row)
        self._compare_group(person, row)
        self._compare_home(person, row)

    def _compare_group(self, person: "Person", row: AnnexRow) -> None:
        """The extract says who is looked after and who is a care leaver: this is only listed."""
        is_leaver = person.group == people_queries.CARE_LEAVER
        if not is_leaver and row.ceased_on is not None:
            self._differ(person, f"looked after until {row.ceased_on:%d/%m/%Y}, here still")
        elif is_leaver and row.is_looked_after:
            self._differ(person, "looked after, here a care leaver")

    def _keep_review(self, person: "Person", row: AnnexRow) -> None:
        kind = PATHWAY if person.group == people_queries.CARE_LEAVER else REVIEW
        latest = row.reviews.get(kind)
        if latest is None:
            return
        days = self.held[person.id or 0, kind]
        near = next((day for day in days if abs(day - latest) <= SAME_REVIEW), None)
        if near is not None:
            if near != latest:
                self._differ(person, f"review on {latest:%d/%m/%Y}, here {near:%d/%m/%Y}")
            self.report.count("reviews held", "unchanged")
            return
        days.add(latest)
        reviews.record_held(
            self.session,
            person.id or 0,
            kind=kind,
            held_on=latest,
            participation_code=None,
            closes_open=True,
        )
        self.report.count("reviews held", "added")

    def _compare_home(self, person: "Person", row: AnnexRow) -> None:
        """The extract says where somebody lives: Annex A only fills a start that it leaves out."""
        home = self.homes.get(person.id or 0)
        if home is None or not row.is_looked_after:
            return
        if row.placement_type and home.type_code and row.placement_type != home.type_code:
            self._differ(person, f"placement type {row.placement_type}, here {home.type_code}")
        elif row.placement_start is not None:
            done, ours = placements.complete_start(
                self.session, person.id or 0, started_on=row.placement_start
            )
            self.report.count("placements", done)
            if ours is not None and ours != row.placement_start:
                there = f"{row.placement_start:%d/%m/%Y}"
                self._differ(person, f"placement began on {there}, here {ours:%d/%m/%Y}")

    def _differ(self, person: "Person", text: str) -> None:
        self.report.list_under(DIFFERENT, f"{person.child_id}: {text}")


def _ids(person: "Person") -> set[str]:
    return {same_id(one) for one in (person.child_id, person.id_903) if one}
