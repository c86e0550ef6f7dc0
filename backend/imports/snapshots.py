"""What an import did to rows: tables as they lay before and after, and the difference by row.

Columns that are encrypted are compared and kept as they lie, so that nothing is read that need not
be, and what is put back is the very row, to the byte.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Column, Table, Text, literal, select, tuple_, type_coerce
from sqlmodel import Session, SQLModel

from backend.core.columns import EncryptedText, EncryptedValue, Moment

# Whatever an import may write. A test holds that it writes nowhere else (but audit and jobs).
PEOPLE = (
    "provider",
    "home",
    "staff",
    "staff_role",
    "person",
    "contact",
    "contributor",
    "placement",
    "review",
    "review_change",
    "column_map",
    "proposal",
    "return_child",
)
RETURNS = ("return_episode", "return_review", "return_uasc", "return_missing", "return_home")
# These move by themselves, when somebody signs in: no import writes them.
PASSED_OVER = {"staff": frozenset({"totp_last_step"})}
Key = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class RowChange:
    """One row that was added (`before` is None), changed, or removed (`after` is None).

    Of a changed row only the columns that differ stand here; of an added one a digest of the whole
    row says later whether somebody changed it since.
    """

    table: str
    key: list[Any]
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    digest: str = ""

    def as_values(self) -> dict[str, Any]:
        """The change as plain values, for the journal."""
        return {
            "table": self.table,
            "key": self.key,
            "before": self.before,
            "after": {} if self.before is None else self.after,
            "digest": self.digest,
        }


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Rows of several tables by their keys, as plain values."""

    rows: Mapping[str, Mapping[Key, dict[str, Any]]]

    def fingerprint(self) -> str:
        """One number for everything in it: another where a single value differs."""
        total = hashlib.sha256()
        for name, rows in sorted(self.rows.items()):
            for key, values in sorted(rows.items(), key=lambda one: repr(one[0])):
                total.update(json.dumps([name, key, values], sort_keys=True).encode())
        return total.hexdigest()


def tables_of(kind: str) -> tuple[str, ...]:
    """The tables that an import of a kind may write."""
    return (*PEOPLE, *RETURNS) if kind == "ssda903" else PEOPLE


def table_named(name: str) -> Table:
    """A table by its name."""
    return SQLModel.metadata.tables[name]


def take(session: Session, names: Iterable[str]) -> Snapshot:
    """The rows of these tables as they lie now, in this transaction."""
    session.flush()
    return Snapshot({name: dict(_rows(session, table_named(name))) for name in names})


def _rows(session: Session, table: Table) -> Iterator[tuple[Key, dict[str, Any]]]:
    skipped = PASSED_OVER.get(table.name, frozenset())
    columns = [column for column in table.columns if column.name not in skipped]
    names = [column.name for column in columns]
    keys = [names.index(column.name) for column in table.primary_key.columns]
    for row in session.connection().execute(select(*(_as_it_lies(one) for one in columns))):
        plain = [_plain(value) for value in row]
        yield tuple(plain[place] for place in keys), dict(zip(names, plain, strict=True))


def row_at(session: Session, table: Table, key: Iterable[Any]) -> dict[str, Any] | None:
    """One row as it lies now, or None."""
    skipped = PASSED_OVER.get(table.name, frozenset())
    columns = [column for column in table.columns if column.name not in skipped]
    statement = select(*(_as_it_lies(one) for one in columns)).where(at_key(table, key))
    row = session.connection().execute(statement).first()
    if row is None:
        return None
    return {one.name: _plain(value) for one, value in zip(columns, row, strict=True)}


def _as_it_lies(column: Column[Any]) -> Any:
    if isinstance(column.type, EncryptedText | EncryptedValue):
        return type_coerce(column, Text()).label(column.name)
    return column


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date | datetime) else value


def digest(values: Mapping[str, Any]) -> str:
    """A short number for a whole row."""
    body = json.dumps(values, sort_keys=True)
    return hashlib.sha256(body.encode()).hexdigest()[:24]


def differences(before: Snapshot, after: Snapshot) -> list[RowChange]:
    """Each row that differs, table by table in the order in which rows rest on each other."""
    changes: list[RowChange] = []
    for name, rows in after.rows.items():
        old = before.rows[name]
        for key, values in rows.items():
            if key not in old:
                changes.append(RowChange(name, list(key), None, values, digest(values)))
            elif values != old[key]:
                differing = [column for column in values if values[column] != old[key][column]]
                changes.append(
                    RowChange(
                        name,
                        list(key),
                        {column: old[key][column] for column in differing},
                        {column: values[column] for column in differing},
                    )
                )
        changes += [
            RowChange(name, list(key), values, None)
            for key, values in old.items()
            if key not in rows
        ]
    return changes


def as_bound(table: Table, values: Mapping[str, Any]) -> dict[str, Any]:
    """Plain values as a statement takes them: days as days, encrypted text as it lay."""
    return {name: _bound(table.columns[name], value) for name, value in values.items()}


def _bound(column: Column[Any], value: Any) -> Any:
    if isinstance(column.type, EncryptedText | EncryptedValue):
        return literal(value, Text())
    if value is None or not isinstance(value, str):
        return value
    if isinstance(column.type, Moment):
        return datetime.fromisoformat(value)
    return date.fromisoformat(value) if column.type.python_type is date else value


def at_key(table: Table, key: Iterable[Any]) -> Any:
    """The condition that finds one row by its key."""
    columns = list(table.primary_key.columns)
    pairs = [column == value for column, value in zip(columns, key, strict=True)]
    condition = pairs[0]
    for pair in pairs[1:]:
        condition = condition & pair
    return condition


def at_keys(table: Table, keys: list[tuple[Any, ...]]) -> Any:
    """The condition that finds several rows by their keys."""
    columns = list(table.primary_key.columns)
    if len(columns) == 1:
        return columns[0].in_([key[0] for key in keys])
    return tuple_(*columns).in_(keys)
