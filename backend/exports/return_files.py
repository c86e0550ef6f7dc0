"""Writes the reviews of a return as files: the same bytes for the same rows, whoever asks."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from backend.exports.return_rows import QUERIES, ReviewRow, ReviewsReturn

REVIEWS, LEFT_OUT, TO_CHECK = "reviews.csv", "reviews-left-out.csv", "reviews-to-check.csv"
COLUMNS = ("CHILD", "DOB", "REVIEW", "REVIEW_CODE")
WHY = ("RULE", "REASON", "SOURCE")
# What a spreadsheet would run when somebody opens the list of what was left out.
RUNS = ("=", "+", "-", "@", "\t", "\r")


def files_of(found: ReviewsReturn) -> dict[str, bytes]:
    """The files by name, in UTF-8 with a line feed after each row, as returns have them."""
    return {
        REVIEWS: _csv(COLUMNS, map(_cells, found.rows)),
        LEFT_OUT: _csv(
            (*COLUMNS, *WHY),
            (
                [
                    *map(_shown, _cells(one.row)),
                    " ".join(one.rules),
                    "; ".join(one.reasons),
                    one.row.source,
                ]
                for one in found.left_out
            ),
        ),
        TO_CHECK: _csv(
            (*COLUMNS, *WHY),
            (
                [*map(_shown, _cells(row)), query, QUERIES[query], row.source]
                for row, query in found.to_check
            ),
        ),
    }


def report_of(found: ReviewsReturn) -> dict[str, Any]:
    """What went out and what did not, for a machine."""
    return {
        "year_end": found.year_end.isoformat() if found.year_end else None,
        "rows": len(found.rows),
        "left_out": [
            {
                **dict(zip(COLUMNS, _cells(one.row), strict=True)),
                "rules": list(one.rules),
                "reasons": list(one.reasons),
                "source": one.row.source,
            }
            for one in found.left_out
        ],
        "to_check": [
            {
                **dict(zip(COLUMNS, _cells(row), strict=True)),
                "query": query,
                "reason": QUERIES[query],
                "source": row.source,
            }
            for row, query in found.to_check
        ],
    }


def _cells(row: ReviewRow) -> list[str]:
    return [row.child, _day(row.date_of_birth), _day(row.reviewed_on), row.code]


def _day(day: date | None) -> str:
    # strftime does not fill years before 1000 on every system.
    return f"{day.day:02}/{day.month:02}/{day.year:04}" if day else ""


def _shown(cell: str) -> str:
    return f"'{cell}" if cell.startswith(RUNS) else cell


def _csv(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    file = io.StringIO(newline="")
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return file.getvalue().encode("utf-8")
