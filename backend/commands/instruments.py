"""Checks the instruments from the command line, and notes their versions."""

import json
from collections.abc import Collection, Sequence
from typing import Any

import typer

from backend.coding.queries import shipped_codebook
from backend.core.templates import make_environment
from backend.settings import ROOT
from backend.surveys.instruments import Instrument, load_instruments
from backend.surveys.instruments.checks import check_instruments
from backend.surveys.instruments.coverage import coverage
from backend.surveys.instruments.files import InstrumentError
from backend.surveys.instruments.findings import Finding, Severity
from backend.surveys.instruments.progress import Progress, count_progress
from backend.surveys.instruments.versions import note_versions

SURVEYS = ROOT / "surveys"


def check(*, as_json: bool = False) -> int:
    """Print what is wrong with the instruments; 1 when there is an error, 0 when not."""
    drawn = vars(make_environment("contributor").get_template("symbols.html").module)["lines"]
    findings = check_instruments(SURVEYS, themes=shipped_codebook().ids, symbols=drawn)
    forms = _forms()
    progress = count_progress(SURVEYS)
    if as_json:
        typer.echo(json.dumps(_report(findings, forms, progress), indent=2, ensure_ascii=False))
    else:
        _say(findings, forms, progress)
    return 1 if _count(findings, Severity.ERROR) else 0


def note() -> int:
    """Note every instrument's version as it stands; 1, and nothing is written, where it may not."""
    try:
        reasons = note_versions(SURVEYS)
    except InstrumentError as error:
        reasons = [str(error)]
    for reason in reasons:
        typer.echo(reason)
    if not reasons:
        typer.echo("Noted.")
    return 1 if reasons else 0


def _forms() -> Collection[Instrument]:
    try:
        return load_instruments(SURVEYS).values()
    except InstrumentError:
        return ()  # the findings say which file cannot be read


def _count(findings: Sequence[Finding], severity: Severity) -> int:
    return sum(finding.severity is severity for finding in findings)


def _say(
    findings: Sequence[Finding], forms: Collection[Instrument], progress: Sequence[Progress]
) -> None:
    for finding in findings:
        if finding.severity is not Severity.NOTE:
            typer.echo(str(finding))
    for one in progress:
        typer.echo(str(one))
    errors, warnings = _count(findings, Severity.ERROR), _count(findings, Severity.WARNING)
    questions = sum(len(list(form.questions)) for form in forms)
    typer.echo(f"{len(forms)} instruments, {questions} questions")
    typer.echo(f"{errors} errors, {warnings} warnings, {_count(findings, Severity.NOTE)} notes")


def _report(
    findings: Sequence[Finding], forms: Collection[Instrument], progress: Sequence[Progress]
) -> dict[str, Any]:
    """What --json prints: findings, how far each language is, and who is asked which indicator."""
    return {
        "findings": [
            {
                "severity": finding.severity,
                "check": finding.check,
                "file": str(finding.file.relative_to(ROOT)),
                "path": finding.path,
                "message": finding.message,
            }
            for finding in findings
        ],
        "instruments": {form.id: form.version for form in forms},
        "languages": {one.language: one.as_figures() for one in progress},
        "indicators": coverage(forms),
    }
