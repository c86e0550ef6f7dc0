"""Says when an import would do so much that the file is likely wrong: it then waits for a yes."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from backend.imports.snapshots import RowChange, Snapshot

# Of a council's people so many leave, or change worker, between two weeks only where the file is
# another council's, a part of the right one, or has two columns the wrong way round.
MOST_ENDED = 0.2
MOST_MOVED = 0.5
MOST_WAITING = 0.1
# Below this a share says nothing: a council of six, a test, a first try.
FEWEST = 10
MOVED = {
    "iro_id": "IRO",
    "worker_id": "social worker",
    "personal_adviser_id": "personal adviser",
    "known_as": "name",
    "id_903": "number in returns",
    "group": "group",
}


def doubts_about(
    before: Snapshot, changes: list[RowChange], *, births_waiting: int = 0
) -> list[str]:
    """Why somebody must look before this is brought in; an empty list where nobody need."""
    living = {key for key, row in before.rows["person"].items() if row["left_on"] is None}
    if len(living) < FEWEST:
        return []
    people = [one for one in changes if one.table == "person" and tuple(one.key) in living]
    ended = sum(bool((one.after or {}).get("left_on")) for one in people)
    found = []
    if ended >= len(living) * MOST_ENDED:
        found.append(
            f"{ended:,} of {len(living):,} people would leave. Is the file whole, and is it ours?"
        )
    moved: Counter[str] = Counter(
        column for one in people for column in one.after or {} if _is_replaced(one, column)
    )
    for column, title in MOVED.items():
        if moved[column] >= len(living) * MOST_MOVED:
            found.append(
                f"The {title} of {moved[column]:,} of {len(living):,} people would be another. "
                "Are two columns the wrong way round?"
            )
    if births_waiting >= max(FEWEST / 2, len(living) * MOST_WAITING):
        found.append(
            f"{births_waiting:,} people have another date of birth than here. Are day and month "
            "the wrong way round, or is it another council's file?"
        )
    return found


def _is_replaced(one: RowChange, column: str) -> bool:
    """Whether something that stood gives way to something else; filling an empty cell is none."""
    before: Mapping[str, Any] = one.before or {}
    return bool(before.get(column)) and bool((one.after or {}).get(column))
