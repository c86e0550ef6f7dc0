"""Reads and writes comma-separated files as people's spreadsheets make them."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from analysis.rows.writing import whole_file

_LONGEST_FIELD = 16_000_000


@dataclass(frozen=True, slots=True)
class Table:
    """The columns as the file names them, and one mapping a row, every column present."""

    columns: tuple[str, ...]
    rows: list[dict[str, str]]


def read_table(path: Path) -> Table:
    """Read a file with a header row: UTF-8 with or without a mark, else Windows-1252.

    ValueError says what is wrong with the file in words that its owner can act on.
    """
    csv.field_size_limit(_LONGEST_FIELD)
    reader = csv.reader(io.StringIO(_text(path), newline=""))
    try:
        header = [name.strip() for name in next(reader, [])]
        rows = [row for row in reader if row]
    except csv.Error as error:
        raise ValueError(f"{path} is not a comma-separated file: {error}") from error
    if not any(header):
        raise ValueError(f"{path} is empty: it needs a header row with a column named text")
    twice = sorted({name for name in header if name and header.count(name) > 1})
    if twice:
        raise ValueError(f"{path} has two columns named {', '.join(twice)}")
    return Table(
        tuple(header), [_row(header, row, path, number) for number, row in enumerate(rows, 1)]
    )


def write_table(path: Path, columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> None:
    """Write the file whole or not at all. OSError where the place cannot be written."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, fieldnames=list(columns), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    # What is handed over has the usual rights.
    with whole_file(path, rights=0o666 & ~_umask()) as file:
        file.write(text.getvalue().encode("utf-8"))


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _text(path: Path) -> str:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ValueError(
            f"{path} cannot be read: {error.strerror or 'it is not a file'}"
        ) from error
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        # Spreadsheets on Windows still save so; undefined bytes are kept as a mark, not lost.
        return content.decode("cp1252", errors="replace")


def _row(header: list[str], cells: list[str], path: Path, number: int) -> dict[str, str]:
    if len(cells) > len(header):
        raise ValueError(
            f"{path}: row {number} has more cells than the header; is a quote missing?"
        )
    return dict(zip(header, cells + [""] * (len(header) - len(cells)), strict=True))
