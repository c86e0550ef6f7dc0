"""Reads the rows of Annex A's lists into what Heard has a use for, one row for each person."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from backend.imports import annex_values as values
from backend.imports.annex_columns import CHILDREN, FoundList, find_lists
from backend.imports.cells import Unreadable
from backend.imports.csv_files import ImportUnusable
from backend.imports.reports import FileRead, ImportReport
from backend.imports.workbooks import read_sheets

NO_BIRTHS = (
    "has no column Date of Birth. Without it an id alone would say who somebody is, and another "
    "system's ids can be somebody else's."
)


@dataclass(slots=True)
class AnnexRow:
    """What the workbook says of one person; only cells that hold something readable."""

    where: str
    child_id: str
    date_of_birth: date
    is_leaver: bool
    values: dict[str, Any] = field(default_factory=dict)
    latest_review: date | None = None
    placement_type: str = ""
    placement_start: date | None = None
    ceased_on: date | None = None

    @property
    def key(self) -> tuple[str, date]:
        """Who this is: an id counts only together with a date of birth."""
        return self.child_id, self.date_of_birth


def read_annex(path: Path, report: ImportReport, *, today: date) -> list[AnnexRow]:
    """One row for each person of List 8 and List 9; raises ImportUnusable where nobody is left.

    Somebody in both lists (a relevant child) is one row, in which List 8 counts where they differ.
    """
    rows: dict[tuple[str, date], AnnexRow] = {}
    # List 8 is read last, so that it has the last word.
    for found in sorted(find_lists(path.name, read_sheets(path)), key=lambda one: one.list_name)[
        ::-1
    ]:
        if not found.has_dates_of_birth:
            raise ImportUnusable(f"{found.list_name} of {path.name} {NO_BIRTHS}")
        for row in _ListReader(found, report, today).read():
            known = rows.get(row.key)
            if known is not None:
                row.values = known.values | row.values
            rows[row.key] = row
    if not rows:
        first = next((one for one in report.unusable if not one.is_row_used), None)
        reason = f" First: {first.file} line {first.line}: {first.reason}." if first else ""
        raise ImportUnusable(f"No row of {path.name} could be used.{reason}")
    report.files.reverse()
    return list(rows.values())


class _ListReader:
    """One list while it is read; each cell that cannot be used is listed, never what it held."""

    def __init__(self, found: FoundList, report: ImportReport, today: date) -> None:
        self.found = found
        self.report = report
        self.today = today
        self.file = FileRead(
            name=found.list_name,
            encoding="Excel",
            missing_columns=[
                name for name in _wanted(found.list_name) if name not in found.columns
            ],
            passed_over_columns=list(found.passed_over),
        )
        report.files.append(self.file)

    def read(self) -> list[AnnexRow]:
        people: dict[tuple[str, date], AnnexRow] = {}
        for line, cells in self.found.sheet.rows:
            if line <= self.found.header_line:
                continue
            self.file.rows_read += 1
            row = self._row(line, cells)
            if row is None:
                continue
            other = people.get(row.key)
            if other is not None:
                row = self._newer_of(other, row, line)
            people[row.key] = row
        self.file.rows_used = len(people)
        return list(people.values())

    def _newer_of(self, first: AnnexRow, second: AnnexRow, line: int) -> AnnexRow:
        """Of two rows of one child the present period of care: the one that began last."""
        began = [one.values.get("became_looked_after_on") or date.min for one in (first, second)]
        self._refuse(line, "child_id", f"stands in {first.where} too: the newest start is used")
        return second if began[1] > began[0] else first

    def _row(self, line: int, cells: tuple[Any, ...]) -> AnnexRow | None:
        child_id = self._read(line, cells, "child_id", values.as_text, is_row_lost=True)
        if not child_id:
            if child_id is not None:
                self._refuse(line, "child_id", "is empty")
            return None
        born = self._read(line, cells, "date_of_birth", self._day, is_row_lost=True)
        if born is None:
            if not self._was_refused(line):
                self._refuse(line, "date_of_birth", "is empty")
            return None
        if born > self.today:
            self._refuse(line, "date_of_birth", "is still to come")
            return None
        row = AnnexRow(
            where=f"{self.found.list_name} line {line}",
            child_id=child_id,
            date_of_birth=born,
            is_leaver=self.found.list_name != CHILDREN,
            values=self._values(line, cells),
        )
        row.latest_review = self._past_day(line, cells, "latest_review")
        row.placement_start = self._past_day(line, cells, "placement_start")
        row.ceased_on = self._past_day(line, cells, "ceased_on")
        row.placement_type = self._read(line, cells, "placement_type", self._placement_type) or ""
        return row

    def _values(self, line: int, cells: tuple[Any, ...]) -> dict[str, Any]:
        read = {
            "gender": self._read(line, cells, "gender", values.read_gender),
            "ethnicity": self._read(line, cells, "ethnicity", values.read_ethnicity),
            "is_unaccompanied": self._read(line, cells, "is_unaccompanied", values.read_yes),
            "is_disabled": self._read(line, cells, "is_disabled", values.read_yes),
            "legal_status": self._read(line, cells, "legal_status", values.read_legal_status),
            "became_looked_after_on": self._past_day(line, cells, "became_looked_after_on"),
        }
        return {key: value for key, value in read.items() if value not in (None, "")}

    def _placement_type(self, cell: Any) -> str:
        return values.read_code(cell, list_name="placement_type", on=self.today)

    def _day(self, cell: Any) -> date | None:
        return values.read_day(cell, self.found.sheet.epoch)

    def _past_day(self, line: int, cells: tuple[Any, ...], column: str) -> date | None:
        day: date | None = self._read(line, cells, column, self._day)
        if day is not None and day > self.today:
            self._refuse(line, column, "is still to come", is_row_used=True)
            return None
        return day

    def _read(
        self,
        line: int,
        cells: tuple[Any, ...],
        column: str,
        read: Callable[[Any], Any],
        *,
        is_row_lost: bool = False,
    ) -> Any:
        """A cell's value; None where the list has no such column, or the cell is unreadable."""
        place = self.found.columns.get(column)
        if place is None or place >= len(cells):
            return None
        try:
            return read(cells[place])
        except Unreadable as unreadable:
            self._refuse(line, column, str(unreadable), is_row_used=not is_row_lost)
            return None

    def _refuse(self, line: int, column: str, reason: str, *, is_row_used: bool = False) -> None:
        name = self.found.list_name
        self.report.refuse(name, line, column, reason, is_row_used=is_row_used)

    def _was_refused(self, line: int) -> bool:
        last = self.report.unusable[-1:]
        return any((one.file, one.line) == (self.found.list_name, line) for one in last)


def _wanted(list_name: str) -> tuple[str, ...]:
    common = ("child_id", "date_of_birth", "gender", "ethnicity", "is_unaccompanied", "is_disabled")
    if list_name != CHILDREN:
        return (*common, "latest_review")
    return (
        *common,
        "became_looked_after_on",
        "legal_status",
        "latest_review",
        "placement_type",
        "placement_start",
    )
