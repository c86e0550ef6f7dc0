"""The command `heard export`: the reviews of a return as files, with a report of what it left."""

import json
from pathlib import Path
from typing import Annotated

import typer

UNUSABLE = 2
FIRST_YEAR, LAST_YEAR = 2000, 2100
export_app = typer.Typer(
    help="Write what Heard knows for a return. Exit 0 with a report, 2 when nothing was written.",
    no_args_is_help=True,
)


@export_app.callback()
def exports() -> None:
    """Keeps `ssda903` a command of its own while it is the only one."""


@export_app.command("ssda903")
def ssda903(
    directory: Annotated[Path, typer.Argument(help="Folder to write to; made if need be.")],
    year: Annotated[
        int | None,
        typer.Option(help="The year that ends on 31 March of it; else the one that ended last."),
    ] = None,
    as_imported: Annotated[
        bool, typer.Option("--as-imported", help="Every row of the returns, as it came.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Report as JSON.")] = False,
) -> None:
    """Write reviews.csv of a return, and beside it what is left out or to be looked at, and why."""
    # The house is opened here and not on top, so that `--help` needs neither key nor database.
    from sqlmodel import Session

    from backend.exports import service
    from backend.start import open_house

    if year is not None and not FIRST_YEAR <= year <= LAST_YEAR:
        _refuse(f"{year} is no year of a return. Give the year that ends, such as 2026.", as_json)
    engine, _ = open_house()
    try:
        with Session(engine) as session:
            found, files = service.export_return(
                session, service.BY_COMMAND, year=year, is_as_imported=as_imported
            )
            _write(directory, files, as_json)
            session.commit()
    finally:
        engine.dispose()
    report = service.report_of(found)
    if as_json:
        typer.echo(json.dumps(report, ensure_ascii=False))
        return
    typer.echo(f"{directory / 'reviews.csv'}: {len(found.rows):,} reviews.")
    for group in service.groups_of(found):
        typer.echo(f"Left out: {len(group.rows):,} because {group.reason} ({group.rule}).")
        typer.echo(f"  {group.remedy}")
    if found.to_check:
        count = len(found.to_check)
        typer.echo(f"Look at {count:,} that go: their day lies in no time in care that we know of.")
        typer.echo("  They stand in reviews-to-check.csv. No published check leaves them out.")


def _write(directory: Path, files: dict[str, bytes], as_json: bool) -> None:
    try:
        directory.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            part = directory / f"{name}.part"
            part.write_bytes(content)
            part.replace(directory / name)
    except OSError as fault:
        _refuse(f"{directory} cannot be written to: {fault.strerror}.", as_json)


def _refuse(why: str, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps({"error": why}, ensure_ascii=False))
    typer.echo(f"Not exported: {why}", err=True)
    raise typer.Exit(UNUSABLE)
