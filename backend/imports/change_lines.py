"""Says in words what an import would do or did, row by row, without a name or a child's word."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlmodel import Session

from backend.accounts import queries as accounts
from backend.imports.snapshots import RETURNS, RowChange, Snapshot

ADDED, CHANGED, ENDED = "added", "changed", "ended"
COLUMNS = {
    "child_id": "number in the case system",
    "id_903": "number in returns",
    "known_as": "name",
    "date_of_birth": "date of birth",
    "iro_id": "IRO",
    "worker_id": "social worker",
    "personal_adviser_id": "personal adviser",
    "left_on": "left on",
    "became_looked_after_on": "date started to be looked after",
    "legal_status": "legal status",
    "is_unaccompanied": "unaccompanied",
    "is_disabled": "disability",
    "type_code": "type",
    "provider_id": "provider",
    "started_on": "start",
    "ended_on": "end",
    "distance_miles": "miles from home (rounded up)",
    "due_on": "due",
    "held_on": "held on",
    "has_meeting": "with a meeting",
}
# Of these a preview shows both sides; of the rest, names and addresses, only that they change.
STAFF = ("iro_id", "worker_id", "personal_adviser_id")
PLAIN = (
    *("group", "team", "language", "channel", "legal_status", "gender", "ethnicity", "type_code"),
    "distance_miles",
)
DAYS = ("date_of_birth", "became_looked_after_on", "started_on", "ended_on", "due_on", "held_on")
SHOWN = ("person", "contact", "home", "provider", "placement", "review", "staff")
# Columns that say how something came about, and nothing that anybody would look for.
QUIET = frozenset({"basis", "extract_due_on", "latest_on", "rule", "counted_from", "name_index"})


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """One line of a preview: what kind of thing, which one, what is done to it, to which parts."""

    what: str
    which: str
    done: str
    parts: str


def lines_of(session: Session, changes: list[RowChange], after: Snapshot) -> list[ChangeLine]:
    """A line for each row that somebody would look for; children first, in the order of changes."""
    names = _Names(session, after)
    lines = [_line(names, one) for one in changes if one.table in SHOWN]
    order = {"Child or care leaver": 0, "Review": 1, "Placement": 2, "Adult around": 3}
    shown = [line for line in lines if line is not None]
    return sorted(shown, key=lambda line: order.get(line.what, 9))


def counts_of_history(changes: list[RowChange]) -> dict[str, int]:
    """How many rows of past returns are added, changed or removed."""
    counts: dict[str, int] = {}
    for one in changes:
        if one.table in RETURNS:
            done = _done(one)
            counts[done] = counts.get(done, 0) + 1
    return counts


class _Names:
    """The case system's ids and staff's names behind our own ids."""

    def __init__(self, session: Session, after: Snapshot) -> None:
        self.after = after
        self.staff = {one.staff_id: one.name for one in accounts.staff_lines(session)}

    def whole(self, one: RowChange) -> dict[str, Any]:
        """The row as it is now, so that a change of one column still says whose row it is."""
        return self.after.rows[one.table].get(tuple(one.key)) or one.before or {}

    def child(self, person_id: Any) -> str:
        row = self.after.rows["person"].get((person_id,), {})
        return str(row.get("child_id", "a child"))

    def home(self, home_id: Any) -> str:
        return str(self.after.rows["home"].get((home_id,), {}).get("home_ref", "a home"))

    def value(self, column: str, value: Any) -> str:
        """A value as the preview shows it."""
        if value in (None, ""):
            return "nothing"
        if column in STAFF:
            return self.staff.get(value, "somebody")
        if column in DAYS or column == "left_on":
            return f"{date.fromisoformat(value):%d/%m/%Y}"
        if isinstance(value, bool):
            return "yes" if value else "no"
        return str(value).replace("_", " ")


def _done(one: RowChange) -> str:
    if one.before is None:
        return ADDED
    after = one.after or {}
    is_end = one.after is None or any(after.get(name) for name in ("left_on", "ended_on"))
    return ENDED if is_end or after.get("cancelled_on") else CHANGED


def _line(names: _Names, one: RowChange) -> ChangeLine | None:
    what, which = _subject(names, one)
    if not what:
        return None
    done, parts = _done(one), _parts(names, one)
    # What changed nowhere that anybody would look is no line of a preview.
    return ChangeLine(what, which, done, "; ".join(parts)) if parts or done != CHANGED else None


def _subject(names: _Names, one: RowChange) -> tuple[str, str]:
    values = names.whole(one)
    if one.table == "person":
        return "Child or care leaver", str(values.get("child_id", ""))
    if one.table == "contact":
        kind = str(values.get("kind", "adult")).replace("_", " ")
        return "Adult around", f"{names.child(values.get('person_id'))}: {kind}"
    if one.table in ("placement", "review"):
        which = names.child(values.get("person_id"))
        if one.table == "placement":
            which += f" in {names.home(values.get('home_id'))}"
        return one.table.capitalize(), which
    if one.table == "staff":
        return ("Staff named", names.staff.get(one.key[0], "")) if one.before is None else ("", "")
    return one.table.capitalize(), str(values.get("home_ref") or values.get("urn") or "")


def _parts(names: _Names, one: RowChange) -> list[str]:
    if one.table == "staff":
        return ["named for the first time; opens only once an administrator gives a password"]
    parts = []
    for column, after in (one.after or {}).items():
        before = (one.before or {}).get(column)
        if column in QUIET or column == "id" or (one.before is None and after in (None, "", [])):
            continue
        title = COLUMNS.get(column, column.replace("_", " ").removesuffix(" id"))
        is_shown = column in (*STAFF, *PLAIN, *DAYS, "left_on") or isinstance(after, bool)
        if before in (None, ""):
            if is_shown:
                parts.append(f"{title} {names.value(column, after)}")
            elif one.before is not None:
                parts.append(f"{title} is filled")
        elif is_shown:
            parts.append(
                f"{title} from {names.value(column, before)} to {names.value(column, after)}"
            )
        else:
            parts.append(f"{title} changes")
    return parts
