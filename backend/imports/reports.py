"""What one import did, for the screen, for other programs, and for the record of imports."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from backend.history.service import Change
from backend.imports.change_lines import ChangeLine
from backend.imports.csv_files import Table

TITLES = {
    "people": "Weekly extract",
    "ssda903": "SSDA903 return",
    "annex-a": "Annex A workbook",
    "merge": "Two records made one",
}
MOST_EXAMPLES = 10
MOST_KEPT = 500


@dataclass(slots=True)
class FileRead:
    """One file of an import, found or not."""

    name: str
    is_found: bool = True
    encoding: str = ""
    rows_read: int = 0
    rows_used: int = 0
    missing_columns: list[str] = field(default_factory=list)
    passed_over_columns: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Flag:
    """A rule that rows break: they are kept as given, and counted here."""

    rule: str
    meaning: str
    count: int = 0
    examples: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Unusable:
    """A row, or one cell of a row, that could not be used. Never holds what stood there."""

    file: str
    line: int
    column: str
    reason: str
    is_row_used: bool = False


@dataclass(slots=True)
class ImportReport:
    """Everything that one import found and did."""

    kind: str
    is_dry_run: bool = False
    as_at: date | None = None
    year_end: date | None = None
    files: list[FileRead] = field(default_factory=list)
    counts: dict[str, Change] = field(default_factory=dict)
    flags: dict[str, Flag] = field(default_factory=dict)
    unusable: list[Unusable] = field(default_factory=list)
    proposals: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    # Who is missing where, and what differs: under a heading each, by the case system's ids.
    lists: dict[str, list[str]] = field(default_factory=dict)
    # Row by row what would happen, and why somebody should look twice: of a dry run.
    changes: list[ChangeLine] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)
    births_waiting: int = 0
    state: str = ""  # a fingerprint of all rows that the file was held against
    is_newer: bool = False
    is_changed: bool = False

    def open_file(self, table: Table, columns: tuple[str, ...]) -> FileRead:
        """Begin counting a file that was read; lists its broken lines."""
        file = FileRead(
            name=table.name,
            encoding=table.encoding,
            rows_read=len(table.rows) + len(table.broken_lines),
            missing_columns=[name for name in columns if name not in table.columns],
            passed_over_columns=table.passed_over,
        )
        self.files.append(file)
        for line, reason in table.broken_lines:
            self.refuse(table.name, line, "", reason)
        return file

    def refuse(
        self, file: str, line: int, column: str, reason: str, *, is_row_used: bool = False
    ) -> None:
        """List a row that cannot be used, or a cell alone where the rest of the row is."""
        self.unusable.append(Unusable(file, line, column, reason, is_row_used))

    def flag(self, rule: str, where: str, *, meanings: Mapping[str, str]) -> None:
        """Count a row that breaks a rule."""
        found = self.flags.setdefault(rule, Flag(rule, meanings[rule]))
        found.count += 1
        if len(found.examples) < MOST_EXAMPLES:
            found.examples.append(where)

    def count(self, table: str, what: str, number: int = 1) -> None:
        """Count rows of a table as added, changed, unchanged or ended."""
        self.counts.setdefault(table, Change()).count(what, number)

    def list_under(self, heading: str, text: str) -> None:
        """Put one line on a list that a person looks through."""
        self.lists.setdefault(heading, []).append(text)

    @property
    def rows_not_used(self) -> int:
        """Rows of the files that were not used at all."""
        return sum(not one.is_row_used for one in self.unusable)

    def as_values(self) -> dict[str, Any]:
        """The report as plain values."""
        values = asdict(self)
        values["flags"] = [asdict(flag) for _, flag in sorted(self.flags.items())]
        values["as_at"] = self.as_at.isoformat() if self.as_at else None
        values["year_end"] = self.year_end.isoformat() if self.year_end else None
        return values

    def as_json(self) -> str:
        """The report as JSON, for other programs."""
        return json.dumps(self.as_values(), indent=2, ensure_ascii=False)

    def as_record(self) -> dict[str, Any]:
        """What the database keeps of a run: counts, and what could not be used, without words."""
        values = self.as_values()
        kept = ("year_end", "files", "counts", "flags", "notes")
        return {
            **{key: values[key] for key in kept},
            "unusable": values["unusable"][:MOST_KEPT],
            "unusable_count": len(self.unusable),
            "proposals": len(self.proposals),
            "lists": {heading: len(texts) for heading, texts in self.lists.items()},
        }

    def as_text(self) -> str:
        """The report for a terminal."""
        return "\n".join([*self._head(), *self._middle(), *self._tail()])

    def _head(self) -> list[str]:
        day = self.as_at or self.year_end
        said = f", {'as at' if self.as_at else 'year to'} {day:%d/%m/%Y}" if day else ""
        lines = [
            f"{TITLES[self.kind]}{said}{' (dry run: nothing was kept)' if self.is_dry_run else ''}"
        ]
        for file in self.files:
            if not file.is_found:
                lines.append(f"  {file.name}: not there, passed over")
                continue
            used = f"{file.rows_used:,} of {file.rows_read:,} rows used"
            lines.append(f"  {file.name}: {used} ({file.encoding.removesuffix('-sig')})")
            if file.missing_columns:
                lines.append(f"    without the columns {', '.join(file.missing_columns)}")
            if file.passed_over_columns:
                lines.append(f"    passed over {', '.join(file.passed_over_columns)}")
        return lines

    def _middle(self) -> list[str]:
        would = "What would change:" if self.is_dry_run else "What changed:"
        changed = would if self.is_changed else "Nothing changed."
        lines = [changed]
        for name, change in self.counts.items():
            parts = [f"{count:,} {what}" for what, count in asdict(change).items() if count]
            lines.append(f"  {name}: {', '.join(parts) or 'none'}")
        if self.flags:
            lines.append("Kept as given, though a rule says otherwise:")
        for _, flag in sorted(self.flags.items()):
            lines.append(f"  {flag.rule}: {flag.count:,} - {flag.meaning}")
            lines.append(f"    {'; '.join(flag.examples)}{' ...' * (flag.count > MOST_EXAMPLES)}")
        return lines

    def _tail(self) -> list[str]:
        lines = []
        if self.unusable:
            lines.append(f"Could not be used ({len(self.unusable):,}):")
        for one in self.unusable:
            column = f", {one.column}" if one.column else ""
            rest = " (the rest of the row is used)" if one.is_row_used else ""
            lines.append(f"  {one.file} line {one.line}{column}: {one.reason}{rest}")
        if self.proposals:
            lines.append("For a person to decide, on the page Imports:")
        lines += [f"  {text}" for text in self.proposals]
        if self.doubts:
            lines.append("Look twice before you bring this in (--yes brings it in all the same):")
        lines += [f"  {text}" for text in self.doubts]
        for heading, texts in self.lists.items():
            lines += [f"{heading} ({len(texts):,}):", *(f"  {text}" for text in texts)]
        return lines + [f"Note: {note}" for note in self.notes]
