"""SSDA903 returns as councils keep them: folders, names, encodings, columns and leftovers."""

from datetime import date
from pathlib import Path

import pytest
from sqlmodel import Session, select

from backend.history.models import ReturnChild, ReturnEpisode, ReturnReview
from backend.imports.return_folders import find_returns, year_named
from backend.imports.service import ImportReport, ImportUnusable, import_return
from tests.imports.files import HEADERS, dump, episode, write_return

pytestmark = pytest.mark.usefixtures("noon")
HEADER = ["90301,2,09/03/2014,WBRI,,,"]
EPISODES = [episode("90301", "01/06/2024")]
REVIEWS = ["90301,09/03/2014,01/09/2024,PN7", "90301,09/03/2014,01/03/2025,PN1"]
ALL = {"header": HEADER, "episodes": EPISODES, "reviews": REVIEWS}
SW_EPISODES = "CHILD,DOB,SW_ID,SW_DECOM,SW_DEC,SW_REASON\n90301,09/03/2014,X1,01/06/2024,,INITIAL\n"


def kept(session: Session) -> tuple[int, int, int]:
    session.flush()
    tables = (ReturnChild, ReturnEpisode, ReturnReview)
    return tuple(len(session.exec(select(table)).all()) for table in tables)  # type: ignore[return-value]


def renamed(folder: Path, names: dict[str, str]) -> Path:
    for old, new in names.items():
        target = folder / new
        target.parent.mkdir(parents=True, exist_ok=True)
        (folder / old).rename(target)
    return folder


@pytest.mark.parametrize(
    "names",
    [
        {"header.csv": "HEADER.CSV", "episodes.csv": "Episodes.csv", "reviews.csv": "REVIEWS.csv"},
        {"header.csv": "903 Header 2024-25.csv", "episodes.csv": "903 Episodes 2024_25.csv"},
        {"header.csv": "351_2025_header.csv", "episodes.csv": "351_2025_episodes.csv"},
        {"header.csv": "2025/header.csv", "episodes.csv": "2025/episodes.csv"}
        | {"reviews.csv": "2025/reviews.csv"},
        {"header.csv": "903/2024-25/header.csv", "episodes.csv": "903/2024-25/episodes.csv"}
        | {"reviews.csv": "903/2024-25/reviews.csv"},
        {"header.csv": "Table 1.csv", "episodes.csv": "Table 2.csv", "reviews.csv": "Table 3.csv"},
        {"header.csv": "header_20250331.csv", "reviews.csv": "Review.csv"},
    ],
)
def test_a_return_is_found_whatever_its_files_are_called(
    session: Session, tmp_path: Path, names: dict[str, str]
) -> None:
    folder = renamed(write_return(tmp_path / "r", **ALL), names)
    report = import_return(session, folder)
    assert kept(session) == (1, 1, 2)
    assert report.unusable == []


@pytest.mark.parametrize("prefix", ["", "351_2025_"])
def test_social_workers_episodes_are_not_taken_for_the_childs(
    session: Session, tmp_path: Path, prefix: str
) -> None:
    write_return(tmp_path, **ALL)
    renamed(tmp_path, {f"{name}.csv": f"{prefix}{name}.csv" for name in ALL})
    (tmp_path / f"{prefix}sw_episodes.csv").write_text(SW_EPISODES)
    (tmp_path / "._episodes.csv").write_bytes(b"\x00\x05\x16\x07")
    report = import_return(session, tmp_path)
    assert kept(session) == (1, 1, 2)
    assert any("sw_episodes.csv" in note for note in report.notes)


def test_two_files_that_could_be_the_same_module_are_named_and_neither_is_read(
    session: Session, tmp_path: Path
) -> None:
    write_return(tmp_path, **ALL)
    renamed(tmp_path, {"reviews.csv": "reviews final.csv"})
    (tmp_path / "reviews final v2.csv").write_text(f"{HEADERS['reviews']}\n{REVIEWS[0]}\n")
    report = import_return(session, tmp_path)
    assert kept(session) == (1, 1, 0)
    (one,) = report.unusable
    assert "reviews final v2.csv" in one.reason
    assert "keep the one that is right" in one.reason


@pytest.mark.parametrize(
    ("name", "year"),
    [
        ("2024-25", 2025),
        ("2024_25", 2025),
        ("2024-2025", 2025),
        ("202425", 2025),
        ("SSDA903 2024 to 2025 final", 2025),
        ("year 2024/25", 2025),
        ("1999-2000", 2000),
        ("2025", 2025),
        ("351_2025_header", 2025),
        ("header_20250331", None),
        ("header 2025-03-31", None),
        ("old", None),
    ],
)
def test_a_year_is_read_out_of_a_name(name: str, year: int | None) -> None:
    assert year_named(name) == (date(year, 3, 31) if year else None)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_any_encoding_order_of_columns_and_quotes_give_the_same_rows(
    session: Session, tmp_path: Path, encoding: str
) -> None:
    write_return(tmp_path, header=HEADER, episodes=EPISODES)
    rows = ['"PN7";"01/09/2024";"90301";"09/03/2014";"é"', '"PN1";"2025-03-01";"90301";"";""']
    text = "\r\n".join(["Review_Code;REVIEW ;child; Dob;Notes", *rows]) + "\r\n"
    (tmp_path / "reviews.csv").write_bytes(text.encode(encoding))
    report = import_return(session, tmp_path)
    reviews = {(row.reviewed_on, row.code) for row in session.exec(select(ReturnReview))}
    assert reviews == {(date(2024, 9, 1), "PN7"), (date(2025, 3, 1), "PN1")}
    (file,) = [one for one in report.files if one.name == "reviews.csv"]
    assert file.passed_over_columns == ["Notes"]


def test_a_file_that_holds_former_years_too_leaves_each_review_once(
    session: Session, tmp_path: Path
) -> None:
    write_return(tmp_path / "2023-24", header=HEADER, episodes=EPISODES, reviews=REVIEWS[:1])
    write_return(tmp_path / "2024-25", header=HEADER, episodes=EPISODES, reviews=REVIEWS)
    import_return(session, tmp_path)
    assert kept(session) == (1, 1, 2)
    before = dump(session)
    assert not import_return(session, tmp_path).is_changed
    assert dump(session) == before


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda path: path.with_suffix(".zip").write_bytes(b"PK\x03\x04"), "Unpack it"),
        (lambda path: path.with_suffix(".csv").write_text("CHILD\n"), "Give the folder"),
        (lambda path: path.mkdir(), "No file of a return"),
        (lambda path: None, "no folder"),
    ],
)
def test_what_is_no_folder_of_a_return_is_refused_with_what_to_do(
    session: Session, tmp_path: Path, make: object, reason: str
) -> None:
    make(tmp_path / "r")  # type: ignore[operator]
    path = next(iter(sorted(tmp_path.glob("r*"))), tmp_path / "r")
    with pytest.raises(ImportUnusable, match=reason):
        import_return(session, path)


def test_many_folders_that_hold_no_return_are_no_years(tmp_path: Path) -> None:
    for number in range(60):
        (tmp_path / f"x{number}").mkdir()
    (tmp_path / "2024-25").mkdir()
    write_return(tmp_path / "2024-25", **ALL)
    (found,) = find_returns(tmp_path)
    assert (found.label, found.year_end) == ("2024-25/", date(2025, 3, 31))


def test_rows_that_no_return_can_hold_are_listed_by_line_and_the_others_come_in(
    session: Session, tmp_path: Path
) -> None:
    write_return(
        tmp_path,
        header=[*HEADER, "90302,1,30/02/2014,,,,", ",1,01/01/2014,,,,", "90303,2,29/02/2016,,,,"],
        episodes=[*EPISODES, episode("90303", "01/07/2024"), episode("90301", "soon")],
        reviews=[*REVIEWS, "90303,29/02/2016,,PN1", "90303,29/02/2016,31/06/2024,PN1"],
    )
    report: ImportReport = import_return(session, tmp_path)
    assert kept(session) == (2, 2, 2)
    places = {(one.file, one.line, one.column) for one in report.unusable}
    assert places == {
        ("header.csv", 3, "DOB"),
        ("header.csv", 4, "CHILD"),
        ("episodes.csv", 4, "DECOM"),
        ("reviews.csv", 4, "REVIEW"),
        ("reviews.csv", 5, "REVIEW"),
    }
