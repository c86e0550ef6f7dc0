"""`heard simulate`: what it refuses and how, what it prints, and when it fails."""

import json
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from backend.__main__ import app
from backend.commands.simulation import fault_in, status_of
from backend.simulation.checks import Finding

RUNNER = CliRunner()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("--from 2026-12-31 --to 2026-01-01", "swap them"),
        ("--from 2010-01-01 --to 2010-12-31", "between 2014-01-01 and 2099-12-31"),
        ("--from 2026-01-01 --to 2126-12-31", "between 2014-01-01 and 2099-12-31"),
        ("--from 2026-01-01 --to 2036-12-31", "more than 5 years"),
        ("--from 2026-01-01 --to 2026-12-31 --people 0", "at least 1"),
        ("--from 2026-01-01 --to 2026-12-31 --people -3", "at least 1"),
        ("--from 2026-02-30 --to 2026-12-31", "2026-02-30"),
        ("--from yesterday --to 2026-12-31", "yesterday"),
        ("--to 2026-12-31", "--from"),
    ],
)
def test_what_cannot_be_simulated_is_refused_with_what_to_do(words: str, said: str) -> None:
    answer = RUNNER.invoke(app, ["simulate", *words.split()])
    assert answer.exit_code == 2
    assert said in answer.output
    assert "Traceback" not in answer.output


def test_a_folder_in_use_and_a_file_are_refused(tmp_path: Path) -> None:
    note = tmp_path / "note"
    note.write_text("mine")
    year = {"first": date(2026, 1, 1), "last": date(2026, 12, 31), "people": None}
    assert "not empty" in fault_in(**year, data=tmp_path)  # type: ignore[arg-type]
    assert "is a file" in fault_in(**year, data=note)  # type: ignore[arg-type]
    assert not fault_in(**year, data=tmp_path / "new")  # type: ignore[arg-type]


def test_one_broken_promise_is_enough_to_fail() -> None:
    kept, broken = Finding("One", 3), Finding("Another", 3, ["review 7"])
    assert (status_of([kept, kept]), status_of([kept, broken])) == (0, 1)


def test_a_run_prints_as_json_all_that_its_shares_rest_on() -> None:
    days = ["--from", "2026-01-05", "--to", "2026-01-07"]
    command = [sys.executable, "-m", "backend", "simulate", *days, "--people", "2", "--json"]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    told = json.loads(answer.stdout)
    assert answer.returncode == status_of([Finding(**one) for one in told["findings"]]) == 0
    assert {"from", "to", "seed", "people", "done", "refused", "counts", "seconds"} <= set(told)
    assert {"children", "children_share", "reviews_share", "days_late"} <= set(told["timeliness"])
    for line in told["reviews"]:
        assert {"child", "held_on", "last_lawful_day", "judged_by", "counts"} <= set(line)
    assert {one["state"] for one in told["children"]} <= {
        "on_time", "late", "first_not_yet_due", "not_judged",
    }  # fmt: skip
