"""Makes two records of one child one, because somebody confirmed it: nothing lost, nothing twice.

Whatever hangs on the record that goes is hung on the one that stays, table by table, as the tables
themselves say what hangs on what; so a table that comes later is moved as well.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Table, delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, SQLModel

from backend.core import audit, clock
from backend.imports import snapshots
from backend.imports.reports import ImportReport
from backend.imports.runs import keep_run

MERGED = audit.declare("person.merged", "kept_id", "gone_id")
# Of each of these a person has one: the record that stays keeps its own, and the other goes.
ONE_EACH = frozenset(
    {
        *("preference", "own_word", "way_chosen", "around_seen", "form_choice"),
        *("entry_secret", "entry_other_check", "vote", "invitation", "sitting"),
    }
)
# What happened stands as it was told; work that waits, sign-ins and imports are nobody's record.
NEVER_TOUCHED = frozenset(
    {
        *("audit_event", "audit_seal", "job", "import_run", "import_row_before"),
        *("import_preview", "column_map", "staff_session", "sign_in_attempt", "entry_attempt"),
        *("return_episode", "return_review", "return_uasc", "return_missing", "return_home"),
    }
)
SAME_ROUND = ("moment", "review_id", "home_id", "window")
Values = Mapping[str, Any]


class MergeRefused(Exception):
    """Both records have something of which there can be only one; the message says what."""


def merge_people(session: Session, actor: str, *, kept_id: int, gone_id: int) -> int:
    """Hang everything of one person on another, and take the empty record out; can be undone as
    the last import, whose id comes back. Raises MergeRefused, having changed nothing."""
    names = [name for name in SQLModel.metadata.tables if name not in NEVER_TOUCHED]
    before = snapshots.take(session, names)
    with session.begin_nested():
        _merge(session, kept_id, gone_id)
    session.expire_all()
    changes = snapshots.differences(before, snapshots.take(session, names))
    report = ImportReport("merge")
    report.count("people", "changed")
    run_id = keep_run(session, report, changes, ran_by=actor)
    audit.record(session, MERGED, actor=actor, person_id=kept_id, kept_id=kept_id, gone_id=gone_id)
    return run_id


def _merge(session: Session, kept_id: int, gone_id: int) -> None:
    _end_stays(session, gone_id)
    _merge_contributor(session, "person_id", gone_id, kept_id)
    _merge_contacts(session, gone_id, kept_id)
    _merge_reviews(session, gone_id, kept_id)
    _hang(session, "person", gone_id, kept_id)
    _merge_rounds(session, kept_id)
    _take_out(session, "person", gone_id)


def _hang(session: Session, target: str, gone_id: int, kept_id: int) -> None:
    """Hang every row that rests on one row of `target` on another, row by row."""
    for table, column in _resting_on(target):
        for row in _rows(session, table, column, gone_id):
            key = [row[one.name] for one in table.primary_key.columns]
            moved = update(table).where(snapshots.at_key(table, key)).values({column: kept_id})
            try:
                with session.begin_nested():
                    session.execute(moved)
            except IntegrityError:
                _meet(session, table, row, kept_id)


def _meet(session: Session, table: Table, row: Values, kept_id: int) -> None:
    """A row that cannot be moved, because the record that stays has its own."""
    if table.name == "next_home_answer":
        # Two answers of the child's own: the second is put beside the first until they choose.
        aside = {
            "contributor_id": kept_id,
            "question_id": row["question_id"],
            "value": row["value"],
            "written_at": row["written_at"],
        }
        other = snapshots.table_named("next_home_aside")
        session.execute(insert(other).values(snapshots.as_bound(other, aside)))
    elif table.name not in ONE_EACH:
        raise MergeRefused(
            f"Both records have their own {table.name.replace('_', ' ')} of the same thing. "
            "Nothing was changed. Ask whoever looks after Heard."
        )
    key = [row[one.name] for one in table.primary_key.columns]
    session.execute(delete(table).where(snapshots.at_key(table, key)))


def _resting_on(target: str) -> Iterator[tuple[Table, str]]:
    for table in SQLModel.metadata.sorted_tables:
        if table.name in NEVER_TOUCHED:
            continue
        for column in table.columns:
            if any(foreign.column.table.name == target for foreign in column.foreign_keys):
                yield table, column.name


def _rows(session: Session, table: Table, column: str, value: Any) -> list[dict[str, Any]]:
    """Rows of a table by one column, as they lie."""
    columns = table.primary_key.columns
    found = session.connection().execute(
        select(*columns).where(table.columns[column] == value).order_by(*columns)
    )
    return [snapshots.row_at(session, table, tuple(key)) or {} for key in found.all()]


def _set(session: Session, name: str, row_id: Any, **values: Any) -> None:
    table = snapshots.table_named(name)
    session.execute(update(table).where(snapshots.at_key(table, [row_id])).values(values))


def _take_out(session: Session, name: str, row_id: Any) -> None:
    table = snapshots.table_named(name)
    session.execute(delete(table).where(snapshots.at_key(table, [row_id])))


def _end_stays(session: Session, gone_id: int) -> None:
    """Where a child lives is what the record that stays says."""
    for row in _rows(session, snapshots.table_named("placement"), "person_id", gone_id):
        if row["ended_on"] is None:
            _set(session, "placement", row["id"], ended_on=clock.today())


def _merge_contributor(session: Session, column: str, gone_id: int, kept_id: int) -> None:
    """Two records of somebody who answers become one, with the answers, doors and asks of both."""
    table = snapshots.table_named("contributor")
    gone, kept = (_rows(session, table, column, one) for one in (gone_id, kept_id))
    if gone and kept:
        _merge_responses(session, gone[0]["id"], kept[0]["id"])
        _hang(session, "contributor", gone[0]["id"], kept[0]["id"])
        _take_out(session, "contributor", gone[0]["id"])
    elif gone:
        _set(session, "contributor", gone[0]["id"], **{column: kept_id})


def _merge_contacts(session: Session, gone_id: int, kept_id: int) -> None:
    """The same adult around both records is one adult; whoever stands around one stays."""
    table = snapshots.table_named("contact")
    kept = {
        (row["kind"], row["name_index"]): row["id"]
        for row in _rows(session, table, "person_id", kept_id)
    }
    for row in _rows(session, table, "person_id", gone_id):
        same = kept.get((row["kind"], row["name_index"]))
        if same is not None:
            _merge_contributor(session, "contact_id", row["id"], same)
            _hang(session, "contact", row["id"], same)
            _take_out(session, "contact", row["id"])


def _merge_reviews(session: Session, gone_id: int, kept_id: int) -> None:
    """One review that both records have is one; two that are open are the same next one."""
    table = snapshots.table_named("review")
    kept = _rows(session, table, "person_id", kept_id)
    for row in _rows(session, table, "person_id", gone_id):
        same = next((one for one in kept if _is_same_review(one, row)), None)
        if same is None:
            continue
        _hang(session, "review", row["id"], same["id"])
        if row["held_on"] and not same["held_on"]:
            filled = {name: value for name, value in row.items() if same[name] is None}
            values = snapshots.as_bound(table, {**filled, "held_on": row["held_on"]})
            _set(session, "review", same["id"], **values)
        _take_out(session, "review", row["id"])


def _is_same_review(first: Values, second: Values) -> bool:
    if first["kind"] != second["kind"]:
        return False
    are_open = all(
        one["held_on"] is None and one["cancelled_on"] is None for one in (first, second)
    )
    is_same_day = first["held_on"] is not None and first["held_on"] == second["held_on"]
    return are_open or is_same_day or first["due_on"] == second["due_on"]


def _merge_rounds(session: Session, kept_id: int) -> None:
    """Two rounds about the same review, or the same home and window, are one round."""
    first: dict[tuple[Any, ...], Any] = {}
    for row in _rows(session, snapshots.table_named("consultation"), "person_id", kept_id):
        kept = first.setdefault(tuple(row[name] for name in SAME_ROUND), row["id"])
        if kept != row["id"]:
            _merge_responses_of_rounds(session, row["id"], kept)
            _hang(session, "consultation", row["id"], kept)
            _take_out(session, "consultation", row["id"])


def _merge_responses_of_rounds(session: Session, gone_id: int, kept_id: int) -> None:
    table = snapshots.table_named("response")
    kept = {
        row["contributor_id"]: row["id"]
        for row in _rows(session, table, "consultation_id", kept_id)
    }
    for row in _rows(session, table, "consultation_id", gone_id):
        if (same := kept.get(row["contributor_id"])) is not None:
            _join_responses(session, row["id"], same)


def _merge_responses(session: Session, gone_id: int, kept_id: int) -> None:
    """Where both answered in one round, their topics stand under one answer sheet."""
    table = snapshots.table_named("response")
    kept = {
        row["consultation_id"]: row["id"]
        for row in _rows(session, table, "contributor_id", kept_id)
    }
    for row in _rows(session, table, "contributor_id", gone_id):
        if (same := kept.get(row["consultation_id"])) is not None:
            _join_responses(session, row["id"], same)


def _join_responses(session: Session, gone_id: int, kept_id: int) -> None:
    _hang(session, "response", gone_id, kept_id)
    _take_out(session, "response", gone_id)
