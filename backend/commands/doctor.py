"""Describes the settings and examines the key, the database, the audit chain and the files."""

import stat
from collections.abc import Iterator
from pathlib import Path

import typer
from sqlalchemy import inspect
from sqlalchemy.engine import make_url
from sqlmodel import Session, func, select

from backend.commands.languages import unchecked
from backend.core import audit, clock
from backend.core.encryption import KEY_FILE
from backend.core.style_sheets import STATIC
from backend.settings import Settings
from backend.start import open_house

Finding = tuple[bool, str]


def examine() -> int:
    """Print settings and findings; 0 when all is well, 1 when something is not."""
    engine, settings = open_house()
    typer.echo("Settings (environment variable = value in use)")
    for name, field in Settings.model_fields.items():
        value = getattr(settings, name)
        shown = make_url(value).render_as_string() if name == "database_url" and value else value
        typer.echo(f"  {name.upper()} = {shown}\n      {field.description}")
    typer.echo("Findings")
    with Session(engine) as session:
        findings = [*_key(settings.heard_data), *_database(session), *_front_end()]
    for is_well, text in findings:
        typer.echo(f"  {'ok  ' if is_well else 'BAD '} {text}")
    typer.echo(f"Before go-live\n  {unchecked()}")
    return 0 if all(is_well for is_well, _ in findings) else 1


def _key(folder: Path) -> Iterator[Finding]:
    mode = stat.S_IMODE((folder / KEY_FILE).stat().st_mode)
    yield mode == 0o600, f"key {folder / KEY_FILE} has mode {mode:04o} (0600 is right)"


def _database(session: Session) -> Iterator[Finding]:
    bind = session.get_bind()
    tables = inspect(bind).get_table_names()
    yield "person" in tables, f"{bind.dialect.name} database with {len(tables)} tables"
    events = session.exec(select(func.count()).select_from(audit.AuditEvent)).one()
    broken = audit.find_break(session)
    where = "holds" if broken is None else f"is broken at event {broken}"
    yield broken is None, f"audit chain over {events} events {where} at {clock.now():%H:%M} UTC"


def _front_end() -> Iterator[Finding]:
    found = sorted(path.name for path in (STATIC / "vendor").glob("*-*"))
    yield len(found) >= 2, f"front-end packages: {', '.join(found) or 'none; run make frontend'}"
