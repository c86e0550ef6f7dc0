"""Reads CSV files as councils export them, and says where what cannot be read stands."""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path

ENCODINGS = ("utf-8-sig", "cp1252")
LARGEST = 200 * 1024 * 1024
# What a workbook or another packed file begins with, however it was named.
WORKBOOK_BEGINNINGS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")

WIDE = (b"\xff\xfe", b"\xfe\xff")


class ImportUnusable(Exception):
    """The file cannot be used at all; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row: the line of the file that it begins on, and its cells by our column names."""

    line: int
    cells: Mapping[str, str]

    def get(self, column: str) -> str:
        """The cell without spaces around it; an empty text where the file has no such column."""
        return self.cells.get(column, "")


@dataclass(slots=True)
class Table:
    """A file that was read: its rows, its columns, and lines that are not rows."""

    name: str
    encoding: str
    columns: frozenset[str]
    passed_over: list[str]
    rows: list[Row] = field(default_factory=list)
    broken_lines: list[tuple[int, str]] = field(default_factory=list)


def read_table(path: Path, columns: tuple[str, ...], *, names: Mapping[str, str]) -> Table:
    """The rows of a file under our column names; `names` maps ours to the file's own.

    Headers may stand in any case and order, extra columns are passed over. Raises ImportUnusable
    for a file that is missing, empty, binary or without a header.
    """
    text, encoding = _decode(path)
    records = _records(text)
    header = next((cells for _, cells, error in records if cells and not error), None)
    if header is None:
        raise ImportUnusable(f"{path.name} is empty: it has no header.")
    theirs = {_plain(names.get(column, column)): column for column in columns}
    positions: dict[str, int] = {}
    passed_over = []
    for position, title in enumerate(header):
        column = theirs.get(_plain(title))
        if column is None or column in positions:
            passed_over.append(title.strip())
        else:
            positions[column] = position
    table = Table(path.name, encoding, frozenset(positions), [name for name in passed_over if name])
    _fill(table, records, positions, len(header))
    return table


def columns_of(path: Path) -> set[str]:
    """The names in a file's first line, in upper case; an empty set where it cannot be read."""
    try:
        text, _ = _decode(path)
    except ImportUnusable:
        return set()
    cells = next((cells for _, cells, error in _records(text) if cells and not error), [])
    return {_plain(cell).upper() for cell in cells}


def _fill(
    table: Table,
    records: Iterator[tuple[int, list[str], str]],
    positions: Mapping[str, int],
    width: int,
) -> None:
    for line, cells, error in records:
        if error:
            table.broken_lines.append((line, error))
        elif any(cell.strip() for cell in cells[width:]):
            table.broken_lines.append((line, "has more cells than the header has columns"))
        elif any(cell.strip() for cell in cells):
            row = {
                column: cells[position].strip() if position < len(cells) else ""
                for column, position in positions.items()
            }
            table.rows.append(Row(line, row))


def _plain(title: str) -> str:
    return "_".join(title.replace("\N{NO-BREAK SPACE}", " ").casefold().split())


def _decode(path: Path) -> tuple[str, str]:
    if path.is_dir():
        raise ImportUnusable(f"{path} is a folder. Give the file that lies in it.")
    if not path.is_file():
        raise ImportUnusable(f"There is no file {path.name} in {path.parent.resolve()}.")
    try:
        if path.stat().st_size > LARGEST:
            raise ImportUnusable(f"{path.name} is larger than 200 MB. Export less at a time.")
        content = path.read_bytes()
    except OSError as error:
        raise ImportUnusable(f"{path.name} cannot be read: {error.strerror}.") from error
    if content.startswith(WORKBOOK_BEGINNINGS):
        raise ImportUnusable(f"{path.name} is a workbook. Save it as CSV (UTF-8), then try again.")
    if content.startswith(WIDE):
        return _widely(path, content)
    if b"\x00" in content:
        raise ImportUnusable(f"{path.name} is not a text file. Export it as CSV (UTF-8).")
    for encoding in ENCODINGS:
        try:
            return content.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    raise ImportUnusable(f"{path.name} is neither UTF-8 nor Windows-1252. Export it as UTF-8.")


def _widely(path: Path, content: bytes) -> tuple[str, str]:
    """What Excel calls Unicode text."""
    try:
        return content.decode("utf-16"), "utf-16"
    except UnicodeDecodeError as error:
        raise ImportUnusable(f"{path.name} is damaged. Export it as CSV (UTF-8).") from error


def _records(text: str) -> Iterator[tuple[int, list[str], str]]:
    """Each record with the line that it begins on, and an error where it cannot be read.

    After a broken record reading goes on at the next line, so that one stray quotation mark does
    not swallow the rest of the file.
    """
    lines = list(StringIO(text, newline=""))
    delimiter = _delimiter(lines)
    position = 0
    while position < len(lines):
        reader = csv.reader(_from(lines, position), delimiter=delimiter, strict=True)
        begun = position
        start = position
        try:
            for cells in reader:
                yield start + 1, cells, ""
                start = begun + reader.line_num
            return
        except csv.Error:
            yield start + 1, [], "has quotation marks that do not belong together"
            position = start + 1


def _from(lines: list[str], position: int) -> Iterator[str]:
    for number in range(position, len(lines)):
        yield lines[number]


def _delimiter(lines: list[str]) -> str:
    header = next((line for line in lines if line.strip()), "")
    return max(",;\t", key=header.count)
