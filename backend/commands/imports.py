"""The command `heard import`: an extract, returns or Annex A, with a report of what it did."""

import json
from collections.abc import Callable
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from sqlalchemy import Engine

from backend.core.database import unit_of_work
from backend.imports.cells import Unreadable, read_date
from backend.imports.reports import ImportReport
from backend.imports.service import (
    ImportDoubtful,
    ImportUnusable,
    Terms,
    UndoRefused,
    import_annex,
    import_people,
    import_return,
    undo_last,
)

UNUSABLE = 2
import_app = typer.Typer(
    help="Bring in what a council exports. Exit 0 with a report, 2 when nothing could be used.",
    no_args_is_help=True,
)
DryRun = Annotated[bool, typer.Option("--dry-run", help="Report only; keep nothing.")]
AsJson = Annotated[bool, typer.Option("--json", help="Report as JSON.")]
Sure = Annotated[
    bool, typer.Option("--yes", help="Bring it in though very much would change: it was checked.")
]


@import_app.command("ssda903")
def ssda903(
    directory: Annotated[
        Path, typer.Argument(help="Folder with header.csv, episodes.csv, ..., or with past years.")
    ],
    dry_run: DryRun = False,
    as_json: AsJson = False,
    is_sure: Sure = False,
) -> None:
    """Bring in the history of annual SSDA903 returns: one, or each year in a folder of its own."""
    terms = Terms(dry_run=dry_run, is_sure=is_sure)
    _report(as_json, lambda engine: import_return(engine, directory, terms=terms))


@import_app.command("annex-a")
def annex_a(
    file: Annotated[Path, typer.Argument(help="Ofsted's Annex A workbook (.xlsx, .xlsm).")],
    dry_run: DryRun = False,
    as_json: AsJson = False,
    is_sure: Sure = False,
) -> None:
    """Complete known people from List 8 and List 9 of Annex A, and list who is missing where."""
    terms = Terms(dry_run=dry_run, is_sure=is_sure)
    _report(as_json, lambda engine: import_annex(engine, file, terms=terms))


@import_app.command("undo")
def undo(as_json: AsJson = False) -> None:
    """Put back what the last import did. What somebody said or confirmed since then stays."""
    from backend.start import open_house

    engine, _ = open_house()
    try:
        with unit_of_work(engine) as session:
            done = undo_last(session, "command")
    except UndoRefused as refused:
        _refuse(as_json, f"Not undone: {refused}", str(refused))
    finally:
        engine.dispose()
    if as_json:
        typer.echo(json.dumps(asdict(done), indent=2, ensure_ascii=False))
        return
    typer.echo(f"Undone: {done.put_back:,} rows put back as before.")
    if done.left:
        typer.echo("Left as it is, because somebody said, confirmed or changed something since:")
    for text in done.left:
        typer.echo(f"  {text}")


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
    is_sure: Sure = False,
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
            terms=Terms(dry_run=dry_run, is_sure=is_sure),
        ),
    )


def _day(text: str) -> date | None:
    try:
        return read_date(text.strip())
    except Unreadable as unreadable:
        raise ImportUnusable(f"--as-at {unreadable}.") from unreadable


def _say(text: str, *, err: bool = False) -> None:
    """Print; what a file's name holds and no terminal can show stands as its number."""
    typer.echo(text.encode("utf-8", "backslashreplace").decode("utf-8"), err=err)


def _report(as_json: bool, run: Callable[[Engine], ImportReport]) -> None:
    # The house is opened here and not on top, so that `--help` needs neither key nor database.
    from backend.start import open_house

    engine, _ = open_house()
    try:
        report = run(engine)
    except ImportDoubtful as doubtful:
        text = f"Not imported: {doubtful} Check the file; --yes brings it in all the same."
        _refuse(as_json, text, str(doubtful))
    except ImportUnusable as unusable:
        _refuse(as_json, f"Not imported: {unusable}", str(unusable))
    finally:
        engine.dispose()
    _say(report.as_json() if as_json else report.as_text())


def _refuse(as_json: bool, text: str, error: str) -> NoReturn:
    if as_json:
        _say(json.dumps({"error": error}, ensure_ascii=False))
    _say(text, err=True)
    raise typer.Exit(UNUSABLE)
