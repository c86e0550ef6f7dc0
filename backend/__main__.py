"""The `heard` command: each part is loaded only when it is asked for."""

import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(
    name="heard",
    help="What children in care and care leavers say, and what changes because of it.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
survey_app = typer.Typer(help="Check the instruments.", no_args_is_help=True)
app.add_typer(survey_app, name="survey")


@app.command()
def demo(
    port: Annotated[int, typer.Option(help="Port to serve on.")] = 8000,
    data: Annotated[Path | None, typer.Option(help="Data folder; else HEARD_DATA.")] = None,
    json_file: Annotated[
        Path | None, typer.Option("--json", help="Write addresses, sign-ins and codes here.")
    ] = None,
    host: Annotated[str, typer.Option(help="Address to serve on; 0.0.0.0 for phones.")] = (
        "127.0.0.1"
    ),
    seed: Annotated[int, typer.Option(help="Another invented borough.")] = 1,
    reset: Annotated[bool, typer.Option("--reset", help="Start over.")] = False,
    no_serve: Annotated[bool, typer.Option("--no-serve", help="Prepare only.")] = False,
) -> None:
    """Serve a demo borough, made if need be, with the worker loop inside."""
    from backend.commands.demo import run_demo

    run_demo(
        port=port,
        data=data,
        json_file=json_file,
        host=host,
        seed=seed,
        is_reset=reset,
        is_served=not no_serve,
    )


@app.command()
def serve(
    port: Annotated[int, typer.Option(help="Port to serve on.")] = 8000,
    host: Annotated[str, typer.Option(help="Address to serve on.")] = "127.0.0.1",
) -> None:
    """Serve Heard on the database of the settings; the worker is a command of its own."""
    from backend.commands.serving import serve_pages

    serve_pages(host=host, port=port, has_worker=False)


@app.command()
def worker() -> None:
    """Do what is due, until stopped; any number may run."""
    from backend.commands.serving import run_worker

    run_worker()


@app.command()
def doctor(
    mark: Annotated[
        list[str] | None,
        typer.Option(help="A mark of the audit chain from a backup, a log or paper, to check."),
    ] = None,
) -> None:
    """Describe every setting, and check the key, the database and the audit chain."""
    from backend.commands.doctor import examine

    raise typer.Exit(examine(mark or ()))


@app.command()
def simulate(
    first: Annotated[datetime, typer.Option("--from", formats=["%Y-%m-%d"], help="Its first day.")],
    last: Annotated[datetime, typer.Option("--to", formats=["%Y-%m-%d"], help="Its last day.")],
    people: Annotated[int | None, typer.Option(help="Of so many people; else everybody.")] = None,
    seed: Annotated[int, typer.Option(help="Another invented borough and year.")] = 1,
    data: Annotated[Path | None, typer.Option(help="An empty folder to keep it in.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print all of it as JSON.")] = False,
) -> None:
    """Run the demo borough through a year on a fake clock, apart from every real house; exit 1
    when a promise was broken."""
    from backend.commands.simulation import simulate as run

    status = run(
        first=first.date(),
        last=last.date(),
        people=people,
        seed=seed,
        data=data,
        as_json=as_json,
    )
    raise typer.Exit(status)


@app.command("languages")
def show_languages() -> None:
    """Say how far each language is translated, and how far a person has checked it."""
    from backend.commands.languages import report

    raise typer.Exit(report())


@app.command("make-administrator")
def make_administrator(name: str, email: str) -> None:
    """Let the first administrator in: prints a password to be replaced at the first sign-in."""
    from backend.commands.administrators import let_in

    let_in(name, email)


@survey_app.command("check")
def survey_check(
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the whole report as JSON.")
    ] = False,
) -> None:
    """Check every instrument; exit 1 when something is wrong with one."""
    from backend.commands.instruments import check

    raise typer.Exit(check(as_json=as_json))


@survey_app.command("preview")
def survey_preview(
    instrument: Annotated[str, typer.Argument(help="Its folder's name under surveys/.")],
    lang: Annotated[str, typer.Option(help="Language code, such as ar.")] = "en",
    port: Annotated[int, typer.Option(help="Port of 127.0.0.1 to serve it on.")] = 8010,
) -> None:
    """Serve the real screens of one instrument, on invented people that are kept nowhere."""
    from backend.commands.previews import run_preview

    raise typer.Exit(run_preview(instrument, language=lang, port=port))


@survey_app.command("note")
def survey_note() -> None:
    """Note the instruments' versions; what changes later must raise its own."""
    from backend.commands.instruments import note

    raise typer.Exit(note())


@survey_app.command("print")
def survey_print(
    instrument_id: Annotated[str, typer.Argument(help="Which form, such as keep-in-touch.")],
    out: Annotated[Path, typer.Option(help="The PDF to write.")],
    lang: Annotated[str, typer.Option(help="Language of the sheet.")] = "en",
    topic: Annotated[list[str] | None, typer.Option(help="Only this topic; may repeat.")] = None,
    large: Annotated[bool, typer.Option(help="In 16 point, for easy reading.")] = False,
    cover: Annotated[bool, typer.Option(help="Only the page to choose topics on.")] = False,
) -> None:
    """Print a blank sheet of one form as a tagged PDF."""
    from backend.commands.paper import print_blank

    status = print_blank(
        instrument_id, language=lang, out=out, topics=topic or (), is_large=large, is_cover=cover
    )
    raise typer.Exit(status)


def main() -> None:
    """Run the command; `heard analyse` is the analysis tool, without the web application."""
    if sys.argv[1:2] == ["analyse"]:
        from backend.coding.command import analyse

        sys.exit(analyse(sys.argv[2:]))
    from backend.commands.exports import export_app
    from backend.commands.imports import import_app
    from backend.commands.messages import message_app

    app.add_typer(import_app, name="import")
    app.add_typer(export_app, name="export")
    app.add_typer(message_app, name="message")
    app()


if __name__ == "__main__":
    main()
