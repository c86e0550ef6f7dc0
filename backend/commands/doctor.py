"""Describes the settings and examines the key, the database, the audit chain and the files."""

import stat
from collections.abc import Iterator, Sequence
from pathlib import Path

import typer
from sqlalchemy import inspect
from sqlalchemy.engine import make_url
from sqlmodel import Session, func, select

from backend.commands.languages import unchecked
from backend.commands.message_checks import message_findings
from backend.core import audit, clock
from backend.core.encryption import KEY_FILE
from backend.core.style_sheets import STATIC
from backend.imports import queries as imports
from backend.offline import queries as offline
from backend.settings import Settings
from backend.start import open_house

Finding = tuple[bool, str]


def examine(known: Sequence[str] = ()) -> int:
    """Print settings and findings; 0 when all is well, 1 when something is not. `known`: marks of
    the audit chain from a backup's list, a log or a letter."""
    engine, settings = open_house()
    typer.echo("Settings (environment variable = value in use)")
    for name, field in Settings.model_fields.items():
        value = getattr(settings, name)
        shown = make_url(value).render_as_string() if name == "database_url" and value else value
        typer.echo(f"  {name.upper()} = {shown}\n      {field.description}")
    typer.echo("Findings")
    with Session(engine) as session:
        findings = [
            *_key(settings.heard_data),
            *offline_key_findings(session, settings.heard_data),
            *_database(session),
            *extract_findings(session, settings.heard_imports_folder),
            *_audit_marks(session, settings.heard_data, known),
            *message_findings(session, settings),
            *_front_end(),
        ]
    for is_well, text in findings:
        typer.echo(f"  {'ok  ' if is_well else 'BAD '} {text}")
    typer.echo(f"Before go-live\n  {unchecked()}")
    return 0 if all(is_well for is_well, _ in findings) else 1


def _key(folder: Path) -> Iterator[Finding]:
    mode = stat.S_IMODE((folder / KEY_FILE).stat().st_mode)
    yield mode == 0o600, f"key {folder / KEY_FILE} has mode {mode:04o} (0600 is right)"


def offline_key_findings(session: Session, folder: Path) -> Iterator[Finding]:
    """The keys that phones without a signal seal to: the file, and that those given out are in it.

    No copy in the backup is asked for: a lost key costs what waits on phones that day.
    """
    path = folder / offline.KEY_FILE
    try:
        count = offline.count_keys(folder)
        missing = offline.missing_keys(session, folder)
    except offline.Unreadable:
        yield False, f"key {path} cannot be read: put its copy back, or delete it; one is then made"
        return
    if count:
        mode = stat.S_IMODE(path.stat().st_mode)
        yield mode == 0o600, f"key {path} has mode {mode:04o} (0600 is right)"
        yield True, f"keys for phones without a signal: {count}; they need no copy in the backup"
    elif not missing:
        yield True, f"key {path} is made when the first phone asks for it"
    for kid, given_at in missing:
        yield (
            False,
            f"phones had the key {kid} at {given_at:%H:%M} UTC on {given_at:%d %B}, and {path} has "
            "it not: put that file back (or the other machine's) within a day, else what waits on "
            "phones stays shut and its writers are asked to say it again",
        )


def _database(session: Session) -> Iterator[Finding]:
    # The session's own connection: another one would wait for it on an engine with one writer.
    connection = session.connection()
    tables = inspect(connection).get_table_names()
    yield "person" in tables, f"{connection.dialect.name} database with {len(tables)} tables"
    events = session.exec(select(func.count()).select_from(audit.AuditEvent)).one()
    broken = audit.find_break(session)
    where = "holds" if broken is None else f"is broken at event {broken}"
    yield broken is None, f"audit chain over {events} events {where} at {clock.now():%H:%M} UTC"


def extract_findings(session: Session, folder: Path | None) -> Iterator[Finding]:
    """How old the extract is that says who works with whom; and that its folder can be read."""
    day = imports.as_at(session)
    if day is None:
        yield True, "no weekly extract was brought in yet"
    elif imports.is_stale(session):
        days = (clock.today() - day).days
        yield (
            False,
            f"the extract is as at {day:%d/%m/%Y}, {days} days old: after 8 nobody is invited, "
            "and who works with whom may be wrong; bring a fresh one in",
        )
    else:
        yield True, f"the extract is as at {day:%d/%m/%Y}"
    if folder is not None:
        yield folder.is_dir(), f"folder for imports {folder}"


def _audit_marks(session: Session, folder: Path, known: Sequence[str]) -> Iterator[Finding]:
    """That the chain's end was not cut off since a mark of it was written down elsewhere."""
    given = [audit.read_mark(text) for text in known]
    if None in given:
        yield False, "a mark of the audit chain is a number, a colon and 64 letters and digits"
    marks = [*audit.kept_marks(folder), *(one for one in given if one)]
    missing = audit.find_missing(session, marks)
    if missing is None:
        yield True, f"audit chain bears out all {len(marks)} marks written down outside it"
    else:
        yield False, f"audit chain was cut or made anew: it had {missing}"
    now = audit.mark(session)
    if now is not None:
        yield True, f"audit mark to keep with each backup, and on paper: {now}"


def _front_end() -> Iterator[Finding]:
    found = sorted(path.name for path in (STATIC / "vendor").glob("*-*"))
    yield len(found) >= 2, f"front-end packages: {', '.join(found) or 'none; run make frontend'}"
