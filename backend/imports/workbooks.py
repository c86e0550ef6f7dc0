"""Opens a workbook that somebody gave us: small enough, whole, without a password, never run."""

import struct
import warnings
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from io import BytesIO
from itertools import islice
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from backend.imports.csv_files import ImportUnusable

LARGEST = 25 * 1024 * 1024
# A packed file of a few kilobytes can hold gigabytes, so its own list of contents is read first.
LARGEST_UNPACKED = 150 * 1024 * 1024
MOST_PARTS = 2_000
MOST_SHEETS, MOST_ROWS, MOST_COLUMNS = 60, 20_000, 300
# Titles, notes and the council's crest stand above the header; never more than this.
HEAD = 40
# No list has such a gap: below it a sheet is only formatted, often down to its millionth row.
LONGEST_GAP = 2_000
OLD_PACKAGE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
PASSWORD = "EncryptedPackage".encode("utf-16-le")
SAVE_AS = "Open it in Excel, save it as an Excel workbook (.xlsx), then try again."
# Whatever a file that was made by anybody brings the library to raise while it reads.
UNREADABLE = (
    BadZipFile,
    InvalidFileException,
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
    ArithmeticError,
    AssertionError,
    EOFError,
    OSError,
    RuntimeError,  # a packed part with a password; NotImplementedError and RecursionError too
    SyntaxError,  # broken XML
    struct.error,
    zlib.error,
)
Row = tuple[int, tuple[Any, ...]]
# Drop-down lists, pictures and dates that Excel cannot show either: nobody here can act on them.
warnings.filterwarnings("ignore", category=UserWarning, module=r"openpyxl(\..*)?")


class Sheet:
    """One sheet: its name, the day that its numbers count from, its first rows, and then all."""

    def __init__(self, path: Path, sheet: Any, epoch: datetime) -> None:
        self.name: str = sheet.title
        self.is_hidden: bool = sheet.sheet_state != "visible"
        self.epoch = epoch
        self._path = path
        self._sheet = sheet
        self.head: list[Row] = list(_rows(path.name, sheet, until=HEAD))

    def rows(self) -> list[Row]:
        """Every row that holds anything, hidden ones included, formulas as their last result.

        Raises ImportUnusable, in words for whoever has the file, where it cannot be read.
        """
        with _in_words(self._path.name):
            return list(_rows(self._path.name, self._sheet))

    def formulas(self, places: set[int]) -> set[tuple[int, int]]:
        """Line and place of each formula in some columns, whether it has a result or not."""
        with _in_words(self._path.name), _opened(self._path, with_results=False) as book:
            sheet = next(one for one in book.worksheets if one.title == self.name)
            return {
                (line, place)
                for line, cells in _rows(self._path.name, sheet)
                for place in places
                if place < len(cells) and str(cells[place] or "").startswith("=")
            }


@contextmanager
def open_sheets(path: Path) -> Iterator[list[Sheet]]:
    """The sheets of a workbook while it is open, hidden ones included.

    Raises ImportUnusable, in words for whoever has the file, where it cannot be read.
    """
    with ExitStack() as stack:
        with _in_words(path.name):
            book = stack.enter_context(_opened(path))
            sheets = [Sheet(path, one, book.epoch) for one in book.worksheets[:MOST_SHEETS]]
        yield sheets


@contextmanager
def _opened(path: Path, *, with_results: bool = True) -> Iterator[Any]:
    content = _content(path)
    _check_package(path.name, content)
    # Read-only: nothing is drawn, linked or run, and a sheet is never whole in memory.
    book = load_workbook(BytesIO(content), read_only=True, data_only=with_results, keep_links=False)
    try:
        yield book
    finally:
        book.close()


@contextmanager
def _in_words(name: str) -> Iterator[None]:
    try:
        yield
    except UNREADABLE as broken:
        raise ImportUnusable(f"{name} is a damaged workbook. {SAVE_AS}") from broken


def _content(path: Path) -> bytes:
    if path.is_dir():
        raise ImportUnusable(f"{path} is a folder. Give the workbook that lies in it.")
    if not path.is_file():
        raise ImportUnusable(f"There is no file {path.name} in {path.parent.resolve()}.")
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
    if not content:
        raise ImportUnusable(f"{name} is empty. Was it saved or copied whole?")
    if content.startswith(OLD_PACKAGE):
        if PASSWORD in content:
            raise ImportUnusable(
                f"{name} is locked with a password. Take the password off in Excel (File, Info, "
                "Protect Workbook), save it, then try again."
            )
        raise ImportUnusable(f"{name} is in the format of Excel before 2007. {SAVE_AS}")
    try:
        parts = ZipFile(BytesIO(content)).infolist()
    except (BadZipFile, ValueError, struct.error, LookupError, RuntimeError) as broken:
        raise ImportUnusable(f"{name} is not an Excel workbook. {SAVE_AS}") from broken
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > LARGEST_UNPACKED:
        raise ImportUnusable(
            f"{name} unpacks to more than we open. Keep List 8 and List 9, delete the other "
            "sheets, then try again."
        )
    names = {part.filename.casefold() for part in parts}
    if not any(name.endswith("workbook.xml") for name in names):
        raise ImportUnusable(f"{name} is not a workbook that we can read. {SAVE_AS}")


def _rows(name: str, sheet: Any, *, until: int | None = None) -> Iterator[Row]:
    # Some programs write a wrong size into the sheet, which would cut its rows off.
    sheet.reset_dimensions()
    last = found = 0
    rows = sheet.iter_rows(max_col=MOST_COLUMNS, values_only=True)
    for line, cells in islice(enumerate(rows, start=1), until):
        if any(cell is not None and str(cell).strip() for cell in cells):
            last, found = line, found + 1
            yield line, cells
        if line - last > LONGEST_GAP:
            return
        if found > MOST_ROWS:
            raise ImportUnusable(
                f"{name} has a list of more than {MOST_ROWS:,} rows ({sheet.title}). Delete what "
                "is below the list, then try again."
            )
