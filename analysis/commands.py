"""The command line of the package: code a file, teach a coder, measure it."""

from __future__ import annotations

import argparse
import json
import logging
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from analysis.coder.coding import Coder, Coding
from analysis.coder.comment_files import comments_of, read_comments_table
from analysis.coder.encoders import load_encoder
from analysis.coder.trained import load_coder, save_coder
from analysis.learning.councils import learn_codebook
from analysis.learning.defaults import load_default, ship
from analysis.measures.scorecards import print_scorecard
from analysis.rows.codebooks import SEPARATOR, load_codebook
from analysis.rows.labels import read_labelled
from analysis.rows.tables import write_table

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
        sys.stderr.write(
            f"{error.filename or 'the file'} cannot be read or written: {error.strerror}\n"
        )
        return 2
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="analysis", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    code = commands.add_parser("code", help="code the comments of a file to the themes")
    code.add_argument("source", type=Path, metavar="IN.csv")
    code.add_argument("target", type=Path, metavar="OUT.csv")
    code.add_argument("--codebook", type=Path, metavar="FILE")
    code.add_argument("--model", type=Path, metavar="DIR", help="a coder that `train` made")
    code.set_defaults(run=run_code)
    train = commands.add_parser("train", help="teach a coder any codebook from labelled rows")
    train.add_argument("source", type=Path, metavar="LABELLED.csv")
    train.add_argument("--codebook", type=Path, metavar="FILE", required=True)
    train.add_argument("--out", type=Path, metavar="DIR", required=True)
    train.set_defaults(run=run_train)
    evaluate = commands.add_parser("evaluate", help="say how well a labelled file is coded")
    evaluate.add_argument("source", type=Path, metavar="LABELLED.csv")
    evaluate.add_argument("--model", type=Path, metavar="DIR", help="a coder that `train` made")
    evaluate.add_argument("--json", action="store_true", help="print the figures as JSON")
    evaluate.set_defaults(run=run_evaluate)
    discover = commands.add_parser("discover", help="group the comments that fit no theme")
    discover.add_argument("source", type=Path, metavar="IN.csv")
    discover.add_argument("target", type=Path, metavar="OUT.json")
    discover.add_argument("--codebook", type=Path, metavar="FILE")
    discover.set_defaults(run=_discover)
    rebuild = commands.add_parser("train-default", help="rebuild what ships from our own comments")
    rebuild.set_defaults(run=run_train_default)
    return parser


def run_code(options: argparse.Namespace) -> None:
    """Code IN.csv into OUT.csv: the same rows in the same order, with the codes added."""
    table = read_comments_table(options.source)
    codings = _coder(options.model, options.codebook).code(comments_of(table))
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


def run_train(options: argparse.Namespace) -> None:
    """Learn a codebook from LABELLED.csv, and keep the coder in a folder for `code --model`."""
    codebook = load_codebook(options.codebook)
    labelled = read_labelled(read_comments_table(options.source).rows)
    # Thousands of rows take a minute: whoever waits is told how far it is.
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stderr)
    sys.stderr.write(f"Reading {len(labelled):,} rows, then learning ...\n")
    model = learn_codebook(labelled, codebook.ids)
    save_coder(model, codebook, options.out)
    untaught = [theme for theme in codebook.ids if theme not in model.themes]
    said = f"{len(labelled)} rows taught {len(model.themes)} themes; the coder is in {options.out}"
    sys.stdout.write(f"{said}\n")
    if untaught:
        sys.stdout.write(f"no row teaches, so by their words alone: {', '.join(untaught)}\n")


def run_train_default(options: argparse.Namespace) -> None:
    """Rebuild what ships from our own comments and measure it; scripts/train_encoder.py makes the
    encoder itself."""
    # Only here, as in evaluating: whoever codes a file does not wait for it.
    from analysis.measures.measurements import measure_what_ships

    began = time.perf_counter()
    path = ship()
    seconds = time.perf_counter() - began
    sys.stdout.write(f"{path}: {path.stat().st_size / 1e6:.1f} MB, {seconds:.0f} s\n")
    told = measure_what_ships()["micro"]
    said = f"themes micro-F1 {told['value']:.2f} [{told['low']:.2f}-{told['high']:.2f}]"
    sys.stdout.write(f"measured on what was kept apart: {said}, n={told['n']}\n")
    if load_encoder() is None:
        sys.stdout.write("there is no encoder here: scripts/train_encoder.py makes it\n")


def run_evaluate(options: argparse.Namespace) -> None:
    """Code LABELLED.csv and print how far the codes agree with its labels."""
    # Only here, so that coding a file does not wait for the baseline's library.
    from analysis.measures.descriptions import describe_coder
    from analysis.measures.evaluation import evaluate_coder

    labelled = read_labelled(read_comments_table(options.source).rows)
    if not labelled:
        raise ValueError(f"{options.source} has no rows to measure on")
    coder = _coder(options.model, None)
    unknown = set().union(*(row.themes for row in labelled)) - set(coder.codebook.ids)
    if unknown:
        raise ValueError(f"{options.source} has themes unknown here: {', '.join(sorted(unknown))}")
    about = describe_coder(coder, measured_on=str(options.source), folder=options.model)
    scorecard = {"card": about, **evaluate_coder(coder, labelled, coder.codebook.ids)}
    if options.json:
        sys.stdout.write(json.dumps(scorecard, indent=2) + "\n")
    else:
        print_scorecard(scorecard, sys.stdout)


def _discover(options: argparse.Namespace) -> None:
    # Only here: grouping needs more of the learning library than coding does.
    from analysis.discovery.discovering import run_discover

    sys.stdout.write(run_discover(options.source, options.target, options.codebook) + "\n")


def _coder(folder: Path | None, codebook: Path | None) -> Coder:
    given = load_codebook(codebook) if codebook else None
    return load_coder(folder, given) if folder else load_default(codebook=given)


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
