"""Which of a council's column names stand for ours: read from a file once, then remembered."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from sqlmodel import Session

from backend.imports.csv_files import ImportUnusable
from backend.imports.models import ColumnMap

PEOPLE_COLUMNS = (
    "child_id",
    "id_903",
    "known_as",
    "date_of_birth",
    "language",
    "communication",
    "group",
    "iro",
    "iro_email",
    "worker",
    "worker_email",
    "personal_adviser",
    "team",
    "home_id",
    "home_name",
    "home_type",
    "provider_urn",
    "provider_name",
    "placement_start",
    "distance_miles",
    "channel",
    "address",
    "next_review",
    "AS_AT",
)
CONTACT_COLUMNS = ("child_id", "kind", "name", "channel", "address", "invite")
COLUMNS = {"people": PEOPLE_COLUMNS, "contacts": CONTACT_COLUMNS}

Maps = dict[str, dict[str, str]]


def read_map_file(path: Path) -> Maps:
    """The names in a YAML or JSON file (our name: their name), by kind of file.

    Names of contacts.csv stand under a key `contacts` of their own. Raises ImportUnusable for a
    file that cannot be read so, or that maps a name which is none of ours.
    """
    try:
        content = path.read_text(encoding="utf-8-sig")
        values = json.loads(content) if path.suffix == ".json" else yaml.safe_load(content)
    except (OSError, UnicodeDecodeError, ValueError, yaml.YAMLError) as error:
        raise ImportUnusable(f"The map {path.name} cannot be read as YAML or JSON.") from error
    if not isinstance(values, dict):
        raise ImportUnusable(
            f"The map {path.name} must hold lines like `known_as: Preferred name`."
        )
    contacts = values.pop("contacts", {})
    people = values.pop("people", {}) or values
    return {
        "people": _checked(path, people, PEOPLE_COLUMNS),
        "contacts": _checked(path, contacts, CONTACT_COLUMNS),
    }


def _checked(path: Path, names: Any, columns: tuple[str, ...]) -> dict[str, str]:
    if not isinstance(names, dict):
        raise ImportUnusable(
            f"The map {path.name} must hold lines like `known_as: Preferred name`."
        )
    ours = {column.casefold(): column for column in columns}
    unknown = [str(name) for name in names if str(name).casefold() not in ours]
    if unknown:
        raise ImportUnusable(
            f"The map {path.name} names columns that Heard does not have: {', '.join(unknown)}."
        )
    return {ours[str(name).casefold()]: str(theirs) for name, theirs in names.items()}


def remembered(session: Session) -> Maps:
    """The names that earlier imports were given."""
    rows = {kind: session.get(ColumnMap, kind) for kind in COLUMNS}
    return {kind: dict(row.mapping) if row else {} for kind, row in rows.items()}


def remember(session: Session, maps: Mapping[str, dict[str, str]]) -> bool:
    """Keep these names for the next imports; True where that changed something."""
    is_changed = False
    for kind, mapping in maps.items():
        row = session.get(ColumnMap, kind)
        if row is None and mapping:
            session.add(ColumnMap(kind=kind, mapping=mapping))
            is_changed = True
        elif row is not None and row.mapping != mapping:
            row.mapping = mapping
            is_changed = True
    return is_changed
