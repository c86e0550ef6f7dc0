"""A short simulated year that several tests look at, run once for all of them."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy import Engine

from backend.core import database
from backend.simulation.years import Terms, Year

# Long enough for the outage, the stale weeks and a second review; short enough for every run.
TERMS = Terms(date(2026, 1, 1), date(2026, 7, 31), people=10)


@dataclass(frozen=True)
class Ran:
    """A year that ran, with the database that it left behind."""

    year: Year
    engine: Engine
    path: Path
    said: list[str]


def run_year(folder: Path, terms: Terms = TERMS) -> Ran:
    """Run a year in a database of its own, with the keys of the tests."""
    path = folder / "heard.db"
    engine = database.open_engine(f"sqlite:///{path}")
    database.migrate(engine)
    year, said = Year(engine, folder, terms), list[str]()
    year.run(said.append)
    return Ran(year, engine, path, said)
