"""Prints a blank sheet of one form from the command line."""

from pathlib import Path

import typer

from backend.paper.pages import blank_of, numbers_for_kind
from backend.paper.printing import Paper, print_paper
from backend.settings import get_settings


def print_blank(instrument_id: str, *, language: str, out: Path) -> int:
    """Write a form as PDF/UA-1 with stand-ins for names; 1 where there is no such form."""
    blank = blank_of(instrument_id, language)
    if blank is None:
        typer.echo(f"There is no form {instrument_id} in the language {language}.", err=True)
        return 1
    sheet, kind = blank
    out.write_bytes(print_paper(Paper(sheet, kind, numbers=numbers_for_kind(get_settings(), kind))))
    typer.echo(f"{out}")
    return 0
