"""`heard simulate`: a year of the demo borough on a fake clock, and which promises held in it."""

import json
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import structlog
import typer
from sqlmodel import Session

from backend.core import clock, database, encryption
from backend.settings import get_settings
from backend.simulation.checks import Finding
from backend.simulation.years import Terms, Year, end_of

MOST_SHOWN = 20
# Nothing of a real house is used: neither its database nor anybody who carries its messages.
OF_A_REAL_HOUSE = ("DATABASE_URL", "HEARD_NOTIFY_KEY", "HEARD_SMTP_HOST")


def simulate(
    *, first: date, last: date, people: int | None, seed: int, data: Path | None, as_json: bool
) -> int:
    """Run the year and print what was found; 0 when every promise held, 1 when one did not."""
    if last < first:
        typer.echo("--to lies before --from.", err=True)
        return 2
    if data is not None and data.exists() and any(data.iterdir()):
        typer.echo(f"{data} is not empty: name a folder of its own.", err=True)
        return 2
    with _folder(data) as folder, _apart(folder):
        return _run(folder, Terms(first, last, people, seed), as_json=as_json)


@contextmanager
def _folder(data: Path | None) -> Iterator[Path]:
    if data is None:
        with TemporaryDirectory(prefix="heard-simulate-") as made:
            yield Path(made)
        return
    data.mkdir(parents=True, exist_ok=True)
    yield data


@contextmanager
def _apart(folder: Path) -> Iterator[None]:
    """Settings of the simulation's own for as long as it runs."""
    before = {name: os.environ.get(name) for name in ("HEARD_DATA", *OF_A_REAL_HOUSE)}
    os.environ |= {"HEARD_DATA": str(folder), **dict.fromkeys(OF_A_REAL_HOUSE, "")}
    get_settings.cache_clear()
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value
        get_settings.cache_clear()


def _run(folder: Path, terms: Terms, *, as_json: bool) -> int:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(40))
    encryption.load_keys(folder)
    engine = database.open_engine(f"sqlite:///{folder / 'heard.db'}")
    database.migrate(engine)
    started = time.monotonic()
    year = Year(engine, folder, terms)
    year.run(lambda line: typer.echo(line, err=as_json))
    with clock.set_to(end_of(terms.last)), Session(engine) as session:
        findings, told = year.examine(session), year.told(session)
    engine.dispose()
    told["seconds"] = round(time.monotonic() - started, 1)
    if as_json:
        told["findings"] = [asdict(one) for one in findings]
        json.dump(told, sys.stdout, indent=1, ensure_ascii=False)
    else:
        _say(findings, told)
    return 1 if any(one.broken for one in findings) else 0


def _say(findings: list[Finding], told: dict[str, Any]) -> None:
    typer.echo("")
    for what, count in sorted({**told["done"], **told["counts"]}.items()):
        typer.echo(f"  {count:>7,} {what}")
    for what, count in sorted(told["refused"].items()):
        typer.echo(f"  {count:>7,} refused: {what}")
    typer.echo("")
    for one in findings:
        typer.echo(f"{'held  ' if not one.broken else 'BROKEN'} {one.promise} ({one.looked_at:,})")
        for line in one.broken[:MOST_SHOWN]:
            typer.echo(f"         {line}")
        if len(one.broken) > MOST_SHOWN:
            typer.echo(f"         and {len(one.broken) - MOST_SHOWN} more")
    typer.echo(f"\n{told['seconds']} seconds.")
