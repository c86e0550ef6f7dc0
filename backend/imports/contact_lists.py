"""Reads the contacts beside the weekly extract: one row for each adult around a child."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field

from backend.imports.csv_files import ImportUnusable, Row, Table
from backend.imports.reports import FileRead, ImportReport
from backend.imports.weekly_extracts import Extract
from backend.people.service import ContactValues, name_index

NEEDED = ("child_id", "kind", "name")
KINDS = ("carer", "provider_staff", "parent", "other")
INVITES = ("yes", "through_worker", "no")


@dataclass(slots=True)
class ContactLists:
    """The contacts of each child_id, and the children of whom a row could not be used."""

    by_child: dict[str, list[ContactValues]] = field(default_factory=lambda: defaultdict(list))
    in_doubt: set[str] = field(default_factory=set)


def read_contacts(
    table: Table, report: ImportReport, file: FileRead, *, extract: Extract
) -> ContactLists:
    """The contacts of each child_id whose own row could be used."""
    missing = [column for column in NEEDED if column not in table.columns]
    if missing:
        raise ImportUnusable(f"{table.name} has no column {', '.join(missing)}.")
    lists = ContactLists()
    seen: set[tuple[str, str, str]] = set()
    for row in table.rows:
        problem = _problem_of_contact(row, extract.people, extract.named)
        key = (row.get("child_id"), row.get("kind").casefold(), name_index(row.get("name")))
        if not problem and key in seen:
            problem = ("name", "stands twice for this child and kind: the first row is used")
        if problem:
            report.refuse(table.name, row.line, *problem)
            lists.in_doubt.add(row.get("child_id"))
            continue
        seen.add(key)
        lists.by_child[row.get("child_id")].append(_contact_of(table, report, row))
        file.rows_used += 1
    return lists


def _problem_of_contact(
    row: Row, people: Collection[str], named: Collection[str]
) -> tuple[str, str] | None:
    child_id = row.get("child_id")
    if not child_id:
        return "child_id", "is empty"
    if child_id not in people:
        known = "the child's own row was not used" if child_id in named else "is nobody's here"
        return "child_id", known
    if row.get("kind").casefold() not in KINDS:
        return "kind", f"is none of {', '.join(KINDS)}"
    return None if row.get("name") else ("name", "is empty")


def _contact_of(table: Table, report: ImportReport, row: Row) -> ContactValues:
    invite = row.get("invite").casefold().replace(" ", "_")
    if invite not in INVITES:
        # Whoever is not clearly to be invited is not: some parents must not be written to.
        reason = f"is none of {', '.join(INVITES)}: taken as no"
        report.refuse(table.name, row.line, "invite", reason, is_row_used=True)
        invite = "no"
    return ContactValues(
        kind=row.get("kind").casefold(),
        name=row.get("name"),
        channel=row.get("channel"),
        address=row.get("address"),
        invite=invite,
    )
