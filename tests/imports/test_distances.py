"""How far a home lies from the child's own: what a cell may hold, and what stands after it."""

from pathlib import Path

import pytest
from sqlmodel import Session, select

from backend.imports.cells import Unreadable, read_miles
from backend.imports.service import ImportReport, import_people, undo_last
from backend.placements.models import Placement
from tests.imports.files import PERSON, dump, write_extract

pytestmark = pytest.mark.usefixtures("noon")
COLUMNS = [*PERSON, "distance_miles"]
TOLD = ("audit_event", "import_run", "import_row_before", "sqlite_sequence", "job")


def bring(session: Session, folder: Path, *, dry_run: bool = False, **cells: str) -> ImportReport:
    """One child's row of an extract that has the column."""
    path = write_extract(folder, {"distance_miles": ""} | cells, columns=COLUMNS)
    return import_people(session, path, dry_run=dry_run)


def miles(session: Session) -> list[int | None]:
    session.flush()
    session.expire_all()
    rows = session.exec(select(Placement).order_by(Placement.id)).all()  # type: ignore[arg-type]
    return [row.distance_miles for row in rows]


@pytest.mark.parametrize(
    ("cell", "kept"),
    [
        ("", None),
        ("0", 0),
        ("0.0", 0),
        ("12", 12),
        ("12.4", 13),
        ("12.4 miles", 13),
        ("1 Mile", 1),
        ("12mi", 12),
        (".5", 1),
        ("20", 20),
        ("20.0", 20),
        ("20.000000001", 21),
        ("999", 999),
        ("12.345678901234567", 13),
    ],
)
def test_miles_are_kept_whole_and_rounded_up_so_that_over_twenty_stays_over(
    cell: str, kept: int | None
) -> None:
    assert read_miles(cell) == kept


@pytest.mark.parametrize(
    "cell",
    ["-3", "999.1", "1000", "9999999999", "12,4", "12.4 km", "20+", "over 20", "HB1 1AA", "1e2"]
    + ["nan", "inf", "12 4", "١٢", "12.4.1", ".", "miles", "#N/A", "not known", "12 miles away"],
)
def test_anything_else_is_no_number_of_miles(cell: str) -> None:
    with pytest.raises(Unreadable, match="miles"):
        read_miles(cell)


def test_a_cell_that_cannot_be_read_is_listed_and_leaves_what_stands(
    session: Session, tmp_path: Path
) -> None:
    bring(session, tmp_path, distance_miles="12.4")
    assert miles(session) == [13]
    report = bring(session, tmp_path, distance_miles="far away")
    listed = [(one.line, one.column, one.is_row_used) for one in report.unusable]
    assert listed == [(2, "distance_miles", True)]
    assert not report.is_changed
    assert miles(session) == [13]


def test_an_empty_cell_says_not_known_and_an_absent_column_says_nothing(
    session: Session, tmp_path: Path
) -> None:
    bring(session, tmp_path, distance_miles="12.4")
    report = import_people(session, write_extract(tmp_path, {}))
    assert "distance_miles" in report.files[0].missing_columns
    assert not report.is_changed
    assert miles(session) == [13]
    assert bring(session, tmp_path).counts["placements"].changed == 1
    assert miles(session) == [None]


def test_a_new_home_has_its_own_distance_and_the_old_one_keeps_its(
    session: Session, tmp_path: Path
) -> None:
    bring(session, tmp_path, distance_miles="12.4")
    moved = {"home_id": "FC2", "placement_start": "21/11/2026", "AS_AT": "22/11/2026"}
    bring(session, tmp_path, **moved, distance_miles="somewhere")
    assert miles(session) == [13, None]
    bring(session, tmp_path, **moved, distance_miles="64")
    assert miles(session) == [13, 64]


def test_nothing_is_kept_of_a_care_leaver_or_without_a_home(
    session: Session, tmp_path: Path
) -> None:
    grown = {"date_of_birth": "09/03/2006", "group": "care_leaver"}
    bring(session, tmp_path, **grown, distance_miles="12.4")
    assert miles(session) == [None]
    report = bring(session, tmp_path, **grown, home_id="", distance_miles="nonsense")
    assert report.unusable == []
    other = {"child_id": "M2", "id_903": "2", "home_id": "", "distance_miles": "7"}
    listed = bring(session, tmp_path, **other).unusable
    assert [(one.column, one.is_row_used) for one in listed] == [("distance_miles", True)]
    assert miles(session) == [None]


@pytest.mark.parametrize(
    "title", ["Distance Miles", " DISTANCE_MILES", "distance\N{NO-BREAK SPACE}miles"]
)
def test_the_heading_may_be_written_in_any_case_and_with_spaces(
    session: Session, tmp_path: Path, title: str
) -> None:
    path = write_extract(tmp_path, {"distance_miles": "8"}, columns=COLUMNS)
    path.write_text(path.read_text("utf-8").replace("distance_miles", title), "utf-8")
    import_people(session, path)
    assert miles(session) == [8]


def test_another_heading_is_mapped_and_remembered(session: Session, tmp_path: Path) -> None:
    path = write_extract(tmp_path, {"distance_miles": "8"}, columns=COLUMNS)
    path.write_text(path.read_text("utf-8").replace("distance_miles", "How far (mi)"), "utf-8")
    (tmp_path / "map.yaml").write_text("distance_miles: How far (mi)\n")
    import_people(session, path, map_file=tmp_path / "map.yaml")
    assert miles(session) == [8]
    assert not import_people(session, path).is_changed


def test_a_change_is_shown_before_it_is_written_and_undo_takes_it_back(
    session: Session, tmp_path: Path
) -> None:
    bring(session, tmp_path, distance_miles="12.4")
    before = {name: rows for name, rows in dump(session).items() if name not in TOLD}
    later = {"AS_AT": "22/11/2026", "distance_miles": "64"}
    report = bring(session, tmp_path, dry_run=True, **later)
    assert miles(session) == [13]
    assert [(one.what, one.which, one.done, one.parts) for one in report.changes] == [
        ("Placement", "M1001 in FC1", "changed", "miles from home (rounded up) from 13 to 64")
    ]
    bring(session, tmp_path, **later)
    assert miles(session) == [64]
    assert undo_last(session, "command").left == []
    assert miles(session) == [13]
    assert {name: rows for name, rows in dump(session).items() if name not in TOLD} == before
