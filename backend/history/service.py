"""Keeps what a return says: adds, changes what changed, and touches nothing else."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from sqlmodel import Session, SQLModel, delete, insert, select, update

from backend.history.models import (
    ReturnChild,
    ReturnEpisode,
    ReturnHome,
    ReturnMissing,
    ReturnReview,
    ReturnUasc,
)
from backend.history.records import Change as Change
from backend.history.records import ChildKey as ChildKey
from backend.history.records import ChildRow as ChildRow
from backend.history.records import EpisodeRow as EpisodeRow
from backend.history.records import MissingRow as MissingRow
from backend.history.records import ReturnRows as ReturnRows
from backend.history.records import ReviewRow as ReviewRow
from backend.history.records import UascRow as UascRow

Values = dict[str, Any]


def keep_return(session: Session, rows: ReturnRows) -> dict[str, Change]:
    """Bring the history to what a return says; what changed, by kind of row.

    The same rows again change nothing. Rows of the database that the return does not mention
    stay, because a return covers one year and the history many. An episode that a later year's
    return already told of keeps what that one said.
    """
    ids, children = _keep_children(session, rows.children.values())
    return {
        "children": children,
        "episodes": _keep_episodes(session, ids, rows.episodes),
        "reviews": _keep_reviews(session, ids, rows.reviews),
        "uasc": _keep_uasc(session, ids, rows.uasc),
        "missing": _keep_missing(session, ids, rows.missing),
        "homes": _keep_homes(session, rows.homes),
    }


def link_people(
    session: Session, living: Mapping[str, tuple[int, date]]
) -> tuple[int, list[tuple[int, str, date, int]]]:
    """Link children of returns to living people, who are given by their id of the return.

    Returns how many were linked, and those whose date of birth differs, each as (id of the
    return's child, CHILD, date of birth in the return, person's id): only a person can decide.
    """
    links, doubts = [], []
    for row in _all_rows(session, ReturnChild):
        person_id, birth = living.get(row.child, (0, None))
        if not person_id or row.date_of_birth is None or row.person_id is not None:
            continue
        if birth == row.date_of_birth:
            links.append({"id": row.id, "person_id": person_id})
        else:
            doubts.append((row.id, row.child, row.date_of_birth, person_id))
    _update_all(session, ReturnChild, links)
    return len(links), doubts


def link_child(session: Session, return_child_id: int, *, person_id: int) -> None:
    """Link one child of a return to a living person, because somebody confirmed it."""
    session.get_one(ReturnChild, return_child_id).person_id = person_id


def _keep_children(
    session: Session, rows: Iterable[ChildRow]
) -> tuple[dict[ChildKey, int], Change]:
    change, new, updates = Change(), [], []
    known = _children_by_name(session)
    for row in rows:
        child, date_of_birth = row.key
        found = _same_child(known.get(child, []), date_of_birth)
        if found is None:
            new.append(_values_of_child(row))
            continue
        values = _changed_values_of_child(row, found)
        change.count("changed" if values else "unchanged")
        if values:
            updates.append({"id": found.id, **values})
    change.added = len(new)
    _insert_all(session, ReturnChild, new)
    _update_all(session, ReturnChild, updates)
    return _ids_by_key(session, rows), change


def _children_by_name(session: Session) -> dict[str, list[Any]]:
    known: dict[str, list[Any]] = defaultdict(list)
    for row in sorted(_all_rows(session, ReturnChild), key=lambda row: int(row.id)):
        known[row.child].append(row)
    return known


def _same_child(candidates: list[Any], date_of_birth: date | None) -> Any | None:
    """The row with this birth; a row without one adopts it; a child without birth is the first."""
    exact = [row for row in candidates if row.date_of_birth == date_of_birth]
    without = [row for row in candidates if row.date_of_birth is None]
    loose = candidates if date_of_birth is None else without
    return next(iter(exact or loose), None)


def _values_of_child(row: ChildRow) -> Values:
    child, date_of_birth = row.key
    return {
        "child": child,
        "date_of_birth": date_of_birth,
        "sex": row.sex,
        "ethnicity": row.ethnicity,
        "is_in_header": row.is_in_header,
    }


def _changed_values_of_child(row: ChildRow, found: Any) -> Values:
    """What this return adds to a known child; a file without the child takes nothing away."""
    values = {
        key: value for key, value in _values_of_child(row).items() if value not in ("", None, False)
    }
    return {key: value for key, value in values.items() if getattr(found, key) != value}


def _ids_by_key(session: Session, rows: Iterable[ChildRow]) -> dict[ChildKey, int]:
    known = _children_by_name(session)
    ids = {}
    for row in rows:
        found = _same_child(known[row.key[0]], row.key[1])
        ids[row.key] = found.id if found else 0
    return ids


def _keep_episodes(
    session: Session, ids: Mapping[ChildKey, int], rows: Iterable[EpisodeRow]
) -> Change:
    wanted = {}
    for row in rows:
        values = {name: getattr(row, name) for name in EpisodeRow.__slots__ if name != "child"}
        key = (ids[row.child], row.started_on, row.occurrence)
        wanted[key] = {"return_child_id": ids[row.child], **values}
    found = {}
    for row in _all_rows(session, ReturnEpisode) if wanted else ():
        key = (row.return_child_id, row.started_on, row.occurrence)
        found[key] = row
        if key in wanted and row.year_end > wanted[key]["year_end"]:
            wanted[key] = {}
    return _keep(session, ReturnEpisode, found, wanted)


def _keep_reviews(
    session: Session, ids: Mapping[ChildKey, int], rows: Iterable[ReviewRow]
) -> Change:
    """Reviews of a child and date as this return has them: a corrected code replaces the old."""
    wanted: dict[tuple[int, date], dict[tuple[str, int], Values]] = defaultdict(dict)
    for row in rows:
        values = {"code": row.code, "occurrence": row.occurrence, "flags": row.flags}
        values |= {"return_child_id": ids[row.child], "reviewed_on": row.reviewed_on}
        wanted[ids[row.child], row.reviewed_on][row.code, row.occurrence] = values
    found: dict[tuple[int, date], dict[tuple[str, int], Any]] = defaultdict(dict)
    for row in _all_rows(session, ReturnReview) if wanted else ():
        if (row.return_child_id, row.reviewed_on) in wanted:
            found[row.return_child_id, row.reviewed_on][row.code, row.occurrence] = row
    return _replace(session, ReturnReview, found, wanted)


def _keep_uasc(session: Session, ids: Mapping[ChildKey, int], rows: Iterable[UascRow]) -> Change:
    wanted: dict[int, dict[date | None, Values]] = defaultdict(dict)
    for row in rows:
        child_id = ids[row.child]
        wanted[child_id][row.ceased_on] = {
            "return_child_id": child_id,
            "ceased_on": row.ceased_on,
        }
    found: dict[int, dict[date | None, Any]] = defaultdict(dict)
    for row in _all_rows(session, ReturnUasc) if wanted else ():
        if row.return_child_id in wanted:
            found[row.return_child_id][row.ceased_on] = row
    return _replace(session, ReturnUasc, found, wanted)


def _keep_missing(
    session: Session, ids: Mapping[ChildKey, int], rows: Iterable[MissingRow]
) -> Change:
    wanted = {
        (ids[row.child], row.kind, row.started_on): {
            "return_child_id": ids[row.child],
            "kind": row.kind,
            "started_on": row.started_on,
            "ended_on": row.ended_on,
        }
        for row in rows
    }
    found = {
        (row.return_child_id, row.kind, row.started_on): row
        for row in _all_rows(session, ReturnMissing)
    }
    return _keep(session, ReturnMissing, found, wanted)


def _keep_homes(session: Session, homes: Mapping[str, str]) -> Change:
    change = Change()
    for urn, place in homes.items():
        row = session.get(ReturnHome, urn)
        if row is None:
            session.add(ReturnHome(urn=urn, place=place))
            change.count("added")
        elif row.place != place:
            row.place = place
            change.count("changed")
        else:
            change.count("unchanged")
    session.flush()
    return change


def _all_rows(session: Session, table: type[SQLModel]) -> list[Any]:
    """Every row as a plain tuple: objects of tens of thousands of rows would cost seconds."""
    return list(session.exec(select(*table.__table__.c)).all())  # type: ignore[attr-defined]


def _keep(
    session: Session,
    table: type[SQLModel],
    found: Mapping[Any, Any],
    wanted: Mapping[Any, Values],
) -> Change:
    new = [values for key, values in wanted.items() if key not in found]
    updates = [
        {"id": found[key].id, **values}
        for key, values in wanted.items()
        if key in found and _differs(found[key], values)
    ]
    _insert_all(session, table, new)
    _update_all(session, table, updates)
    return Change(len(new), len(updates), len(wanted) - len(new) - len(updates))


def _replace(
    session: Session,
    table: type[SQLModel],
    found: Mapping[Any, Mapping[Any, Any]],
    wanted: Mapping[Any, Mapping[Any, Values]],
) -> Change:
    """Make each group exactly what is wanted, reusing rows whose key went for keys that came."""
    changed_keys: dict[tuple[Any, Any], Any] = {}
    flat: dict[tuple[Any, Any], Values] = {}
    spare: list[int] = []
    for group, members in wanted.items():
        gone = [row for key, row in found.get(group, {}).items() if key not in members]
        for key, values in members.items():
            flat[group, key] = values
            same = found.get(group, {}).get(key) or (gone.pop() if gone else None)
            if same is not None:
                changed_keys[group, key] = same
        spare += [row.id for row in gone]
    change = _keep(session, table, changed_keys, flat)
    if spare:
        session.exec(delete(table).where(table.id.in_(spare)))  # type: ignore[attr-defined]
    change.ended = len(spare)
    return change


def _differs(row: Any, values: Values) -> bool:
    return any(getattr(row, name) != value for name, value in values.items())


def _insert_all(session: Session, table: type[SQLModel], rows: list[Values]) -> None:
    if rows:
        session.exec(insert(table), params=rows)


def _update_all(session: Session, table: type[SQLModel], rows: list[Values]) -> None:
    if rows:
        session.exec(update(table), params=rows)
