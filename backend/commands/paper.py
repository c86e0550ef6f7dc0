"""Prints a blank sheet of one form from the command line."""

from collections.abc import Collection
from pathlib import Path

import typer

from backend.paper.pages import blank_of, numbers_for_kind
from backend.paper.printing import Paper, print_paper
from backend.settings import get_settings


def print_blank(
    instrument_id: str,
    *,
    language: str,
    out: Path,
    topics: Collection[str] = (),
    is_large: bool = False,
    is_cover: bool = False,
) -> int:
    """Write a form as PDF/UA-1 with stand-ins for names; 1 where there is no such form or topic.

    `topics` are the ids of those to print, beside what is always asked; none means all.
    """
    blank = blank_of(instrument_id, language)
    if blank is None:
        typer.echo(f"There is no form {instrument_id} in the language {language}.", err=True)
        return 1
    sheet, kind = blank
    known = [one.id for one in sheet.topics]
    if not set(topics) <= set(known):
        typer.echo(f"The topics of {instrument_id} are {', '.join(known)}.", err=True)
        return 1
    paper = Paper(
        sheet.with_topics(topics),
        kind,
        numbers=numbers_for_kind(get_settings(), kind),
        is_large=is_large,
        is_cover=is_cover and sheet.has_choice,
    )
    out.write_bytes(print_paper(paper))
    typer.echo(f"{out}")
    return 0
