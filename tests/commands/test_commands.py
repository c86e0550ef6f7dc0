"""The command as others script against it: exit codes, the key's mode, settings described."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from backend.settings import ROOT, Settings


def heard(folder: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    """Run the command with a data folder of its own."""
    environment = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
    environment["HEARD_DATA"] = str(folder)
    command = [sys.executable, "-m", "backend", *words]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)


def test_doctor_on_nothing_makes_a_database_and_a_key_that_only_its_owner_reads(
    tmp_path: Path,
) -> None:
    answer = heard(tmp_path / "new", "doctor")
    assert answer.returncode == 0, answer.stderr
    assert stat.S_IMODE((tmp_path / "new" / "heard.key").stat().st_mode) == 0o600
    assert (tmp_path / "new" / "heard.db").exists()
    for name, field in Settings.model_fields.items():
        assert f"{name.upper()} = " in answer.stdout
        assert field.description
        assert field.description in answer.stdout


def test_doctor_finds_a_key_that_others_can_read(tmp_path: Path) -> None:
    heard(tmp_path, "doctor")
    (tmp_path / "heard.key").chmod(0o644)
    answer = heard(tmp_path, "doctor")
    assert answer.returncode == 1
    assert "BAD  key" in answer.stdout


def test_the_instruments_that_ship_pass_their_own_check(tmp_path: Path) -> None:
    answer = heard(tmp_path, "survey", "check")
    assert answer.returncode == 0, answer.stdout
    assert "0 errors" in answer.stdout


def test_the_first_administrator_gets_in_once(tmp_path: Path) -> None:
    words = ("make-administrator", "Ash Example", "ash@council.example")
    first, second = heard(tmp_path, *words), heard(tmp_path, *words)
    assert first.returncode == 0
    assert "First password" in first.stdout
    assert second.returncode == 2
    assert "already" in second.stderr


@pytest.mark.parametrize(
    "words", [("import", "ssda903", "nowhere"), ("import", "people", "no.csv")]
)
def test_a_file_that_is_not_there_ends_with_2_and_says_so(
    tmp_path: Path, words: tuple[str, ...]
) -> None:
    answer = heard(tmp_path, *words)
    assert answer.returncode == 2
    assert words[-1] in answer.stderr + answer.stdout


def test_a_demo_never_touches_a_database_that_is_not_a_demo(tmp_path: Path) -> None:
    header = "child_id,known_as,date_of_birth,group,AS_AT\n"
    extract = tmp_path / "extract.csv"
    extract.write_text(header + "C1,Sunny,09/03/2014,looked_after,20/11/2026\n")
    assert heard(tmp_path, "import", "people", str(extract)).returncode == 0
    answer = heard(tmp_path, "demo", "--no-serve")
    assert answer.returncode == 2
    assert "--reset" in answer.stderr
