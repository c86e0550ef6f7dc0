"""Lays the demo borough down through the same importers and services that a council's own uses."""

import json
import os
import secrets
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Engine
from sqlmodel import Session, select

from backend.core import clock, jobs
from backend.core.database import unit_of_work
from backend.demo.borough import generate
from backend.demo.borough.records import Borough
from backend.demo.doors import let_staff_in, open_doors
from backend.demo.forum_posts import lay_down_forum
from backend.demo.moments import lay_down_moments
from backend.demo.past import lay_down_past
from backend.demo.past_readings import read_the_past
from backend.demo.reports import publish_last_half_year
from backend.duties import DAILY, HANDLERS, HOURLY
from backend.imports import service as imports
from backend.people.models import Person
from backend.settings import Settings

FOLDER = "demo"
MEMORY = "demo.json"
STILL_TO_READ = timedelta(days=3)


class NotADemo(Exception):
    """The database holds people, and no demo made them: nothing is touched."""


def is_empty(engine: Engine) -> bool:
    """Whether the database knows nobody."""
    with Session(engine) as session:
        return session.exec(select(Person.id).limit(1)).first() is None


def is_half_made(settings: Settings) -> bool:
    """Whether a demo was begun here and not finished: nobody has entered anything into it."""
    memory = _read_memory(settings.heard_data)
    return memory is not None and not memory.get("is_whole")


def prepare_demo(
    engine: Engine, settings: Settings, *, seed: int, say: Callable[[str], Any]
) -> dict[str, Any]:
    """Make the borough, or bring in today's extract of the one that stands; who can come in.

    The seed and founding day are kept in the data folder, so that tomorrow's extract matches the
    same people.
    """
    memory = _read_memory(settings.heard_data)
    is_new = memory is None
    if is_new and not is_empty(engine):
        raise NotADemo(f"{settings.heard_data} holds people of another borough.")
    memory = memory or {
        "seed": seed,
        "founded_on": clock.today().isoformat(),
        "password": secrets.token_urlsafe(12),
        "secret": f"{secrets.randbelow(10_000):04d}",
        "is_whole": False,
    }
    if is_new:
        _write_memory(settings.heard_data, memory)
    borough = generate.make_borough(
        seed=memory["seed"],
        founded_on=date.fromisoformat(memory["founded_on"]),
        today=clock.today(),
    )
    folder = settings.heard_data / FOLDER
    say("Bringing in today's extract ..." if not is_new else "Making a demo borough ...")
    _import_extract(engine, borough, folder)
    if is_new:
        _lay_down_a_year(engine, borough, folder, memory, say)
    with unit_of_work(engine) as session:
        doors = open_doors(session, borough, memory, settings.heard_base_url)
    _write_memory(settings.heard_data, memory | doors | {"is_whole": True})
    return doors


def _import_extract(engine: Engine, borough: Borough, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    extract, _ = generate.write_extract(borough, folder)
    with unit_of_work(engine) as session:
        imports.import_people(session, extract, ran_by="demo")


def _lay_down_a_year(
    engine: Engine,
    borough: Borough,
    folder: Path,
    memory: dict[str, Any],
    say: Callable[[str], Any],
) -> None:
    generate.write_return(borough, folder / "ssda903")
    with unit_of_work(engine) as session:
        imports.import_return(session, folder / "ssda903", ran_by="demo")
    with unit_of_work(engine) as session:
        let_staff_in(session, borough, memory["password"])
    say("Laying down a year of past feedback ...")
    with unit_of_work(engine) as session:
        lay_down_past(session, borough)
        lay_down_forum(session, borough)
    for duty in (*DAILY, *HOURLY):
        with unit_of_work(engine) as session:
            duty(session)
    with unit_of_work(engine) as session:
        lay_down_moments(session)
    say("Reading and coding it ...")
    with unit_of_work(engine) as session:
        read_the_past(session, sent_before=clock.now() - STILL_TO_READ)
    jobs.run_all_due(engine, HANDLERS)
    with unit_of_work(engine) as session:
        publish_last_half_year(session)


def _read_memory(folder: Path) -> dict[str, Any] | None:
    path = folder / MEMORY
    if not path.exists():
        return None
    memory: dict[str, Any] = json.loads(path.read_text())
    return memory


def _write_memory(folder: Path, memory: dict[str, Any]) -> None:
    handle = os.open(folder / MEMORY, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w") as file:
        json.dump(memory, file, indent=1, ensure_ascii=False)
