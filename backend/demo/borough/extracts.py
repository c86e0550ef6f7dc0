"""Writes the borough as the weekly case-system extract: extract.csv and contacts.csv."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from backend.demo.borough.distances import miles_from_home
from backend.demo.borough.draws import age_on
from backend.demo.borough.people import ADVISER_FROM
from backend.demo.borough.records import Borough, Case

EXTRACT_COLUMNS = (
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


def write_extract(borough: Borough, directory: Path) -> tuple[Path, Path]:
    """Writes both files into `directory`, which is made if absent; returns their paths."""
    names = {one.email: one.name for one in borough.staff} | {"": ""}
    people = directory / "extract.csv"
    contacts = directory / "contacts.csv"
    directory.mkdir(parents=True, exist_ok=True)
    rows = (_case_row(case, names, borough) for case in borough.cases)
    write_rows(people, EXTRACT_COLUMNS, rows)
    write_rows(
        contacts,
        CONTACT_COLUMNS,
        (
            (one.child_id, one.kind, one.name, one.channel, one.address, one.invite)
            for one in borough.contacts
        ),
    )
    return people, contacts


def write_rows(path: Path, columns: Iterable[str], rows: Iterable[Iterable[str]]) -> None:
    """A CSV in UTF-8 with a header."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows(rows)


def british(day: date | None) -> str:
    """dd/mm/yyyy, or '' for none."""
    return day.strftime("%d/%m/%Y") if day else ""


def _case_row(case: Case, names: dict[str, str], borough: Borough) -> list[str]:
    person, home = case.person, case.home
    is_leaver = case.group == "care_leaver"
    iro = "" if is_leaver else person.iro_email
    worker = "" if is_leaver else person.worker_email
    has_adviser = age_on(person.date_of_birth, borough.today) >= ADVISER_FROM
    return [
        person.child_id,
        person.id_903,
        person.known_as,
        british(person.date_of_birth),
        person.language,
        person.communication,
        case.group,
        names[iro],
        iro,
        names[worker],
        worker,
        person.adviser_email if has_adviser and not person.has_short_breaks else "",
        case.team,
        home.home_id,
        home.name,
        home.kind,
        home.provider_urn,
        home.provider_name,
        british(case.placement_start),
        miles_from_home(case, borough.seed),
        person.channel,
        person.address,
        british(case.next_review),
        british(borough.today),
    ]
