"""The command line of the package: code a file, and measure the coder on a labelled one."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from analysis.codebooks import SEPARATOR, load_codebook
from analysis.coding import Coding, Comment, load_default
from analysis.labels import read_labelled
from analysis.scorecards import print_scorecard
from analysis.tables import Table, read_table, write_table

ADDED = ("themes", "sentiment", "urgency", "ask", "confidence", "note")
_FORMULA = ("=", "+", "-", "@")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 when done, 2 with a message when the input cannot be used."""
    options = _parser().parse_args(arguments)
    try:
        options.run(options)
    except ValueError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    except OSError as error:
        sys.stderr.write(f"{error.filename or 'the file'} cannot be written: {error.strerror}\n")
        return 2
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="analysis", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    code = commands.add_parser("code", help="code the comments of a file to the themes")
    code.add_argument("source", type=Path, metavar="IN.csv")
    code.add_argument("target", type=Path, metavar="OUT.csv")
    code.add_argument("--codebook", type=Path, metavar="FILE")
    code.set_defaults(run=run_code)
    evaluate = commands.add_parser("evaluate", help="say how well a labelled file is coded")
    evaluate.add_argument("source", type=Path, metavar="LABELLED.csv")
    evaluate.add_argument("--json", action="store_true", help="print the figures as JSON")
    evaluate.set_defaults(run=run_evaluate)
    return parser


def run_code(options: argparse.Namespace) -> None:
    """Code IN.csv into OUT.csv: the same rows in the same order, with the codes added."""
    table = _readable(options.source)
    codebook = load_codebook(options.codebook)
    codings = load_default(codebook=codebook).code(_comments(table))
    # A person's own codes are kept under another name, never overwritten by the machine's.
    names = {c: f"{c}_given" if c in ADDED else c for c in table.columns if c}
    clash = sorted(set(names.values()) & set(table.columns) - set(names))
    if clash or len(set(names.values())) < len(names):
        raise ValueError(f"{options.source} has both a column and its _given twin; rename one")
    columns = [*([] if "id" in names else ["id"]), *names.values(), *ADDED]
    rows = [
        {"id": coding.id, **{new: row[old] for old, new in names.items() if old != "id"}}
        | _cells(coding, row["text"])
        for row, coding in zip(table.rows, codings, strict=True)
    ]
    write_table(options.target, columns, rows)
    unread = sum(coding.urgency == "unread" for coding in codings)
    sys.stdout.write(f"{len(rows)} coded to {options.target}, {unread} of them not read\n")


def run_evaluate(options: argparse.Namespace) -> None:
    """Code LABELLED.csv and print how far the codes agree with its labels."""
    # Only here, so that coding a file does not wait for the baseline's library.
    from analysis.evaluation import evaluate_coder

    labelled = read_labelled(_readable(options.source).rows)
    if not labelled:
        raise ValueError(f"{options.source} has no rows to measure on")
    codebook = load_codebook()
    unknown = set().union(*(row.themes for row in labelled)) - set(codebook.ids)
    if unknown:
        raise ValueError(f"{options.source} has themes unknown here: {', '.join(sorted(unknown))}")
    scorecard = evaluate_coder(load_default(), labelled, codebook.ids)
    if options.json:
        sys.stdout.write(json.dumps(scorecard, indent=2) + "\n")
    else:
        print_scorecard(scorecard, sys.stdout)


def _readable(path: Path) -> Table:
    table = read_table(path)
    if "text" not in table.columns:
        raise ValueError(f"{path} has no column named text; it has {', '.join(table.columns)}")
    return table


def _comments(table: Table) -> list[Comment]:
    return [
        Comment(
            id=row.get("id", "").strip() or str(number),
            text=row["text"],
            audience=row.get("audience", "").strip() or None,
            question=row.get("question", "").strip() or None,
            language=row.get("lang", "").strip() or None,
        )
        for number, row in enumerate(table.rows, 1)
    ]


def _cells(coding: Coding, text: str) -> dict[str, str]:
    notes = [coding.note] if coding.note else []
    if text.lstrip().startswith(_FORMULA) and any(mark in text for mark in "(!|"):
        notes.append("begins like a spreadsheet formula: open as text")
    return {
        "themes": SEPARATOR.join(coding.themes),
        "sentiment": coding.sentiment or "",
        "urgency": coding.urgency,
        "ask": "true" if coding.ask else "false",
        "confidence": f"{coding.confidence:.2f}",
        "note": "; ".join(notes),
    }
