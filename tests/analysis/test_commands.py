"""The command line keeps rows and order, and says clearly what it cannot use."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from analysis.commands import main
from analysis.measures.intervals import wilson


def code(folder: Path, content: str | bytes, *options: str) -> list[dict[str, str]]:
    source, target = folder / "in.csv", folder / "out.csv"
    source.write_bytes(content if isinstance(content, bytes) else content.encode())
    assert main(["code", str(source), str(target), *options]) == 0
    with target.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_rows_keep_their_order_and_other_columns(tmp_path: Path) -> None:
    rows = code(tmp_path, 'id,text,note_by\nb7,"I like, my school",Jo\na1,nothing,\n')
    assert [row["id"] for row in rows] == ["b7", "a1"]
    assert rows[0]["text"] == "I like, my school"
    assert rows[0]["note_by"] == "Jo"
    assert rows[0]["themes"] == "education"
    assert rows[1]["themes"] == ""
    assert {rows[0]["ask"], rows[1]["ask"]} == {"false"}


def test_without_an_id_column_the_row_number_is_the_id(tmp_path: Path) -> None:
    assert [row["id"] for row in code(tmp_path, "text\nhello\nbye\n")] == ["1", "2"]


def test_a_file_from_a_windows_spreadsheet_is_read(tmp_path: Path) -> None:
    [row] = code(tmp_path, b"text\r\nI don\x92t like the caf\xe9\r\n")
    assert row["text"] == "I don\u2019t like the caf\u00e9"


def test_labels_that_people_gave_are_kept_beside_the_machines(tmp_path: Path) -> None:
    [row] = code(tmp_path, "text,themes\nmy school is great,fun\n")
    assert (row["themes_given"], row["themes"]) == ("fun", "education")


def test_a_formula_is_kept_as_written_and_pointed_out(tmp_path: Path) -> None:
    [row] = code(tmp_path, 'text\n"=HYPERLINK(""x"")"\n')
    assert row["text"] == '=HYPERLINK("x")'
    assert "formula" in row["note"]


def test_another_language_is_unread_in_the_file(tmp_path: Path) -> None:
    [row] = code(tmp_path, "text\nje veux voir ma m\u00e8re\n")
    assert (row["themes"], row["sentiment"], row["urgency"]) == ("", "", "unread")


def test_a_very_long_comment_goes_through(tmp_path: Path) -> None:
    [row] = code(tmp_path, "text\n" + "my school " * 20_000 + "\n")
    assert "education" in row["themes"]


def test_a_header_alone_gives_a_header_alone(tmp_path: Path) -> None:
    assert code(tmp_path, "id,text\n") == []


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "is empty"),
        ("id,comment\n1,hello\n", "no column named text"),
        ("text,text\na,b\n", "two columns named text"),
        ("text\na,b\n", "more cells than the header"),
        ("text,themes,themes_given\na,b,c\n", "_given twin"),
    ],
)
def test_a_file_that_cannot_be_used_exits_two_and_says_why(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str, said: str
) -> None:
    source, target = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_text(content)
    assert main(["code", str(source), str(target)]) == 2
    assert said in capsys.readouterr().err
    assert not target.exists()


def test_a_missing_file_and_a_clashing_codebook_exit_two(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["code", str(tmp_path / "no.csv"), str(tmp_path / "out.csv")]) == 2
    assert "cannot be read" in capsys.readouterr().err
    (tmp_path / "in.csv").write_text("text\nhi\n")
    (tmp_path / "book.yaml").write_text("themes: [a, A]\n")
    arguments = [str(tmp_path / "in.csv"), str(tmp_path / "out.csv")]
    assert main(["code", *arguments, "--codebook", str(tmp_path / "book.yaml")]) == 2
    assert "clash" in capsys.readouterr().err


def test_a_place_that_cannot_be_written_exits_two(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "in.csv").write_text("text\nhi\n")
    assert main(["code", str(tmp_path / "in.csv"), str(tmp_path / "gone" / "out.csv")]) == 2
    assert "written: No such file" in capsys.readouterr().err


def test_evaluate_refuses_a_label_that_the_scheme_does_not_have(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = tmp_path / "labelled.csv"
    source.write_text("text,themes,sentiment\nhi,,cheerful\n")
    assert main(["evaluate", str(source)]) == 2
    assert "sentiment in row 2" in capsys.readouterr().err


def test_evaluate_prints_every_figure_with_its_interval(
    gold_comments: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["evaluate", str(gold_comments), "--json"]) == 0
    scorecard = json.loads(capsys.readouterr().out)
    micro = scorecard["micro"]
    assert micro["low"] < micro["value"] < micro["high"]
    # Floors under the first measured figures, so that a later change cannot quietly undo them.
    assert micro["value"] > 0.55
    assert scorecard["sentiment"]["value"] > scorecard["sentiment_textblob"]["value"]
    assert scorecard["now_noticed"]["value"] > 0.7
    assert scorecard["none_flagged"]["value"] < 0.15
    assert len(scorecard["themes"]) == 21


def test_the_wilson_interval_agrees_with_a_published_example() -> None:
    # Newcombe (1998), "Two-sided confidence intervals for the single proportion", table I: 81/263.
    low, high = wilson(81, 263)
    assert (round(low, 4), round(high, 4)) == (0.2553, 0.3662)
