"""The command `heard import`: exit codes, JSON and text, on a house of its own."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from backend.commands.imports import import_app
from backend.core import encryption
from backend.settings import get_settings
from tests.imports.files import episode, write_extract, write_return
from tests.imports.workbooks import write_annex


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, noon: object) -> Path:
    """An empty data folder that the command opens; the test run's own key is put back."""
    keys = encryption.keyring()
    monkeypatch.setenv("HEARD_DATA", str(tmp_path / "house"))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    get_settings.cache_clear()
    yield tmp_path
    get_settings.cache_clear()
    encryption.use(keys)


def run(*arguments: object) -> tuple[int, str, str]:
    answer = CliRunner().invoke(import_app, [str(one) for one in arguments])
    return answer.exit_code, answer.stdout, answer.stderr


def test_an_empty_house_is_made_and_a_return_brought_in(house: Path) -> None:
    write_return(house, header=["101,1,09/03/2014,,,,"], episodes=[episode("101", "05/05/2025")])
    code, text, _ = run("ssda903", house)
    assert code == 0
    assert "SSDA903 return, year to 31/03/2026" in text
    assert "children: 1 added" in text
    code, text, _ = run("ssda903", house, "--json")
    assert code == 0
    assert json.loads(text)["is_changed"] is False
    assert (house / "house" / "heard.key").stat().st_mode & 0o777 == 0o600


def test_people_are_brought_in_with_every_option(house: Path) -> None:
    path = write_extract(house / "a", {"AS_AT": "rubbish"})
    contacts = house / "others.csv"
    contacts.write_text("child_id,kind,name,invite\nM1001,carer,Pat Alder,yes\n")
    (house / "map.yaml").write_text("known_as: known_as\n")
    options = ["--contacts", contacts, "--as-at", "20/11/2026", "--map", house / "map.yaml"]
    code, text, _ = run("people", path, *options, "--dry-run", "--json")
    assert code == 0
    report = json.loads(text)
    assert (report["is_dry_run"], report["as_at"]) == (True, "2026-11-20")
    assert report["counts"]["people"]["added"] == 1
    code, text, _ = run("people", path, *options)
    assert code == 0
    assert "people: 1 added" in text
    assert "contacts: 1 added" in text
    code, _, error = run("people", path, "--as-at", "13/11/2026")
    assert code == 2
    assert "--older" in error
    assert run("people", path, "--as-at", "13/11/2026", "--older")[0] == 0


def test_a_workbook_is_looked_at_brought_in_and_undone(house: Path) -> None:
    assert run("people", write_extract(house / "a", {}))[0] == 0
    path = write_annex(house, [{}])
    code, text, _ = run("annex-a", path, "--dry-run", "--json")
    assert code == 0
    report = json.loads(text)
    assert report["counts"]["people"]["changed"] == 1
    assert report["changes"][0]["which"] == "M1001"
    code, text, _ = run("annex-a", path)
    assert "Annex A workbook" in text
    assert "people: 1 changed" in text
    code, text, _ = run("undo", "--json")
    assert (code, json.loads(text)["kind"], json.loads(text)["left"]) == (0, "annex-a", [])
    code, text, _ = run("undo")
    assert "rows put back as before" in text
    code, _, error = run("undo")
    assert code == 2
    assert "no import of the last 30 days" in error
    assert run("annex-a", house / "a" / "extract.csv")[0] == 2


def test_what_would_end_too_many_needs_a_yes(house: Path) -> None:
    people = [
        {"child_id": f"M{number}", "id_903": str(number), "known_as": f"Child {number}"}
        for number in range(20)
    ]
    assert run("people", write_extract(house / "a", *people))[0] == 0
    half = write_extract(house / "b", *people[:10])
    code, text, _ = run("people", half, "--dry-run")
    assert code == 0
    assert "Look twice" in text
    code, _, error = run("people", half)
    assert code == 2
    assert "10 of 20 people would leave" in error
    assert "--yes" in error
    assert run("people", half, "--yes")[0] == 0


def test_what_cannot_be_used_exits_with_two_and_says_why(house: Path) -> None:
    path = write_extract(house, {"AS_AT": ""})
    for arguments, reason in (
        (("people", path), "--as-at"),
        (("people", path, "--as-at", "tomorrow"), "--as-at"),
        (("people", house / "none.csv"), "no file none.csv"),
        (("people", path, "--as-at", "20/11/2026", "--map", house / "none.yaml"), "map"),
        (("ssda903", house / "none"), "no folder"),
        (("ssda903", house), "No file of a return"),
    ):
        code, _, error = run(*arguments)
        assert code == 2, arguments
        assert reason in error
    code, text, _ = run("ssda903", house / "none", "--json")
    assert code == 2
    assert "no folder" in json.loads(text)["error"]
