"""Writes what is found among the comments of a file that fit no theme: one command of the tool."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from analysis.coder.coding import Comment
from analysis.coder.comment_files import comments_of, read_comments_table
from analysis.discovery.groups import Discovery, Group, discover
from analysis.learning.defaults import load_default
from analysis.rows.codebooks import load_codebook
from analysis.rows.tables import Table
from analysis.rows.writing import whole_file


def run_discover(source: Path, target: Path, codebook: Path | None = None) -> str:
    """Code IN.csv, group what fits no theme into OUT.json, and return what was found, in words.

    ValueError says what is wrong with the file, and OSError that OUT.json cannot be written.
    """
    comments = _comments(read_comments_table(source))
    coder = load_default(codebook=load_codebook(codebook))
    found = discover(coder.code(comments), comments)
    _write(target, found)
    return summary_of(found, target)


def summary_of(found: Discovery, target: Path) -> str:
    """One line for a person: how many comments fit nothing, in how many groups, and where."""
    groups = "1 group" if len(found.groups) == 1 else f"{len(found.groups)} groups"
    why = f" ({found.note})" if found.note else ""
    return (
        f"{found.unfitting} of {found.comments} comments fit no theme well: {groups} to {target}"
        f"{why}, {len(found.left_over)} left over, {len(found.unread)} not read"
    )


def as_json(found: Discovery) -> dict[str, Any]:
    """What was found as plain values, comments by their ids."""
    return {
        "comments": found.comments,
        "unfitting": found.unfitting,
        "groups": [_group(group) for group in found.groups],
        "left_over": list(found.left_over),
        "unread": list(found.unread),
        "note": found.note,
    }


def _group(group: Group) -> dict[str, Any]:
    return {
        "name": group.name,
        "words": [word for word, _ in group.words],
        "size": group.size,
        "tightness": group.tightness,
        "examples": [{"id": one.id, "text": one.text} for one in group.examples],
        "comments": list(group.members),
    }


def _write(target: Path, found: Discovery) -> None:
    """Whole or not at all, and readable to its maker alone: it holds people's words."""
    text = json.dumps(as_json(found), ensure_ascii=False, indent=2) + "\n"
    with whole_file(target, rights=0o600) as file:
        file.write(text.encode("utf-8", errors="replace"))


def _comments(table: Table) -> list[Comment]:
    comments = comments_of(table)
    seen: set[str] = set()
    for number, comment in enumerate(comments, 2):
        if comment.id in seen:
            raise ValueError(f"the id {comment.id!r} in row {number} stands in an earlier row too")
        seen.add(comment.id)
    return comments
