"""Holds Annex A against the people of the extract: completes whom it knows, lists who is missing.

It adds nobody and ends nobody: see docs/decisions/0022.
"""

from collections import defaultdict
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from sqlmodel import Session

from backend.imports.annex_lists import AnnexRow
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


class AnnexWriter:
    """One workbook while it is held against the living, in the caller's transaction."""

    def __init__(self, session: Session, report: ImportReport, *, actor: str) -> None:
        self.session = session
        self.report = report
        self.actor = actor
        self.living = people_queries.living(session)
        self.homes = placements_queries.homes_of(session, [one.id or 0 for one in self.living])
        self.held: dict[tuple[int, str], set[date]] = defaultdict(set)
        for review in reviews_queries.held_between(session, date.min, date.max):
            if review.held_on is not None:
                self.held[review.person_id, review.kind].add(review.held_on)

    def write(self, rows: list[AnnexRow]) -> None:
        """Complete whom the rows and the extract both know, and list everybody else."""
        matched: dict[int, AnnexRow] = {}
        waiting: set[int] = set()
        for row in rows:
            person, is_sure = self._person_of(row, rows)
            if person is None:
                self._list_unknown(row)
            elif not is_sure:
                waiting.add(person.id or 0)
            else:
                matched[person.id or 0] = row
        for person in self.living:
            if (known := matched.get(person.id or 0)) is not None:
                self._complete(person, known)
        self._list_absent(set(matched) | waiting, has_leavers=any(row.is_leaver for row in rows))

    def _person_of(self, row: AnnexRow, rows: list[AnnexRow]) -> tuple["Person | None", bool]:
        """Who a row is, and whether that is sure: an id and a date of birth that both fit."""
        for person in self.living:
            if person.date_of_birth == row.date_of_birth and row.child_id in _ids(person):
                return person, True
        if (confirmed := self._confirmed(row)) is not None:
            return confirmed, True
        same_id = next((one for one in self.living if row.child_id in _ids(one)), None)
        if same_id is not None:
            return same_id, self._propose_birth(row, same_id)
        return self._likely(row, rows)

    def _confirmed(self, row: AnnexRow) -> "Person | None":
        """The person whom somebody confirmed for this id and birth, at an earlier import."""
        for person in self.living:
            details = (person.id or 0, row.child_id, row.date_of_birth)
            if row.date_of_birth == person.date_of_birth or row.child_id in _ids(person):
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

    def _likely(self, row: AnnexRow, rows: list[AnnexRow]) -> tuple["Person | None", bool]:
        """The one person of this birth whom no other row of the workbook fits, as a proposal."""
        same_birth = [one for one in self.living if one.date_of_birth == row.date_of_birth]
        rivals = sum(other.date_of_birth == row.date_of_birth for other in rows)
        if len(same_birth) != 1 or rivals != 1:
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
        name, _, line = row.where.rpartition(" line ")
        self.report.refuse(name, int(line), column, f"{reason}: put to a person on Imports")
        if is_new:
            self.report.proposals.append(f"{row.where}: {column} {reason}")

    def _list_unknown(self, row: AnnexRow) -> None:
        if row.ceased_on is None:
            self.report.list_under("In the workbook and not in Heard", f"{row.child_id}: {LACKS}")

    def _list_absent(self, found: set[int], *, has_leavers: bool) -> None:
        for person in self.living:
            is_listed = person.group == "looked_after" or (
                person.group == people_queries.CARE_LEAVER and has_leavers
            )
            if is_listed and person.id not in found:
                self.report.list_under("In Heard and not in the workbook", person.child_id)

    def _complete(self, person: "Person", row: AnnexRow) -> None:
        wanted = dict(row.values)
        # The column asks about the last twelve months: a "no" there takes back no earlier "yes".
        if person.is_unaccompanied and wanted.get("is_unaccompanied") is False:
            del wanted["is_unaccompanied"]
        done = people.complete_person(self.session, self.actor, person, values=wanted)
        self.report.count("people", done)
        self._keep_review(person, row)
        self._compare_home(person, row)

    def _keep_review(self, person: "Person", row: AnnexRow) -> None:
        if row.latest_review is None:
            return
        kind = "pathway" if row.is_leaver else "review"
        if row.is_leaver != (person.group == people_queries.CARE_LEAVER):
            return
        days = self.held[person.id or 0, kind]
        near = next((day for day in days if abs(day - row.latest_review) <= SAME_REVIEW), None)
        if near is not None:
            if near != row.latest_review:
                self._differ(
                    person, f"review on {row.latest_review:%d/%m/%Y}, here {near:%d/%m/%Y}"
                )
            self.report.count("reviews held", "unchanged")
            return
        days.add(row.latest_review)
        reviews.record_held(
            self.session,
            person.id or 0,
            kind=kind,
            held_on=row.latest_review,
            participation_code=None,
        )
        self.report.count("reviews held", "added")

    def _compare_home(self, person: "Person", row: AnnexRow) -> None:
        """The extract says where somebody lives: Annex A only fills a start that it leaves out."""
        home = self.homes.get(person.id or 0)
        if home is None or row.is_leaver:
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
        self.report.list_under(
            "Where the workbook and the extract differ", f"{person.child_id}: {text}"
        )


def _ids(person: "Person") -> tuple[Any, ...]:
    return tuple(one for one in (person.child_id, person.id_903) if one)
