"""`heard demo`: a borough from nothing to a served page, or today's extract for one that stands."""

import json
import os
import shutil
import time
from pathlib import Path
from typing import Any

import typer
from sqlalchemy.engine import make_url

from backend.commands.serving import serve_pages
from backend.core import database
from backend.core.audit import MARKS_FILE
from backend.core.encryption import KEY_FILE
from backend.demo.prepare import NotADemo, is_half_made, prepare_demo
from backend.settings import get_settings
from backend.start import open_house

ROLES_SHOWN = (
    "iro",
    "social_worker",
    "personal_adviser",
    "participation_officer",
    "duty_reader",
    "manager",
    "complaints_manager",
    "administrator",
)


def run_demo(
    *,
    port: int,
    data: Path | None,
    json_file: Path | None,
    host: str,
    seed: int,
    is_reset: bool,
    is_served: bool,
) -> None:
    """Prepare the demo borough and serve it with a worker inside."""
    started = time.monotonic()
    _settle_settings(data, host, port)
    if is_reset or is_half_made(get_settings()):
        start_over()
    house = open_house()
    engine, settings = house
    try:
        doors = prepare_demo(engine, settings, seed=seed, say=typer.echo)
    except NotADemo as other:
        typer.echo(f"{other} Choose another --data, or --reset to remove them.", err=True)
        raise typer.Exit(2) from other

    def tell() -> None:
        if json_file:
            write_whole(json_file, doors)
        show(doors, settings.heard_data)
        typer.echo(f"Ready after {time.monotonic() - started:.1f} s.")

    if is_served:
        serve_pages(host=host, port=port, has_worker=True, house=house, when_ready=tell)
    else:
        tell()


def _settle_settings(data: Path | None, host: str, port: int) -> None:
    """Options become settings before anything reads them."""
    if data:
        os.environ["HEARD_DATA"] = str(data.resolve())
    shown = "127.0.0.1" if host == "0.0.0.0" else host  # noqa: S104  (compared, not bound)
    os.environ.setdefault("HEARD_BASE_URL", f"http://{shown}:{port}")
    get_settings.cache_clear()


def start_over() -> None:
    """Remove the demo's database, key and extracts; a PostgreSQL database is emptied."""
    settings = get_settings()
    if make_url(settings.database_address).get_backend_name() != "sqlite":
        engine = database.open_engine(settings.database_address)
        database.migrate(engine, "base")
        engine.dispose()
    for name in ("heard.db", "heard.db-wal", "heard.db-shm", MARKS_FILE, KEY_FILE, "demo.json"):
        (settings.heard_data / name).unlink(missing_ok=True)
    shutil.rmtree(settings.heard_data / "demo", ignore_errors=True)


def write_whole(path: Path, doors: dict[str, Any]) -> None:
    """Write the file so that nobody ever sees half of it; it holds passwords, so 0600."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w") as file:
        json.dump(doors, file, indent=1, ensure_ascii=False)
    part.replace(path)


def show(doors: dict[str, Any], folder: Path) -> None:
    """Print the address, a link and code of each kind, and a sign-in of each role."""
    typer.echo(f"\nHeard is at {doors['base_url']}/  (staff: {doors['base_url']}/staff/)")
    typer.echo("\nContributors (by link, or by code at the address above):")
    shown: set[str] = set()
    for line in doors["contributors"]:
        if line["kind"] in shown:
            continue
        shown.add(line["kind"])
        birthday = f"  birthday {line['birthday']}" if line["birthday"] else ""
        secret = f"  secret {line['secret']}" if line["secret"] else ""
        typer.echo(f"  {line['kind']:<15} {line['code']}{birthday}{secret}\n      {line['link']}")
    typer.echo("\nStaff:")
    for role in ROLES_SHOWN:
        line = next((line for line in doors["staff"] if line["role"] == role), None)
        if line:
            typer.echo(f"  {role:<22} {line['email']:<40} {line['password']}")
    typer.echo(f"\nAll of them: {folder / 'demo.json'}")
