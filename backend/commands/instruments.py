"""Checks the instruments from the command line."""

import typer

from backend.settings import ROOT
from backend.surveys.instrument_checks import check_instruments


def check() -> int:
    """Print what is wrong with the instruments; 1 when there is an error, 0 when not."""
    findings = check_instruments(ROOT / "surveys")
    for finding in findings:
        typer.echo(str(finding))
    errors = [finding for finding in findings if finding.severity == "error"]
    typer.echo(f"{len(errors)} errors, {len(findings) - len(errors)} warnings")
    return 1 if errors else 0
