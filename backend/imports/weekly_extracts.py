"""Reads the rows of the weekly case-system extract into plain values."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from backend.core.access.permissions import Role
from backend.imports.cells import Unreadable, read_date, read_email, read_miles
from backend.imports.csv_files import ImportUnusable, Row, Table
from backend.imports.reports import FileRead, ImportReport
from backend.placements import queries as placements

NEEDED = ("child_id", "known_as", "date_of_birth", "group")
GROUPS = ("looked_after", "care_leaver", "short_breaks")
LONGEST_PLAN = timedelta(days=92)
# What case systems call the same, as it stands in an extract that nobody has mapped.
ALSO = {
    **dict.fromkeys(
        ("lac", "cla", "cic", "in_care", "child_in_care", "children_in_care", "child_looked_after")
        + ("children_looked_after", "looked_after_child"),
        "looked_after",
    ),
    **dict.fromkeys(("leaver", "care_leavers", "leaving_care"), "care_leaver"),
    **dict.fromkeys(("short_break", "respite"), "short_breaks"),
}
PLAIN = ("known_as", "language", "communication", "team", "channel")
# Whoever the extract names: the role, the column of the name, the column of the address.
STAFF = {
    "iro_id": (Role.IRO, "iro", "iro_email"),
    "worker_id": (Role.SOCIAL_WORKER, "worker", "worker_email"),
    "personal_adviser_id": (Role.PERSONAL_ADVISER, "", "personal_adviser"),
}
UNKNOWN_TYPE = {"146": "home type is no code of the placement list"}


@dataclass(frozen=True, slots=True)
class StaffCell:
    """A member of staff as a row names them."""

    role: Role
    name: str
    email: str
    team: str


@dataclass(slots=True)
class PersonRow:
    """One usable row: what it says of the person, and who and where it names."""

    line: int
    child_id: str
    date_of_birth: date
    group: str
    values: dict[str, Any]
    staff: dict[str, StaffCell | None]
    home_ref: str | None  # None: the extract has no such column
    home: dict[str, str]
    provider_urn: str
    placement_start: date | None
    stay: dict[str, int | None]  # empty: nothing is said of it
    next_review: date | None


@dataclass(slots=True)
class Extract:
    """An extract that was read: usable rows by child_id, and everybody whom any row names."""

    people: dict[str, PersonRow] = field(default_factory=dict)
    named: set[str] = field(default_factory=set)


def check_extract(table: Table) -> None:
    """Raise ImportUnusable for an extract that cannot name anybody: nobody would remain."""
    missing = [column for column in NEEDED if column not in table.columns]
    if missing:
        raise ImportUnusable(
            f"{table.name} has no column {', '.join(missing)}. Map other names with --map."
        )
    if not table.rows:
        raise ImportUnusable(f"{table.name} has a header and no rows.")


def find_as_at(table: Table, given: date | None, report: ImportReport, *, today: date) -> date:
    """The date that the extract is as at: the one given, else its column's.

    Where rows differ the earliest counts, so that nothing old passes for fresh. Raises
    ImportUnusable where there is none, or it is still to come.
    """
    as_at = given
    if as_at is None:
        days = set()
        for row in table.rows:
            try:
                days.add(read_date(row.get("AS_AT")))
            except Unreadable as unreadable:
                report.refuse(table.name, row.line, "AS_AT", str(unreadable), is_row_used=True)
        days.discard(None)
        if len(days) > 1:
            report.notes.append("Rows have different AS_AT dates: the earliest is taken.")
        as_at = min((day for day in days if day), default=None)
    if as_at is None:
        raise ImportUnusable(
            f"{table.name} says nowhere as at which date it is. Give --as-at 31/03/2026, or a "
            "column AS_AT."
        )
    if as_at > today:
        raise ImportUnusable(f"The as-at date {as_at:%d/%m/%Y} is still to come.")
    return as_at


def read_people(table: Table, report: ImportReport, file: FileRead, *, as_at: date) -> Extract:
    """The usable rows of the extract; whoever stands in two rows that differ is used in neither."""
    extract = Extract()
    by_child: dict[str, list[Row]] = defaultdict(list)
    for row in table.rows:
        if row.get("child_id"):
            by_child[row.get("child_id")].append(row)
        else:
            report.refuse(table.name, row.line, "child_id", "is empty")
    for child_id, rows in by_child.items():
        extract.named.add(child_id)
        only = _one_of(rows, table, report)
        person = _PersonReader(table, report, only, as_at).read() if only else None
        if person is not None:
            extract.people[child_id] = person
            file.rows_used += 1
    _note_shared_return_ids(extract, table, report)
    if not extract.people:
        first = next((one for one in report.unusable if not one.is_row_used), None)
        reason = f" First: line {first.line}, {first.column}: {first.reason}." if first else ""
        raise ImportUnusable(f"No row of {table.name} could be used.{reason}")
    return extract


def _one_of(rows: list[Row], table: Table, report: ImportReport) -> Row | None:
    first, *others = rows
    columns = {column for row in others for column in row.cells}
    differing = sorted(
        column for column in columns if any(row.get(column) != first.get(column) for row in others)
    )
    for row in others:
        reason = f"stands in line {first.line} too"
        if differing:
            reason += f", with another {', '.join(differing)}: neither row is used"
        report.refuse(table.name, row.line, "child_id", reason)
    if not differing:
        return first
    lines = ", ".join(str(row.line) for row in others)
    report.refuse(table.name, first.line, "child_id", f"stands in line {lines} too, and differs")
    return None


def _note_shared_return_ids(extract: Extract, table: Table, report: ImportReport) -> None:
    lines: dict[str, int] = {}
    for person in extract.people.values():
        id_903 = person.values.get("id_903")
        line = lines.setdefault(id_903, person.line) if id_903 else person.line
        if line != person.line:
            reason = f"is that of line {line} too"
            report.refuse(table.name, person.line, "id_903", reason, is_row_used=True)


class _PersonReader:
    """Reads one row, listing each cell that cannot be used."""

    def __init__(self, table: Table, report: ImportReport, row: Row, as_at: date) -> None:
        self.table = table
        self.report = report
        self.row = row
        self.as_at = as_at

    def read(self) -> PersonRow | None:
        """The row's values, or None where it cannot be used."""
        row = self.row
        date_of_birth = self._try("date_of_birth", read_date, is_needed=True)
        group = row.get("group").casefold().replace(" ", "_").replace("-", "_")
        group = ALSO.get(group, group)
        problems = {
            "known_as": "" if row.get("known_as") else "is empty",
            "date_of_birth": self._problem_of_birth(date_of_birth),
            "group": "" if group in GROUPS else f"is none of {', '.join(GROUPS)}",
        }
        for column, problem in problems.items():
            if problem:
                self.report.refuse(self.table.name, row.line, column, problem)
        if date_of_birth is None or any(problems.values()):
            return None
        return PersonRow(
            line=row.line,
            child_id=row.get("child_id"),
            date_of_birth=date_of_birth,
            group=group,
            values=self._values(group),
            staff=self._staff(group),
            home_ref=row.get("home_id") if "home_id" in self.table.columns else None,
            home=self._home(group),
            provider_urn=row.get("provider_urn").upper(),
            placement_start=self._try("placement_start", self._start_of_stay),
            stay=self._stay(group),
            next_review=self._try("next_review", read_date),
        )

    def _problem_of_birth(self, date_of_birth: date | None) -> str:
        if date_of_birth is None:
            is_listed = bool(self.row.get("date_of_birth"))
            return "" if is_listed else "is empty"
        return "is after the as-at date" if date_of_birth > self.as_at else ""

    def _try(
        self, column: str, read: Callable[[str], Any], *, is_needed: bool = False
    ) -> Any | None:
        """A cell's value; None, and the cell listed, where it is unreadable."""
        try:
            return read(self.row.get(column))
        except Unreadable as unreadable:
            self.report.refuse(
                self.table.name, self.row.line, column, str(unreadable), is_row_used=not is_needed
            )
            return None

    def _start_of_stay(self, text: str) -> date | None:
        """A move may be planned; a day far off is a slip of the pen, and would be lived by."""
        day = read_date(text)
        if day is not None and day - self.as_at > LONGEST_PLAN:
            raise Unreadable("is more than three months after the as-at date")
        return day

    def _stay(self, group: str) -> dict[str, int | None]:
        """How far it is from home; a cell that cannot be read leaves what stands. It is not read
        of care leavers, of whom nothing is counted by it."""
        column, cell = "distance_miles", self.row.get("distance_miles")
        if column not in self.table.columns or group == "care_leaver":
            return {}
        if cell and not self.row.get("home_id"):
            reason = "is of no use in a row without home_id"
            self.report.refuse(self.table.name, self.row.line, column, reason, is_row_used=True)
            return {}
        miles = self._try(column, read_miles)
        return {} if cell and miles is None else {column: miles}

    def _values(self, group: str) -> dict[str, Any]:
        """Only of columns that the extract has: an absent column leaves what stands."""
        row, columns = self.row, self.table.columns
        values: dict[str, Any] = {name: row.get(name) for name in PLAIN if name in columns}
        if "language" in values:
            values["language"] = values["language"] or "English"
        for name in ("id_903", "address"):
            if name in columns:
                values[name] = row.get(name) or None
        return values | {"group": group, "left_on": None}

    def _staff(self, group: str) -> dict[str, StaffCell | None]:
        found: dict[str, StaffCell | None] = {}
        for key, (role, name_column, email_column) in STAFF.items():
            if email_column not in self.table.columns:
                continue
            name, cell = self.row.get(name_column), self.row.get(email_column)
            found[key] = None
            if cell or name:
                read = self._try(email_column, read_email)
                if read is not None:
                    team = self._team_of(role, group)
                    found[key] = StaffCell(role, name or read[0], read[1], team)
        return found

    def _team_of(self, role: Role, group: str) -> str:
        # The team is that of whoever holds the case; an IRO, or the adviser of somebody who is
        # still a child, belongs to another.
        holder = Role.PERSONAL_ADVISER if group == "care_leaver" else Role.SOCIAL_WORKER
        return self.row.get("team") if role is holder else ""

    def _home(self, group: str) -> dict[str, str]:
        row, columns = self.row, self.table.columns
        home = {}
        if "home_name" in columns:
            home["name"] = row.get("home_name")
        if "home_type" in columns:
            home["type_code"] = row.get("home_type").upper()
            # The list is of placements: a care leaver's own place keeps an older code for good.
            first = date.min if group == "care_leaver" else self.as_at
            if row.get("home_id") and not placements.is_known_code(
                "placement_type", home["type_code"], first, self.as_at
            ):
                where = f"{self.table.name} line {row.line}"
                self.report.flag("146", where, meanings=UNKNOWN_TYPE)
        if "provider_name" in columns:
            home["provider_name"] = row.get("provider_name")
        return home
