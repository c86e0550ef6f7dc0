"""Finds what rests on rows that an undo would take out: nothing that anybody said is ever taken."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Table, select
from sqlmodel import Session, SQLModel

from backend.imports import snapshots

Row = tuple[str, tuple[Any, ...]]
# Made by rules alone, and made again where they are needed: these go with what they rest on,
# unless something rests on them in turn, or a person had a hand in them.
MADE_BY_RULES = frozenset({"consultation", "review", "review_change", "contributor"})
WHY = {
    "response": "somebody answered",
    "ask": "asked for something",
    "entry_pass": "was given a way in",
    "entry_opening_link": "was given a way in",
    "entry_secret": "chose a secret of their own",
    "contributor_session": "opened a page of their own",
    "review": "was reviewed",
    "message": "was written to",
}
BENEATH = "belongs to a child who is left"
AT_ONCE = 500
# Whatever belongs to a child is left together with the child.
OF_A_CHILD = ("contact", "contributor", "placement", "review")


@dataclass(slots=True)
class Resting:
    """Rows that may be taken out, those that are left, and why."""

    wanted: set[Row]
    found: set[Row]
    reasons: dict[Row, str] = field(default_factory=dict)

    def removable(self) -> Iterator[tuple[str, list[tuple[Any, ...]]]]:
        """What may go, some keys of one table at a time, whatever rests on others first."""
        for table in reversed(SQLModel.metadata.sorted_tables):
            free = sorted(key for name, key in self.found - set(self.reasons) if name == table.name)
            for start in range(0, len(free), AT_ONCE):
                yield table.name, free[start : start + AT_ONCE]

    def left(self, session: Session) -> list[str]:
        """A line for each child, and each other row, that is left, with the reason."""
        lines = []
        left = self.wanted & set(self.reasons)
        for name, key in sorted(left, key=lambda row: (row[0] != "person", row)):
            is_beneath = self.reasons[name, key] == BENEATH
            if name in ("person", "home", "staff", "provider") and not is_beneath:
                values = snapshots.row_at(session, snapshots.table_named(name), key) or {}
                shown = values.get("child_id") or values.get("home_ref") or values.get("urn")
                title = "Child" if name == "person" else name.capitalize()
                lines.append(f"{title} {shown or key[0]}: {self.reasons[name, key]}")
        return lines


def find_resting(session: Session, wanted: set[Row], reasons: dict[Row, str]) -> Resting:
    """Which of these rows can go. `reasons` names those that cannot from the start."""
    resting = Resting(set(wanted), set(wanted), dict(reasons))
    while _look_again(session, resting):
        pass
    return resting


def _look_again(session: Session, resting: Resting) -> bool:
    """One round over everything that rests on, or lies under, a row; whether it found anything."""
    before = (len(resting.found), len(resting.reasons))
    for table in SQLModel.metadata.sorted_tables:
        for column in table.columns:
            for foreign in column.foreign_keys:
                _look_at(session, resting, table, column.name, foreign.column.table.name)
    _leave_whole_children(session, resting)
    return before != (len(resting.found), len(resting.reasons))


def _look_at(session: Session, resting: Resting, table: Table, column: str, target: str) -> None:
    """Rows of `table` that rest, by `column`, on rows that would go."""
    ids = {key[0]: (target, key) for name, key in resting.found if name == target}
    if not ids:
        return
    keys = list(table.primary_key.columns)
    rows = session.connection().execute(
        select(table.columns[column], *keys).where(table.columns[column].in_(list(ids)))
    )
    for on, *key in rows.all():
        row: Row = (table.name, tuple(key))
        if row in resting.found and row not in resting.reasons:
            continue
        if row not in resting.found and _is_by_rule(session, table, row):
            resting.found.add(row)
        elif ids[on] not in resting.reasons:
            why = resting.reasons.get(row) or WHY.get(table.name, f"has a {table.name} since")
            resting.reasons[ids[on]] = why.replace("_", " ")


def _is_by_rule(session: Session, table: Table, row: Row) -> bool:
    if table.name not in MADE_BY_RULES:
        return False
    values = snapshots.row_at(session, table, row[1]) or {}
    return not (table.name == "review" and (values.get("held_on") or values.get("meeting_at")))


def _leave_whole_children(session: Session, resting: Resting) -> None:
    """A child who is left keeps home, adults and reviews, as the import brought them."""
    left = {key[0] for name, key in resting.reasons if name == "person"}
    if not left:
        return
    for name, key in list(resting.found):
        if name not in OF_A_CHILD or (name, key) in resting.reasons:
            continue
        values = snapshots.row_at(session, snapshots.table_named(name), key) or {}
        contact: Row = ("contact", (values.get("contact_id"),))
        if values.get("person_id") in left or contact in resting.reasons:
            resting.reasons[name, key] = BENEATH
    for name, key in list(resting.reasons):
        _leave_beneath(session, resting, name, key)


def _leave_beneath(session: Session, resting: Resting, name: str, key: tuple[Any, ...]) -> None:
    """What a row that is left points to is left as well: its home, its worker, its child."""
    table = snapshots.table_named(name)
    values = snapshots.row_at(session, table, key) or {}
    for column in table.columns:
        for foreign in column.foreign_keys:
            row: Row = (foreign.column.table.name, (values.get(column.name),))
            if row in resting.found:
                resting.reasons.setdefault(row, BENEATH)
