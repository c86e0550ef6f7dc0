"""Reads the rows of Annex A's lists into what Heard has a use for, one row for each person."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from backend.imports import annex_values as values
from backend.imports.annex_columns import CHILDREN, LISTS, FoundList, find_lists, plain
from backend.imports.annex_headings import READ
from backend.imports.cells import Unreadable
from backend.imports.csv_files import ImportUnusable
from backend.imports.reports import FileRead, ImportReport
from backend.imports.workbooks import open_sheets

NO_BIRTHS = (
    "has no column Date of Birth. Without it an id alone would say who somebody is, and another "
    "system's ids can be somebody else's."
)
NO_RESULT = "is a formula without its result: open the workbook in Excel and save it there"
REVIEW, PATHWAY = "review", "pathway"
# Below a list stand totals, a source, who made it: never more than a word and a number.
MOST_OF_A_REMARK = 2


@dataclass(slots=True)
class AnnexRow:
    """What the workbook says of one person; only cells that hold something readable."""

    where: str
    child_id: str
    date_of_birth: date
    list_names: frozenset[str]
    values: dict[str, Any] = field(default_factory=dict)
    reviews: dict[str, date] = field(default_factory=dict)  # the latest of each kind
    placement_type: str = ""
    placement_start: date | None = None
    ceased_on: date | None = None

    @property
    def key(self) -> tuple[str, date]:
        """Who this is: an id counts only together with a date of birth."""
        return self.child_id.casefold(), self.date_of_birth

    @property
    def is_looked_after(self) -> bool:
        """Whether List 8 names them, and says no day on which that ended."""
        return CHILDREN in self.list_names and self.ceased_on is None


@dataclass(slots=True)
class AnnexRows:
    """Everybody whom the workbook names, and which of its two lists it has."""

    people: list[AnnexRow]
    list_names: frozenset[str]


def read_annex(path: Path, report: ImportReport, *, today: date) -> AnnexRows:
    """One row for each person of List 8 and List 9; raises ImportUnusable where nobody is left.

    Somebody in both lists (a relevant child, a child who has just turned 18) is one row, in which
    List 8 counts where they differ.
    """
    rows: dict[tuple[str, date], AnnexRow] = {}
    lists: set[str] = set()
    with open_sheets(path) as sheets:
        found = _with_births(path, find_lists(path.name, sheets), report)
        # List 8 is read last, so that it has the last word.
        for one in reversed(found):
            for row in _ListReader(one, report, today).read():
                rows[row.key] = _beside(rows.get(row.key), row)
            lists.add(one.list_name)
    if not rows:
        first = next((one for one in report.unusable if not one.is_row_used), None)
        reason = f" First: {first.file} line {first.line}: {first.reason}." if first else ""
        raise ImportUnusable(f"No row of {path.name} could be used.{reason}")
    report.files.sort(key=lambda file: file.name)
    report.files += [FileRead(name, is_found=False) for name in LISTS if name not in lists]
    return AnnexRows(list(rows.values()), frozenset(lists))


def _with_births(path: Path, found: list[FoundList], report: ImportReport) -> list[FoundList]:
    """The lists that can be used; raises ImportUnusable where none is left."""
    usable = [one for one in found if one.has_dates_of_birth]
    if not usable:
        raise ImportUnusable(f"{found[0].list_name} of {path.name} {NO_BIRTHS}")
    for one in found:
        if one not in usable:
            report.refuse(one.list_name, one.header_line, "date_of_birth", NO_BIRTHS)
    return usable


def _beside(other: AnnexRow | None, row: AnnexRow) -> AnnexRow:
    """A row of List 8 together with the same person's row of List 9."""
    if other is not None:
        row.values = other.values | row.values
        row.reviews = other.reviews | row.reviews
        row.list_names = other.list_names | row.list_names
    return row


class _ListReader:
    """One list while it is read; each cell that cannot be used is listed, never what it held."""

    def __init__(self, found: FoundList, report: ImportReport, today: date) -> None:
        self.found = found
        self.report = report
        self.today = today
        self.rows = [row for row in found.sheet.rows() if row[0] > found.header_line]
        self.formulas = self._formulas_without_result()
        self.file = FileRead(
            name=found.list_name,
            encoding="Excel",
            missing_columns=[name for name in READ[found.list_name] if name not in found.columns],
            passed_over_columns=list(found.passed_over),
        )
        report.files.append(self.file)

    def _formulas_without_result(self) -> set[tuple[int, int]]:
        """Only where something is missing that a list always has: it costs a second reading."""
        columns = self.found.columns
        needed = {columns["child_id"], columns["date_of_birth"]}
        read = {columns[name] for name in READ[self.found.list_name] if name in columns}
        if not any(_is_blank(cells, place) for _, cells in self.rows for place in needed) and all(
            any(not _is_blank(cells, place) for _, cells in self.rows) for place in read
        ):
            return set()
        return self.found.sheet.formulas(read)

    def read(self) -> list[AnnexRow]:
        people: dict[tuple[str, date], AnnexRow] = {}
        remarks = 0
        for line, cells in self.rows:
            if self._is_no_row(line, cells):
                remarks += 1
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
        if remarks:
            self.report.notes.append(
                f"{self.found.list_name}: passed over what names nobody (totals, remarks, headings "
                f"that stand again): {remarks:,}."
            )
        return list(people.values())

    def _is_no_row(self, line: int, cells: tuple[Any, ...]) -> bool:
        """A heading again, or a remark: a few cells, no date of birth, and no id in its column."""
        if self.found.is_header(cells):
            return True
        columns = self.found.columns
        if not _is_blank(cells, columns["date_of_birth"]) or (
            (line, columns["date_of_birth"]) in self.formulas
        ):
            return False
        id_cell = None if _is_blank(cells, columns["child_id"]) else cells[columns["child_id"]]
        filled = sum(not _is_blank(cells, place) for place in range(len(cells)))
        is_id = id_cell is not None and any(one.isdigit() for one in str(id_cell))
        is_total = plain(id_cell).startswith(("total", "grand total", "sub total", "count"))
        return filled <= MOST_OF_A_REMARK and (not is_id or is_total or " " in str(id_cell).strip())

    def _newer_of(self, first: AnnexRow, second: AnnexRow, line: int) -> AnnexRow:
        """Of two rows of one child the present period of care: the one that began last."""
        began = [one.values.get("became_looked_after_on") or date.min for one in (first, second)]
        self._refuse(line, "child_id", f"stands in {first.where} too: the newest start is used")
        return second if began[1] > began[0] else first

    def _row(self, line: int, cells: tuple[Any, ...]) -> AnnexRow | None:
        child_id = self._read(line, cells, "child_id", values.as_id, is_row_lost=True)
        if not child_id:
            if child_id is not None:
                self._refuse(line, "child_id", "is empty")
            return None
        before = len(self.report.unusable)
        born = self._read(line, cells, "date_of_birth", self._day, is_row_lost=True)
        if born is None:
            if len(self.report.unusable) == before:
                self._refuse(line, "date_of_birth", "is empty")
            return None
        if born > self.today:
            self._refuse(line, "date_of_birth", "is still to come")
            return None
        return self._row_of(line, cells, child_id, born)

    def _row_of(self, line: int, cells: tuple[Any, ...], child_id: str, born: date) -> AnnexRow:
        row = AnnexRow(
            where=f"{self.found.list_name} line {line}",
            child_id=child_id,
            date_of_birth=born,
            list_names=frozenset({self.found.list_name}),
            values=self._values(line, cells),
        )
        latest = self._past_day(line, cells, "latest_review", since=born)
        if latest is not None:
            row.reviews[REVIEW if self.found.list_name == CHILDREN else PATHWAY] = latest
        row.placement_start = self._past_day(line, cells, "placement_start", since=born)
        row.ceased_on = self._past_day(line, cells, "ceased_on", since=born)
        row.placement_type = self._read(line, cells, "placement_type", self._placement_type) or ""
        began = self._past_day(line, cells, "became_looked_after_on", since=born)
        if began is not None:
            row.values["became_looked_after_on"] = began
            if row.ceased_on is not None and row.ceased_on < began:
                row.ceased_on = None  # an earlier period's: the child came back
        return row

    def _values(self, line: int, cells: tuple[Any, ...]) -> dict[str, Any]:
        read = {
            "gender": self._read(line, cells, "gender", values.read_gender),
            "ethnicity": self._read(line, cells, "ethnicity", values.read_ethnicity),
            "is_unaccompanied": self._read(line, cells, "is_unaccompanied", values.read_yes),
            "is_disabled": self._read(line, cells, "is_disabled", values.read_yes),
            "legal_status": self._read(line, cells, "legal_status", values.read_legal_status),
        }
        return {key: value for key, value in read.items() if value not in (None, "")}

    def _placement_type(self, cell: Any) -> str:
        return values.read_code(cell, list_name="placement_type", on=self.today)

    def _day(self, cell: Any) -> date | None:
        return values.read_day(cell, self.found.sheet.epoch)

    def _past_day(
        self, line: int, cells: tuple[Any, ...], column: str, *, since: date
    ) -> date | None:
        day: date | None = self._read(line, cells, column, self._day)
        problem = ""
        if day is not None and day > self.today:
            problem = "is still to come"
        elif day is not None and day < since:
            problem = "is before the date of birth"
        if problem:
            self._refuse(line, column, problem, is_row_used=True)
        return None if problem else day

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
            if cells[place] is None and (line, place) in self.formulas:
                raise Unreadable(NO_RESULT)
            return read(cells[place])
        except Unreadable as unreadable:
            self._refuse(line, column, str(unreadable), is_row_used=not is_row_lost)
            return None

    def _refuse(self, line: int, column: str, reason: str, *, is_row_used: bool = False) -> None:
        name = self.found.list_name
        self.report.refuse(name, line, column, reason, is_row_used=is_row_used)


def _is_blank(cells: tuple[Any, ...], place: int) -> bool:
    return place >= len(cells) or not str("" if cells[place] is None else cells[place]).strip()
