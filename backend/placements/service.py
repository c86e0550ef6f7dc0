"""Writes of homes, providers and placements, as successive extracts tell them."""

from collections.abc import Mapping, Sequence
from datetime import date

from sqlmodel import Session, col, select

from backend.placements.models import Home, Placement, Provider

ADDED, CHANGED, UNCHANGED = "added", "changed", "unchanged"


def keep_provider(session: Session, urn: str, *, name: str | None) -> tuple[int, str]:
    """The provider with this URN, made or renamed where need be; its id and what was done.

    A name of None says that the extract has no such column, so the one that stands is kept.
    """
    row = session.exec(select(Provider).where(Provider.urn == urn)).first()
    if row is None:
        row = Provider(urn=urn, name=name or "")
        session.add(row)
        session.flush()
        return row.id or 0, ADDED
    if name is None or row.name == name:
        return row.id or 0, UNCHANGED
    row.name = name
    return row.id or 0, CHANGED


def keep_home(
    session: Session, home_ref: str, *, values: dict[str, str | int | None]
) -> tuple[int, str]:
    """The home with this reference of the case system, made or changed where need be.

    `values` holds those of name, type_code and provider_id that the extract has.
    """
    row = session.exec(select(Home).where(Home.home_ref == home_ref)).first()
    if row is None:
        row = Home.model_validate({"name": "", "type_code": "", **values, "home_ref": home_ref})
        session.add(row)
        session.flush()
        return row.id or 0, ADDED
    changes = {key: value for key, value in values.items() if getattr(row, key) != value}
    for key, value in changes.items():
        setattr(row, key, value)
    return row.id or 0, CHANGED if changes else UNCHANGED


def keep_placement(
    session: Session,
    person_id: int,
    home_id: int,
    *,
    started_on: date | None,
    as_at: date,
    values: Mapping[str, int | None] | None = None,
    current: Sequence[Placement] | None = None,
) -> tuple[str, int]:
    """Say that a person lives in a home: ends an earlier placement elsewhere, opens this one;
    what was done to this one, and how many others ended.

    A home that is new ends the earlier placement on the day it began, or, without that day, on
    the extract's as-at date. The same home with another start is the same placement, corrected.
    `values`: distance_miles, where the extract says something of it.
    `current`: theirs of `open_placements`, where the caller has them.
    """
    if current is None:
        current = _open_placements(session, person_id)
    here = next((row for row in current if row.home_id == home_id), None)
    elsewhere = [row for row in current if row is not here]
    for row in elsewhere:
        _end(row, started_on or as_at)
    told: dict[str, date | int | None] = {**(values or {})}
    if here is None:
        here = _open(session, person_id, home_id, started_on)
        _change(here, told)
        session.flush()
        return ADDED, len(elsewhere)
    if started_on is not None:
        told["started_on"] = started_on
    return _change(here, told), len(elsewhere)


def complete_start(
    session: Session, person_id: int, *, started_on: date
) -> tuple[str, date | None]:
    """Fill the start of the present placement where the extract leaves it out; what was done, and
    the start that stands now (None where nobody knows of a placement)."""
    current = _open_placements(session, person_id)
    if len(current) != 1:
        return UNCHANGED, None
    if current[0].started_on is not None:
        return UNCHANGED, current[0].started_on
    current[0].started_on = started_on
    return CHANGED, started_on


def end_placements(session: Session, person_id: int, *, on: date) -> int:
    """End every open placement of a person whom the extract places nowhere; how many."""
    current = _open_placements(session, person_id)
    for row in current:
        _end(row, on)
    return len(current)


def open_placements(session: Session, *person_ids: int) -> dict[int, list[Placement]]:
    """The placements of these people, else of everybody, that no extract ended, by person."""
    statement = select(Placement).where(col(Placement.ended_on).is_(None))
    if person_ids:
        statement = statement.where(col(Placement.person_id).in_(person_ids))
    found: dict[int, list[Placement]] = {}
    for row in session.exec(statement.order_by(col(Placement.id))):
        found.setdefault(row.person_id, []).append(row)
    return found


def _open_placements(session: Session, person_id: int) -> list[Placement]:
    return open_placements(session, person_id).get(person_id, [])


def _end(row: Placement, day: date) -> None:
    # A correction can name a start before the placement that it ends: that one lasted no day.
    row.ended_on = max(day, row.started_on) if row.started_on else day


def _change(row: Placement, values: Mapping[str, date | int | None]) -> str:
    changes = {key: value for key, value in values.items() if getattr(row, key) != value}
    for key, value in changes.items():
        setattr(row, key, value)
    return CHANGED if changes else UNCHANGED


def _open(session: Session, person_id: int, home_id: int, started_on: date | None) -> Placement:
    """A new placement, or the very one that an extract without this person had ended."""
    statement = select(Placement).where(
        Placement.person_id == person_id, Placement.home_id == home_id
    )
    # Ended placements of the same home and start are one stay, not two.
    same = next((row for row in session.exec(statement) if row.started_on == started_on), None)
    if same is None or started_on is None:
        same = Placement(person_id=person_id, home_id=home_id, started_on=started_on)
        session.add(same)
    else:
        same.ended_on = None
    return same
