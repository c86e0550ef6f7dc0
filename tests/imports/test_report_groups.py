"""Many lines of one reason are one line that says how often and where."""

from typing import Any

import pytest

from backend.imports.report_groups import change_groups, unusable_groups


def fault(line: int, column: str = "known_as", **values: Any) -> dict[str, Any]:
    one = {"file": "extract.csv", "line": line, "column": column, "reason": "is empty"}
    return one | {"is_row_used": False} | values


def change(what: str, done: str, which: str) -> dict[str, str]:
    return {"what": what, "done": done, "which": which, "parts": ""}


def test_lines_of_one_reason_are_told_once_with_where_they_stand() -> None:
    (group,) = unusable_groups([fault(9), fault(2), fault(3), fault(4), fault(3)])
    assert group.lines == (2, 3, 4, 9)
    assert group.where == "lines 2 to 4 and 9"


@pytest.mark.parametrize(
    ("lines", "where"),
    [
        ([7], "line 7"),
        ([0], ""),
        ([2, 3], "lines 2 and 3"),
        ([2, 4, 6], "lines 2, 4 and 6"),
        (range(1, 100, 2), f"lines {', '.join(str(one) for one in range(1, 25, 2))} and others"),
    ],
)
def test_where_is_short_however_many_lines_there_are(lines: Any, where: str) -> None:
    (group,) = unusable_groups([fault(line) for line in lines])
    assert group.where == where


def test_rows_that_are_lost_stand_before_single_cells_and_other_reasons_apart() -> None:
    lines = [
        fault(2, "next_review", reason="is not a date", is_row_used=True),
        fault(3, "next_review", reason="is not a date", is_row_used=True),
        fault(4),
        fault(4, file="contacts.csv"),
    ]
    groups = unusable_groups(lines)
    assert [(one.file, one.is_row_used, len(one.lines)) for one in groups] == [
        ("extract.csv", False, 1),
        ("contacts.csv", False, 1),
        ("extract.csv", True, 2),
    ]


def test_what_ends_is_looked_at_first() -> None:
    lines = [
        change("Child or care leaver", "added", "M1"),
        change("Child or care leaver", "changed", "M2"),
        change("Placement", "ended", "M3 in FC1"),
        change("Child or care leaver", "ended", "M4"),
        change("Child or care leaver", "added", "M5"),
    ]
    assert [(one.title, one.done, len(one.lines)) for one in change_groups(lines)] == [
        ("Placements", "ended", 1),
        ("Children and care leavers", "ended", 1),
        ("Children and care leavers", "added", 2),
        ("Children and care leavers", "changed", 1),
    ]
