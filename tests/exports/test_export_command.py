"""The command `heard export`: files, JSON and exit codes, on a house of its own."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from backend.commands.exports import export_app
from backend.commands.imports import import_app
from backend.core import encryption
from backend.settings import get_settings
from tests.imports.files import episode, write_return
from tests.oracles.ssda903_reviews import COLUMNS


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, noon: object) -> Iterator[Path]:
    """An empty data folder that the command opens; the test run's own key is put back."""
    keys = encryption.keyring()
    monkeypatch.setenv("HEARD_DATA", str(tmp_path / "house"))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    get_settings.cache_clear()
    yield tmp_path
    get_settings.cache_clear()
    encryption.use(keys)


def run(*arguments: object) -> tuple[int, str, str]:
    answer = CliRunner().invoke(export_app, [str(one) for one in arguments])
    return answer.exit_code, answer.stdout, answer.stderr


def bring_in(house: Path) -> None:
    reviews = ["101,09/03/2014,01/06/2025,PN1", "101,09/03/2014,02/06/2025,PN0"]
    write_return(
        house / "in",
        header=["101,1,09/03/2014,,,,"],
        episodes=[episode("101", "05/05/2025")],
        reviews=reviews,
    )
    assert CliRunner().invoke(import_app, ["ssda903", str(house / "in")]).exit_code == 0


def test_both_files_are_written_and_the_report_counts_what_stayed(house: Path) -> None:
    bring_in(house)
    code, text, _ = run("ssda903", house / "out")
    assert code == 0
    assert "1 reviews" in text
    assert "440" in text
    written = (house / "out" / "reviews.csv").read_bytes()
    assert written == f"{COLUMNS}\n101,09/03/2014,01/06/2025,PN1\n".encode()
    left = (house / "out" / "reviews-left-out.csv").read_text()
    assert "02/06/2025,PN0,440" in left
    assert run("ssda903", house / "out")[0] == 0
    assert (house / "out" / "reviews.csv").read_bytes() == written


def test_json_says_each_row_that_stayed_and_as_imported_leaves_none(house: Path) -> None:
    bring_in(house)
    code, text, _ = run("ssda903", house / "out", "--year", 2026, "--json")
    assert code == 0
    report = json.loads(text)
    assert (report["year_end"], report["rows"]) == ("2026-03-31", 1)
    assert [one["rules"] for one in report["left_out"]] == [["440"]]
    code, text, _ = run("ssda903", house / "all", "--as-imported", "--json")
    assert json.loads(text) == {
        "year_end": None,
        "rows": 2,
        "left_out": [],
        "to_check": [],
    }


def test_an_empty_house_exports_a_file_with_its_columns_alone(house: Path) -> None:
    assert run("ssda903", house / "out")[0] == 0
    assert (house / "out" / "reviews.csv").read_text() == f"{COLUMNS}\n"


def test_what_cannot_be_written_is_said_and_ends_with_two(house: Path) -> None:
    (house / "file").write_text("")
    code, _, error = run("ssda903", house / "file" / "out")
    assert code == 2
    assert "cannot be written to" in error
    code, text, _ = run("ssda903", house / "out", "--year", 26, "--json")
    assert code == 2
    assert "26 is no year" in json.loads(text)["error"]
