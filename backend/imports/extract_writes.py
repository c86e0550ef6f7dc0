"""Writes what an extract says, through the services of the features that own the rows."""

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from backend.accounts import queries as accounts_queries
from backend.accounts import service as accounts
from backend.core.access.permissions import Role
from backend.imports.contact_lists import ContactLists
from backend.imports.proposals import propose_merge, propose_other_birth, propose_renumbered
from backend.imports.reports import ImportReport
from backend.imports.weekly_extracts import Extract, PersonRow
from backend.people import queries as people_queries
from backend.people import service as people
from backend.placements import service as placements
from backend.reviews import service as reviews

if TYPE_CHECKING:
    from backend.people.models import Person

OTHER_BIRTH = "is another than the one we have for this child_id"
RENUMBERED = "is new, but id_903 and date of birth are those of somebody missing in this file"


class ExtractWriter:
    """One extract while it is being written; everything happens in the caller's transaction."""

    def __init__(
        self, session: Session, report: ImportReport, *, actor: str, name: str, as_at: date
    ) -> None:
        self.session = session
        self.report = report
        self.actor = actor
        self.name = name
        self.as_at = as_at
        self.homes: dict[str, int] = {}
        self.staff: dict[tuple[str, Role], int] = {}

    def write(self, extract: Extract, contacts: ContactLists | None) -> None:
        """Bring people, homes, placements, reviews and contacts to what the extract says."""
        self.known = people_queries.ever_named(self.session)
        rows = self._rows_that_match(extract)
        self._propose_merges(extract)
        self._keep_homes(rows)
        self._keep_staff(rows)
        self._look_once()
        for row in rows:
            person_id = self._keep_person(row)
            is_moved = self._keep_placement(person_id, row)
            self._keep_review(person_id, row)
            if contacts is not None:
                self._keep_contacts(person_id, row.child_id, contacts)
            elif is_moved:
                # Without a new list of adults those of the old home would be asked about the new.
                ended = people.end_carers(self.session, person_id, on=self.as_at)
                self.report.count("contacts", "ended", ended)
        self._end_people(extract)
        self.session.flush()

    def _look_once(self) -> None:
        """Read at once what would else be asked for row by row: in most weeks most stays."""
        self.open_placements = placements.open_placements(self.session)
        self.open_reviews = reviews.open_reviews(self.session)
        self.contacts = people.extract_contacts(self.session)

    def _rows_that_match(self, extract: Extract) -> list[PersonRow]:
        """Rows of new people, and of known people with the date of birth that we have.

        Any other row waits for a person to decide, and meanwhile changes and ends nobody.
        """
        known = self.known
        missing: dict[tuple[str | None, date], Person] = {
            (person.id_903, person.date_of_birth): person
            for person in known.values()
            if person.id_903 and person.left_on is None and person.child_id not in extract.named
        }
        rows = []
        for row in extract.people.values():
            person = known.get(row.child_id)
            renumbered = missing.get((row.values.get("id_903"), row.date_of_birth))
            if person is not None and person.date_of_birth != row.date_of_birth:
                self._wait_for_birth(row, person.id or 0)
            elif person is None and renumbered is not None and self._waits(row, renumbered.id or 0):
                extract.named.add(renumbered.child_id)
            else:
                rows.append(row)
        return rows

    def _propose_merges(self, extract: Extract) -> None:
        """Of two known children of one birth, and one name or number in returns, only one is named:
        the case system has likely made them one. Until a person decides, nobody leaves."""
        known = self.known
        # The oldest first, so that a child who came with this file is not proposed the next time.
        named = sorted(
            (known[one] for one in extract.people if one in known), key=lambda one: one.id or 0
        )
        for gone in known.values():
            if gone.child_id in extract.named or gone.left_on is not None:
                continue
            kept = next((one for one in named if _are_likely_one(one, gone)), None)
            if kept is None:
                continue
            is_new, decision = propose_merge(
                self.session, kept_id=kept.id or 0, gone_id=gone.id or 0
            )
            if decision is None:
                extract.named.add(gone.child_id)
            if is_new:
                self.report.proposals.append(f"{self.name}: two children here are likely one")

    def _wait_for_birth(self, row: PersonRow, person_id: int) -> None:
        is_new = propose_other_birth(
            self.session,
            person_id=person_id,
            date_of_birth=row.date_of_birth,
            as_at=self.as_at,
        )
        self.report.births_waiting += 1
        self._put_to_a_person(row, "date_of_birth", OTHER_BIRTH, is_new=is_new)

    def _waits(self, row: PersonRow, person_id: int) -> bool:
        """Whether a row of a new child_id is likely that of a person whom we know by another."""
        is_new, decision = propose_renumbered(
            self.session,
            person_id=person_id,
            child_id=row.child_id,
            date_of_birth=row.date_of_birth,
        )
        if decision is None:
            self._put_to_a_person(row, "child_id", RENUMBERED, is_new=is_new)
        return decision is None

    def _put_to_a_person(self, row: PersonRow, column: str, reason: str, *, is_new: bool) -> None:
        self.report.refuse(self.name, row.line, column, f"{reason}: put to a person on Imports")
        self.report.files[0].rows_used -= 1
        if is_new:
            self.report.proposals.append(f"{self.name} line {row.line}: {column} {reason}")

    def _keep_homes(self, rows: list[PersonRow]) -> None:
        """Each provider and home once, as its first row has them; other rows that differ are
        listed, because writing each in turn would change the home at every import."""
        providers = self._keep_providers(rows)
        firsts: dict[str, PersonRow] = {}
        for row in rows:
            if not row.home_ref:
                continue
            first = firsts.setdefault(row.home_ref, row)
            if (first.home, first.provider_urn) != (row.home, row.provider_urn):
                self._note(row, "home_id", f"is described otherwise in line {first.line}")
        for home_ref, row in firsts.items():
            values: dict[str, str | int | None] = {**row.home}
            values.pop("provider_name", None)
            values["provider_id"] = providers.get(row.provider_urn)
            self.homes[home_ref], done = placements.keep_home(self.session, home_ref, values=values)
            self.report.count("homes", done)

    def _keep_providers(self, rows: list[PersonRow]) -> dict[str, int]:
        providers: dict[str, int] = {}
        names: dict[str, str | None] = {}
        for row in rows:
            urn, name = row.provider_urn, row.home.get("provider_name")
            if not urn:
                continue
            if urn in providers:
                if names[urn] != name:
                    self._note(row, "provider_name", "is another than for this URN above")
                continue
            names[urn] = name
            providers[urn], done = placements.keep_provider(self.session, urn, name=name)
            self.report.count("providers", done)
        return providers

    def _note(self, row: PersonRow, column: str, reason: str) -> None:
        self.report.refuse(self.name, row.line, column, reason, is_row_used=True)

    def _keep_staff(self, rows: list[PersonRow]) -> None:
        """An account without a password for everybody whom the extract names by address."""
        before = {line.staff_id: line for line in accounts_queries.staff_lines(self.session)}
        cells = [cell for row in rows for cell in row.staff.values() if cell is not None]
        # Who is named with a team comes first, because an account takes the team it begins with.
        for cell in sorted(cells, key=lambda cell: not cell.team):
            key = (cell.email.casefold(), cell.role)
            if key not in self.staff:
                self.staff[key] = accounts.ensure_staff(
                    self.session, name=cell.name, email=cell.email, role=cell.role, team=cell.team
                )
        for line in accounts_queries.staff_lines(self.session):
            if line.staff_id not in before:
                self.report.count("staff", "added")
            elif line != before[line.staff_id]:
                self.report.count("staff", "changed")

    def _keep_person(self, row: PersonRow) -> int:
        named = {
            key: self.staff[cell.email.casefold(), cell.role] if cell else None
            for key, cell in row.staff.items()
        }
        values = {**row.values, **named, "date_of_birth": row.date_of_birth}
        person_id, done = people.keep_person(
            self.session, self.actor, row.child_id, values=values, known=self.known
        )
        self.report.count("people", done)
        return person_id

    def _keep_placement(self, person_id: int, row: PersonRow) -> bool:
        """Whether the person left a home for another, or for none."""
        if row.home_ref is None:
            return False
        if not row.home_ref:
            ended = placements.end_placements(self.session, person_id, on=self.as_at)
            self.report.count("placements", "ended", ended)
            return bool(ended)
        done, ended = placements.keep_placement(
            self.session,
            person_id,
            self.homes[row.home_ref],
            started_on=row.placement_start,
            as_at=self.as_at,
            values=row.stay,
            current=self.open_placements.get(person_id, ()),
        )
        self.report.count("placements", done)
        self.report.count("placements", "ended", ended)
        return bool(ended)

    def _keep_review(self, person_id: int, row: PersonRow) -> None:
        if row.next_review is None:
            return
        kind = "pathway" if row.group == "care_leaver" else "review"
        is_open = self.open_reviews.get(person_id, ())
        if reviews.is_told_already(is_open, kind=kind, due_on=row.next_review):
            self.report.count("next reviews", "unchanged")
            return
        try:
            with self.session.begin_nested():
                is_changed = reviews.set_next_review(
                    self.session, person_id, kind=kind, due_on=row.next_review
                )
        except IntegrityError:
            # The case system has not yet moved on from a review that was confirmed here as held.
            self._note(row, "next_review", "is the day of a review that was held already")
            return
        self.report.count("next reviews", "changed" if is_changed else "unchanged")

    def _keep_contacts(self, person_id: int, child_id: str, contacts: ContactLists) -> None:
        counts: Mapping[str, int] = people.keep_contacts(
            self.session,
            person_id,
            contacts.by_child.get(child_id, []),
            as_at=self.as_at,
            is_whole=child_id not in contacts.in_doubt,
            rows=self.contacts.get(person_id, ()),
        )
        for what, number in counts.items():
            self.report.count("contacts", what, number)

    def _end_people(self, extract: Extract) -> None:
        """Whoever no row names has left; a row that could not be used still names its child."""
        gone = people.end_people(self.session, self.actor, extract.named, as_at=self.as_at)
        for person_id in gone:
            ended = placements.end_placements(self.session, person_id, on=self.as_at)
            self.report.count("placements", "ended", ended)
        if gone:
            self.report.count("people", "ended", len(gone))


def _are_likely_one(first: "Person", second: "Person") -> bool:
    if first.date_of_birth != second.date_of_birth:
        return False
    has_same_number = bool(first.id_903) and first.id_903 == second.id_903
    return has_same_number or first.known_as.casefold() == second.known_as.casefold()
