"""Files as councils export them: encodings, headers, stray quotation marks, mapped names."""

import json
from pathlib import Path

import pytest
from sqlmodel import Session, select

from backend.history.models import ReturnChild, ReturnReview
from backend.imports.cells import Unreadable, read_date, read_email
from backend.imports.csv_files import ImportUnusable, read_table
from backend.imports.models import ColumnMap
from backend.imports.service import import_people, import_return
from backend.people.models import Person
from tests.imports.files import PERSON, write_extract, write_return

pytestmark = pytest.mark.usefixtures("noon")
COLUMNS = ("child_id", "known_as", "address")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_an_extract_is_read_in_the_encodings_of_councils(
    session: Session, tmp_path: Path, encoding: str
) -> None:
    import_people(session, write_extract(tmp_path, {"known_as": "Zoë Ó"}, encoding=encoding))
    assert session.exec(select(Person)).one().known_as == "Zoë Ó"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_a_return_is_read_in_the_encodings_of_councils(
    session: Session, tmp_path: Path, encoding: str
) -> None:
    write_return(tmp_path, encoding=encoding, header=["Ç01,1,09/03/2014,WBRI,,,"])
    import_return(session, tmp_path)
    assert session.exec(select(ReturnChild)).one().child == "Ç01"


def test_headers_stand_in_any_case_and_order_and_extra_columns_are_passed_over(
    session: Session, tmp_path: Path
) -> None:
    content = "review_code,Extra, Review ,dob,child\nPN1,x,01/06/2025,09/03/2014,101\n"
    (tmp_path / "Reviews.CSV").write_text(content)
    report = import_return(session, tmp_path)
    assert session.exec(select(ReturnReview)).one().code == "PN1"
    found = next(file for file in report.files if file.is_found)
    assert found.passed_over_columns == ["Extra"]


def test_a_stray_quotation_mark_costs_one_row(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('child_id,known_as\n1,"A\n2,B\n3,"C, D"\n4,"E"x\n5,F\n')
    table = read_table(path, COLUMNS, names={})
    assert [(row.line, row.get("known_as")) for row in table.rows] == [
        (3, "B"),
        (4, "C, D"),
        (6, "F"),
    ]
    assert [line for line, _ in table.broken_lines] == [2, 5]


def test_an_unclosed_quotation_mark_at_the_end_loses_only_its_row(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('child_id,known_as\n1,"A\n2,B\n3,C\n')
    table = read_table(path, COLUMNS, names={})
    assert [row.line for row in table.rows] == [3, 4]
    assert [line for line, _ in table.broken_lines] == [2]


def test_lines_are_counted_through_addresses_of_several_lines(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(
        'child_id,known_as,address\r\n1,A,"1 Oak Road\r\nHollin Hill"\r\n\r\n2,B,x,y\r\n'
    )
    table = read_table(path, COLUMNS, names={})
    assert [(row.line, row.get("address")) for row in table.rows] == [
        (2, "1 Oak Road\r\nHollin Hill")
    ]
    assert table.broken_lines == [(5, "has more cells than the header has columns")]


def test_semicolons_and_short_rows_are_read(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("child_id;known_as;address\n1;A, B\n")
    row = read_table(path, COLUMNS, names={}).rows[0]
    assert (row.get("known_as"), row.get("address")) == ("A, B", "")


@pytest.mark.parametrize("name", ["map.yaml", "map.json"])
def test_other_column_names_are_mapped_once_and_remembered(
    session: Session, tmp_path: Path, name: str
) -> None:
    theirs = {"child_id": "Mosaic ID", "known_as": "Preferred name"}
    columns = [theirs.get(column, column) for column in PERSON]
    path = write_extract(tmp_path, dict(zip(columns, PERSON.values(), strict=True)))
    path.write_text(
        path.read_text().replace("child_id", "Mosaic ID").replace("known_as", "Preferred Name")
    )
    (tmp_path / "contacts.csv").write_text("Client,kind,name\nM1001,carer,Pat Alder\n")
    maps = theirs | {"contacts": {"child_id": "Client"}}
    (tmp_path / name).write_text(json.dumps(maps))
    first = import_people(session, path, map_file=tmp_path / name)
    assert first.counts["people"].added == 1
    assert first.counts["contacts"].added == 1
    assert {row.kind for row in session.exec(select(ColumnMap))} == {"people", "contacts"}
    assert not import_people(session, path).is_changed
    assert not import_people(session, path, map_file=tmp_path / name).is_changed


@pytest.mark.parametrize("content", ["[1", "- a", "shoe_size: Schuhe", "contacts: 3"])
def test_a_map_that_says_nothing_of_ours_is_refused(
    session: Session, tmp_path: Path, content: str
) -> None:
    (tmp_path / "map.yaml").write_text(content)
    with pytest.raises(ImportUnusable, match="map"):
        import_people(session, write_extract(tmp_path, {}), map_file=tmp_path / "map.yaml")


@pytest.mark.parametrize("text", ["31/02/2014", "2014", "03-09-2014", "09/03/14", "01/01/1014"])
def test_a_date_that_is_none_is_unreadable(text: str) -> None:
    with pytest.raises(Unreadable):
        read_date(text)


@pytest.mark.parametrize(
    "text", ["09/03/2014", "9/3/2014", "2014-03-09", "09/03/2014 00:00:00", "9 March 2014"]
)
def test_dates_are_read_as_councils_write_them(text: str) -> None:
    day = read_date(text)
    assert day is not None
    assert day.isoformat() == "2014-03-09"


@pytest.mark.parametrize("text", ["Ann Other", "a@", "@b", "a b@c.uk", "a@b.uk; c@d.uk"])
def test_what_is_no_address_is_unreadable(text: str) -> None:
    with pytest.raises(Unreadable):
        read_email(text)


def test_an_address_is_read_with_its_name() -> None:
    assert read_email("Ann Other <ann@council.example>") == ("Ann Other", "ann@council.example")
    assert read_email("ann@council.example") == ("", "ann@council.example")
