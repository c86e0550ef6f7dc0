"""`heard simulate`: a year of the demo borough on a fake clock, and which promises held in it."""

import json
import os
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date, timedelta
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
UNUSABLE = 2
# Regulation 33 is in force since 1 April 2011, and a borough has a past of its own before its year.
EARLIEST, LATEST, LONGEST = date(2014, 1, 1), date(2099, 12, 31), timedelta(days=5 * 366)
# Nothing of a real house is used: neither its database nor anybody who carries its messages.
OF_A_REAL_HOUSE = ("DATABASE_URL", "HEARD_NOTIFY_KEY", "HEARD_SMTP_HOST")


def simulate(
    *, first: date, last: date, people: int | None, seed: int, data: Path | None, as_json: bool
) -> int:
    """Run the year and print what was found; 0 when every promise held, 1 when one did not,
    2 where nothing could be run."""
    fault = fault_in(first=first, last=last, people=people, data=data)
    if fault:
        typer.echo(fault, err=True)
        return UNUSABLE
    with _folder(data) as folder, _apart(folder):
        return _run(folder, Terms(first, last, people, seed), as_json=as_json)


def fault_in(*, first: date, last: date, people: int | None, data: Path | None) -> str:
    """What is wrong with what was asked for, and what to do instead; "" where nothing is."""
    if last < first:
        return f"--to {last} lies before --from {first}: swap them."
    if first < EARLIEST or last > LATEST:
        return f"Simulated days lie between {EARLIEST} and {LATEST}: choose such days."
    if last - first >= LONGEST:
        return f"That is more than {LONGEST.days // 366} years: run them one after another."
    if people is not None and people < 1:
        return "--people is at least 1; leave it out for everybody."
    if data is not None and data.exists() and not data.is_dir():
        return f"{data} is a file: name a folder of its own."
    if data is not None and data.exists() and any(data.iterdir()):
        return f"{data} is not empty: name a folder of its own."
    return ""


def status_of(findings: Iterable[Finding]) -> int:
    """0 when every promise held, 1 when one did not."""
    return 1 if any(one.broken for one in findings) else 0


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
    started, progress = time.monotonic(), Progress(terms, is_apart=as_json)
    progress.say("Making the borough ...")
    year = Year(engine, folder, terms)
    year.run(progress.say, progress.begin)
    progress.say("Looking whether every promise held ...")
    with clock.set_to(end_of(terms.last)), Session(engine) as session:
        findings, told = year.examine(session), year.told(session)
    engine.dispose()
    told["seconds"] = round(time.monotonic() - started, 1)
    if as_json:
        told["findings"] = [asdict(one) for one in findings]
        json.dump(told, sys.stdout, indent=1, ensure_ascii=False)
    else:
        _say(findings, told)
    return status_of(findings)


class Progress:
    """Says what goes on while one waits: lines for months, and on a terminal each day as it comes.

    `is_apart`: on standard error, because something else is read from standard output.
    """

    def __init__(self, terms: Terms, *, is_apart: bool) -> None:
        self._terms = terms
        self._is_apart = is_apart
        self._is_seen = sys.stderr.isatty()

    def say(self, line: str) -> None:
        """A line that stays."""
        self._wipe()
        typer.echo(line, err=self._is_apart)

    def begin(self, day: date) -> None:
        """The day that begins, in place of the one before."""
        if self._is_seen:
            share = (day - self._terms.first).days / (
                (self._terms.last - self._terms.first).days or 1
            )
            self._wipe()
            typer.echo(f"{day.day} {day:%B %Y} ({share:.0%})", err=True, nl=False)

    def _wipe(self) -> None:
        if self._is_seen:
            typer.echo("\r\033[K", err=True, nl=False)


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
