"""Reads the comments of a file."""

from __future__ import annotations

from pathlib import Path

from analysis.coder.coding import Comment
from analysis.rows.tables import Table, read_table


def read_comments_table(path: Path) -> Table:
    """The table of a file of comments; ValueError where it has no column named text."""
    table = read_table(path)
    if "text" not in table.columns:
        raise ValueError(f"{path} has no column named text; it has {', '.join(table.columns)}")
    return table


def comments_of(table: Table) -> list[Comment]:
    """Each row as a comment; without an id the row's number is its id."""
    return [
        Comment(
            id=row.get("id", "").strip() or str(number),
            text=row["text"],
            audience=row.get("audience", "").strip() or None,
            question=row.get("question", "").strip() or None,
            language=row.get("lang", "").strip() or None,
        )
        for number, row in enumerate(table.rows, 1)
    ]
