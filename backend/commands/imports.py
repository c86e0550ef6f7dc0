"""The command `heard import`: a return or a weekly extract, with a report of what it did."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy import Engine

from backend.imports.cells import Unreadable, read_date
from backend.imports.reports import ImportReport
from backend.imports.service import ImportUnusable, import_people, import_return

UNUSABLE = 2
import_app = typer.Typer(
    help="Bring in what a council exports. Exit 0 with a report, 2 when nothing could be used.",
    no_args_is_help=True,
)
DryRun = Annotated[bool, typer.Option("--dry-run", help="Report only; keep nothing.")]
AsJson = Annotated[bool, typer.Option("--json", help="Report as JSON.")]


@import_app.command("ssda903")
def ssda903(
    directory: Annotated[Path, typer.Argument(help="Folder with header.csv, episodes.csv, ...")],
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Bring in the history of an annual SSDA903 return."""
    _report(as_json, lambda engine: import_return(engine, directory, dry_run=dry_run))


@import_app.command("people")
def people(
    file: Annotated[Path, typer.Argument(help="The weekly case-system extract (CSV).")],
    map_file: Annotated[
        Path | None,
        typer.Option("--map", help="YAML or JSON: our name: their name. Remembered."),
    ] = None,
    contacts: Annotated[
        Path | None, typer.Option(help="Contacts; else contacts.csv beside the extract.")
    ] = None,
    as_at: Annotated[
        str, typer.Option(help="As at which day, 31/03/2026; else the column AS_AT.")
    ] = "",
    older: Annotated[
        bool, typer.Option("--older", help="Go back to an older extract on purpose.")
    ] = False,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Bring in the weekly extract of children, care leavers and those around them."""
    _report(
        as_json,
        lambda engine: import_people(
            engine,
            file,
            contacts_file=contacts,
            map_file=map_file,
            as_at=_day(as_at),
            is_older_allowed=older,
            dry_run=dry_run,
        ),
    )


def _day(text: str) -> date | None:
    try:
        return read_date(text.strip())
    except Unreadable as unreadable:
        raise ImportUnusable(f"--as-at {unreadable}.") from unreadable


def _report(as_json: bool, run: Callable[[Engine], ImportReport]) -> None:
    # The house is opened here and not on top, so that `--help` needs neither key nor database.
    from backend.start import open_house

    engine, _ = open_house()
    try:
        report = run(engine)
    except ImportUnusable as unusable:
        if as_json:
            typer.echo(json.dumps({"error": str(unusable)}, ensure_ascii=False))
        typer.echo(f"Not imported: {unusable}", err=True)
        raise typer.Exit(UNUSABLE) from unusable
    finally:
        engine.dispose()
    typer.echo(report.as_json() if as_json else report.as_text())
