"""Annex A as strangers fill it: names, values and dates in every form, and every wrong file."""

import struct
import zlib
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from openpyxl import Workbook, load_workbook
from sqlmodel import Session, select

from backend.imports import annex_values as values
from backend.imports import workbooks
from backend.imports.annex_columns import CHILDREN, LEAVERS, _columns_of, heading
from backend.imports.cells import Unreadable
from backend.imports.service import ImportReport, ImportUnusable, import_annex, import_people
from backend.people.models import Person
from backend.reviews.models import Review
from tests.imports.files import write_extract
from tests.imports.workbooks import CHILD, LIST_8, LIST_9, write_annex

pytestmark = pytest.mark.usefixtures("noon")
BORN = "Date of Birth"
ID = "Child Unique ID"
# As the library gives them: a day of Excel has no time zone.
EPOCH = datetime.fromisoformat("1899-12-30")


def bring_people(session: Session, folder: Path, *people: dict[str, str]) -> None:
    import_people(session, write_extract(folder / "extract", *(people or ({},))))


def person_of(session: Session, child_id: str = "M1001") -> Person:
    session.flush()
    session.expire_all()
    return session.exec(select(Person).where(Person.child_id == child_id)).one()


def reasons(report: ImportReport) -> set[tuple[str, str]]:
    return {(one.column, one.reason) for one in report.unusable}


@pytest.mark.parametrize(
    ("list_name", "key", "name"),
    [
        (CHILDREN, "child_id", "ChildUniqueID"),
        (CHILDREN, "child_id", "child_unique_id"),
        (CHILDREN, "child_id", "Child\nUnique\r\nID"),
        (CHILDREN, "child_id", "Unique Child ID"),
        (CHILDREN, "child_id", "Child's ID"),
        (CHILDREN, "child_id", "8.1 Child Unique ID"),
        (CHILDREN, "child_id", "Child Unique ID (from the case system)"),
        (CHILDREN, "date_of_birth", "D.O.B."),
        (CHILDREN, "date_of_birth", "DoB"),
        (CHILDREN, "date_of_birth", "Date of Birth (dd/mm/yyyy)"),
        (CHILDREN, "date_of_birth", "Date of Birth¹"),
        (CHILDREN, "date_of_birth", "Date\N{NO-BREAK SPACE}of\N{NO-BREAK SPACE}birth *"),
        (CHILDREN, "gender", "Sex"),
        (CHILDREN, "ethnicity", "Ethnic origin"),
        (CHILDREN, "is_unaccompanied", "UASC12mth"),
        (CHILDREN, "is_disabled", "HasDisability"),
        (CHILDREN, "is_disabled", "Does this child have a disability?"),
        (CHILDREN, "became_looked_after_on", "DATE STARTED TO BE LOOKED AFTER"),
        (CHILDREN, "became_looked_after_on", "LookedAfterStartDate"),
        (CHILDREN, "became_looked_after_on", "Date child became looked after"),
        (CHILDREN, "became_looked_after_on", "LAC start date"),
        (CHILDREN, "legal_status", "LegalStatus"),
        (CHILDREN, "legal_status", "Child\N{RIGHT SINGLE QUOTATION MARK}s Legal Status"),
        (CHILDREN, "latest_review", "LatestStatutoryReviewDate"),
        (CHILDREN, "latest_review", "Date of last statutory review"),
        (CHILDREN, "placement_start", "MostRecentPlacementStartDate"),
        (CHILDREN, "placement_start", "Start Date of Most Recent Placement [2]"),
        (CHILDREN, "placement_type", "PlacementType"),
        (CHILDREN, "ceased_on", "CeasedLookedAfterDate"),
        (CHILDREN, "ceased_on", "Date Ceased to be Looked After"),
        (LEAVERS, "eligibility", "EligibilityCategory"),
        (LEAVERS, "latest_review", "Date of latest pathway plan review"),
        (LEAVERS, "latest_review", "Pathway Plan Review Date"),
        (LEAVERS, "latest_review", "ReviewDate"),
        (LEAVERS, "in_touch", "LA In Touch "),
        (LEAVERS, "accommodation", "Suitability of Accommodation"),
    ],
)
def test_a_column_is_known_however_a_council_writes_its_name(
    list_name: str, key: str, name: str
) -> None:
    assert _columns_of(list_name, ("x", name))[0] == {key: 1}


@pytest.mark.parametrize(
    "name",
    [
        "Reason Ceased to be Looked After",
        "Start date of current legal status",
        "Date of Last Social Work Visit",
        "Date of Last IRO Visit / Contact to the Child",
        "Placement Provider",
        "Placement postcode",
        "Child's Category of Need",
        "Age of Child (Years)",
        "Number of Placements in the Last 12 months",
        "What is the permanence plan for this child?",
        "Allocated Worker",
        "Was the child offered a Return Interview after their last missing episode?",
        "Date of Last Health Assessment",
        "Has the child been subject to a second or subsequent period of being looked after?",
        "Next review date",
    ],
)
def test_a_column_that_is_not_read_is_taken_for_none_that_is(name: str) -> None:
    assert _columns_of(CHILDREN, (name,)) == ({}, (name[:60],))


def test_ofsteds_own_name_counts_before_a_councils(session: Session, tmp_path: Path) -> None:
    columns = _columns_of(CHILDREN, ("Person ID", "Child Unique ID", "DoB of parent", BORN))[0]
    assert columns == {"child_id": 1, "date_of_birth": 3}
    assert heading("2) Gender 3") == "gender"


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("01 Jan 2020", date(2020, 1, 1)),
        ("1st January 2020", date(2020, 1, 1)),
        ("01-Jan-20", date(2020, 1, 1)),
        ("01/01/20", date(2020, 1, 1)),
        ("1.1.2020", date(2020, 1, 1)),
        ("2020/01/01", date(2020, 1, 1)),
        ("20200101", date(2020, 1, 1)),
        ("2020-01-01 00:00:00", date(2020, 1, 1)),
        ("2020-01-01T13:30:00Z", date(2020, 1, 1)),
        ("01/01/2020 12:00:00 AM", date(2020, 1, 1)),
        ("\N{NO-BREAK SPACE}01/01/2020\N{ZERO WIDTH SPACE}", date(2020, 1, 1)),
        ("'01/01/2020", date(2020, 1, 1)),
        (datetime.fromisoformat("2020-01-01T09:30"), date(2020, 1, 1)),
        (43831, date(2020, 1, 1)),
        (43831.5, date(2020, 1, 1)),
        ("29/02/2024", date(2024, 2, 29)),
        ("01/06/98", date(1998, 6, 1)),
        ("", None),
        ("n/a", None),
        ("NaT", None),
    ],
)
def test_a_day_is_read_in_every_form(text: Any, day: date | None) -> None:
    assert values.read_day(text, EPOCH) == day


@pytest.mark.parametrize(
    "text",
    ["29/02/2023", "31/04/2020", "03/25/2014", "2014", 2014, 12, "#N/A", "#REF!", "dd/mm/yyyy"]
    + ["Jan 2020", "1/1", True, "3 weeks", 999999, -4, "12/2019"],
)
def test_what_is_no_day_is_refused_and_never_guessed(text: Any) -> None:
    with pytest.raises(Unreadable):
        values.read_day(text, EPOCH)


@pytest.mark.parametrize(
    ("text", "gender"),
    [
        ("a) Male", "male"),
        ("a)Male", "male"),
        ("A) MALE", "male"),
        ("(a) male", "male"),
        ("a. Male", "male"),
        ("a - Male", "male"),
        ("M", "male"),
        ("1", "male"),
        (1.0, "male"),
        ("M - Male", "male"),
        (" b)\N{NO-BREAK SPACE}Female ", "female"),
        ("2", "female"),
        ("d) Neither", "other"),
        ("Non-binary", "other"),
        ("c) Not stated/recorded", ""),
        ("c) Not stated/recorded (or unborn)", ""),
        ("", ""),
    ],
)
def test_a_gender_is_read_in_every_form(text: Any, gender: str) -> None:
    assert values.read_gender(text) == gender


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("a) Yes", True),
        ("a)Yes", True),
        ("YES", True),
        ("y", True),
        (True, True),
        (1, True),
        ("a) Yes - LD", True),
        ("LD, MOB", True),
        ("UASC", True),
        ("Former UASC", True),
        ("b) No", False),
        ("No - accompanied", False),
        ("N", False),
        (0, False),
        ("NONE", False),
        ("Not disabled", False),
        ("c) Unknown", None),
        ("Not known", None),
        ("No information", None),
        ("", None),
    ],
)
def test_yes_and_no_are_read_in_every_form(text: Any, answer: bool | None) -> None:
    assert values.read_yes(text) is answer


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("a) WBRI", "WBRI"),
        ("wbri", "WBRI"),
        ("WBRI - White British", "WBRI"),
        ("White - British", "WBRI"),
        ("White English/Welsh/Scottish/Northern Irish/British", "WBRI"),
        ("Mixed - White and Black Caribbean", "MWBC"),
        ("Black or Black British - African", "BAFR"),
        ("Asian or Asian British: Pakistani", "APKN"),
        ("Gypsy/Roma", "WROM"),
        ("Any other ethnic group", "OOTH"),
        ("t) NOBT", "NOBT"),
        ("Not stated", "NOBT"),
        ("p) BOTH", "BOTH"),
    ],
)
def test_an_ethnic_group_is_read_by_code_or_by_name(text: str, code: str) -> None:
    assert values.read_ethnicity(text) == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("C2", "C2"),
        ("b) C2: Full care order", "C2"),
        ("c2 - full care order", "C2"),
        ("Full Care Order", "C2"),
        ("Interim Care Order", "C1"),
        ("Section 20", "V2"),
        ("S20", "V2"),
        ("Accommodated under Section 20", "V2"),
        ("e) Placement order granted", "E1"),
    ],
)
def test_a_legal_status_is_read_by_code_or_by_name(text: str, code: str) -> None:
    assert values.read_legal_status(text) == code


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("1234", 1234.0),
        ("1234", "1234.0"),
        ("001234", 1234),
        ("1234", "001234"),
        ("M1001", "m 1001"),
        ("M1001", "M1001\N{NO-BREAK SPACE}"),
    ],
)
def test_an_id_that_excel_changed_is_still_the_childs_with_the_birth(
    session: Session, tmp_path: Path, ours: str, theirs: Any
) -> None:
    bring_people(session, tmp_path, {"child_id": ours})
    report = import_annex(session, write_annex(tmp_path, [{ID: theirs}]))
    assert person_of(session, ours).legal_status == "C2"
    assert (report.proposals, report.lists) == ([], {})


def test_two_ids_that_differ_by_zeros_alone_are_told_apart(
    session: Session, tmp_path: Path
) -> None:
    bring_people(session, tmp_path, {"child_id": "0012"}, {"child_id": "12", "id_903": "2"})
    rows = [{ID: "0012", "Gender": "M"}, {ID: "12", "Gender": "F"}]
    report = import_annex(session, write_annex(tmp_path, rows))
    assert report.unusable == []
    assert person_of(session, "0012").gender == "male"
    assert person_of(session, "12").gender == "female"
    report = import_annex(session, write_annex(tmp_path, [{ID: "00012"}]))
    assert len(report.proposals) == 1


def test_two_childrens_ids_the_wrong_way_round_change_nobody(
    session: Session, tmp_path: Path
) -> None:
    other = {"child_id": "M2", "id_903": "2", "date_of_birth": "01/01/2015"}
    bring_people(session, tmp_path, {}, other)
    rows = [{ID: "M2"}, {ID: "M1001", BORN: date(2015, 1, 1)}]
    report = import_annex(session, write_annex(tmp_path, rows))
    assert len(report.proposals) == 2
    assert person_of(session).legal_status == person_of(session, "M2").legal_status == ""


def test_a_list_that_the_workbook_lacks_says_nothing_of_anybody(
    session: Session, tmp_path: Path
) -> None:
    leaver = {"child_id": "M2", "date_of_birth": "09/03/2006", "group": "care_leaver"}
    bring_people(session, tmp_path, {}, leaver | {"id_903": "2", "next_review": "10/02/2027"})
    report = import_annex(session, write_annex(tmp_path, None, [{ID: "M2"}]))
    assert report.lists == {}
    assert {(file.name, file.is_found) for file in report.files} == {
        ("List 9", True),
        ("List 8", False),
    }
    assert import_annex(session, write_annex(tmp_path, [{}])).lists == {}


def test_who_has_just_turned_eighteen_and_stands_in_both_lists_is_one_person(
    session: Session, tmp_path: Path
) -> None:
    grown = {"child_id": "M2", "date_of_birth": "09/11/2008", "group": "care_leaver"}
    bring_people(session, tmp_path, grown | {"next_review": "10/02/2027"})
    child = {ID: "M2", BORN: date(2008, 11, 9), "Date Ceased to be Looked After": "09/11/2026"}
    leaver = {ID: "M2", BORN: date(2008, 11, 9)}
    report = import_annex(session, write_annex(tmp_path, [child], [leaver]))
    assert (report.unusable, report.lists) == ([], {})
    person = person_of(session, "M2")
    held = session.exec(select(Review).where(Review.person_id == person.id)).all()
    assert {(one.kind, one.held_on) for one in held if one.held_on} == {
        ("pathway", date(2026, 9, 1))
    }


def test_who_ceased_there_and_is_here_still_is_listed(session: Session, tmp_path: Path) -> None:
    bring_people(session, tmp_path)
    ended = {"Date Ceased to be Looked After": "01/11/2026"}
    report = import_annex(session, write_annex(tmp_path, [ended]))
    assert report.lists["Where the workbook and the extract differ"] == [
        "M1001: looked after until 01/11/2026, here still"
    ]
    assert person_of(session).left_on is None


def test_a_day_before_the_birth_is_listed_and_not_kept(session: Session, tmp_path: Path) -> None:
    bring_people(session, tmp_path)
    cells = {"Date Started to be Looked After": date(2012, 1, 1)}
    report = import_annex(session, write_annex(tmp_path, [cells]))
    assert ("became_looked_after_on", "is before the date of birth") in reasons(report)
    assert person_of(session).became_looked_after_on is None


def test_totals_remarks_and_headings_that_stand_again_are_no_rows(
    session: Session, tmp_path: Path
) -> None:
    bring_people(session, tmp_path)
    path = write_annex(tmp_path, [{}])
    book = load_workbook(path)
    sheet = book["List 8"]
    sheet.append(["Total", 1])
    sheet.append(["Source: the case system, 20 November 2026"])
    sheet.append(list(LIST_8))
    sheet.append([None, None, "end of list"])
    book.save(path)
    report = import_annex(session, path)
    assert report.unusable == []
    assert any(note.endswith("headings that stand again): 4.") for note in report.notes)


def sheet_with(path: Path, title: str, rows: list[dict[str, Any]], *, hidden: bool) -> None:
    book = load_workbook(path)
    sheet = book.create_sheet(title)
    sheet.append(list(LIST_8))
    for row in rows:
        cells = CHILD | row
        sheet.append([cells.get(name) for name in LIST_8])
    sheet.sheet_state = "hidden" if hidden else "visible"
    book.save(path)


@pytest.mark.parametrize("title", ["List 8 ", "List_8", "LAC", "8 - Children looked after"])
def test_of_two_sheets_the_one_that_is_called_so_is_the_list(
    session: Session, tmp_path: Path, title: str
) -> None:
    bring_people(session, tmp_path)
    path = write_annex(tmp_path, [{"Child's Legal Status": "V2"}], sheets=("Working", "x"))
    sheet_with(path, title, [{}], hidden=False)
    import_annex(session, path)
    assert person_of(session).legal_status == "C2"


def test_an_empty_form_and_a_hidden_copy_are_not_the_list(session: Session, tmp_path: Path) -> None:
    bring_people(session, tmp_path)
    path = write_annex(tmp_path, [{}])
    sheet_with(path, "List 8 blank", [], hidden=False)
    sheet_with(path, "List 8 old", [{"Child's Legal Status": "V2"}], hidden=True)
    import_annex(session, path)
    assert person_of(session).legal_status == "C2"


def test_a_list_whose_births_are_missing_does_not_stop_the_other(
    session: Session, tmp_path: Path
) -> None:
    bring_people(session, tmp_path)
    path = write_annex(tmp_path, [{}], [{ID: "M2"}])
    book = load_workbook(path)
    sheet = book["List 9"]
    sheet.cell(4, 1 + LIST_9.index(BORN)).value = "Year"
    book.save(path)
    report = import_annex(session, path)
    assert person_of(session).legal_status == "C2"
    assert ("List 9", "date_of_birth") in {(one.file, one.column) for one in report.unusable}


def test_a_formula_without_its_result_is_said_to_be_one(session: Session, tmp_path: Path) -> None:
    bring_people(session, tmp_path)
    path = write_annex(tmp_path, [{BORN: "=DATE(2014,3,9)"}, {ID: "M2", BORN: date(2015, 1, 1)}])
    report = import_annex(session, path)
    assert any(
        one.column == "date_of_birth" and "open the workbook in Excel and save it" in one.reason
        for one in report.unusable
    )


def test_a_long_list_of_something_else_and_a_formatted_end_do_not_matter(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbooks, "MOST_ROWS", 100)
    monkeypatch.setattr(workbooks, "LONGEST_GAP", 50)
    bring_people(session, tmp_path)
    path = write_annex(tmp_path, [{}])
    book = load_workbook(path)
    contacts = book.create_sheet("List 1", 0)
    for number in range(120):
        contacts.append([number, "a) Police"])
    book["List 8"].cell(400, 3).value = " "
    book["List 8"].cell(401, 3).value = "far below"
    book.save(path)
    report = import_annex(session, path)
    assert report.unusable == []
    assert person_of(session).legal_status == "C2"
    with pytest.raises(ImportUnusable, match="more than 100 rows"):
        import_annex(session, write_annex(tmp_path, [{}] * 101))


def _packed_with_password(path: Path) -> None:
    Workbook().save(path)
    content = bytearray(path.read_bytes())
    # The first bit of a part's flags says that it is encrypted, in both of its headers.
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = content.find(mark)
        while start >= 0:
            content[start + place] |= 1
            start = content.find(mark, start + 4)
    path.write_bytes(bytes(content))


def _cut(path: Path) -> None:
    Workbook().save(path)
    path.write_bytes(path.read_bytes()[:2_000])


def _noise(path: Path) -> None:
    Workbook().save(path)
    content = bytearray(path.read_bytes())
    for place in range(60, 400):
        content[place] ^= 0x5A
    path.write_bytes(bytes(content))


def _no_zip(path: Path) -> None:
    path.write_bytes(b"PK\x03\x04" + struct.pack("<I", 9) + zlib.compress(b"x" * 100))


def _other_zip(path: Path) -> None:
    with ZipFile(path, "w", ZIP_DEFLATED) as packed:
        packed.writestr("readme.txt", "hello")


def _lookalike(path: Path) -> None:
    with ZipFile(path, "w", ZIP_DEFLATED) as packed:
        packed.writestr("[Content_Types].xml", "<Types/>")
        packed.writestr("xl/workbook.xml", "<workbook/>")


def _laughs(path: Path) -> None:
    Workbook().save(path)
    entities = "".join(
        f'<!ENTITY l{n} "{"&l" + str(n - 1) + ";" if n else "ha"}'
        + (f"&l{n - 1};" * 9 if n else "")
        + '">'
        for n in range(12)
    )
    body = f"<?xml version='1.0'?><!DOCTYPE x [{entities}]><workbook>&l11;</workbook>"
    with ZipFile(path) as packed:
        parts = {one: packed.read(one) for one in packed.namelist()}
    parts["xl/workbook.xml"] = body.encode()
    with ZipFile(path, "w", ZIP_DEFLATED) as packed:
        for name, content in parts.items():
            packed.writestr(name, content)


def _folder(path: Path) -> None:
    path.mkdir()


@pytest.mark.parametrize(
    "make",
    [
        _packed_with_password,
        _cut,
        _noise,
        _no_zip,
        _other_zip,
        _lookalike,
        _laughs,
        _folder,
        lambda path: path.write_bytes(b""),
        lambda path: path.write_bytes(b"\xff\xd8\xff\xe0 a picture"),
        lambda path: path.write_text("<html><table><tr><td>Child Unique ID</td></tr></table>"),
    ],
)
def test_whatever_a_file_is_it_is_refused_in_words(
    session: Session, tmp_path: Path, make: Any
) -> None:
    path = tmp_path / "annex.xlsx"
    make(path)
    with pytest.raises(ImportUnusable) as refused:
        import_annex(session, path)
    assert "annex.xlsx" in str(refused.value)
