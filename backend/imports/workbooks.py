"""Opens a workbook that somebody gave us: small enough, whole, without a password, never run."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError
from zipfile import BadZipFile, ZipFile

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from backend.imports.csv_files import ImportUnusable

LARGEST = 25 * 1024 * 1024
# A packed file of a few kilobytes can hold gigabytes, so its own list of contents is read first.
LARGEST_UNPACKED = 150 * 1024 * 1024
MOST_PARTS = 2_000
MOST_SHEETS, MOST_ROWS, MOST_COLUMNS = 60, 20_000, 300
OLD_PACKAGE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
PASSWORD = "EncryptedPackage".encode("utf-16-le")
SAVE_AS = "Open it in Excel, save it as an Excel workbook (.xlsx), then try again."
UNREADABLE = (
    BadZipFile,
    InvalidFileException,
    KeyError,
    ValueError,
    TypeError,
    AttributeError,
    IndexError,
    EOFError,
    OSError,
    ParseError,
    NotImplementedError,
    struct.error,
)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: its name, the day that its numbers count from, and its rows as they stand."""

    name: str
    epoch: datetime
    rows: list[tuple[int, tuple[Any, ...]]]


def read_sheets(path: Path) -> list[Sheet]:
    """Every sheet with its rows that hold anything, hidden ones included, formulas as their last
    result; raises ImportUnusable, in words for whoever has the file, where it cannot be read.
    """
    content = _content(path)
    _check_package(path.name, content)
    try:
        # Read-only: nothing is drawn, linked or run, and a sheet is never whole in memory.
        book = load_workbook(BytesIO(content), read_only=True, data_only=True, keep_links=False)
        try:
            sheets = book.worksheets[:MOST_SHEETS]
            return [Sheet(one.title, book.epoch, list(_rows(path.name, one))) for one in sheets]
        finally:
            book.close()
    except UNREADABLE as broken:
        raise ImportUnusable(f"{path.name} is a damaged workbook. {SAVE_AS}") from broken


def _content(path: Path) -> bytes:
    if not path.is_file():
        raise ImportUnusable(f"There is no file {path.name} in {path.parent}.")
    try:
        if path.stat().st_size > LARGEST:
            raise ImportUnusable(
                f"{path.name} is larger than {LARGEST // 1024**2} MB. Keep List 8 and List 9, "
                "delete the other sheets, then try again."
            )
        return path.read_bytes()
    except OSError as error:
        raise ImportUnusable(f"{path.name} cannot be read: {error.strerror}.") from error


def _check_package(name: str, content: bytes) -> None:
    if content.startswith(OLD_PACKAGE):
        if PASSWORD in content:
            raise ImportUnusable(
                f"{name} is locked with a password. Take the password off in Excel (File, Info, "
                "Protect Workbook), save it, then try again."
            )
        raise ImportUnusable(f"{name} is in the format of Excel before 2007. {SAVE_AS}")
    try:
        parts = ZipFile(BytesIO(content)).infolist()
    except (BadZipFile, ValueError, struct.error) as broken:
        raise ImportUnusable(f"{name} is not an Excel workbook. {SAVE_AS}") from broken
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > LARGEST_UNPACKED:
        raise ImportUnusable(
            f"{name} unpacks to more than we open. Keep List 8 and List 9, delete the other "
            "sheets, then try again."
        )
    names = {part.filename.casefold() for part in parts}
    if not any(name.endswith("workbook.xml") for name in names):
        raise ImportUnusable(f"{name} is not a workbook that we can read. {SAVE_AS}")


def _rows(name: str, sheet: Any) -> Iterator[tuple[int, tuple[Any, ...]]]:
    # Some programs write a wrong size into the sheet, which would cut its rows off.
    sheet.reset_dimensions()
    rows = sheet.iter_rows(max_col=MOST_COLUMNS, values_only=True)
    for line, cells in enumerate(rows, start=1):
        if line > MOST_ROWS:
            raise ImportUnusable(
                f"{name} has a sheet of more than {MOST_ROWS:,} rows. Delete what is below the "
                "list, then try again."
            )
        if any(cell is not None and str(cell).strip() for cell in cells):
            yield line, cells
