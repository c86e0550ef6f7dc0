"""Reads the files of one SSDA903 return into rows of history, each flagged by the rules."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from backend.history import service as history
from backend.history.service import ChildKey
from backend.imports import return_rows
from backend.imports import return_rules as rules
from backend.imports.cells import Unreadable, read_date
from backend.imports.csv_files import ImportUnusable, Row, Table, read_table
from backend.imports.reports import FileRead, ImportReport
from backend.imports.return_folders import ReturnFiles

# CIN (category of need), UPN, MOTHER and MC_DOB are not read: Heard has no use for them.
FILES: dict[str, tuple[str, ...]] = {
    "header": ("CHILD", "SEX", "DOB", "ETHNIC"),
    "reviews": ("CHILD", "DOB", "REVIEW", "REVIEW_CODE"),
    "uasc": ("CHILD", "SEX", "DOB", "DUC"),
    "missing": ("CHILD", "DOB", "MISSING", "MIS_START", "MIS_END"),
    "episodes": (
        "CHILD",
        "DECOM",
        "RNE",
        "LS",
        "PLACE",
        "PLACE_PROVIDER",
        "DEC",
        "REC",
        "REASON_PLACE_CHANGE",
        "HOME_POST",
        "PL_POST",
        "URN",
    ),
}
NEEDED = {
    "header": ("CHILD", "DOB"),
    "episodes": ("CHILD", "DECOM"),
    "reviews": ("CHILD", "REVIEW", "REVIEW_CODE"),
    "uasc": ("CHILD",),
    "missing": ("CHILD", "MISSING", "MIS_START"),
}


class ReturnReader:
    """One return while it is being read: its children, and the rows that hang on them."""

    def __init__(self, report: ImportReport, files: ReturnFiles) -> None:
        self.report = report
        self.files = files
        self.label = files.label  # before the names of its files, where there are several years
        self.year_end: date | None = None
        self.year_by_starts: date | None = None
        self.rows = history.ReturnRows()
        self.episodes: list[rules.Episode] = []
        self.reviews: list[rules.Review] = []
        self._by_name: dict[str, ChildKey] = {}
        self._seen: dict[tuple[object, ...], int] = {}
        self._header_lines: dict[ChildKey, int] = {}
        self._names: dict[str, str] = {}

    def read(self) -> history.ReturnRows:
        """The rows of every usable file; raises ImportUnusable where there is none."""
        take: Mapping[str, Callable[[Table, Row], None]] = {
            "header": self._take_header,
            "reviews": self._take_review,
            "uasc": self._take_uasc,
            "missing": self._take_missing,
            "episodes": self._take_episode,
        }
        used = 0
        # Episodes carry no date of birth, so every file that does is read before them.
        for name, take_row in take.items():
            used += self._read_file(name, take_row)
        if not used:
            raise ImportUnusable(f"No file of a return could be used. {self._first_reason()}")
        self._finish()
        return self.rows

    def _first_reason(self) -> str:
        first = next(iter(self.report.unusable), None)
        if first is None:
            return "Expected header.csv, episodes.csv or reviews.csv."
        return f"First: {first.file} line {first.line} {first.column}: {first.reason}."

    def _read_file(self, name: str, take_row: Callable[[Table, Row], None]) -> int:
        path = self.files.files.get(name)
        if several := self.files.in_doubt.get(name):
            names = ", ".join(one.name for one in several)
            reason = f"several files could be it ({names}): keep the one that is right"
            self.report.refuse(f"{self.label}{name}.csv", 0, "", reason)
        if path is None:
            missing_file = FileRead(f"{self.label}{name}.csv", is_found=False)
            self.report.files.append(missing_file)
            return 0
        try:
            table = read_table(path, FILES[name], names={})
        except ImportUnusable as unusable:
            self.report.files.append(FileRead(f"{self.label}{path.name}"))
            self.report.refuse(f"{self.label}{path.name}", 1, "", str(unusable))
            return 0
        table.name = f"{self.label}{table.name}"
        file = self.report.open_file(table, FILES[name])
        missing = [column for column in NEEDED[name] if column not in table.columns]
        if missing:
            for column in missing:
                self.report.refuse(table.name, 1, column, "the file has no such column")
            return 0
        self._names[name] = table.name
        for row in table.rows:
            before = len(self.report.unusable)
            take_row(table, row)
            file.rows_used += len(self.report.unusable) == before
        return file.rows_used

    def _flag(self, rule: str, table: str, line: int) -> None:
        self.report.flag(rule, f"{table} line {line}", meanings=rules.MEANINGS)

    def _day(self, table: Table, row: Row, column: str) -> date | None:
        """The date of a cell; raises _Refused, with the cell listed, where it is unreadable."""
        try:
            return read_date(row.get(column))
        except Unreadable as unreadable:
            raise self._refused(table, row, column, str(unreadable)) from unreadable

    def _needed_day(self, table: Table, row: Row, column: str) -> date:
        day = self._day(table, row, column)
        if day is None:
            raise self._refused(table, row, column, "is empty")
        return day

    def _refused(self, table: Table, row: Row, column: str, reason: str) -> "_Refused":
        self.report.refuse(table.name, row.line, column, reason)
        return _Refused()

    def _child_of(self, table: Table, row: Row) -> ChildKey:
        """The child of a row, known by date of birth where the file gives it, else by CHILD."""
        child = row.get("CHILD")
        if not child:
            raise self._refused(table, row, "CHILD", "is empty")
        date_of_birth = self._day(table, row, "DOB")
        known = self._by_name.get(child)
        key = (child, date_of_birth)
        if known is not None and date_of_birth in (None, known[1]):
            return known
        if key not in self.rows.children:
            if known is not None:
                self._flag("child_twice", table.name, row.line)
            if "header" in self._names:
                self._flag("child_not_in_header", table.name, row.line)
            self.rows.children[key] = history.ChildRow(key)
        self._by_name.setdefault(child, key)
        return key

    def _take_header(self, table: Table, row: Row) -> None:
        try:
            child = row.get("CHILD")
            if not child:
                raise self._refused(table, row, "CHILD", "is empty")
            key = (child, self._needed_day(table, row, "DOB"))
            if key in self.rows.children:
                raise self._refused(table, row, "CHILD", "stands in the header already")
        except _Refused:
            return
        if child in self._by_name:
            self._flag("child_twice", table.name, row.line)
        self.rows.children[key] = history.ChildRow(
            key, row.get("SEX"), row.get("ETHNIC").upper(), is_in_header=True
        )
        self._by_name.setdefault(child, key)
        self._header_lines[key] = row.line

    def _take_review(self, table: Table, row: Row) -> None:
        try:
            day = self._needed_day(table, row, "REVIEW")
            child = self._child_of(table, row)
        except _Refused:
            return
        # As it stands: "pn1" breaks check 167, and what goes out again is what came in.
        code = row.get("REVIEW_CODE")
        self.reviews.append(rules.Review(child, row.line, day, code))

    def _take_uasc(self, table: Table, row: Row) -> None:
        try:
            until = self._day(table, row, "DUC")
            child = self._child_of(table, row)
            self._refuse_again(table, row, "uasc", child, until)
        except _Refused:
            return
        self.rows.uasc.append(history.UascRow(child, until))

    def _take_missing(self, table: Table, row: Row) -> None:
        try:
            start = self._needed_day(table, row, "MIS_START")
            end = self._day(table, row, "MIS_END")
            child = self._child_of(table, row)
            kind = row.get("MISSING").upper()
            self._refuse_again(table, row, "missing", child, kind, start)
        except _Refused:
            return
        if end is not None and end < start:
            self._flag("end_before_start", table.name, row.line)
        self.rows.missing.append(history.MissingRow(child, kind, start, end))

    def _refuse_again(self, table: Table, row: Row, *key: object) -> None:
        line = self._seen.setdefault(key, row.line)
        if line != row.line:
            raise self._refused(table, row, "CHILD", f"says the same as line {line}")

    def _take_episode(self, table: Table, row: Row) -> None:
        try:
            start = self._needed_day(table, row, "DECOM")
            end = self._day(table, row, "DEC")
            child = self._child_of(table, row)
        except _Refused:
            return
        for column, rule in (
            ("HOME_POST", "blank_home_postcode"),
            ("PL_POST", "blank_place_postcode"),
        ):
            if column in table.columns and not row.get(column):
                self._flag(rule, table.name, row.line)
        self.episodes.append(
            rules.Episode(
                child=child,
                row=row,
                started_on=start,
                ended_on=end,
                legal_status=row.get("LS").upper(),
                place=row.get("PLACE").upper(),
                provider=row.get("PLACE_PROVIDER").upper(),
                reason_place_change=row.get("REASON_PLACE_CHANGE").upper(),
            )
        )

    def _finish(self) -> None:
        """Hold everything against the rules, and turn it into rows of history."""
        by_starts = rules.year_end_of(episode.started_on for episode in self.episodes)
        self.year_by_starts = by_starts
        # A year in which nobody moved has no start in it: then the name of its folder tells it.
        year_end = max(filter(None, (by_starts, self.files.year_end)), default=None)
        self.year_end = year_end
        self.report.year_end = max(filter(None, (year_end, self.report.year_end)), default=None)
        if year_end is not None:
            rules.check_episodes(self.episodes, year_end)
            self._note_open_episodes(year_end)
            self.rows.episodes = return_rows.episode_rows(self.episodes, year_end)
            self.rows.homes = return_rows.homes_by_urn(self.episodes)
        else:
            self.report.notes.append("No episode was read, so the year of the return is unknown.")
        pairs = rules.check_reviews(self.reviews, self.episodes, year_end)
        self.rows.reviews = return_rows.review_rows(self.reviews)
        self._flag_rows("episodes", self.episodes)
        self._flag_rows("reviews", self.reviews)
        for rule, first, second in pairs:
            where = f"{self._names['reviews']} lines {first.line} and {second.line}"
            self.report.flag(rule, where, meanings=rules.MEANINGS)
        self._flag_children_without_episodes()

    def _flag_rows(self, name: str, rows: Sequence[rules.Episode | rules.Review]) -> None:
        for row in rows:
            # A pair of reviews is one thing to put right, and counted as one.
            for rule in sorted(row.flags - rules.PAIRS):
                self._flag(rule, self._names[name], row.line)

    def _note_open_episodes(self, year_end: date) -> None:
        mine = [episode.child for episode in self.episodes if episode.ended_on is None]
        if mine:
            self.report.notes.append(
                f"{len(mine):,} episodes of {len(set(mine)):,} children are open as at "
                f"{year_end:%d/%m/%Y}; nobody counts as in care from a return."
            )

    def _flag_children_without_episodes(self) -> None:
        if not self.episodes:
            return
        with_episode = {episode.child for episode in self.episodes}
        for key, line in self._header_lines.items():
            if key not in with_episode:
                self._flag("child_without_episode", self._names["header"], line)


class _Refused(Exception):
    """A row that was listed as unusable."""
